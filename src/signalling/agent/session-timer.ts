import type { Cancel } from '../../core/clock.js';
import type { Headers } from '../message/headers.js';
import type { SipRequest, SipResponse } from '../message/sip-message.js';
import { parseParams } from '../message/text.js';
import { type AgentContext, ownContact } from './context.js';
import type { Dialog } from './dialog.js';
import { acknowledge, hangUp, sendOwn } from './in-dialog.js';

/** RFC 4028 section 5: nobody may ask for less. */
export const MIN_INTERVAL_S = 90;
/** More than any call lasts, less than the longest timeout of the platform, beyond which it would fire at once. */
const MAX_INTERVAL_S = 1_000_000;
const GLARE_PAUSE_MS = 3000;

export type SessionExpires = { intervalS: number; refresher: 'uac' | 'uas' | undefined };

export function readSessionExpires(headers: Headers): SessionExpires | undefined {
  const value = headers.get('Session-Expires');
  const match = value === undefined ? null : /^\s*(\d{1,7})\s*(;.*)?$/.exec(value);
  if (!match) return undefined;
  const refresher = parseParams(match[2] ?? '')
    ?.get('refresher')
    ?.toLowerCase();
  return { intervalS: Number(match[1]), refresher: refresher === 'uac' || refresher === 'uas' ? refresher : undefined };
}

/** True for an interval that must be answered 422 (RFC 4028 section 6); one that never supported timers is left alone. */
export function intervalTooSmall(request: SipRequest): boolean {
  if (request.method !== 'INVITE' && request.method !== 'UPDATE') return false;
  const asked = readSessionExpires(request.headers);
  return asked !== undefined && asked.intervalS < MIN_INTERVAL_S && request.headers.hasOption('Supported', 'timer');
}

/**
 * What our 2xx says of the timer when the application does not say it: the peer's wish, if it names who refreshes. Without
 * that the session simply has no timer.
 */
export function answerSessionExpires(request: SipRequest, response: SipResponse): void {
  if (response.headers.get('Session-Expires') !== undefined) return;
  const asked = readSessionExpires(request.headers);
  if (!asked?.refresher) return;
  response.headers.append('Session-Expires', `${asked.intervalS};refresher=${asked.refresher}`);
  if (asked.refresher === 'uac' && !response.headers.hasOption('Require', 'timer')) response.headers.append('Require', 'timer');
}

/** The session timer of one dialog (RFC 4028): refreshes it, or ends it when the peer does not. */
export class SessionTimer {
  readonly #context: AgentContext;
  readonly #dialog: Dialog;
  #intervalS = 0;
  #weRefresh = false;
  #cancel: Cancel | undefined;

  constructor(context: AgentContext, dialog: Dialog) {
    this.#context = context;
    this.#dialog = dialog;
  }

  /** A 2xx to INVITE or UPDATE was sent (`uas`) or received (`uac`): what it says holds from now on. */
  agreed(response: SipResponse, ourRole: 'uac' | 'uas'): void {
    const agreed = readSessionExpires(response.headers);
    this.stop();
    if (!agreed) return;
    this.#intervalS = Math.min(Math.max(agreed.intervalS, MIN_INTERVAL_S), MAX_INTERVAL_S);
    this.#weRefresh = (agreed.refresher ?? 'uac') === ourRole;
    this.#arm();
  }

  /** Keeps the agreement alive in a request of the application's that would refresh the session anyway. */
  addTo(request: SipRequest): void {
    if (!this.#cancel || request.headers.get('Session-Expires') !== undefined) return;
    if (!request.headers.hasOption('Supported', 'timer')) request.headers.append('Supported', 'timer');
    request.headers.append('Session-Expires', `${this.#intervalS};refresher=${this.#weRefresh ? 'uac' : 'uas'}`);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #arm(): void {
    const intervalMs = this.#intervalS * 1000;
    // RFC 4028 section 10: half way to refresh; to give up, a little before the end.
    const delayMs = this.#weRefresh ? intervalMs / 2 : intervalMs - Math.min(32_000, intervalMs / 3);
    this.#after(delayMs, () => {
      if (this.#weRefresh) this.#refresh();
      else hangUp(this.#context, this.#dialog, 'Session timer expired');
    });
  }

  /** By UPDATE where the peer allows it, for it leaves the media alone; else by the last offer again. */
  #refresh(): void {
    const dialog = this.#dialog;
    if (dialog.pendingInvite) {
      this.#after(GLARE_PAUSE_MS, () => this.#refresh());
      return;
    }
    const method = dialog.peerAllowsUpdate ? 'UPDATE' : 'INVITE';
    dialog.localSequence += 1;
    const request = dialog.newRequest(method, dialog.localSequence);
    request.headers.append('Contact', dialog.localContact ?? ownContact(this.#context, dialog.flow));
    request.headers.append('Supported', 'timer');
    request.headers.append('Session-Expires', `${this.#intervalS};refresher=uac`);
    if (method === 'INVITE') {
      dialog.pendingInvite = 'local';
      request.body = dialog.localSdp;
      if (request.body.length > 0) request.headers.append('Content-Type', 'application/sdp');
    }
    sendOwn(this.#context, dialog, request, {
      onResponse: (response) => this.#onResponse(method, request, response),
      onFailure: () => this.#failed(method),
      onTerminated: () => {},
    });
  }

  #onResponse(method: string, request: SipRequest, response: SipResponse): void {
    if (response.status < 200) return;
    const dialog = this.#dialog;
    const success = response.status < 300;
    const sequence = Number.parseInt(request.headers.get('CSeq') ?? '0', 10);
    if (method === 'INVITE') {
      dialog.pendingInvite = undefined;
      // Each repeated 2xx comes here too, and is acknowledged again.
      if (success) acknowledge(this.#context, dialog, sequence);
    }
    if (dialog.state === 'ended') return;
    if (success) {
      dialog.refreshTarget(response.headers.list('Contact')[0]);
      this.agreed(response, 'uac');
    } else if (response.status === 491) this.#after(GLARE_PAUSE_MS, () => this.#refresh());
    else this.#failed(method);
  }

  #failed(method: string): void {
    if (method === 'INVITE') this.#dialog.pendingInvite = undefined;
    hangUp(this.#context, this.#dialog, 'Session refresh failed');
  }

  #after(delayMs: number, task: () => void): void {
    this.stop();
    this.#cancel = this.#context.clock.schedule(delayMs, task);
  }
}
