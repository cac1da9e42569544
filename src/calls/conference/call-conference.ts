import { AppError } from '../../core/errors.js';
import { type ApiKeyId, newParticipantId, type ParticipantId } from '../../core/ids.js';
import { background, type Logger } from '../../core/log.js';
import type { Participant, ParticipantMode, ParticipantReason } from '../../domain/participant.js';
import type { Values } from '../../domain/placeholders.js';
import type { ParticipantRequest } from '../../domain/ports/call-control.js';
import type { MediaSession } from '../../domain/ports/media.js';
import type { Way } from '../../domain/ports/outbound-route.js';
import { transferReasonOf } from '../../domain/transfer.js';
import { NotAnswered } from '../call-origin.js';
import type { OperatorEar } from '../operator-ear.js';
import { TargetLeg, type TargetLegDeps } from '../transfer/target-leg.js';
import { Hearings, heardIn } from './hearings.js';
import { ParticipantEars } from './participant-ears.js';

export type CallConferenceDeps = TargetLegDeps & {
  log: () => Logger;
  /** Of the call. */
  variables: () => Values;
  /** The far end's. */
  session: MediaSession;
  /** Whoever the far end was handed over to, once they talk through us. */
  target: () => MediaSession | undefined;
  /** @throws AppError when they may not be called, or cannot. */
  waysTo: (target: string, apiKeyId: ApiKeyId | undefined) => readonly Way[];
  /** A call to one of them is being placed. */
  placed: (apiKeyId: ApiKeyId | undefined) => void;
  ringTimeoutMs: number;
  /** Takes down what one of them says to the far end; nobody does when absent. */
  openEar?: (() => OperatorEar | undefined) | undefined;
  /** Keeps what is known now; resolves when it is stored. */
  record(participants: readonly Participant[]): Promise<void>;
};

/** At once; each hears all others. */
const MOST_AT_ONCE = 8;
/** In the course of one call. */
const MOST_EVER = 100;

/** Who else is on one answered call: whoever was called into it, how they were reached, and who hears them. */
export class CallConference {
  readonly #deps: CallConferenceDeps;
  readonly #hearings = new Hearings();
  readonly #ears: ParticipantEars;
  /** Those who are being called, or are on the line. */
  readonly #legs = new Map<ParticipantId, TargetLeg>();
  #participants: readonly Participant[] = [];
  #hushed = false;

  constructor(deps: CallConferenceDeps) {
    this.#deps = deps;
    this.#ears = new ParticipantEars({ clock: deps.clock, openEar: () => deps.openEar?.() });
  }

  /** Resolves when they are being called. @throws AppError `conflict` when there are as many as may be; and as `waysTo`. */
  async invite({ target, mode, ringTimeoutMs, apiKeyId }: ParticipantRequest): Promise<Participant> {
    const { clock, log, variables, waysTo, placed, ringTimeoutMs: usualTimeoutMs } = this.#deps;
    if (this.#legs.size >= MOST_AT_ONCE) throw conflict(`No more than ${MOST_AT_ONCE} others may be on a call`);
    if (this.#participants.length >= MOST_EVER) throw conflict(`No more than ${MOST_EVER} may be called into one call`);
    const id = newParticipantId();
    const options = { ringTimeoutMs: ringTimeoutMs ?? usualTimeoutMs, variables: variables() };
    const leg = new TargetLeg(waysTo(target, apiKeyId), options, this.#deps, {
      changed: (known) => this.#change(id, { leg: known }),
      audible: () => {},
    });
    placed(apiKeyId);
    this.#legs.set(id, leg);
    const startedAtMs = clock.nowMs();
    const unknown = { sipCode: undefined, reason: undefined, joinedAtMs: undefined, endedAtMs: undefined };
    this.#participants = [...this.#participants, { id, target, mode, status: 'pending', startedAtMs, ...unknown, leg: leg.leg }];
    background(this.#call(id, leg), 'calling a participant', log());
    return this.#stored(id);
  }

  /** They are heard in another way from now on. @throws AppError `not_found`, or `conflict` when they have left. */
  async change(id: ParticipantId, mode: ParticipantMode): Promise<Participant> {
    this.#legOf(id);
    this.#change(id, { mode });
    this.#connect();
    return this.#stored(id);
  }

  /** Hangs up on them, or takes the call to them back. @throws as `change`. */
  async remove(id: ParticipantId): Promise<Participant> {
    this.#legOf(id);
    this.#leave(id, 'removed');
    return this.#stored(id);
  }

  /** The far end may have been handed over. */
  rewire(): void {
    if (this.#legs.size > 0) this.#connect();
  }

  /** Whether what is said on the call now is nobody's to overhear. */
  hush(hushed: boolean): void {
    this.#hushed = hushed;
    this.rewire();
  }

  /** The call is over. Resolves when those who had joined are hung up on: nobody waits for phones that may not even ring yet. */
  async close(): Promise<void> {
    const legs = [...this.#legs];
    const joined = legs.filter(([, leg]) => leg.dialog !== undefined);
    for (const [id] of legs) this.#leave(id, 'call_ended');
    this.#ears.close();
    await Promise.all(joined.map(([, leg]) => leg.close()));
  }

  async #call(id: ParticipantId, leg: TargetLeg): Promise<void> {
    try {
      const dialog = await leg.connect();
      // Closed meanwhile, it has hung up.
      if (!this.#legs.has(id)) return;
      dialog.onEnded(() => this.#leave(id, 'hung_up'));
      leg.supervise(() => this.#leave(id, 'media_timeout'));
      this.#change(id, { status: 'joined', sipCode: 200, joinedAtMs: this.#deps.clock.nowMs() });
      this.#connect();
      await this.#record();
    } catch (error) {
      this.#notReached(id, error);
    }
  }

  #notReached(id: ParticipantId, error: unknown): void {
    if (!this.#legs.has(id)) return;
    if (!(error instanceof NotAnswered)) {
      this.#deps.log().warn({ err: error }, 'participant could not be called');
      return this.#leave(id, 'failed');
    }
    const { sipCode } = error.details;
    this.#change(id, { sipCode });
    this.#leave(id, error.termination.reason === 'no_answer' ? 'no_answer' : transferReasonOf(sipCode));
  }

  #leave(id: ParticipantId, reason: ParticipantReason): void {
    const leg = this.#legs.get(id);
    if (!leg) return;
    this.#legs.delete(id);
    this.#connect();
    const { log, clock } = this.#deps;
    background(leg.close(), 'closing the leg to a participant', log());
    const status = this.#known(id).status === 'joined' ? 'left' : 'failed';
    this.#change(id, { status, reason, endedAtMs: clock.nowMs() });
    background(this.#record(), 'recording a participant', log());
  }

  #connect(): void {
    const { session: farEnd, target } = this.#deps;
    const joined = this.#participants.flatMap(({ id, mode, status }) => {
      const line = this.#legs.get(id)?.session;
      return line && status === 'joined' ? [{ id, line, mode }] : [];
    });
    this.#hearings.set(heardIn({ farEnd, target: target(), joined, hushed: this.#hushed }));
    const talkers = joined.filter(({ mode }) => mode === 'talk');
    this.#ears.set(new Map(talkers.map(({ id, line }) => [id, line])), this.#hushed);
  }

  #known(id: ParticipantId): Participant {
    const known = this.#participants.find((participant) => participant.id === id);
    if (known) return known;
    throw new AppError('not_found', `no participant ${id}`, { publicMessage: 'Participant not found' });
  }

  #legOf(id: ParticipantId): TargetLeg {
    this.#known(id);
    const leg = this.#legs.get(id);
    if (leg) return leg;
    throw conflict('The participant has left');
  }

  #change(id: ParticipantId, change: Partial<Participant>): void {
    this.#participants = this.#participants.map((known) => (known.id === id ? { ...known, ...change } : known));
  }

  async #stored(id: ParticipantId): Promise<Participant> {
    await this.#record();
    return this.#known(id);
  }

  #record(): Promise<void> {
    return this.#deps.record(this.#participants);
  }
}

const conflict = (publicMessage: string): AppError => new AppError('conflict', publicMessage, { publicMessage });
