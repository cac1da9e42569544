import { newCallId } from '../core/ids.js';
import type { Call } from '../domain/call.js';
import { NO_SETUP } from '../domain/call-setup.js';
import { isE164 } from '../domain/phone-number.js';
import type { Values } from '../domain/placeholders.js';
import type { OutboundRequest } from '../domain/ports/call-control.js';
import type { Way } from '../domain/ports/outbound-route.js';
import type { Dialog, LocalMedia } from '../domain/ports/telephony.js';
import type { CallOrigin, ConnectListeners } from './call-origin.js';
import type { Target } from './inbound-route.js';
import { DEFAULT_FROM, type OutboundDeps, OutboundDialling } from './outbound-dialling.js';
import type { Seat } from './outbound-lines.js';
import type { PersonalAgent } from './personal-settings.js';
import { countryOf } from './ringback.js';

/** An INVITE that we send. */
export class OutboundOrigin implements CallOrigin {
  readonly call: Call;
  readonly remoteNumber: string | undefined;
  readonly country: string | undefined;
  readonly variables: Values;
  readonly #agent: PersonalAgent;
  readonly #dialling: OutboundDialling;

  /** `agent`: with this call's own words. */
  constructor(request: OutboundRequest, seat: Seat, agent: PersonalAgent, deps: OutboundDeps) {
    this.#agent = agent;
    this.remoteNumber = isE164(request.number) ? request.number : undefined;
    this.country = countryOf(seat.way.terms?.country, this.remoteNumber);
    this.call = { ...newOutboundCall(request, seat.way, deps.clock.nowMs()), remoteNumber: this.remoteNumber };
    const { id, taskId, agentId, agentName } = this.call;
    this.variables = { call: { id }, task: { id: taskId }, agent: { id: agentId, name: agentName }, ...request.contextData };
    const hearsTones = agent.settings.voicemail?.enabled;
    this.#dialling = new OutboundDialling(seat, { ...deps, variables: this.variables, hearsTones });
  }

  target(): Promise<Target> {
    const { tenantId, agentId, agentVersion: version } = this.call;
    return Promise.resolve({ kind: 'agent', tenantId, agentId, version, ...this.#agent });
  }

  instead(): undefined {}

  check(): void {}

  /** Nobody waits yet: what the agent needs is loaded while it rings. */
  waitFor(): Promise<void> {
    return Promise.resolve();
  }

  ring(): void {}

  openEarly(): Promise<boolean> {
    return Promise.resolve(false);
  }

  connect(local: LocalMedia, listeners: ConnectListeners): Promise<Dialog> {
    return this.#dialling.connect(local, listeners);
  }

  giveUp(): undefined {
    this.#dialling.giveUp();
  }

  settled(): Promise<number | undefined> {
    return this.#dialling.settled();
  }

  onCancelled(): void {}
}

function newOutboundCall({ agent, taskId, apiKeyId }: OutboundRequest, { uri, from, trunk }: Way, nowMs: number): Call {
  return {
    id: newCallId(),
    tenantId: agent.tenantId,
    direction: 'outbound',
    status: 'initiated',
    agentId: agent.id,
    agentName: agent.name,
    agentVersion: agent.version,
    taskId,
    apiKeyId,
    sipCallId: '',
    fromUri: from?.uri ?? DEFAULT_FROM,
    toUri: uri,
    codec: undefined,
    srtp: undefined,
    startedAtMs: nowMs,
    setup: NO_SETUP,
    answeredAtMs: undefined,
    endedAtMs: undefined,
    termination: undefined,
    sipCode: undefined,
    sipReason: undefined,
    endedBy: undefined,
    q850Cause: undefined,
    sipPeer: undefined,
    trunk,
    mediaPeer: undefined,
    audioFault: undefined,
    transfer: undefined,
    recordingPath: undefined,
    recordingStartedAtMs: undefined,
    mediaStats: undefined,
  };
}
