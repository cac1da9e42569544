import type { Carried } from '../core/circuit-breaker.js';
import type { Cancel, Clock } from '../core/clock.js';
import type { Termination } from '../domain/call.js';
import { fillDialogHeaders, fillHeaders } from '../domain/header-templates.js';
import { hasPlaceholders, type Values } from '../domain/placeholders.js';
import type { Way } from '../domain/ports/outbound-route.js';
import type { Dialog, DialRequest, DialTerms, LocalMedia, Telephony } from '../domain/ports/telephony.js';
import { q850In } from './call-end.js';
import { type ConnectListeners, NotAnswered } from './call-origin.js';
import { dialForked } from './fork-dial.js';
import type { LinePlace, Seat } from './outbound-lines.js';
import { RedirectTargets } from './redirect-targets.js';

export type OutboundDeps = {
  clock: Clock;
  telephony: Telephony;
  ringTimeoutMs: number;
  /** Of ways that say nothing else. */
  firstResponseMs?: number | undefined;
  /** Fill the headers of trunks. */
  variables?: Values | undefined;
  /** Tones of machines are told, whatever a way says. */
  hearsTones?: boolean | undefined;
};

/** How long the far end may take to confirm a CANCEL; what comes after that is hung up on by the dialler. */
const CANCEL_PATIENCE_MS = 4_000;
const NO_ANSWER: Termination = { result: 'client_error', reason: 'no_answer' };
const NOT_REGISTERED: Termination = { result: 'client_error', reason: 'not_registered' };
const CANCELLED: Termination = { result: 'client_error', reason: 'cancelled' };
export const DEFAULT_FROM = 'sip:offhook@localhost';

/** Dials one party over its ways, whoever wants it: a call of ours, or one that is handed over. */
export class OutboundDialling {
  readonly #seat: Seat;
  readonly #deps: OutboundDeps;
  readonly #abort = new AbortController();
  #dialling: Promise<unknown> | undefined;
  #rang = false;
  #refusedWith: number | undefined;

  constructor(seat: Seat, deps: OutboundDeps) {
    this.#seat = seat;
    this.#deps = deps;
  }

  /** To be called once. @throws NotAnswered, or AppError. */
  connect(local: LocalMedia, listeners: ConnectListeners): Promise<Dialog> {
    const dialling = this.#dial(local, listeners);
    this.#dialling = dialling.catch(() => {});
    return dialling;
  }

  giveUp(): void {
    this.#abort.abort();
  }

  /** Gives up, and resolves with the far end's final SIP status when nothing more comes of it. */
  async settled(): Promise<number | undefined> {
    this.#abort.abort();
    await this.#dialling;
    return this.#refusedWith;
  }

  /** One way after the other, as long as it is the way that has failed, and not the call. */
  async #dial(local: LocalMedia, listeners: ConnectListeners): Promise<Dialog> {
    for (;;) {
      const { way, place } = this.#seat;
      try {
        const dialog = await this.#over(way, place, local, listeners);
        place.settle('carried');
        return dialog;
      } catch (error) {
        place.settle(carriedOf(error));
        if (!this.#isFaultOf(way, error) || !this.#seat.moveOn()) throw error;
      }
    }
  }

  /** Over one way: to where it leads, and from there to where it may be sent on. */
  async #over(way: Way, place: LinePlace, local: LocalMedia, listeners: ConnectListeners): Promise<Dialog> {
    const targets = new RedirectTargets(way.uri, way.redirects, way.mayCall ?? (() => false));
    let redirected = false;
    for (let to = way; ; ) {
      try {
        return await this.#attempt(to, place, local, listeners, redirected);
      } catch (error) {
        if (!(error instanceof NotAnswered) || this.#abort.signal.aborted) throw error;
        const next = targets.after(error.details.sipCode ?? 0, error.contacts);
        if (!next) throw error;
        to = next.sameHost ? elsewhere(next.uri, way) : strangerAt(next.uri, way);
        redirected = true;
      }
    }
  }

  /** A phone that has rung would ring again over another trunk. */
  #isFaultOf({ failoverCodes = [] }: Way, error: unknown): boolean {
    if (!(error instanceof NotAnswered) || this.#rang || this.#abort.signal.aborted) return false;
    const { sipCode } = error.details;
    return sipCode !== undefined && failoverCodes.includes(sipCode);
  }

  async #attempt(
    { uri, from, terms, trunk, targets }: Way,
    { pacer }: LinePlace,
    local: LocalMedia,
    { onAgreement, onSent, onRinging, onRefused }: ConnectListeners,
    redirected: boolean,
  ): Promise<Dialog> {
    const { telephony, clock, firstResponseMs, variables, hearsTones } = this.#deps;
    const { toneDetection = 'off' } = terms ?? {};
    const { signal } = this.#abort;
    await pacer.turn(signal);
    if (signal.aborted) throw new NotAnswered(CANCELLED);
    if (targets?.length === 0)
      throw new NotAnswered(NOT_REGISTERED, { sipCode: 480, sipReason: 'Not Registered', endedBy: 'system' });
    const dial = (request: DialRequest) =>
      targets ? dialForked(request, targets, { telephony, clock }) : telephony.dial(request);
    const limit = this.#limitRinging();
    try {
      const outcome = await Promise.race([
        dial({
          ...filled(terms, variables),
          toneDetection: hearsTones && toneDetection === 'off' ? 'report' : toneDetection,
          firstResponseMs: terms?.firstResponseMs ?? firstResponseMs,
          uri,
          from,
          local,
          onAgreement,
          onSent: (sipCallId) => onSent({ sipCallId, trunk, toUri: uri, fromUri: from?.uri ?? DEFAULT_FROM }, redirected),
          onRinging: (early) => {
            this.#rang = true;
            onRinging?.(early);
          },
          signal,
        }),
        limit.exceeded,
      ]);
      if (outcome.answered) return outcome.dialog;
      const { sipCode, reason, contacts, cause } = outcome.failure;
      this.#refusedWith = sipCode;
      onRefused?.(sipCode, reason);
      const details = { sipCode, sipReason: reason || undefined, q850Cause: q850In(cause) };
      if (limit.reached()) throw new NotAnswered(NO_ANSWER, { ...details, endedBy: 'system' });
      throw new NotAnswered(terminationOf(sipCode, this.#rang), details, contacts);
    } finally {
      limit.lift();
    }
  }

  /** Takes the attempt back when it has rung for too long. `exceeded` rejects when the far end does not even say that it has understood. */
  #limitRinging(): { exceeded: Promise<never>; reached: () => boolean; lift: Cancel } {
    const { clock, ringTimeoutMs } = this.#deps;
    let reached = false;
    let cancel: Cancel = () => {};
    const exceeded = new Promise<never>((_, reject) => {
      cancel = clock.schedule(ringTimeoutMs, () => {
        reached = true;
        this.#abort.abort();
        cancel = clock.schedule(CANCEL_PATIENCE_MS, () => reject(new NotAnswered(NO_ANSWER, { endedBy: 'system' })));
      });
    });
    return { exceeded, reached: () => reached, lift: () => cancel() };
  }
}

/** The next hop is that of the way's own address, unless it is a proxy for all. */
function elsewhere(uri: string, way: Way): Way {
  return way.terms?.proxyTakesAll ? { ...way, uri } : { ...way, uri, terms: { ...way.terms, proxy: undefined } };
}

/** Another host than the one we know is not told by what we prove who we are, whom we vouch for, or what we know of the call. */
function strangerAt(uri: string, way: Way): Way {
  if (way.terms?.proxyTakesAll) return { ...way, uri };
  const ours = ([name, value]: [string, string]): boolean =>
    /^p-(asserted|preferred)-identity$/i.test(name) || hasPlaceholders(value);
  const headers = Object.fromEntries(Object.entries(way.terms?.headers ?? {}).filter((header) => !ours(header)));
  return {
    ...way,
    uri,
    terms: { ...way.terms, proxy: undefined, credentials: undefined, headers, dialogHeaders: undefined },
  };
}

function filled(terms: DialTerms = {}, variables: Values = {}): DialTerms {
  const { headers, dialogHeaders } = terms;
  return {
    ...terms,
    ...(headers && { headers: fillHeaders(headers, variables) }),
    ...(dialogHeaders && { dialogHeaders: fillDialogHeaders(dialogHeaders, variables) }),
  };
}

/** What a final failure says of who is answerable; Q.850 causes of the telephone network arrive as these codes too (RFC 3398). */
function terminationOf(sipCode: number, rang: boolean): Termination {
  switch (sipCode) {
    case 486:
    case 600:
      return { result: 'client_error', reason: 'busy' };
    case 480:
      return NO_ANSWER;
    case 408:
      return rang ? NO_ANSWER : { result: 'indeterminate', reason: 'no_response' };
    case 603:
    case 607:
    case 608:
      return { result: 'client_error', reason: 'rejected' };
    case 404:
    case 410:
    case 484:
    case 604:
      return { result: 'client_error', reason: 'no_such_number' };
    case 487:
      return CANCELLED;
    case 488:
    case 606:
      return { result: 'client_error', reason: 'no_common_codec' };
    default:
      return { result: 'upstream_error', reason: `sip_${sipCode}` };
  }
}

/** Whether the line did its part in a call that was not answered; undefined when it was not asked to, or not to the end. */
function carriedOf(error: unknown): Carried | undefined {
  if (!(error instanceof NotAnswered)) return 'failed';
  const { reason } = error.termination;
  if (reason === 'cancelled') return undefined;
  const deaf = reason === 'no_answer' && error.details.sipCode === undefined;
  return deaf || reason === 'no_response' || reason.startsWith('sip_5') ? 'failed' : 'carried';
}
