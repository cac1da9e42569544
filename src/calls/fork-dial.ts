import type { Clock } from '../core/clock.js';
import type { AudioAgreement } from '../domain/ports/media.js';
import type { RegisteredTarget } from '../domain/ports/phone-directory.js';
import type { DialFailure, DialRequest, Telephony } from '../domain/ports/telephony.js';

type Outcome = Awaited<ReturnType<Telephony['dial']>>;
type Deps = { telephony: Pick<Telephony, 'dial'>; clock: Clock };

/** How long contacts of one preference ring when there are others to try after them. */
const RING_MS = 20_000;
const NOT_REGISTERED: DialFailure = { sipCode: 480, reason: 'Not Registered' };

/**
 * Calls all contacts of a phone: those of the same preference at once, the next when none of them answers (RFC 3261 section 16.6). The
 * first that answers has the call, and the others stop ringing.
 */
export async function dialForked(request: DialRequest, targets: readonly RegisteredTarget[], deps: Deps): Promise<Outcome> {
  let failure = NOT_REGISTERED;
  const preferences = [...new Set(targets.map(({ q }) => q))].sort((a, b) => b - a);
  for (const q of preferences) {
    const last = q === preferences.at(-1);
    const group = targets.filter((target) => target.q === q);
    const outcome = await ringTogether(request, group, last ? undefined : RING_MS, deps);
    if (outcome.answered) return outcome;
    failure = failure === NOT_REGISTERED ? outcome.failure : better(failure, outcome.failure);
    // Whoever says 6xx speaks for all (section 16.7), and whoever gave up wants no more ringing.
    if (failure.sipCode >= 600 || request.signal.aborted) break;
  }
  return { answered: false, failure };
}

async function ringTogether(
  request: DialRequest,
  group: readonly RegisteredTarget[],
  limitMs: number | undefined,
  { telephony, clock }: Deps,
): Promise<Outcome> {
  const stop = new AbortController();
  const signal = AbortSignal.any([request.signal, stop.signal]);
  const cancelLimit = limitMs === undefined ? undefined : clock.schedule(limitMs, () => stop.abort());
  let winner: Branch | undefined;
  let failure: DialFailure | undefined;
  const branches = group.map((target) => new Branch(request, target, signal, telephony));
  try {
    return await new Promise<Outcome>((resolve, reject) => {
      let open = branches.length;
      const onOutcome = (branch: Branch, outcome: Outcome): void => {
        open -= 1;
        if (outcome.answered) {
          // Two answered at the same moment: one of them has nobody to talk to.
          if (winner) return void outcome.dialog.hangup();
          winner = branch;
          stop.abort();
          branch.win(outcome.sipCallId);
          return resolve(outcome);
        }
        failure = failure ? better(failure, outcome.failure) : outcome.failure;
        if (outcome.failure.sipCode >= 600) stop.abort();
        if (open === 0 && !winner) resolve({ answered: false, failure });
      };
      for (const branch of branches) branch.dial().then((outcome) => onOutcome(branch, outcome), reject);
    });
  } finally {
    cancelLimit?.();
    stop.abort();
  }
}

/** One INVITE of several. Nothing of its session counts before it has won: they share one place for media. */
class Branch {
  readonly #request: DialRequest;
  readonly #target: RegisteredTarget;
  readonly #signal: AbortSignal;
  readonly #telephony: Pick<Telephony, 'dial'>;
  #won = false;
  #agreed: AudioAgreement | undefined;

  constructor(request: DialRequest, target: RegisteredTarget, signal: AbortSignal, telephony: Pick<Telephony, 'dial'>) {
    this.#request = request;
    this.#target = target;
    this.#signal = signal;
    this.#telephony = telephony;
  }

  dial(): Promise<Outcome> {
    const { uri, proxy, headers } = this.#target;
    return this.#telephony.dial({
      ...this.#request,
      uri,
      proxy,
      headers: { ...this.#request.headers, ...headers },
      signal: this.#signal,
      onAgreement: (agreement) => {
        this.#agreed = agreement;
        if (this.#won) this.#request.onAgreement(agreement);
      },
    });
  }

  win(sipCallId: string): void {
    this.#won = true;
    this.#request.onSent?.(sipCallId);
    if (this.#agreed) this.#request.onAgreement(this.#agreed);
  }
}

/** What tells more: a person's own word before a device's, and any word before silence. */
function better(a: DialFailure, b: DialFailure): DialFailure {
  const rank = ({ sipCode }: DialFailure): number => {
    if (sipCode >= 600) return 0;
    if (sipCode === 486) return 1;
    return sipCode === 408 || sipCode === 487 || sipCode >= 500 ? 3 : 2;
  };
  return rank(b) < rank(a) ? b : a;
}
