import { SHORT_NTP_PER_MS } from './ntp.js';

/** One report block of the far end about our RTP (RFC 3550 section 6.4.1), as it stands there. */
export type ReportBlock = { lost: number; jitterTicks: number; lastSenderReport: number; delaySinceLastSenderReport: number };

/** The newest that is known: `packets` had left when the report came. */
export type Hearing = { packets: number; lost: number; jitterTicks: number };

/** A report names the newest of ours that had arrived; older ones than this were answered already. */
const SENT_KEPT = 4;

/** What the far end hears of us and how long the way there and back is, by its reports. */
export class FarEndHearing {
  #sent: { middleNtp: number; atMs: number }[] = [];
  #latest: Hearing | undefined;
  #roundTripMs: number | undefined;
  #roundTripMaxMs: number | undefined;

  get latest(): Hearing | undefined {
    return this.#latest;
  }

  get roundTripMs(): number | undefined {
    return this.#roundTripMs;
  }

  get roundTripMaxMs(): number | undefined {
    return this.#roundTripMaxMs;
  }

  /** A report of ours left, with these middle bits of its NTP time. Both times here are monotonic. */
  noteSent(middleNtp: number, atMs: number): void {
    this.#sent = [...this.#sent, { middleNtp, atMs }].slice(-SENT_KEPT);
  }

  /** `packetsSent`: by the time that the report came. */
  note(block: ReportBlock, arrivalMs: number, packetsSent: number): void {
    this.#latest = { packets: packetsSent, lost: Math.max(0, block.lost), jitterTicks: block.jitterTicks };
    if (block.lastSenderReport !== 0) this.noteRoundTrip(block.lastSenderReport, block.delaySinceLastSenderReport, arrivalMs);
  }

  /** The far end answers a time of ours, by its middle bits, after `delay` in 1/65536 s. */
  noteRoundTrip(middleNtp: number, delay: number, arrivalMs: number): void {
    // Looked up rather than computed: the wall clock may have been set meanwhile, and what names no time of ours measures nothing.
    const asked = this.#sent.find((sent) => sent.middleNtp === middleNtp);
    if (!asked) return;
    // Clocks that disagree may make it negative over a short way.
    const roundTripMs = Math.max(0, arrivalMs - asked.atMs - delay / SHORT_NTP_PER_MS);
    this.#roundTripMs = roundTripMs;
    this.#roundTripMaxMs = Math.max(roundTripMs, this.#roundTripMaxMs ?? 0);
  }
}
