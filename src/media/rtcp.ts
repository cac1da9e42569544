import {
  ByePacket,
  CompoundPacket,
  isRtcp,
  ReceiverReportPacket,
  ReceptionReport,
  SdesChunk,
  type SdesItemType,
  SdesPacket,
  SenderReportPacket,
} from 'rtp.js/packets';
import { FarEndReports, type OwnCounts } from './far-end-reports.js';

/** Between the epochs of NTP (1900) and Unix (1970), RFC 3550 section 4. */
const NTP_EPOCH_OFFSET_S = 2_208_988_800;
// The library exports the enumeration as a type only.
// oxlint-disable-next-line typescript/no-unsafe-enum-assignment
const CNAME_ITEM = 1 as SdesItemType;
/** DLSR and LSR count in 1/65536 s. */
const SHORT_NTP_PER_MS = 65.536;

/** The engine's figures that reports are made of, cumulative. */
export type RtcpFigures = {
  packetsSent: number;
  payloadBytesSent: number;
  lastSentTimestamp: number;
  lastSentMs: number;
  remoteSsrc: number;
  remoteHighestSequence: number;
  remoteExpected: number;
  remoteReceived: number;
  jitterUs: number;
};

/** Composes the reports of one RTP session (RFC 3550 section 6) and takes in those of the far end. */
export class RtcpReporter {
  readonly farEnd = new FarEndReports();
  readonly #ssrc: number;
  readonly #cname: string;
  #sentAtLastReport = 0;
  #expectedAtLastReport = 0;
  #receivedAtLastReport = 0;
  #reportedSsrc = 0;
  #senderReport: { ssrc: number; middleNtp: number; arrivalMs: number } | undefined;

  constructor(ssrc: number, cname: string) {
    this.#ssrc = ssrc;
    this.#cname = cname;
  }

  /** A sender report when RTP left since the last one, else a receiver report; always with the CNAME. */
  report(figures: RtcpFigures, clockRateHz: number, now: { epochMs: number; monotonicMs: number }): Buffer {
    const packets = new CompoundPacket();
    const sending = figures.packetsSent > this.#sentAtLastReport;
    this.#sentAtLastReport = figures.packetsSent;
    const first = sending ? this.#senderReportOf(figures, clockRateHz, now) : new ReceiverReportPacket();
    first.setSsrc(this.#ssrc);
    const block = this.#block(figures, clockRateHz, now.monotonicMs);
    if (block) first.addReport(block);
    packets.addPacket(first);
    packets.addPacket(this.#description());
    return bytesOf(packets);
  }

  /** The last word: an empty report, as every compound begins with one, and BYE. */
  bye(): Buffer {
    const packets = new CompoundPacket();
    const report = new ReceiverReportPacket();
    report.setSsrc(this.#ssrc);
    packets.addPacket(report);
    packets.addPacket(this.#description());
    const bye = new ByePacket();
    bye.addSsrc(this.#ssrc);
    packets.addPacket(bye);
    return bytesOf(packets);
  }

  /** Takes whatever came in on the RTCP port. Returns whether it was RTCP. */
  receive(datagram: Uint8Array, arrivalMs: number, own: OwnCounts): boolean {
    const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
    if (datagram.byteLength < 8 || !isRtcp(view)) return false;
    try {
      const packets = new CompoundPacket(view).getPackets();
      const report = packets.find((packet) => packet instanceof SenderReportPacket || packet instanceof ReceiverReportPacket);
      if (report instanceof SenderReportPacket) this.#noteSender(report, arrivalMs);
      if (report) this.#noteFarEnd(report, own);
      else this.farEnd.noteAlive();
      return true;
    } catch {
      return false; // the library throws at whatever does not parse
    }
  }

  #noteSender(report: SenderReportPacket, arrivalMs: number): void {
    const middleNtp = ((report.getNtpSeconds() & 0xffff) * 0x1_0000 + (report.getNtpFraction() >>> 16)) >>> 0;
    this.#senderReport = { ssrc: report.getSsrc(), middleNtp, arrivalMs };
  }

  #noteFarEnd(report: SenderReportPacket | ReceiverReportPacket, own: OwnCounts): void {
    const packetsSent = report instanceof SenderReportPacket ? report.getPacketCount() : undefined;
    const block = report.getReports().find((candidate) => candidate.getSsrc() === this.#ssrc);
    this.farEnd.note({ packetsSent, highestHeard: block?.getHighestSeqNumber() }, own);
  }

  #senderReportOf(figures: RtcpFigures, clockRateHz: number, now: { epochMs: number; monotonicMs: number }): SenderReportPacket {
    const report = new SenderReportPacket();
    const seconds = Math.floor(now.epochMs / 1000);
    const sinceLastMs = Math.max(0, now.monotonicMs - figures.lastSentMs);
    report.setNtpSeconds((seconds + NTP_EPOCH_OFFSET_S) >>> 0);
    report.setNtpFraction(Math.floor(((now.epochMs - seconds * 1000) / 1000) * 2 ** 32) >>> 0);
    report.setRtpTimestamp((figures.lastSentTimestamp + Math.round((sinceLastMs * clockRateHz) / 1000)) >>> 0);
    report.setPacketCount(figures.packetsSent >>> 0);
    report.setOctetCount(figures.payloadBytesSent >>> 0);
    return report;
  }

  /** What arrived from the far end since the last report (RFC 3550 section 6.4.1 and appendix A.3). */
  #block(figures: RtcpFigures, clockRateHz: number, monotonicMs: number): ReceptionReport | undefined {
    if (figures.remoteExpected === 0) return undefined;
    if (figures.remoteSsrc !== this.#reportedSsrc) {
      this.#reportedSsrc = figures.remoteSsrc;
      this.#expectedAtLastReport = 0;
      this.#receivedAtLastReport = 0;
    }
    const expected = figures.remoteExpected - this.#expectedAtLastReport;
    const lost = expected - (figures.remoteReceived - this.#receivedAtLastReport);
    this.#expectedAtLastReport = figures.remoteExpected;
    this.#receivedAtLastReport = figures.remoteReceived;

    const block = new ReceptionReport();
    block.setSsrc(figures.remoteSsrc >>> 0);
    block.setFractionLost(expected > 0 && lost > 0 ? Math.min(255, Math.floor((256 * lost) / expected)) : 0);
    block.setTotalLost(Math.max(-0x80_0000, Math.min(0x7f_ffff, figures.remoteExpected - figures.remoteReceived)));
    block.setHighestSeqNumber(figures.remoteHighestSequence >>> 0);
    block.setJitter(Math.round((figures.jitterUs * clockRateHz) / 1e6) >>> 0);
    if (this.#senderReport?.ssrc === figures.remoteSsrc) {
      block.setLastSRTimestamp(this.#senderReport.middleNtp);
      block.setDelaySinceLastSR(Math.round((monotonicMs - this.#senderReport.arrivalMs) * SHORT_NTP_PER_MS) >>> 0);
    }
    return block;
  }

  #description(): SdesPacket {
    const description = new SdesPacket();
    const chunk = new SdesChunk();
    chunk.setSsrc(this.#ssrc);
    chunk.addItem(CNAME_ITEM, this.#cname);
    description.addChunk(chunk);
    return description;
  }
}

function bytesOf(packets: CompoundPacket): Buffer {
  packets.serialize();
  const view = packets.getView();
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}
