import type { SessionTimerPolicy } from '../domain/call-setup.js';
import { hasOption } from './sip-headers.js';
import type { Headers, SrfMessage } from './srf-types.js';

/** RFC 4028 section 5: nobody may ask for less. */
const FLOOR_S = 90;
/** More than any call lasts, less than the longest timeout of the platform, beyond which it would fire at once. */
const CEILING_S = 1_000_000;

export type TimerAgreement = { intervalS: number; weRefresh: boolean };

type SessionExpires = { intervalS: number; refresher: 'uac' | 'uas' | undefined };

/** What our answer to an INVITE or UPDATE says of the timer, or the failure it gets for what it says (RFC 4028 section 9). */
export type TimerAnswer =
  | { refusal: { status: number; headers: Headers } }
  | { refusal: undefined; headers: Headers; agreement: TimerAgreement | undefined };

/** `before`: what holds already. */
export function answerTimer(request: SrfMessage, policy: SessionTimerPolicy, before?: TimerAgreement): TimerAnswer {
  const required = hasOption(request, 'Require', 'timer');
  if (policy.mode === 'off') {
    if (required) return { refusal: { status: 420, headers: { Unsupported: 'timer' } } };
    return { refusal: undefined, headers: {}, agreement: undefined };
  }
  const able = required || hasOption(request, 'Supported', 'timer');
  const asked = readSessionExpires(request);
  const least = Math.max(FLOOR_S, policy.minSeS);
  // One that does not know timers would not understand the refusal: a proxy has asked for it.
  if (asked && able && asked.intervalS < least) return { refusal: { status: 422, headers: { 'Min-SE': String(least) } } };
  if (!asked && policy.mode === 'accept') return { refusal: undefined, headers: { Supported: 'timer' }, agreement: undefined };
  const agreement = {
    intervalS: clamp(asked?.intervalS ?? Math.max(policy.expiresS, minSeOf(request))),
    weRefresh: !able || (asked?.refresher ? asked.refresher === 'uas' : (before?.weRefresh ?? policy.refresher !== 'them')),
  };
  const refresher = agreement.weRefresh ? 'uas' : 'uac';
  const headers: Headers = { Supported: 'timer', 'Session-Expires': `${agreement.intervalS};refresher=${refresher}` };
  if (!agreement.weRefresh) headers['Require'] = 'timer';
  return { refusal: undefined, headers, agreement };
}

/** What a first INVITE of ours asks for (RFC 4028 section 7.1), beside `Supported: timer`; `minSeS` as a 422 may have told. */
export function askTimer({ mode, expiresS, refresher }: SessionTimerPolicy, minSeS: number): Headers {
  if (mode !== 'request') return {};
  const who = { auto: '', us: ';refresher=uac', them: ';refresher=uas' }[refresher];
  return { 'Session-Expires': `${clamp(Math.max(expiresS, minSeS))}${who}`, ...minSe(minSeS) };
}

/** What a request of ours in mid-call says to keep what was agreed (RFC 4028 section 7.4). */
export function keepTimer({ intervalS, weRefresh }: TimerAgreement, minSeS: number): Headers {
  return { 'Session-Expires': `${Math.max(intervalS, minSeS)};refresher=${weRefresh ? 'uac' : 'uas'}`, ...minSe(minSeS) };
}

/** What a 2xx to a request of ours has settled. One that says nothing leaves it to us to refresh, if we want that (section 7.2). */
export function agreedTimer(response: SrfMessage, policy: SessionTimerPolicy, minSeS: number): TimerAgreement | undefined {
  if (policy.mode === 'off') return undefined;
  const told = readSessionExpires(response);
  if (told) return { intervalS: clamp(told.intervalS), weRefresh: (told.refresher ?? 'uac') === 'uac' };
  return policy.mode === 'request' ? { intervalS: clamp(Math.max(policy.expiresS, minSeS)), weRefresh: true } : undefined;
}

/** The least that a 422, or a request, says is acceptable; the floor when it says nothing. */
export function minSeOf(message: SrfMessage): number {
  return clamp(Number(/^\s*(\d{1,7})/.exec(message.get('Min-SE') ?? '')?.[1] ?? FLOOR_S));
}

function readSessionExpires(message: SrfMessage): SessionExpires | undefined {
  const [, digits, params = ''] = /^\s*(\d{1,7})\s*(;.*)?$/.exec(message.get('Session-Expires') ?? '') ?? [];
  if (digits === undefined) return undefined;
  const refresher = /;\s*refresher\s*=\s*"?(ua[cs])\b/i.exec(params)?.[1]?.toLowerCase();
  return { intervalS: Number(digits), refresher: refresher === 'uac' || refresher === 'uas' ? refresher : undefined };
}

const clamp = (intervalS: number): number => Math.min(Math.max(intervalS, FLOOR_S), CEILING_S);

const minSe = (minSeS: number): Headers => (minSeS > FLOOR_S ? { 'Min-SE': String(minSeS) } : {});
