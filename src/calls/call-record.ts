import type { Clock } from '../core/clock.js';
import type { CallId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import type { AgentGuidance } from '../domain/agent-guidance.js';
import type { AnsweredBy } from '../domain/answered-by.js';
import { type Call, type CollectedData, type MissingAudio, type Termination, transition } from '../domain/call.js';
import { endedByOf } from '../domain/call-ending.js';
import { mosOf } from '../domain/call-quality.js';
import type { CallAttempt } from '../domain/call-setup.js';
import type { DoNotCallEntry, OptOutSource } from '../domain/do-not-call.js';
import { type HandoffAsker, leadingAgentOf } from '../domain/handoff.js';
import type { Participant } from '../domain/participant.js';
import type { AudioAgreement } from '../domain/ports/media.js';
import type { CallRepository } from '../domain/ports/repositories.js';
import type { ProviderWatch } from '../domain/ports/speech.js';
import type { ProviderFailure } from '../domain/provider-failure.js';
import { withUsage } from '../domain/provider-usage.js';
import { causeOf } from '../domain/q850.js';
import type { HeardTone } from '../domain/tone-recognizer.js';
import { type Transfer } from '../domain/transfer.js';
import type { FinalFigures } from './call-audio.js';
import { type EndDetails, phraseOf } from './call-end.js';
import type { CallEvent } from './call-event.js';
import { CallJournal } from './call-journal.js';
import type { CallOrigin, ConnectListeners } from './call-origin.js';
import type { AgentTarget, AnsweringTarget, TransferTarget } from './inbound-route.js';

export type CallRecordDeps = {
  calls: CallRepository;
  clock: Clock;
  log: Logger;
  emit: (event: CallEvent) => void;
};

/** More say nothing that these do not. */
const MOST_PROVIDER_FAILURES = 100;

/** A beep may come as often as somebody likes. */
const MOST_TONES = 50;

/** What is known of one call: kept here, stored and announced as it changes. */
export class CallRecord {
  readonly journal: CallJournal;
  readonly #deps: CallRecordDeps;
  readonly #origin: CallOrigin;
  #call: Call;
  #stored: boolean;
  #closed = false;

  /** `stored`: the call's first record is. */
  constructor(origin: CallOrigin, deps: CallRecordDeps, stored: boolean) {
    this.#origin = origin;
    this.#deps = deps;
    this.#call = origin.call;
    this.#stored = stored;
    this.journal = new CallJournal(this.id, {
      calls: deps.calls,
      log: () => this.log,
      emit: deps.emit,
      optOutEntry: (source) => this.#optOutEntry(source),
    });
  }

  get id(): CallId {
    return this.#origin.call.id;
  }

  get call(): Call {
    return this.#call;
  }

  /** Made anew for each line: whose call it is, or the Call-ID of one that we place, may have been found out since the last. */
  get log(): Logger {
    const { id: callId, tenantId, sipCallId } = this.#call;
    return this.#deps.log.child({ callId, tenantId, ...(sipCallId && { sipCallId }) });
  }

  /** From now on only `end` writes. */
  close(): void {
    this.#closed = true;
  }

  begun(target: AnsweringTarget | TransferTarget): void {
    this.#call = { ...this.#call, ...speakerOf(target) };
    this.#write();
    this.#deps.emit({ type: 'started', call: this.#call });
  }

  /** Nobody was reached of those it was for. */
  passedOn(target: AnsweringTarget): void {
    this.#change(speakerOf(target));
  }

  /** Another agent goes on with it, so long after the answer. */
  handedOn(target: AgentTarget, by: HandoffAsker, afterMs: number): void {
    const { variables, handoffs = [] } = this.#call;
    const from = leadingAgentOf(this.#call);
    const speaker = speakerOf({ ...target, ...(variables && { variables }) });
    const to = leadingAgentOf({ agentId: target.agentId, agentVersion: target.version, agentName: speaker.agentName });
    this.log.info({ by, agentId: target.agentId, agentVersion: target.version }, 'call passed on to another agent');
    this.#change({ ...speaker, handoffs: [...handoffs, { by, from, to, afterMs: Math.round(afterMs) }] });
    if (!this.#closed) this.#deps.emit({ type: 'handoff', call: this.#call });
  }

  sent(leg: Parameters<ConnectListeners['onSent']>[0], redirected = false): void {
    const { setup } = this.#call;
    const invitedAtMs = this.#deps.clock.nowMs();
    const ringingAtMs = undefined;
    const attempt = {
      uri: leg.toUri,
      trunk: leg.trunk?.name,
      invitedAtMs,
      ringingAtMs,
      sipCode: undefined,
      sipReason: undefined,
    };
    const attempts = [...setup.attempts, { ...attempt, redirected }];
    this.#change({ ...leg, setup: { ...setup, invitedAtMs, ringingAtMs, attempts } });
  }

  /** The first time of each INVITE counts. Stored with the next change. */
  ringing(): void {
    const { setup } = this.#call;
    if (setup.ringingAtMs !== undefined) return;
    const ringingAtMs = this.#deps.clock.nowMs();
    this.#call = { ...this.#call, setup: { ...setup, ringingAtMs, attempts: withLast(setup.attempts, { ringingAtMs }) } };
  }

  refused(sipCode: number, sipReason: string): void {
    const { setup } = this.#call;
    const attempts = withLast(setup.attempts, { sipCode, sipReason: sipReason || undefined });
    this.#call = { ...this.#call, setup: { ...setup, attempts } };
  }

  answered(): void {
    const { setup } = this.#call;
    const attempts = withLast(setup.attempts, { sipCode: 200, sipReason: phraseOf(200) });
    const answered = transition({ ...this.#call, setup: { ...setup, attempts } }, 'in_progress');
    this.#call = { ...answered, answeredAtMs: this.#deps.clock.nowMs(), sipCode: 200, sipReason: phraseOf(200) };
    this.#write();
    this.#deps.emit({ type: 'answered', call: this.#call });
  }

  agreed({ codec, srtp, remote }: AudioAgreement): void {
    const agreed = { codec, srtp: srtp?.suite, mediaPeer: mediaPeerOf(remote.address, remote.rtpPort) };
    const call = this.#call;
    if (call.codec === agreed.codec && call.srtp === agreed.srtp && call.mediaPeer === agreed.mediaPeer) return;
    this.#call = { ...call, ...agreed };
    // Before the answer the row is about to be written anyway.
    if (call.status === 'in_progress') this.#write();
  }

  /** What the far end announced need not be where it sends from. Stored with the next change. */
  latched(address: string, port: number): void {
    this.#call = { ...this.#call, mediaPeer: mediaPeerOf(address, port) };
  }

  /** Somebody took the far end's place. A transfer under way, or bridged, goes on with them and stays on record. */
  replaced(by: string): void {
    const { transfer } = this.#call;
    const nowMs = this.#deps.clock.nowMs();
    if (transfer && transfer.endedAtMs === undefined) return;
    this.transferred({
      target: by,
      kind: 'attended',
      method: 'replaces',
      by: 'far_end',
      status: 'completed',
      sipCode: 200,
      reason: undefined,
      startedAtMs: nowMs,
      answeredAtMs: nowMs,
      endedAtMs: nowMs,
      leg: undefined,
    });
  }

  transferred(transfer: Transfer): void {
    this.#change({ transfer });
    if (!this.#closed) this.#deps.emit({ type: 'transfer', call: this.#call });
  }

  /** Who was called into the call. Resolves when that is stored. */
  attended(participants: readonly Participant[]): Promise<void> {
    this.#change({ participants });
    if (!this.#closed) this.#deps.emit({ type: 'participants', call: this.#call });
    return this.journal.settled();
  }

  /** What does not pass from now on; undefined when all of it does again. */
  audioMissing(missing: MissingAudio | undefined): void {
    if (this.#closed) return;
    const atMs = this.#deps.clock.nowMs();
    const { audioFault } = this.#call;
    if (missing) this.log.warn({ missing }, 'audio does not pass');
    else this.log.info({}, 'audio passes again');
    this.#change({
      audioFault: missing ? { missing, sinceMs: atMs, healedAtMs: undefined } : audioFault && { ...audioFault, healedAtMs: atMs },
    });
    this.#deps.emit({ type: 'audio', call: this.#call });
  }

  /** Of the providers of this call. */
  get providers(): ProviderWatch {
    return {
      failed: (failure, error) => this.#providerFailed(failure, error),
      used: (...used) => {
        this.#call = { ...this.#call, providerUsage: withUsage(this.#call.providerUsage ?? [], ...used) };
      },
    };
  }

  #providerFailed(failure: ProviderFailure, error: unknown): void {
    const { stage, provider, reason, instead } = failure;
    this.log.warn({ err: error, stage, provider, reason, instead }, 'provider failed');
    const before = this.#call.providerFailures ?? [];
    if (before.length < MOST_PROVIDER_FAILURES) this.#change({ providerFailures: [...before, failure] });
  }

  /** Stored at once: what becomes of the call may hang on it. */
  toneHeard(tone: HeardTone): void {
    if (this.#closed) return;
    this.log.info({ tone }, 'tone heard');
    this.#change({ heardTones: [...(this.#call.heardTones ?? []), { tone, atMs: this.#deps.clock.nowMs() }].slice(-MOST_TONES) });
    this.#deps.emit({ type: 'tone', callId: this.id, tone });
  }

  /** Of a call that is about to end, stored with its end. */
  answeredBy(answeredBy: AnsweredBy): void {
    this.log.info({ ...answeredBy }, 'answered by');
    this.#change({ answeredBy });
    if (!this.#closed) this.#deps.emit({ type: 'answerer', call: this.#call });
  }

  /** `path` is relative to the data directory. */
  recordedTo(path: string): void {
    this.#call = { ...this.#call, recordingPath: path, recordingStartedAtMs: this.#deps.clock.nowMs() };
    // Of a call that comes in the answer follows at once, and is written; a phone may ring for long.
    if (this.#call.direction === 'outbound' && !this.#closed) this.#write();
  }

  /** Adds to what the agent has found out. */
  collected(data: CollectedData): void {
    this.#change({ collectedData: { ...this.#call.collectedData, ...data } });
  }

  guided(guidance: AgentGuidance): void {
    if (this.#closed) return;
    const { mode, muted, instructions } = guidance;
    this.log.info({ mode, muted, instructed: instructions !== undefined }, 'agent led by an operator');
    this.#change({ guidance });
    this.#deps.emit({ type: 'guidance', call: this.#call });
  }

  recordingPaused(paused: boolean): void {
    const pauses = this.#call.recordingPauses ?? [];
    const last = pauses.at(-1);
    const isPaused = last !== undefined && last.resumedAtMs === undefined;
    if (paused === isPaused) return;
    const atMs = this.#deps.clock.nowMs();
    this.log.info({}, paused ? 'recording paused' : 'recording resumed');
    this.#change({
      recordingPauses: isPaused
        ? [...pauses.slice(0, -1), { ...last, resumedAtMs: atMs }]
        : [...pauses, { pausedAtMs: atMs, resumedAtMs: undefined }],
    });
  }

  /** Resolves when all of the call is stored or given up on. */
  async end(termination: Termination, details: EndDetails, endedAtMs: number, media: FinalFigures | undefined): Promise<Call> {
    const sipCode = this.#call.sipCode ?? details.sipCode;
    this.#call = {
      ...transition(this.#call, termination.result === 'success' ? 'completed' : 'failed'),
      endedAtMs,
      termination,
      endedBy: details.endedBy ?? endedByOf(termination, this.#call.direction),
      sipCode,
      q850Cause: details.q850Cause ?? causeOf({ termination, sipCode, answeredAtMs: this.#call.answeredAtMs }),
      sipReason: this.#call.sipReason ?? details.sipReason ?? phraseOf(sipCode),
      mediaStats: media && { ...media.stats },
      quality: media?.quality,
    };
    this.#write();
    await this.journal.settled();
    this.log.info(this.#summary(termination), 'call ended');
    this.#deps.emit({ type: 'ended', call: this.#call });
    return this.#call;
  }

  #change(change: Partial<Call>): void {
    this.#call = { ...this.#call, ...change };
    if (!this.#closed) this.#write();
  }

  #write(): void {
    if (this.#stored) this.journal.updated(this.#call);
    else this.journal.inserted(this.#call);
    this.#stored = true;
  }

  #summary(termination: Termination): object {
    const { status, direction, endedBy, sipCode, q850Cause, agentName, codec, srtp, mediaStats, quality } = this.#call;
    const { answeredAtMs, endedAtMs, audioFault, trunk } = this.#call;
    const talkedMs = answeredAtMs === undefined || endedAtMs === undefined ? 0 : endedAtMs - answeredAtMs;
    return {
      status,
      direction,
      ...termination,
      endedBy,
      sipCode,
      q850Cause,
      trunk: trunk?.name,
      agentName,
      codec,
      srtp,
      talkedMs,
      audioFault,
      ...this.journal.counts,
      media: mediaStats,
      mos: quality && mosOf(quality),
      roundTripMs: quality?.roundTripMs,
    };
  }

  #optOutEntry(source: OptOutSource): DoNotCallEntry | undefined {
    const { remoteNumber: number } = this.#origin;
    const { tenantId, id: callId } = this.#call;
    const common = { reason: undefined, expiresAtMs: undefined, createdAtMs: this.#deps.clock.nowMs() };
    return number === undefined ? undefined : { tenantId, number, source, callId, ...common };
  }
}

function speakerOf(target: AnsweringTarget | TransferTarget): Partial<Call> & Pick<Call, 'agentName'> {
  const { tenantId, kind, variables } = target;
  if (kind !== 'agent') return { tenantId, agentName: kind, variables };
  const { agentId, version, settings } = target;
  return { tenantId, agentId, agentVersion: version, agentName: settings.name, variables };
}

const mediaPeerOf = (address: string, port: number): string => `${address.includes(':') ? `[${address}]` : address}:${port}`;

const withLast = (attempts: readonly CallAttempt[], change: Partial<CallAttempt>): readonly CallAttempt[] =>
  attempts.map((attempt, index) => (index === attempts.length - 1 ? { ...attempt, ...change } : attempt));
