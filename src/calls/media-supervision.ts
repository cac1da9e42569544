import type { Cancel, Clock } from '../core/clock.js';
import type { MissingAudio } from '../domain/call.js';
import type { AudioAgreement, MediaFlow, MediaSession } from '../domain/ports/media.js';

export type SupervisionDeps = {
  clock: Clock;
  session: Pick<MediaSession, 'flow'>;
  /** Silence of RTP and RTCP after which nobody is there; absent: however long. */
  limitMs: number | undefined;
  /** Told once. */
  onSilent: () => void;
  /** What is missing now; undefined when all that should pass does again. */
  onFault: (missing: MissingAudio | undefined) => void;
};

/** The second look finds audio that never came, within two seconds of the answer. */
const LOOK_MS = 900;
const FIRST_PACKET_MS = 1_700;
/** One report may have crossed what it does not know of. */
const TELLING_REPORTS = 2;

/**
 * Sees to it that audio passes on an answered call. Nothing is expected of a call on hold; a far end that is muted, or sends
 * nothing in pauses, lives as long as its reports come (RTCP), and is no fault once it was heard.
 */
export class MediaSupervision {
  readonly #deps: SupervisionDeps;
  #cancel: Cancel;
  #expected = { inbound: false, outbound: false, peer: '' };
  #since: number;
  #last: MediaFlow;
  #lastLifeMs: number;
  #heard = false;
  #missing: MissingAudio | undefined;

  constructor(deps: SupervisionDeps) {
    this.#deps = deps;
    this.#last = deps.session.flow();
    this.#since = deps.clock.monotonicMs();
    this.#lastLifeMs = this.#since;
    this.#cancel = deps.clock.schedule(LOOK_MS, () => this.#look());
  }

  /** What passes from now on. The same again, as refreshes of a session bring it, changes nothing. */
  expect({ direction, remote }: AudioAgreement, held: boolean): void {
    const inbound = !held && (direction === 'sendrecv' || direction === 'recvonly');
    const outbound = !held && (direction === 'sendrecv' || direction === 'sendonly');
    const peer = `${remote.address} ${remote.rtpPort}`;
    const before = this.#expected;
    if (before.inbound === inbound && before.outbound === outbound && before.peer === peer) return;
    this.#expected = { inbound, outbound, peer };
    this.#since = this.#deps.clock.monotonicMs();
    this.#lastLifeMs = this.#since;
    this.#heard = false;
  }

  close(): void {
    this.#cancel();
  }

  #look(): void {
    const { clock, session, limitMs, onSilent } = this.#deps;
    const flow = session.flow();
    const nowMs = clock.monotonicMs();
    if (flow.packetsReceived > this.#last.packetsReceived) this.#heard = true;
    if (flow.packetsReceived > this.#last.packetsReceived || flow.reportsReceived > this.#last.reportsReceived) {
      this.#lastLifeMs = nowMs;
    }
    this.#last = flow;
    if (limitMs !== undefined && this.#expected.inbound && nowMs - this.#lastLifeMs >= limitMs) {
      onSilent();
      return;
    }
    this.#tell(this.#missingNow(flow, nowMs));
    this.#cancel = clock.schedule(LOOK_MS, () => this.#look());
  }

  #missingNow(flow: MediaFlow, nowMs: number): MissingAudio | undefined {
    const never = !this.#heard && nowMs - this.#since >= FIRST_PACKET_MS;
    const inbound = this.#expected.inbound && (never || flow.reportsUnheard >= TELLING_REPORTS);
    const outbound = this.#expected.outbound && flow.reportsHearingNothing >= TELLING_REPORTS;
    if (inbound && outbound) return 'both';
    if (inbound) return 'inbound';
    return outbound ? 'outbound' : undefined;
  }

  #tell(missing: MissingAudio | undefined): void {
    if (missing === this.#missing) return;
    this.#missing = missing;
    this.#deps.onFault(missing);
  }
}
