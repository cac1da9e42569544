import { within } from '../calls/within.js';
import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { TextId } from '../core/ids.js';
import { background, type Logger } from '../core/log.js';
import { LONGEST_WAIT_MS, Lookout } from '../core/lookout.js';
import { fillHeaders } from '../domain/header-templates.js';
import type { DoNotCallRepository } from '../domain/ports/do-not-call-repository.js';
import type { OutboundRoute } from '../domain/ports/outbound-route.js';
import type { TextRepository, TextSignalling } from '../domain/ports/texts.js';
import type { Text } from '../domain/text.js';
import { textWays } from './text-ways.js';

export type TextSenderDeps = {
  texts: TextRepository;
  signalling: Pick<TextSignalling, 'sendText'>;
  route: OutboundRoute;
  doNotCall: Pick<DoNotCallRepository, 'find'>;
  clock: Clock;
  log: Logger;
  /** One was settled: delivered, passed on, or given up. */
  onSettled?: ((text: Text) => void) | undefined;
};

/** One that is not answered takes half a minute; the others do not wait for it. */
const MAX_PARALLEL = 16;
/** Waits after the first, second … failure that may pass; after the last of them, one attempt more. */
const RETRY_DELAYS_MS = [30_000, 120_000, 600_000];
/** The far end cannot now (RFC 3261 section 21), which is not its last word. */
const MAY_PASS: readonly number[] = [408, 480, 500, 502, 503, 504];
const ERROR_PAUSE_MS = 5_000;
const CLOSE_LIMIT_MS = 2_000;

type Outcome = Pick<Text, 'status' | 'sipCode' | 'failureReason'>;

/** Sends what is pending. What was under way when the process died is sent again: a text may come twice, but none is lost. */
export class TextSender {
  readonly #deps: TextSenderDeps;
  readonly #underWay = new Map<TextId, Promise<void>>();
  readonly #lookout: Lookout;
  #closed = false;

  constructor(deps: TextSenderDeps) {
    this.#deps = deps;
    const onError = (error: unknown): number => {
      deps.log.error({ err: error }, 'texts not looked up');
      return ERROR_PAUSE_MS;
    };
    this.#lookout = new Lookout({ look: () => this.#look(), onError, clock: deps.clock });
  }

  wake(): void {
    this.#lookout.wake();
  }

  /** Waits for answers, but not for long: what has none stays pending. */
  async close(): Promise<void> {
    await this.#lookout.close();
    await within(this.#deps.clock, CLOSE_LIMIT_MS, Promise.allSettled(this.#underWay.values()));
    this.#closed = true;
  }

  async #look(): Promise<number> {
    const { texts, clock, log } = this.#deps;
    const nowMs = clock.nowMs();
    const due = await texts.due(nowMs, MAX_PARALLEL + this.#underWay.size);
    for (const text of due) {
      if (this.#underWay.has(text.id) || this.#underWay.size >= MAX_PARALLEL || this.#lookout.closed) continue;
      const sending = this.#attempt(text).finally(() => {
        this.#underWay.delete(text.id);
        this.#lookout.wake();
      });
      this.#underWay.set(text.id, sending);
      background(sending, 'sending a text', log);
    }
    const next = await texts.nextDueMs(nowMs);
    return next === undefined ? LONGEST_WAIT_MS : Math.max(1, next - clock.nowMs());
  }

  async #attempt(text: Text): Promise<void> {
    const { texts, clock, log, onSettled } = this.#deps;
    const outcome = await this.#send(text);
    if (this.#closed) return;
    const attempts = text.attempts + 1;
    const delayMs = outcome.status === 'pending' ? RETRY_DELAYS_MS[attempts - 1] : undefined;
    const nowMs = clock.nowMs();
    const next: Text = {
      ...text,
      ...outcome,
      status: outcome.status === 'pending' && delayMs === undefined ? 'failed' : outcome.status,
      attempts,
      nextAttemptAtMs: delayMs === undefined ? undefined : nowMs + delayMs,
      updatedAtMs: nowMs,
    };
    await texts.update(next);
    const { id: textId, tenantId, status, sipCode, failureReason } = next;
    log.info({ textId, tenantId, status, sipCode, failureReason, attempts }, 'text sent');
    if (status !== 'pending') onSettled?.(next);
  }

  async #send(text: Text): Promise<Outcome> {
    const { doNotCall, clock, log } = this.#deps;
    if (await doNotCall.find(text.tenantId, text.contact, clock.nowMs())) return failed(undefined, 'do_not_call');
    try {
      return outcomeOf(await this.#overEachWay(text));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log.warn({ err: error, textId: text.id }, 'text could not be sent');
      const outcome = failed(undefined, error.code);
      return error.code === 'signalling_unavailable' ? { ...outcome, status: 'pending' } : outcome;
    }
  }

  /** Resolves with the final status of the last way that was tried. */
  async #overEachWay({ tenantId, toUri, contact, fromUser, text, apiKeyId }: Text): Promise<number> {
    const { route, signalling } = this.#deps;
    const address = contact.startsWith('+') ? contact : toUri;
    let status = 503;
    const ways = textWays(route, tenantId, address, { from: fromUser, apiKeyId, counted: true });
    for (const { uri, from, terms, failoverCodes = [] } of ways) {
      const { proxy, headers = {}, credentials } = terms ?? {};
      // No call, no variables.
      const plain = fillHeaders(headers, {});
      status = await signalling.sendText({ uri, from, text, proxy, headers: plain, credentials });
      if (!failoverCodes.includes(status)) break;
    }
    return status;
  }
}

function outcomeOf(sipCode: number): Outcome {
  if (sipCode >= 300) return { ...failed(sipCode, `sip_${sipCode}`), ...(MAY_PASS.includes(sipCode) && { status: 'pending' }) };
  return { status: sipCode === 202 ? 'sent' : 'delivered', sipCode, failureReason: undefined };
}

const failed = (sipCode: number | undefined, failureReason: string): Outcome => ({ status: 'failed', sipCode, failureReason });
