import { AppError } from '../../core/errors.js';
import { background, type Logger } from '../../core/log.js';
import type { AgentSettings } from '../../domain/agent.js';
import type { Values } from '../../domain/placeholders.js';
import type { MediaSession, SourceSound } from '../../domain/ports/media.js';
import type { Way } from '../../domain/ports/outbound-route.js';
import type { SpeechSuite } from '../../domain/ports/speech.js';
import type { Dialog } from '../../domain/ports/telephony.js';
import {
  type Transfer,
  type TransferAsker,
  type TransferConsent,
  type TransferKind,
  type TransferPolicy,
  type TransferReason,
  type TransferStatus,
  transferReasonOf,
} from '../../domain/transfer.js';
import type { TrunkRef } from '../../domain/trunk.js';
import { NotAnswered } from '../call-origin.js';
import { ringback } from '../ringback.js';
import { pressFor, relayByInfo } from './bridged-keys.js';
import { Consultation } from './consultation.js';
import type { PutThrough } from './forwarding.js';
import { isNotAllowed } from './not-allowed.js';
import { handPlaceOver, placeIsHandedOver } from './place-handover.js';
import { askToRefer } from './refer-attempt.js';
import { TargetLeg, type TargetLegDeps } from './target-leg.js';

export type TransferPlan = {
  /** As it was asked for. */
  target: string;
  kind: TransferKind;
  policy: TransferPolicy;
  by: TransferAsker;
  /** The far end's. */
  trunk: TrunkRef | undefined;
  /** Where the far end is asked to call. */
  uri: string;
  /** How we would call it ourselves. @throws AppError when we may not, or cannot. */
  ways: () => readonly Way[];
  /** Said to the target before the far end is joined. */
  briefing?: string | undefined;
  consent: TransferConsent;
  ringTimeoutMs: number;
  /** Said by the agent when it has the far end back; its own words when absent, nothing when empty. */
  failureMessage?: string | undefined;
};

export type CallTransferDeps = TargetLegDeps & {
  log: () => Logger;
  /** Of the call. */
  variables: () => Values;
  /** The far end's (ISO 3166). */
  country: () => string | undefined;
  /** The far end's. */
  dialog: () => Dialog | undefined;
  session: MediaSession;
  /** What the far end hears while the target is consulted; ringing when absent. */
  musicOnHold: SourceSound | undefined;
  voice: () => { speech: SpeechSuite; settings: AgentSettings } | undefined;
  /** Keeps what is known now. */
  record(transfer: Transfer): void;
  /** The agent is silent while others are called. */
  pause(): void;
  /** It has the far end back. */
  resume(failed: Transfer, failureMessage: string | undefined): void;
  /** The far end talks to somebody else: our part is over. */
  done(): void;
  /** The target that it was bridged to has hung up. */
  ended(): void;
  /** Nothing comes from the target any more. */
  silent(): void;
};

type Attempt = {
  readonly plan: TransferPlan;
  transfer: Transfer;
  leg?: TargetLeg;
  consultation?: Consultation;
  stopWaiting?: () => void;
  /** The target has hung up on us while the far end was to take our place. */
  targetLeft?: boolean;
};

/** Hands the far end over to somebody else, one attempt at a time: it is asked to call them itself, or we call them and bridge. */
export class CallTransfer {
  readonly #deps: CallTransferDeps;
  /** Under way, or bridged. */
  #attempt: Attempt | undefined;
  #newest: Attempt | undefined;

  constructor(deps: CallTransferDeps) {
    this.#deps = deps;
  }

  /** The far end talks to the target through us. */
  get bridged(): boolean {
    return this.#attempt?.transfer.status === 'completed';
  }

  /** Who has answered for the far end, or is heard before that. */
  get target(): MediaSession | undefined {
    return this.#attempt?.leg?.session;
  }

  /** Another attempt cannot begin now. */
  get busy(): boolean {
    return this.#attempt !== undefined;
  }

  /** A key press of the far end that came by SIP INFO; true where it is for the target. */
  press(digit: string): boolean {
    const leg = this.#attempt?.leg;
    if (!this.bridged || !leg) return false;
    pressFor({ dialog: () => leg.dialog, session: leg.session }, digit);
    return true;
  }

  /**
   * Resolves with what is known once the far end has said whether it will try, or the target is being called: `pending` or `failed`.
   *
   * @throws AppError `conflict` while another attempt is under way; and as `plan.ways` where nothing else is left to try.
   */
  async start(plan: TransferPlan): Promise<Transfer> {
    if (this.#attempt) throw conflict('The call is being transferred already');
    const asksFarEnd = plan.kind === 'blind' && plan.policy !== 'bridge';
    // Whoever asked learns at once that it cannot be done.
    const ways = asksFarEnd ? undefined : plan.ways();
    const attempt: Attempt = {
      plan,
      transfer: beginTransfer(plan, asksFarEnd ? 'refer' : 'bridge', this.#deps.clock.nowMs()),
    };
    this.#attempt = attempt;
    this.#newest = attempt;
    this.#deps.pause();
    this.#deps.record(attempt.transfer);
    if (ways) this.#bridge(attempt, ways);
    else await this.#refer(attempt);
    return attempt.transfer;
  }

  /** The far end talks from now on to somebody who has answered for it. */
  adopt({ plan, transfer, leg, dialog }: PutThrough): void {
    const attempt: Attempt = { plan, transfer, leg };
    this.#attempt = attempt;
    this.#newest = attempt;
    leg.handOver({ changed: (known) => this.#update(attempt, { leg: known }), audible: () => {} });
    this.#join(attempt, leg, dialog);
  }

  /** Joins the far end and the target that is consulted, whatever it said. @throws AppError `conflict` when none is. */
  complete(): Transfer {
    return this.#decide('taken');
  }

  /** Takes an attempt back; the agent has the far end again. @throws AppError `conflict` when there is none, or it is over. */
  cancel(): Transfer {
    const attempt = this.#attempt;
    if (!attempt || this.bridged) throw conflict('No transfer is under way');
    if (attempt.transfer.method === 'refer') throw conflict('The far end makes the call itself: it cannot be taken back');
    this.#failed(attempt, 'cancelled', undefined, 'cancelled');
    return attempt.transfer;
  }

  /** The call is over: hangs up on the target. */
  async close(): Promise<void> {
    const attempt = this.#attempt;
    if (!attempt) return;
    this.#attempt = undefined;
    attempt.stopWaiting?.();
    attempt.consultation?.decide('cancelled');
    // Both have left: the far end has our place, and has not waited to tell us so.
    const taken = attempt.targetLeft === true;
    await attempt.leg?.close();
    const over = attempt.transfer.status === 'completed';
    if (over) this.#update(attempt, { endedAtMs: this.#deps.clock.nowMs() });
    else if (taken) this.#finish(attempt, 'completed', undefined, undefined);
    else this.#finish(attempt, 'cancelled', 'hung_up', undefined);
  }

  #decide(verdict: 'taken'): Transfer {
    const attempt = this.#attempt;
    if (!attempt?.consultation || this.bridged) throw conflict('No target is being consulted');
    attempt.consultation.decide(verdict);
    return attempt.transfer;
  }

  async #refer(attempt: Attempt): Promise<void> {
    const { plan } = attempt;
    const answer = await askToRefer(plan.uri, { clock: this.#deps.clock, dialog: this.#deps.dialog() }, (sipCode) =>
      this.#update(attempt, { sipCode }),
    );
    if (this.#attempt !== attempt) {
      if (answer.willTry) answer.stopWaiting();
      return;
    }
    if (answer.willTry) {
      attempt.stopWaiting = answer.stopWaiting;
      background(
        answer.outcome.then(({ sipCode, succeeded }) => this.#referred(attempt, sipCode, succeeded)),
        'transfer',
        this.#deps.log(),
      );
    } else if (plan.policy === 'refer') this.#failed(attempt, 'refused', answer.sipCode);
    else this.#bridgeInstead(attempt, answer.sipCode);
  }

  #referred(attempt: Attempt, sipCode: number | undefined, succeeded: boolean): void {
    if (this.#attempt !== attempt) return;
    if (succeeded) this.#handedOver(attempt, sipCode);
    else this.#failed(attempt, transferReasonOf(sipCode), sipCode);
  }

  /** The far end talks to the target without us. */
  #handedOver(attempt: Attempt, sipCode: number | undefined): void {
    this.#attempt = undefined;
    this.#closeLeg(attempt);
    this.#finish(attempt, 'completed', undefined, sipCode);
    this.#deps.done();
  }

  #bridgeInstead(attempt: Attempt, refusedWith: number | undefined): void {
    let ways: readonly Way[];
    try {
      ways = attempt.plan.ways();
    } catch (error) {
      this.#deps.log().info({ err: error, refusedWith }, 'the far end does not transfer, and the target cannot be called');
      return this.#failed(attempt, isNotAllowed(error) ? 'not_allowed' : 'refused', refusedWith);
    }
    this.#update(attempt, { method: 'bridge', sipCode: undefined });
    this.#bridge(attempt, ways);
  }

  #bridge(attempt: Attempt, ways: readonly Way[]): void {
    const { session, country, musicOnHold } = this.#deps;
    const waits = attempt.plan.kind === 'attended' && musicOnHold;
    session.setSource(waits ? { type: 'sound', ...musicOnHold } : ringback(country()));
    background(
      this.#call(attempt, ways).catch((error: unknown) => this.#notReached(attempt, error)),
      'transfer',
      this.#deps.log(),
    );
  }

  async #call(attempt: Attempt, ways: readonly Way[]): Promise<void> {
    const { session } = this.#deps;
    const { plan } = attempt;
    const leg = new TargetLeg(ways, { ringTimeoutMs: plan.ringTimeoutMs, variables: this.#deps.variables() }, this.#deps, {
      changed: (known) => this.#update(attempt, { leg: known }),
      audible: (target) => {
        if (plan.kind === 'blind' && this.#attempt === attempt) session.bridge(target);
      },
    });
    attempt.leg = leg;
    const dialog = await leg.connect();
    if (this.#attempt !== attempt) return;
    this.#update(attempt, { sipCode: 200, answeredAtMs: this.#deps.clock.nowMs() });
    if (plan.kind === 'attended') {
      if (!(await this.#consult(attempt, leg, dialog)) || (await this.#handPlaceOver(attempt, leg, dialog))) return;
    }
    this.#join(attempt, leg, dialog);
  }

  async #consult(attempt: Attempt, leg: TargetLeg, dialog: Dialog): Promise<boolean> {
    const { plan } = attempt;
    const { clock, log, voice } = this.#deps;
    this.#update(attempt, { status: 'consulting' });
    attempt.consultation = new Consultation(plan.briefing, plan.consent, {
      clock,
      log: log(),
      session: leg.session,
      dialog,
      voice: voice(),
    });
    const verdict = await attempt.consultation.verdict;
    if (this.#attempt !== attempt) return false;
    if (verdict === 'taken') return true;
    this.#failed(attempt, verdict === 'unanswered' ? 'no_answer' : 'declined', attempt.transfer.sipCode);
    return false;
  }

  /** Whether nothing is left to do: the far end has our place with the target, or the attempt has ended without. */
  async #handPlaceOver(attempt: Attempt, leg: TargetLeg, target: Dialog): Promise<boolean> {
    const { policy, trunk } = attempt.plan;
    const { clock, session } = this.#deps;
    const farEnd = this.#deps.dialog();
    if (!farEnd || !placeIsHandedOver(policy, { dialog: farEnd, trunk }, { dialog: target, trunk: leg.leg.trunk })) return false;
    const abort = new AbortController();
    attempt.stopWaiting = () => abort.abort();
    target.onEnded(() => {
      attempt.targetLeft = true;
    });
    this.#update(attempt, { method: 'refer', sipCode: undefined });
    // Nobody waits in silence for what may fail.
    if (policy === 'auto') session.bridge(leg.session);
    const tell = (sipCode: number): void => this.#update(attempt, { sipCode });
    const { succeeded, refused, sipCode } = await handPlaceOver(farEnd, target, { clock, signal: abort.signal }, tell);
    if (this.#attempt !== attempt) return true;
    if (succeeded) this.#handedOver(attempt, sipCode);
    else if (attempt.targetLeft || policy === 'refer') {
      this.#failed(attempt, refused ? 'refused' : transferReasonOf(sipCode), sipCode);
    } else {
      this.#update(attempt, { method: 'bridge', sipCode: 200 });
      return false;
    }
    return true;
  }

  /** From now on whoever hangs up ends both. */
  #join(attempt: Attempt, leg: TargetLeg, dialog: Dialog): void {
    const { session } = this.#deps;
    // A tone or an announcement of before ends with this.
    session.bridge(leg.session);
    this.#update(attempt, { status: 'completed' });
    const farEnd = { dialog: () => this.#deps.dialog(), session };
    const target = { dialog: () => dialog, session: leg.session };
    const isBridged = (): boolean => this.#attempt === attempt;
    relayByInfo(farEnd, target, isBridged);
    relayByInfo(target, farEnd, isBridged);
    dialog.onDigit((digit) => pressFor(farEnd, digit));
    leg.supervise(() => this.#deps.silent());
    dialog.onEnded(() => {
      if (this.#attempt === attempt) this.#deps.ended();
    });
  }

  #notReached(attempt: Attempt, error: unknown): void {
    if (this.#attempt !== attempt) return;
    if (error instanceof NotAnswered) {
      const { sipCode } = error.details;
      const ranOut = error.termination.reason === 'no_answer';
      return this.#failed(attempt, ranOut ? 'no_answer' : transferReasonOf(sipCode), sipCode);
    }
    this.#deps.log().warn({ err: error }, 'transfer target could not be called');
    this.#failed(attempt, 'failed', undefined);
  }

  #failed(attempt: Attempt, reason: TransferReason, sipCode: number | undefined, status: TransferStatus = 'failed'): void {
    this.#attempt = undefined;
    attempt.consultation?.decide('cancelled');
    this.#closeLeg(attempt);
    this.#finish(attempt, status, reason, sipCode);
    if (attempt.leg || attempt.transfer.method === 'bridge') this.#deps.session.setSource({ type: 'queue' });
    this.#deps.resume(attempt.transfer, attempt.plan.failureMessage);
  }

  #closeLeg({ leg }: Attempt): void {
    if (leg) background(leg.close(), 'closing the leg to a transfer target', this.#deps.log());
  }

  #finish(attempt: Attempt, status: TransferStatus, reason: TransferReason | undefined, sipCode: number | undefined): void {
    const endedAtMs = this.#deps.clock.nowMs();
    this.#update(attempt, { status, reason, sipCode: sipCode ?? attempt.transfer.sipCode, endedAtMs });
  }

  #update(attempt: Attempt, change: Partial<Transfer>): void {
    attempt.transfer = { ...attempt.transfer, ...change };
    // The leg of one that failed may end when the next is under way.
    if (attempt === this.#newest) this.#deps.record(attempt.transfer);
  }
}

export const beginTransfer = ({ target, kind, by }: TransferPlan, method: 'refer' | 'bridge', startedAtMs: number): Transfer => ({
  target,
  kind,
  method,
  by,
  status: 'pending',
  sipCode: undefined,
  reason: undefined,
  startedAtMs,
  answeredAtMs: undefined,
  endedAtMs: undefined,
  leg: undefined,
});

const conflict = (publicMessage: string): AppError => new AppError('conflict', publicMessage, { publicMessage });
