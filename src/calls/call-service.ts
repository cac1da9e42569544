import type { BreakerOptions, BreakerState } from '../core/circuit-breaker.js';
import { AppError } from '../core/errors.js';
import type { ApiKeyId, CallId, ParticipantId, TenantId, TrunkId } from '../core/ids.js';
import { background } from '../core/log.js';
import type { GuidanceChange } from '../domain/agent-guidance.js';
import type { Call, CallDirection, Termination } from '../domain/call.js';
import type { CallQuality } from '../domain/call-quality.js';
import type { Participant, ParticipantMode } from '../domain/participant.js';
import type {
  CallControl,
  CallPlacer,
  HandoffRequest,
  Interjected,
  LineSide,
  OutboundRequest,
  OverheardLine,
  ParticipantRequest,
  PreparedCall,
  SpokenAudio,
  TransferRequest,
} from '../domain/ports/call-control.js';
import type { OffenceWatch } from '../domain/ports/defence.js';
import type { DoNotCallRepository } from '../domain/ports/do-not-call-repository.js';
import type { InboundCallers } from '../domain/ports/inbound-callers.js';
import type { Arrival, InboundTrunks } from '../domain/ports/inbound-trunks.js';
import type { AudioAgreement } from '../domain/ports/media.js';
import type { OutboundRoute } from '../domain/ports/outbound-route.js';
import { type IncomingInvite, type LocalMedia, type Telephony } from '../domain/ports/telephony.js';
import { type TollGuard } from '../domain/ports/toll-guard.js';
import { type Transfer } from '../domain/transfer.js';
import { type Trunk } from '../domain/trunk.js';
import { ActiveCall } from './active-call.js';
import type { CallDeps } from './call-deps.js';
import type { CallEvent } from './call-event.js';
import { recoverCalls } from './crash-recovery.js';
import { type InboundDeps, InboundOrigin } from './inbound-origin.js';
import { OutboundLines } from './outbound-lines.js';
import { OutboundOrigin } from './outbound-origin.js';
import { OutboundPlaces } from './outbound-places.js';
import { personalAgent } from './personal-settings.js';
import { replacedCall } from './transfer/replaced-call.js';
import { TransferDesk } from './transfer/transfer-desk.js';
import { within } from './within.js';

export type { CallEvent } from './call-event.js';

export type OutboundOptions = {
  route: OutboundRoute;
  /** Told of each call that is placed; whether it may be is the route's to ask. */
  tolls?: Pick<TollGuard, 'placed'> | undefined;
  /** Who is not to be called into a call either. */
  doNotCall?: Pick<DoNotCallRepository, 'find'> | undefined;
  maxConcurrent: number;
  /** Of one tenant. */
  maxConcurrentPerTenant?: number | undefined;
  /** Over each line that has no pace of its own. */
  callsPerSecond: number;
  ringTimeoutMs: number;
  /** Of ways that say nothing else. */
  firstResponseMs?: number | undefined;
  breaker: BreakerOptions;
};

export type CallServiceDeps = Omit<CallDeps, 'transfers'> &
  InboundDeps & {
    telephony: Telephony;
    trunks?: InboundTrunks | undefined;
    /** Known by what they prove; they go before trunks, which are known by where they are. */
    callers?: InboundCallers | undefined;
    /** What callers get who come over no trunk; `allow` when absent. */
    unknownSources?: 'allow' | 'challenge' | 'reject' | 'drop' | undefined;
    /** Told of callers who come over no trunk and should not, or call users there are not. */
    offences?: OffenceWatch | undefined;
    maxConcurrent: number;
    /** Places that no call of ours takes. */
    reservedForInbound: number;
    outbound: OutboundOptions;
    /** How calls over a trunk are handed over. */
    handoverOf?: ((trunk: TrunkId) => Pick<Trunk, 'transfer' | 'acceptRefer'> | undefined) | undefined;
    /** The calls that there are would suffer from more: none is taken or placed. */
    overloaded?: (() => boolean) | undefined;
    onEvent?: ((event: CallEvent) => void) | undefined;
  };

const RETRY_AFTER = { 'Retry-After': '5' };
const isUnknownUser = (event: CallEvent): boolean =>
  event.type === 'ended' && event.call.termination?.reason === 'agent_not_found';
const CANCELLED: Termination = { result: 'client_error', reason: 'cancelled' };

/** Takes calls in, places calls, keeps those that exist, and ends them. */
export class CallService implements CallControl, CallPlacer {
  readonly #deps: CallServiceDeps;
  readonly #lines: OutboundLines;
  readonly #places: OutboundPlaces;
  readonly #transfers: TransferDesk;
  readonly #active = new Map<CallId, ActiveCall>();
  #draining = false;
  #onIdle: (() => void)[] = [];
  #closing: Promise<void> | undefined;

  constructor(deps: CallServiceDeps) {
    this.#deps = deps;
    const { clock, log, outbound, media, telephony, handoverOf, mediaTimeoutMs, sounds } = deps;
    this.#lines = new OutboundLines({ clock, log, ...outbound });
    const lines = this.#lines;
    this.#transfers = new TransferDesk({ clock, media, telephony, lines, ...outbound, handoverOf, mediaTimeoutMs, sounds });
    this.#places = new OutboundPlaces(outbound);
  }

  /** From now on INVITEs are answered. */
  start(): void {
    try {
      this.#deps.recordings.makeFolder();
    } catch (error) {
      this.#deps.log.error({ err: error }, 'no place for recordings');
    }
    this.#deps.telephony.onInvite((invite) => this.#onInvite(invite));
  }

  end(tenant: TenantId, id: CallId): Promise<Call> {
    // Nobody was reached by a call of ours that is taken back.
    return this.#hangUp(tenant, id, ({ direction, answeredAtMs }) =>
      direction === 'outbound' && answeredAtMs === undefined ? CANCELLED : { result: 'success', reason: 'api_hangup' },
    );
  }

  cancel(tenant: TenantId, id: CallId): Promise<Call> {
    return this.#hangUp(tenant, id, () => CANCELLED);
  }

  async say(tenant: TenantId, id: CallId, text: string, { interrupt }: { interrupt: boolean }): Promise<Interjected> {
    return (await this.#find(tenant, id)).line.interject({ type: 'text', text, endCall: false }, interrupt);
  }

  async play(tenant: TenantId, id: CallId, audio: SpokenAudio, { interrupt }: { interrupt: boolean }): Promise<Interjected> {
    return (await this.#find(tenant, id)).line.interject({ type: 'audio', ...audio }, interrupt);
  }

  async press(tenant: TenantId, id: CallId, digits: string): Promise<void> {
    (await this.#find(tenant, id)).line.press(digits);
  }

  async transfer(tenant: TenantId, id: CallId, request: TransferRequest): Promise<Transfer> {
    const { line, call } = await this.#find(tenant, id);
    return line.transfer.start(this.#transfers.planFor(call, request, 'operator'));
  }

  async passOn(tenant: TenantId, id: CallId, request: HandoffRequest): Promise<Call> {
    return (await this.#find(tenant, id)).line.succession.passOn(request, 'operator');
  }

  async completeTransfer(tenant: TenantId, id: CallId): Promise<Transfer> {
    return (await this.#find(tenant, id)).line.transfer.complete();
  }

  async cancelTransfer(tenant: TenantId, id: CallId): Promise<Transfer> {
    return (await this.#find(tenant, id)).line.transfer.cancel();
  }

  async addParticipant(tenant: TenantId, id: CallId, request: ParticipantRequest): Promise<Participant> {
    const { outbound, clock } = this.#deps;
    await this.#find(tenant, id);
    if (await outbound.doNotCall?.find(tenant, request.target, clock.nowMs())) {
      throw new AppError('forbidden', 'on the do-not-call list', { publicMessage: 'The number is on the do-not-call list' });
    }
    return (await this.#find(tenant, id)).line.conference.invite(request);
  }

  async changeParticipant(tenant: TenantId, id: CallId, participant: ParticipantId, mode: ParticipantMode): Promise<Participant> {
    return (await this.#find(tenant, id)).line.conference.change(participant, mode);
  }

  async removeParticipant(tenant: TenantId, id: CallId, participant: ParticipantId): Promise<Participant> {
    return (await this.#find(tenant, id)).line.conference.remove(participant);
  }

  async pauseRecording(tenant: TenantId, id: CallId): Promise<Call> {
    return (await this.#find(tenant, id)).line.recording.pause();
  }

  async resumeRecording(tenant: TenantId, id: CallId): Promise<Call> {
    return (await this.#find(tenant, id)).line.recording.resume();
  }

  async guide(tenant: TenantId, id: CallId, change: GuidanceChange): Promise<Call> {
    return (await this.#find(tenant, id)).line.guidance.change(change);
  }

  async playOver(
    tenant: TenantId,
    id: CallId,
    { pcm, rateHz }: Omit<SpokenAudio, 'text'>,
    to: LineSide,
  ): Promise<{ beginsInMs: number }> {
    return (await this.#find(tenant, id)).line.outside.play(pcm, rateHz, to);
  }

  async overhear(tenant: TenantId, id: CallId): Promise<OverheardLine> {
    return (await this.#find(tenant, id)).line.outside;
  }

  room(tenant?: TenantId): number {
    if (this.#draining || this.#overloaded) return 0;
    const { maxConcurrent, reservedForInbound } = this.#deps;
    const free = maxConcurrent - reservedForInbound - this.#active.size - this.#places.notDialled;
    return Math.max(0, Math.min(free, this.#places.room(tenant)));
  }

  waitMs(tenant: TenantId, number: string, apiKeyId?: ApiKeyId): number {
    return this.#lines.waitMs(this.#deps.outbound.route.waysTo(tenant, number, { apiKeyId }));
  }

  /** How many gateways and trunks that were called over are in each state. */
  lineStates(): Record<BreakerState, number> {
    return this.#lines.states();
  }

  prepare(request: OutboundRequest): PreparedCall {
    const { outbound, telephony, clock } = this.#deps;
    const { tenantId } = request.agent;
    const ways = outbound.route.waysTo(tenantId, request.number, request);
    if (this.#draining) throw new AppError('draining', 'no new calls while draining');
    if (this.#overloaded) {
      throw new AppError('capacity_exhausted', 'overloaded', {
        publicMessage: 'The server is overloaded and places no more calls for now',
      });
    }
    if (this.room(tenantId) === 0) {
      throw new AppError('capacity_exhausted', 'as many outbound calls as may be', {
        publicMessage: 'There are as many outbound calls as there may be',
      });
    }
    const seat = this.#lines.take(ways);
    const { ringTimeoutMs, firstResponseMs } = outbound;
    const agent = personalAgent(request.agent, request, clock.nowMs());
    const origin = new OutboundOrigin(request, seat, agent, { clock, telephony, ringTimeoutMs, firstResponseMs });
    const { id } = origin.call;
    this.#places.take(id, tenantId, seat);
    const takeBack = outbound.tolls?.placed(tenantId, request.apiKeyId);
    let decided = false;
    const once = (decide: () => void) => (): void => {
      if (decided) return;
      decided = true;
      decide();
    };
    return {
      call: origin.call,
      start: ({ recorded }) => once(() => this.#place(origin, recorded))(),
      release: once(() => {
        takeBack?.();
        this.#places.leave(id);
      }),
    };
  }

  async #hangUp(tenant: TenantId, id: CallId, why: (call: Call) => Termination): Promise<Call> {
    const active = await this.#find(tenant, id);
    return active.hangUp(why(active.call), 'operator');
  }

  async #find(tenant: TenantId, id: CallId): Promise<ActiveCall> {
    const active = this.#active.get(id);
    if (active?.call.tenantId === tenant) return active;
    const ended = await this.#deps.calls.find(tenant, id);
    if (ended) throw new AppError('call_already_ended', `call ${id} is over`);
    throw new AppError('call_not_found', `no call ${id}`);
  }

  /** Calls in progress over a trunk, of one direction or of both. */
  callsOver(trunk: TrunkId, direction?: CallDirection): number {
    const over = ({ call }: ActiveCall): boolean =>
      call.trunk?.id === trunk && (direction === undefined || call.direction === direction);
    return [...this.#active.values()].filter(over).length;
  }

  quality(tenant: TenantId, id: CallId): CallQuality | undefined {
    const active = this.#active.get(id);
    return active?.call.tenantId === tenant ? active.quality : undefined;
  }

  activeCalls(): number {
    return this.#active.size;
  }

  /** Takes no more calls and resolves when the last one has ended by itself, or after `limitMs`. */
  async drain(limitMs: number): Promise<void> {
    this.#draining = true;
    this.#deps.telephony.drain();
    if (this.#active.size === 0) return;
    await within(this.#deps.clock, limitMs, new Promise<void>((resolve) => this.#onIdle.push(resolve)));
  }

  /** Ends the calls that are left. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** As `recoverCalls`. To be called before `start`. */
  recover(): Promise<number> {
    return recoverCalls(this.#deps);
  }

  #onInvite(invite: IncomingInvite): void {
    const { callers } = this.#deps;
    const caller = callers?.identify(invite) ?? { is: 'unknown' };
    if (caller.is === 'unproven') return invite.challenge(caller.challenges);
    if (caller.is === 'refused') return invite.reject(403);
    const arrival = caller.is === 'known' ? caller.arrival : this.#deps.trunks?.arrivalOf(invite);
    const { unknownSources = 'allow', offences } = this.#deps;
    const { address } = invite.source;
    if (!arrival && unknownSources === 'challenge' && callers) return invite.challenge(callers.challenges());
    const replaces = invite.header('Replaces');
    if (!arrival && unknownSources !== 'allow') {
      // No record: whoever scans the network would write our database.
      offences?.offended(address, 'unknown_source');
      invite.reject(403);
      return;
    }
    if (replaces !== undefined) return this.#replace(replaces, invite, arrival);
    const origin = new InboundOrigin(invite, arrival, this.#deps);
    const call = new ActiveCall(origin, { ...this.#deps, transfers: this.#transfers }, (event) => {
      if (!arrival && isUnknownUser(event)) offences?.offended(address, 'unknown_user');
      this.#onEvent(event);
    });
    const refusal = this.#refusal(arrival);
    if (refusal !== undefined) {
      background(call.refuse({ result: 'server_error', reason: refusal }, 503, RETRY_AFTER), 'refusing a call', this.#deps.log);
      return;
    }
    this.#active.set(call.id, call);
    background(call.run(), 'call', this.#deps.log);
  }

  #replace(header: string, invite: IncomingInvite, arrival: Arrival | undefined): void {
    const call = replacedCall(header, invite, arrival, this.#active.values());
    if (typeof call === 'number') return invite.reject(call);
    const connect = (local: LocalMedia) => (onAgreement: (agreement: AudioAgreement) => void) =>
      invite.answer(local, onAgreement, arrival?.terms);
    background(call.takenOver(invite.from.uri, connect), 'taking a call over', this.#deps.log);
  }

  #refusal(arrival: Arrival | undefined): 'draining' | 'overloaded' | 'capacity_exhausted' | undefined {
    if (this.#draining) return 'draining';
    if (this.#overloaded) return 'overloaded';
    const { trunk, maxConcurrentCalls = Number.POSITIVE_INFINITY } = arrival ?? {};
    const full = this.#active.size >= this.#deps.maxConcurrent;
    const trunkFull = trunk !== undefined && this.callsOver(trunk.id) >= maxConcurrentCalls;
    return full || trunkFull ? 'capacity_exhausted' : undefined;
  }

  get #overloaded(): boolean {
    return this.#deps.overloaded?.() ?? false;
  }

  #place(origin: OutboundOrigin, recorded: boolean): void {
    const call = new ActiveCall(origin, { ...this.#deps, transfers: this.#transfers }, (event) => this.#onEvent(event), recorded);
    this.#places.dialled(call.id);
    this.#active.set(call.id, call);
    const running = this.#draining ? call.refuse({ result: 'server_error', reason: 'draining' }, 503) : call.run();
    background(running, 'call', this.#deps.log);
  }

  #onEvent(event: CallEvent): void {
    if (event.type === 'ended') this.#places.leave(event.call.id);
    if (event.type === 'ended' && this.#active.delete(event.call.id) && this.#active.size === 0) {
      for (const resolve of this.#onIdle.splice(0)) resolve();
    }
    try {
      this.#deps.onEvent?.(event);
    } catch (error) {
      this.#deps.log.error({ err: error }, 'call event listener failed');
    }
  }

  async #close(): Promise<void> {
    this.#draining = true;
    this.#deps.telephony.drain();
    await Promise.all(
      [...this.#active.values()].map((call) => call.hangUp({ result: 'server_error', reason: 'draining' }, 'system')),
    );
  }
}
