import type { Cancel, Clock } from '../core/clock.js';
import type { SessionTimerPolicy } from '../domain/call-setup.js';
import { agreedTimer, answerTimer, keepTimer, minSeOf, type TimerAgreement, type TimerAnswer } from './session-expires.js';
import type { Headers, SrfMessage, SrfResponse } from './srf-types.js';

export type SessionTimerDeps = {
  clock: Clock;
  policy: SessionTimerPolicy;
  /** The far end takes UPDATE. */
  allowsUpdate: () => boolean;
  /** Resolves with the final answer, whose 2xx `answered` has been told of by then. */
  refresh: (method: 'INVITE' | 'UPDATE') => Promise<SrfResponse>;
  /** Nobody has refreshed the session in time. */
  onExpired: () => void;
  /** The far end no longer knows the call (481), or does not answer (408). */
  onLost: (status: number) => void;
};

/** A refresh that fails for a passing reason is not repeated faster than this. */
const RETRY_MIN_MS = 5_000;

/**
 * The session timer of one dialog (RFC 4028): refreshes it, or ends it when nobody does.
 *
 * It lives here and not in the signalling server, because a refresh may be challenged, and only we have the credentials. A
 * drachtio-server keeps a timer of its own beside, which each refresh of ours winds up again.
 */
export class SessionTimer {
  readonly #deps: SessionTimerDeps;
  #agreement: TimerAgreement | undefined;
  #minSeS: number;
  #updateRefused = false;
  #closed = false;
  #giveUpAtMs = 0;
  #cancelRefresh: Cancel = () => {};
  #cancelGiveUp: Cancel = () => {};

  constructor(deps: SessionTimerDeps) {
    this.#deps = deps;
    this.#minSeS = deps.policy.minSeS;
  }

  /** What our answer to the far end's INVITE or UPDATE says; `agree` makes it hold once that is sent. */
  answer(request: SrfMessage): TimerAnswer {
    return answerTimer(request, this.#deps.policy, this.#agreement);
  }

  /** For an INVITE or UPDATE of ours in mid-call. */
  headers(): Headers {
    if (this.#deps.policy.mode === 'off') return {};
    return { Supported: 'timer', ...(this.#agreement && keepTimer(this.#agreement, this.#minSeS)) };
  }

  /** A request of ours got this 2xx. */
  answered(response: SrfMessage): void {
    this.agree(agreedTimer(response, this.#deps.policy, this.#minSeS));
  }

  /** A request of ours got this 422: the next one asks for what it says (RFC 4028 section 7.3). */
  refused(response: SrfMessage): void {
    this.#minSeS = Math.max(this.#minSeS, minSeOf(response));
  }

  /** What holds from now on; undefined: no timer. */
  agree(agreement: TimerAgreement | undefined): void {
    this.#stop();
    this.#agreement = agreement;
    if (!agreement || this.#closed) return;
    const { clock, onExpired } = this.#deps;
    const intervalMs = agreement.intervalS * 1000;
    // RFC 4028 section 10: half way to refresh; to give up, a little before the end.
    const giveUpMs = intervalMs - Math.min(32_000, intervalMs / 3);
    this.#giveUpAtMs = clock.monotonicMs() + giveUpMs;
    this.#cancelGiveUp = clock.schedule(giveUpMs, onExpired);
    if (agreement.weRefresh) this.#refreshAfter(intervalMs / 2);
  }

  /** Idempotent, and for good. */
  close(): void {
    this.#closed = true;
    this.agree(undefined);
  }

  #stop(): void {
    this.#cancelRefresh();
    this.#cancelGiveUp();
  }

  #refreshAfter(delayMs: number): void {
    this.#cancelRefresh();
    this.#cancelRefresh = this.#deps.clock.schedule(delayMs, () => {
      this.#refresh().catch(() => this.#retry());
    });
  }

  /** By UPDATE where we may, for it leaves the media alone; else by the last offer again. */
  async #refresh(): Promise<void> {
    const { policy, allowsUpdate, refresh, onLost } = this.#deps;
    const update = policy.refreshMethod === 'update' && allowsUpdate() && !this.#updateRefused;
    const { status } = await refresh(update ? 'UPDATE' : 'INVITE');
    if (status < 300) return;
    if (status === 408 || status === 481) return onLost(status);
    this.#updateRefused ||= update && [403, 405, 488, 501].includes(status);
    if (update && this.#updateRefused) this.#refreshAfter(0);
    else this.#retry();
  }

  /** As long as there is time: what was refused need not end the call. */
  #retry(): void {
    const leftMs = this.#giveUpAtMs - this.#deps.clock.monotonicMs();
    if (!this.#closed && leftMs > RETRY_MIN_MS) this.#refreshAfter(Math.max(RETRY_MIN_MS, leftMs / 2));
  }
}
