import { isBlockedNumber } from '../agents/blocked-number.js';
import type { Clock } from '../core/clock.js';
import { DEFAULT_TENANT, newCallId } from '../core/ids.js';
import type { Call } from '../domain/call.js';
import { type AnswerRules, NO_SETUP } from '../domain/call-setup.js';
import { fillDialogHeaders } from '../domain/header-templates.js';
import { numberOfUri } from '../domain/phone-number.js';
import type { Values } from '../domain/placeholders.js';
import type { Arrival } from '../domain/ports/inbound-trunks.js';
import type { Dialog, IncomingInvite, LocalMedia } from '../domain/ports/telephony.js';
import { q850In } from './call-end.js';
import type { CallOrigin, ConnectListeners, Lobby } from './call-origin.js';
import type { Target } from './inbound-route.js';
import { InboundRouter, type InboundRouterDeps } from './inbound-router.js';
import { personalAgent } from './personal-settings.js';
import { countryOf } from './ringback.js';
import { within } from './within.js';

export type InboundDeps = InboundRouterDeps & {
  clock: Clock;
  /** An agent rings at least this long before it answers. */
  ringMs?: number | undefined;
  /** … and no longer than this because it is not ready. */
  answerWithinMs?: number | undefined;
};

const WHEN_READY: AnswerRules = { mode: 'when_ready', withinMs: undefined, announcement: undefined };
const ANSWER_WITHIN_MS = 4_000;
/** For who calls from a number the agent does not talk to: no other way to it would do better (RFC 3261 section 21.6.2). */
const DECLINED = { kind: 'refusal', status: 603, headers: { Reason: 'Q.850;cause=21;text="call rejected"' } } as const;

/** An INVITE that came. */
export class InboundOrigin implements CallOrigin {
  readonly call: Call;
  readonly remoteNumber: string | undefined;
  readonly country: string | undefined;
  readonly #invite: IncomingInvite;
  readonly #arrival: Arrival | undefined;
  readonly #deps: InboundDeps;
  #target: Target | undefined;

  /** `arrival`: absent when it came over no trunk. */
  constructor(invite: IncomingInvite, arrival: Arrival | undefined, deps: InboundDeps) {
    this.#invite = invite;
    this.#arrival = arrival;
    this.#deps = deps;
    this.remoteNumber = arrival?.callerNumber ?? numberOfUri(invite.from.uri);
    this.call = { ...newInboundCall(invite, arrival, deps.clock.nowMs()), remoteNumber: this.remoteNumber };
    this.country = countryOf(arrival?.terms.country, this.remoteNumber);
  }

  async target(): Promise<Target | undefined> {
    const { target } = await new InboundRouter(this.#deps).decide(this.#invite, this.#arrival);
    this.#target = target && this.#personal(target);
    return this.#target;
  }

  instead(): Target | undefined {
    this.#target =
      this.#target?.kind === 'transfer' ? this.#target.otherwise && this.#personal(this.#target.otherwise) : undefined;
    return this.#target;
  }

  /** What the agent says and is told, with this call's variables in it. */
  #personal(target: Target): Target {
    const { tenantId, variables } = target;
    if (target.kind !== 'agent' && target.kind !== 'announcement') return target;
    if (isBlockedNumber(target.settings, this.remoteNumber)) return { ...DECLINED, tenantId };
    return { ...target, ...personalAgent(target.settings, { contextData: variables }, this.#deps.clock.nowMs()) };
  }

  get variables(): Values {
    const target = this.#target;
    const agent = target?.kind === 'agent' ? { id: target.agentId, name: target.settings.name } : {};
    return { call: { id: this.call.id }, agent, ...target?.variables };
  }

  check(): void {
    this.#invite.check(this.#arrival?.terms);
  }

  async waitFor(lobby: Lobby): Promise<void> {
    const { clock, ringMs = 0, answerWithinMs = ANSWER_WITHIN_MS } = this.#deps;
    const { mode, withinMs = answerWithinMs, announcement } = this.#arrival?.answer ?? WHEN_READY;
    if (mode === 'immediate') return;
    const rung = ringMs > 0 ? new Promise<void>((resolve) => clock.schedule(ringMs, resolve)) : undefined;
    if (mode !== 'early_media') this.ring(lobby.listeners);
    else if (await this.openEarly(lobby.local, lobby.listeners)) await lobby.entertain(announcement);
    await within(clock, withinMs, lobby.ready);
    await rung;
  }

  ring({ onRinging }: ConnectListeners): void {
    this.#invite.ring(this.#arrival?.terms);
    onRinging?.();
  }

  async openEarly(local: LocalMedia, listeners: ConnectListeners): Promise<boolean> {
    const opened = await this.#invite.startEarlyMedia(local, listeners.onAgreement, this.#arrival?.terms);
    if (!opened) this.ring(listeners);
    else listeners.onRinging?.();
    return opened;
  }

  connect(local: LocalMedia, { onAgreement }: ConnectListeners): Promise<Dialog> {
    const { dialogHeaders, ...terms } = this.#arrival?.terms ?? {};
    const filled = dialogHeaders && { dialogHeaders: fillDialogHeaders(dialogHeaders, this.variables) };
    return this.#invite.answer(local, onAgreement, { ...terms, ...filled });
  }

  giveUp(status: number, headers: Readonly<Record<string, string>>): number {
    this.#invite.reject(status, headers);
    return status;
  }

  settled(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  onCancelled(listener: Parameters<CallOrigin['onCancelled']>[0]): void {
    this.#invite.onCancelled((why, reason) => {
      if (why === 'caller')
        listener({ result: 'client_error', reason: 'cancelled' }, { sipCode: 487, q850Cause: q850In(reason) });
      else listener({ result: 'upstream_error', reason: 'prack_timeout' }, { sipCode: 504 });
    });
  }
}

function sipPeerOf({ source: { transport, address, port } }: IncomingInvite): string {
  return `${transport}:${address.includes(':') ? `[${address}]` : address}:${port}`;
}

function newInboundCall(invite: IncomingInvite, arrival: Arrival | undefined, nowMs: number): Call {
  return {
    id: newCallId(),
    tenantId: arrival?.tenantId ?? DEFAULT_TENANT,
    direction: 'inbound',
    status: 'initiated',
    agentId: undefined,
    agentName: invite.requestUser ?? '',
    agentVersion: undefined,
    taskId: undefined,
    sipCallId: invite.sipCallId,
    fromUri: invite.from.uri,
    toUri: invite.to.uri,
    codec: undefined,
    srtp: undefined,
    startedAtMs: nowMs,
    setup: { ...NO_SETUP, invitedAtMs: nowMs, diversions: invite.diversions },
    answeredAtMs: undefined,
    endedAtMs: undefined,
    termination: undefined,
    sipCode: undefined,
    sipReason: undefined,
    endedBy: undefined,
    q850Cause: undefined,
    sipPeer: sipPeerOf(invite),
    trunk: arrival?.trunk,
    mediaPeer: undefined,
    audioFault: undefined,
    transfer: undefined,
    recordingPath: undefined,
    recordingStartedAtMs: undefined,
    mediaStats: undefined,
  };
}
