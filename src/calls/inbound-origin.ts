import type { Clock } from '../core/clock.js';
import { DEFAULT_TENANT, newCallId } from '../core/ids.js';
import type { Call } from '../domain/call.js';
import { numberOfUri } from '../domain/phone-number.js';
import type { Arrival } from '../domain/ports/inbound-trunks.js';
import type { Dialog, IncomingInvite, LocalMedia } from '../domain/ports/telephony.js';
import type { CallOrigin, ConnectListeners } from './call-origin.js';
import type { Target } from './inbound-route.js';
import { InboundRouter, type InboundRouterDeps } from './inbound-router.js';

export type InboundDeps = InboundRouterDeps & {
  clock: Clock;
  /** An agent rings at least this long before it answers. */
  ringMs?: number | undefined;
};

/** An INVITE that came. */
export class InboundOrigin implements CallOrigin {
  readonly call: Call;
  readonly remoteNumber: string | undefined;
  readonly #invite: IncomingInvite;
  readonly #arrival: Arrival | undefined;
  readonly #deps: InboundDeps;

  /** `arrival`: absent when it came over no trunk. */
  constructor(invite: IncomingInvite, arrival: Arrival | undefined, deps: InboundDeps) {
    this.#invite = invite;
    this.#arrival = arrival;
    this.#deps = deps;
    this.call = newInboundCall(invite, arrival, deps.clock.nowMs());
    this.remoteNumber = arrival?.callerNumber ?? numberOfUri(invite.from.uri);
  }

  async target(): Promise<Target | undefined> {
    return (await new InboundRouter(this.#deps).decide(this.#invite, this.#arrival)).target;
  }

  check(): void {
    this.#invite.checkOffer(this.#arrival?.terms);
  }

  async waitFor(warmed: Promise<unknown>): Promise<void> {
    this.#invite.ring();
    const { clock, ringMs = 0 } = this.#deps;
    const rung = ringMs > 0 ? new Promise<void>((resolve) => clock.schedule(ringMs, resolve)) : undefined;
    await warmed;
    await rung;
  }

  connect(local: LocalMedia, { onAgreement }: ConnectListeners): Promise<Dialog> {
    return this.#invite.answer(local, onAgreement, this.#arrival?.terms);
  }

  giveUp(status: number, headers: Readonly<Record<string, string>>): number {
    this.#invite.reject(status, headers);
    return status;
  }

  settled(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  onCancelled(listener: () => void): void {
    this.#invite.onCancelled(listener);
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
    mediaStats: undefined,
  };
}
