import type { Clock } from '../core/clock.js';
import type { FarEndMetrics } from '../domain/call-quality.js';
import type { AudioAgreement } from '../domain/ports/media.js';
import { ExpectedLoss } from './expected-loss.js';
import type { FarEndHearing } from './far-end-hearing.js';
import type { FarEndReports } from './far-end-reports.js';
import type { NativeEngine, NativeStats } from './native-addon.js';
import { type ReportContext, RtcpReporter } from './rtcp.js';
import { sessionQuality } from './session-quality.js';

/** RFC 3550 section 6.2: five seconds on average, each time drawn anew so that sessions do not fall into step. */
const INTERVAL_MS = 5_000;
const drawIntervalMs = (): number => INTERVAL_MS * (0.5 + Math.random());

type Peer = { address: string; port: number };

/** Exchanges the reports of one session. Driven once a second by the engine. */
export class RtcpExchange {
  readonly #native: NativeEngine;
  readonly #slot: number;
  readonly #generation: number;
  readonly #clock: Clock;
  readonly #reporter: RtcpReporter;
  #agreement: AudioAgreement | undefined;
  #rtpSource: Peer | undefined;
  /** Where the far end's RTCP comes from, once it does. */
  #rtcpSource: Peer | undefined;
  #nextReportMs: number;
  readonly #expectedLoss = new ExpectedLoss();
  #reported = false;

  constructor(native: NativeEngine, slot: number, generation: number, clock: Clock, cname: string) {
    this.#native = native;
    this.#slot = slot;
    this.#generation = generation;
    this.#clock = clock;
    this.#reporter = new RtcpReporter(native.stats(slot, generation).ssrc, cname);
    this.#nextReportMs = clock.monotonicMs() + drawIntervalMs() / 2;
  }

  configure(agreement: AudioAgreement): void {
    this.#agreement = agreement;
  }

  /** RTP comes from there: RTCP of any other host is not the far end's. */
  onLatched(source: Peer): void {
    if (this.#rtpSource?.address !== source.address) this.#rtcpSource = undefined;
    this.#rtpSource = source;
  }

  get farEnd(): FarEndReports {
    return this.#reporter.farEnd;
  }

  get hearing(): FarEndHearing {
    return this.#reporter.hearing;
  }

  get farEndMetrics(): FarEndMetrics | undefined {
    return this.#reporter.extended.metrics;
  }

  poll(): void {
    if (!this.#agreement) return;
    const own = this.#takeIn(this.#agreement);
    const lossPercent = this.#expectedLoss.note(this.hearing.latest);
    if (lossPercent !== undefined) this.#native.expectLoss(this.#slot, this.#generation, lossPercent);
    const monotonicMs = this.#clock.monotonicMs();
    if (monotonicMs < this.#nextReportMs) return;
    this.#nextReportMs = monotonicMs + drawIntervalMs();
    if (own.packetsSent === 0 && own.packetsReceived === 0) return;
    this.#send(this.#reporter.report(own, this.#context(this.#agreement, own)));
    this.#reported = true;
  }

  /** Says goodbye, to whom we ever reported, and hears the far end's last word. */
  close(): void {
    if (!this.#agreement) return;
    const own = this.#takeIn(this.#agreement);
    if (this.#reported) this.#send(this.#reporter.bye(own, this.#context(this.#agreement, own)));
  }

  #takeIn({ remote, ptimeMs }: AudioAgreement): NativeStats {
    const datagrams = this.#native.receiveRtcp(this.#slot, this.#generation);
    const own = this.#native.stats(this.#slot, this.#generation);
    for (const datagram of datagrams) {
      if (datagram.address !== (this.#rtpSource?.address ?? remote.address)) continue;
      // It waited for us to look, and RTP left meanwhile.
      const sentSince = Math.max(0, Math.ceil((own.lastSentMs - datagram.atMs) / ptimeMs));
      const sentThen = Math.max(0, own.packetsSent - sentSince);
      if (this.#reporter.receive(datagram.data, datagram.atMs, own, sentThen)) this.#rtcpSource = datagram;
    }
    return own;
  }

  #context(agreement: AudioAgreement, own: NativeStats): ReportContext {
    const { clockRateHz, extendedReports, ptimeMs } = agreement;
    const now = { epochMs: this.#clock.nowMs(), monotonicMs: this.#clock.monotonicMs() };
    if (!extendedReports) return { clockRateHz, now };
    const { inbound: quality, roundTripMs } = sessionQuality(agreement, own, this.hearing, undefined);
    const pattern = {
      late: own.packetsLate,
      bursts: own.lossBursts,
      burstPackets: own.burstPackets,
      burstPacketsLost: own.burstPacketsLost,
    };
    const heard = quality && { ssrc: own.remoteSsrc, quality, pattern, ptimeMs, roundTripMs };
    return { clockRateHz, now, wanted: extendedReports, heard };
  }

  #send(packet: Buffer): void {
    const peer = this.#peer();
    if (peer) this.#native.sendRtcp(this.#slot, this.#generation, packet, peer.address, peer.port);
  }

  /** Behind NAT the announced address is of no use; the port next to RTP's is the best guess until RTCP has come. */
  #peer(): Peer | undefined {
    if (this.#rtcpSource) return this.#rtcpSource;
    const announced = this.#agreement && { address: this.#agreement.remote.address, port: this.#agreement.remote.rtcpPort };
    if (!this.#rtpSource || this.#rtpSource.address === announced?.address) return announced;
    return { address: this.#rtpSource.address, port: this.#rtpSource.port + 1 };
  }
}
