import { background } from '../../core/log.js';
import type { Termination } from '../../domain/call.js';
import type { MediaSession, SourceSound } from '../../domain/ports/media.js';
import type { Dialog } from '../../domain/ports/telephony.js';
import { type Transfer, type TransferReason, type TransferStatus, transferReasonOf } from '../../domain/transfer.js';
import { type CallOrigin, type ConnectListeners, NotAnswered } from '../call-origin.js';
import type { CallRecord } from '../call-record.js';
import { whileUnanswered } from '../ringback.js';
import { beginTransfer, type TransferPlan } from './call-transfer.js';
import { TargetLeg, type TargetLegDeps } from './target-leg.js';

/** Somebody who has answered for a caller; the leg is for the taker to close. */
export type PutThrough = { plan: TransferPlan; transfer: Transfer; leg: TargetLeg; dialog: Dialog };

export type ForwardingDeps = TargetLegDeps & {
  /** The caller, who waits for the answer. */
  origin: Pick<CallOrigin, 'variables' | 'country' | 'ring' | 'openEarly'>;
  listeners: ConnectListeners;
  session: MediaSession;
  record: Pick<CallRecord, 'log' | 'transferred'>;
  /** In place of a ring tone. */
  ringSound?: SourceSound | undefined;
};

const CANCELLED: Termination = { result: 'client_error', reason: 'cancelled' };

/** Finds somebody for a caller whom nobody has answered yet: calls one after the other, and lets the caller hear what they hear. */
export class Forwarding {
  readonly #plans: readonly TransferPlan[];
  readonly #deps: ForwardingDeps;
  /** The newest attempt. */
  #transfer: Transfer | undefined;
  #leg: TargetLeg | undefined;
  #answered: Omit<PutThrough, 'transfer'> | undefined;
  #early: Promise<boolean> | undefined;
  #closed = false;

  constructor(plans: readonly TransferPlan[], deps: ForwardingDeps) {
    this.#plans = plans;
    this.#deps = deps;
  }

  /** Resolves when somebody has answered. @throws NotAnswered, or AppError: what came of the last. */
  async reach(): Promise<void> {
    let failure: unknown = new NotAnswered(CANCELLED);
    for (const plan of this.#plans) {
      try {
        await this.#call(plan);
        return;
      } catch (error) {
        failure = error;
        if (this.#closed) throw failure;
        await this.#failed(error);
      }
    }
    if (await this.#early) this.#deps.session.setSource({ type: 'queue' });
    throw failure;
  }

  /** To be called once, after `reach`: who answered talks with the caller from now on, and is the taker's. */
  take(): PutThrough {
    const transfer = this.#transfer;
    if (!this.#answered || !transfer) throw new Error('nobody has answered');
    this.#leg = undefined;
    return { ...this.#answered, transfer };
  }

  /** The caller has given up, or somebody has ended the call. Idempotent; whoever was taken is left alone. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const leg = this.#leg;
    if (!leg) return;
    this.#finish('cancelled', 'hung_up', undefined);
    await leg.close();
  }

  async #call(plan: TransferPlan): Promise<void> {
    const { clock, origin, listeners, record } = this.#deps;
    this.#leg = undefined;
    this.#transfer = beginTransfer(plan, 'bridge', clock.nowMs());
    record.transferred(this.#transfer);
    const options = { ringTimeoutMs: plan.ringTimeoutMs, variables: origin.variables };
    const leg = new TargetLeg(plan.ways(), options, this.#deps, {
      changed: (known) => {
        if (this.#leg === leg) this.#update({ leg: known });
      },
      audible: (session) => this.#audible(leg, session),
      ringing: () => {
        if (!this.#early) origin.ring(listeners);
      },
    });
    this.#leg = leg;
    const dialog = await leg.connect();
    this.#answered = { plan, leg, dialog };
    this.#update({ sipCode: 200, answeredAtMs: clock.nowMs() });
    // No 200 before the provisional that has the same description is acknowledged (RFC 3262 section 3).
    await this.#early;
  }

  /** What the far end says before the answer is for the caller; what begins with the answer waits for ours. */
  #audible(leg: TargetLeg, session: MediaSession): void {
    const { clock, origin, listeners, session: own, record } = this.#deps;
    clock.schedule(0, () => {
      if (this.#answered || this.#leg !== leg || this.#closed) return;
      this.#early ??= origin.openEarly(own.local, listeners);
      const bridged = this.#early.then((opened) => {
        if (opened && this.#leg === leg && !this.#closed) own.bridge(session);
      });
      background(bridged, 'early media', record.log);
    });
  }

  async #failed(error: unknown): Promise<void> {
    const { record, session, origin, ringSound } = this.#deps;
    const leg = this.#leg;
    if (leg) background(leg.close(), 'closing the leg to a target', record.log);
    const sipCode = error instanceof NotAnswered ? error.details.sipCode : undefined;
    const ranOut = error instanceof NotAnswered && error.termination.reason === 'no_answer';
    if (!(error instanceof NotAnswered)) record.log.info({ err: error }, 'target could not be called');
    this.#finish('failed', ranOut ? 'no_answer' : transferReasonOf(sipCode), sipCode);
    this.#leg = undefined;
    // A caller who has heard the last one would hear nothing until the next.
    if (await this.#early) session.setSource(whileUnanswered(origin.country, ringSound));
  }

  #finish(status: TransferStatus, reason: TransferReason, sipCode: number | undefined): void {
    const endedAtMs = this.#deps.clock.nowMs();
    this.#update({ status, reason, sipCode, endedAtMs });
  }

  #update(change: Partial<Transfer>): void {
    if (!this.#transfer) return;
    this.#transfer = { ...this.#transfer, ...change };
    this.#deps.record.transferred(this.#transfer);
  }
}
