import type { Cancel, Clock } from '../core/clock.js';
import { toError } from '../core/errors.js';
import { background, type Logger } from '../core/log.js';
import type { Binding, RegisterOutcome } from '../domain/ports/trunk-signalling.js';

export type RegistrationDeps = {
  clock: Clock;
  log: Logger;
  /** From 0 up to 1. */
  random: () => number;
  /** Each attempt, for the metrics. */
  onAttempt: (result: AttemptResult) => void;
};

export type AttemptResult = 'accepted' | 'refused' | 'no_answer' | 'failed';

export type RegistrationStatus = {
  state: 'registering' | 'registered' | 'failed';
  /** Of the last attempt, where it failed, even while the binding before it still holds. */
  lastError: { code: number | undefined; message: string } | undefined;
  expiresAtMs: number | undefined;
  nextAttemptAtMs: number | undefined;
};

/** Refreshed after this part of what was granted, so that one lost attempt or two do not cost the binding; by chance within it. */
const REFRESH_FROM = 0.7;
const REFRESH_TO = 0.85;
/** RFC 5626 section 4.5: the wait doubles with each failure, and is between half of it and the whole by chance. */
const BACK_OFF_MS = { first: 2_000, most: 300_000 };
/** Whoever is refused for the password will be tomorrow, too, and many registrars ban those who insist. */
const BACK_OFF_REFUSED_MS = { first: 60_000, most: 3_600_000 };
const AGAIN_WITHIN_MS = 500;
/** A registrar that wants more than a week is no registrar. */
const MOST_EXPIRES_S = 604_800;
/** Un-registering is a courtesy: it does not hold up the end. */
const UNREGISTER_LIMIT_MS = 2_000;

/** Keeps us registered at one registrar: refreshes in time, backs off on failure, takes the binding back at the end. */
export class Registration {
  readonly #binding: Binding;
  readonly #deps: RegistrationDeps;
  #askS: number;
  #registrar: string | undefined;
  #boundUntilMs: number | undefined;
  #failures = 0;
  #lastError: RegistrationStatus['lastError'];
  #nextAttemptAtMs: number | undefined;
  #attempt: Promise<void> | undefined;
  #cancelTimer: Cancel = () => {};
  #closing: Promise<void> | undefined;
  /** Who has answered for the registrar, each until its binding ends: calls to us come from there. */
  readonly #boundAt = new Map<string, number>();

  constructor(binding: Binding, expiresS: number, deps: RegistrationDeps) {
    this.#binding = binding;
    this.#askS = expiresS;
    this.#deps = deps;
  }

  start(): void {
    this.#try();
  }

  /** Does not wait for the next refresh; what waits after a failure waits on. Those who lose their way together do not ask at the same moment. */
  again(): void {
    if (this.#closing || this.#boundUntilMs === undefined || this.#failures > 0 || this.#nextAttemptAtMs === undefined) return;
    this.#cancelTimer();
    this.#tryIn(AGAIN_WITHIN_MS * this.#deps.random());
  }

  get status(): RegistrationStatus {
    const holds = this.#boundUntilMs !== undefined && this.#deps.clock.nowMs() < this.#boundUntilMs;
    return {
      state: holds ? 'registered' : this.#lastError ? 'failed' : 'registering',
      lastError: this.#lastError,
      expiresAtMs: holds ? this.#boundUntilMs : undefined,
      nextAttemptAtMs: this.#nextAttemptAtMs,
    };
  }

  /** Who answered last. */
  get registrarAddress(): string | undefined {
    return this.#registrar;
  }

  /** Of all servers that may still send us calls: one that stood in for another does until its binding ends. */
  get registrarAddresses(): string[] {
    const nowMs = this.#deps.clock.nowMs();
    return [...this.#boundAt]
      .filter(([address, untilMs]) => address === this.#registrar || nowMs < untilMs)
      .map(([address]) => address);
  }

  /** Takes the binding back where there is one. Idempotent; resolves within two seconds. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#cancelTimer();
    this.#nextAttemptAtMs = undefined;
    const { clock, log } = this.#deps;
    let cancel: Cancel = () => {};
    let late = false;
    const limit = new Promise<void>((resolve) => {
      cancel = clock.schedule(UNREGISTER_LIMIT_MS, () => {
        late = true;
        resolve();
      });
    });
    const unregister = async (): Promise<void> => {
      // An attempt under way may bind us yet.
      await this.#attempt;
      // Who comes after us may have bound the same contact by now.
      if (this.#boundUntilMs === undefined || late) return;
      this.#boundUntilMs = undefined;
      const outcome = await this.#binding.register(0);
      log.info({ accepted: outcome.accepted }, 'trunk unregistered');
    };
    const unregistering = unregister().catch((error: unknown) => log.warn({ err: error }, 'trunk not unregistered'));
    await Promise.race([unregistering, limit]);
    cancel();
  }

  #try(): void {
    this.#nextAttemptAtMs = undefined;
    this.#attempt = this.#register();
    background(this.#attempt, 'registering', this.#deps.log);
  }

  async #register(): Promise<void> {
    const outcome = await this.#ask();
    if (outcome instanceof Error) this.#failed({ code: undefined, message: outcome.message }, 'failed', BACK_OFF_MS, 0);
    else if (outcome.accepted && outcome.expiresS > 0) this.#accepted(outcome);
    else if (outcome.accepted) this.#failed({ code: 200, message: 'the registrar granted no time' }, 'refused', BACK_OFF_MS, 0);
    else {
      const { status: code, reason, credentialsRefused, retryAfterS = 0 } = outcome;
      const message = credentialsRefused ? `${code} ${reason}: user name or password refused` : `${code} ${reason}`;
      const backOff = credentialsRefused ? BACK_OFF_REFUSED_MS : BACK_OFF_MS;
      this.#failed({ code, message }, code === 408 ? 'no_answer' : 'refused', backOff, retryAfterS * 1000);
    }
  }

  /** Asks once, and again where the registrar says that it wants to be asked for more time. */
  async #ask(): Promise<RegisterOutcome | Error> {
    try {
      const outcome = await this.#binding.register(this.#askS);
      const leastS = outcome.accepted ? undefined : outcome.minExpiresS;
      if (leastS === undefined || leastS <= this.#askS || leastS > MOST_EXPIRES_S) return outcome;
      this.#askS = leastS;
      return await this.#binding.register(leastS);
    } catch (thrown) {
      return toError(thrown);
    }
  }

  #accepted({ expiresS, registrar }: RegisterOutcome & { accepted: true }): void {
    const { clock, log, random } = this.#deps;
    if (this.#boundUntilMs === undefined || this.#lastError) log.info({ expiresS }, 'trunk registered');
    this.#failures = 0;
    this.#lastError = undefined;
    this.#boundUntilMs = clock.nowMs() + expiresS * 1000;
    this.#registrar = registrar.address;
    for (const [address, untilMs] of this.#boundAt) if (untilMs <= clock.nowMs()) this.#boundAt.delete(address);
    this.#boundAt.set(registrar.address, this.#boundUntilMs);
    this.#deps.onAttempt('accepted');
    this.#tryIn(expiresS * 1000 * (REFRESH_FROM + (REFRESH_TO - REFRESH_FROM) * random()));
  }

  #failed(
    error: NonNullable<RegistrationStatus['lastError']>,
    result: AttemptResult,
    backOff: { first: number; most: number },
    atLeastMs: number,
  ): void {
    const { log, random } = this.#deps;
    this.#lastError = error;
    const waitMs = Math.min(backOff.most, backOff.first * 2 ** Math.min(this.#failures, 20)) * (0.5 + 0.5 * random());
    this.#failures += 1;
    this.#deps.onAttempt(result);
    const nextMs = Math.max(waitMs, Math.min(atLeastMs, BACK_OFF_REFUSED_MS.most));
    log.warn(
      { code: error.code, reason: error.message, failures: this.#failures, nextMs: Math.round(nextMs) },
      'trunk not registered',
    );
    this.#tryIn(nextMs);
  }

  #tryIn(delayMs: number): void {
    if (this.#closing) return;
    this.#nextAttemptAtMs = this.#deps.clock.nowMs() + delayMs;
    this.#cancelTimer = this.#deps.clock.schedule(delayMs, () => this.#try());
  }
}
