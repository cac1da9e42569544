import { join } from 'node:path';
import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { CallId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import type { AgentSettings } from '../domain/agent.js';
import { type Call, type Termination, transition } from '../domain/call.js';
import { type EndedBy, endedByOf } from '../domain/call-ending.js';
import type { DoNotCallEntry, OptOutSource } from '../domain/do-not-call.js';
import type { AudioAgreement, MediaEngine, MediaEvent, MediaSession } from '../domain/ports/media.js';
import type { CallRepository } from '../domain/ports/repositories.js';
import type { SpeechCatalog, SpeechSuite } from '../domain/ports/speech.js';
import type { Dialog } from '../domain/ports/telephony.js';
import type { VoiceActivity } from '../domain/ports/voice-activity.js';
import type { ConversationDeps } from '../pipeline/conversation-deps.js';
import type { CallConversation } from './call-conversation.js';
import { type EndDetails, phraseOf, terminationOf } from './call-end.js';
import type { CallEvent } from './call-event.js';
import { CallJournal } from './call-journal.js';
import { CallLine } from './call-line.js';
import { type CallOrigin, type ConnectListeners, NotAnswered } from './call-origin.js';
import { CallTransfer } from './call-transfer.js';
import type { Target } from './inbound-route.js';
import { within } from './within.js';

export type CallDeps = {
  media: MediaEngine;
  voice: VoiceActivity;
  speech: SpeechCatalog;
  calls: CallRepository;
  clock: Clock;
  log: Logger;
  dataDir: string;
  /** Detects speech on `echo` and `tone` calls too, which nobody listens to: for load tests. */
  vadOnBuiltIns?: boolean | undefined;
  /** A call that lasts longer is ended. */
  maxDurationMs?: number | undefined;
  createConversation: (deps: ConversationDeps) => CallConversation;
};

/** A caller hears ringing while the agent's models load, but not for ever. */
const WARM_LIMIT_MS = 10_000;
/** No part of hanging up may keep a call from ending. */
const CLEAN_UP_LIMIT_MS = 5_000;
const RETRY_AFTER_S = 5;
const TONE_HZ = 440;

/** One call from its INVITE to its record. It owns its session, dialog and conversation, and ends exactly once. */
export class ActiveCall {
  readonly id: CallId;
  readonly #deps: CallDeps;
  readonly #origin: CallOrigin;
  readonly #journal: CallJournal;
  readonly #emit: (event: CallEvent) => void;
  #call: Call;
  #stored: boolean;
  #session: MediaSession | undefined;
  #dialog: Dialog | undefined;
  #agreement: AudioAgreement | undefined;
  #target: Target | undefined;
  #speech: SpeechSuite | undefined;
  #conversation: CallConversation | undefined;
  #watch: { close(): void } | undefined;
  #line: CallLine | undefined;
  #held = false;
  #cancelDurationLimit: (() => void) | undefined;
  #ending: Promise<Call> | undefined;

  /** `stored`: the call's first record is. */
  constructor(origin: CallOrigin, deps: CallDeps, emit: (event: CallEvent) => void, stored = false) {
    this.id = origin.call.id;
    this.#origin = origin;
    this.#deps = deps;
    this.#emit = emit;
    this.#stored = stored;
    this.#call = origin.call;
    const optOutEntry = (source: OptOutSource): DoNotCallEntry | undefined => this.#optOutEntry(source);
    this.#journal = new CallJournal(this.id, { calls: deps.calls, log: () => this.#log, emit, optOutEntry });
    origin.onCancelled(() => void this.end({ result: 'client_error', reason: 'cancelled' }, { sipCode: 487 }));
  }

  /** Made anew for each line: whose call it is, or the Call-ID of one that we place, may have been found out since the last. */
  get #log(): Logger {
    const { id: callId, tenantId, sipCallId } = this.#call;
    return this.#deps.log.child({ callId, tenantId, ...(sipCallId && { sipCallId }) });
  }

  get call(): Call {
    return this.#call;
  }

  /** What can be done on the call now. @throws AppError `conflict` before the answer, `call_already_ended` after the end. */
  get line(): CallLine {
    if (this.#ending) throw new AppError('call_already_ended', `call ${this.id} is ending`);
    if (this.#line) return this.#line;
    throw new AppError('conflict', `call ${this.id} is not answered`, { publicMessage: 'The call is not answered yet' });
  }

  /** Answers the call or refuses it, or has it answered. Never rejects: what goes wrong ends the call. */
  async run(): Promise<void> {
    try {
      await this.#establish();
    } catch (error) {
      await this.#failed(error);
    }
  }

  /** Takes back what is not answered yet, where it came to us with this final failure, and records the attempt. */
  refuse(
    termination: Termination,
    status: number,
    headers: Readonly<Record<string, string>> = {},
    details: EndDetails = {},
  ): Promise<Call> {
    return this.#ending ?? this.end(termination, { ...details, sipCode: this.#origin.giveUp(status, headers) });
  }

  /**
   * Ends the call once, whoever asks first: BYE, CANCEL, media timeout, the agent or the API.
   *
   * Later calls return the first one's promise. Resolves when the dialog is gone and the record is complete.
   */
  end(termination: Termination, details: EndDetails = {}): Promise<Call> {
    // Asynchronous from the start: what is closed on the way may ask for the end again.
    this.#ending ??= Promise.resolve().then(() => this.#finish(termination, details));
    return this.#ending;
  }

  /** Ends the call at our side's wish, answered or not. */
  hangUp(termination: Termination, endedBy: EndedBy): Promise<Call> {
    return this.#dialog ? this.end(termination, { endedBy }) : this.refuse(termination, 480, {}, { endedBy });
  }

  async #establish(): Promise<void> {
    const target = await this.#origin.target();
    if (this.#ending) return;
    if (!target) {
      await this.refuse({ result: 'client_error', reason: 'agent_not_found' }, 404);
      return;
    }
    this.#begin(target);
    this.#origin.check();
    const session = this.#deps.media.open();
    this.#session = session;
    session.onEvent((event) => this.#onMedia(event));
    if (target.kind === 'agent') await this.#prepare(target);
    if (this.#ending) return;
    const dialog = await this.#origin.connect(session.local, {
      onAgreement: (agreement) => this.#onAgreement(session, agreement),
      onSent: (leg) => this.#onSent(leg),
    });
    this.#dialog = dialog;
    if (this.#ending) {
      await dialog.hangup();
      return;
    }
    this.#answered(dialog, session);
  }

  #begin(target: Target): void {
    this.#target = target;
    const agent =
      target.kind === 'agent' ? { agentId: target.agentId, agentVersion: target.version, agentName: target.settings.name } : {};
    this.#call = { ...this.#call, tenantId: target.tenantId, agentName: target.kind, ...agent };
    this.#store();
    this.#emit({ type: 'started', call: this.#call });
  }

  async #prepare({ settings, personalGreeting = false }: Target & { kind: 'agent' }): Promise<void> {
    const { clock, speech } = this.#deps;
    try {
      this.#speech = speech.suiteFor(settings);
    } catch (error) {
      throw new AppError('internal', 'the agent names a speech provider that is not there', { cause: error });
    }
    // What is warmed is kept for the next call; words for one person are not.
    const kept: AgentSettings = personalGreeting ? { ...settings, startingMessage: undefined } : settings;
    await this.#origin.waitFor(within(clock, WARM_LIMIT_MS, speech.warm(kept)));
  }

  #onSent(leg: Parameters<ConnectListeners['onSent']>[0]): void {
    this.#call = { ...this.#call, ...leg };
    if (!this.#ending) this.#store();
  }

  #onAgreement(session: MediaSession, agreement: AudioAgreement): void {
    session.configure(agreement);
    this.#agreement = agreement;
    const held = isHold(agreement);
    if (held !== this.#held) {
      this.#held = held;
      if (held) this.#conversation?.hold();
      else this.#conversation?.unhold();
    }
    this.#noteMedia(agreement);
    // A delayed offer is agreed on only at the ACK, after the answer.
    if (this.#dialog && !this.#ending) this.#startSource(session, agreement);
  }

  #answered(dialog: Dialog, session: MediaSession): void {
    this.#call = {
      ...transition(this.#call, 'in_progress'),
      answeredAtMs: this.#deps.clock.nowMs(),
      sipCode: 200,
      sipReason: phraseOf(200),
    };
    this.#line = new CallLine({
      clock: this.#deps.clock,
      record: this.#journal,
      session,
      agreement: () => this.#agreement,
      conversation: () => this.#conversation,
      transfer: new CallTransfer({
        clock: this.#deps.clock,
        dialog,
        record: (transfer) => {
          this.#call = { ...this.#call, transfer };
          if (!this.#ending) this.#store();
        },
        pause: () => this.#conversation?.hold(),
        resume: () => this.#held || this.#conversation?.unhold(),
        done: () => void this.end({ result: 'success', reason: 'transferred' }),
      }),
    });
    this.#startRecording(session);
    this.#store();
    this.#emit({ type: 'answered', call: this.#call });
    const { clock, maxDurationMs } = this.#deps;
    if (maxDurationMs !== undefined) {
      this.#cancelDurationLimit = clock.schedule(
        maxDurationMs,
        () => void this.end({ result: 'success', reason: 'max_duration' }),
      );
    }
    dialog.onDigit((digit, durationMs) => this.#conversation?.digit(digit, durationMs));
    dialog.onEnded((end) => {
      const termination = terminationOf(end, this.#call.direction);
      if (termination) void this.end(termination);
    });
    if (this.#agreement && !this.#ending) this.#startSource(session, this.#agreement);
  }

  /** Begins what the caller hears; the second and later calls do nothing. */
  #startSource(session: MediaSession, agreement: AudioAgreement): void {
    const target = this.#target;
    if (!target || this.#conversation || this.#watch) return;
    if (target.kind !== 'agent' || !this.#speech) {
      session.setSource(target.kind === 'tone' ? { type: 'tone', hz: TONE_HZ } : { type: 'echo' });
      this.#watch = this.#deps.vadOnBuiltIns ? this.#deps.voice.watch(session, () => {}) : { close: () => {} };
      return;
    }
    this.#conversation = this.#deps.createConversation({
      clock: this.#deps.clock,
      log: this.#log,
      media: session,
      voice: this.#deps.voice,
      speech: this.#speech,
      agent: target.settings,
      band: agreement.codec === 'opus' ? 'wide' : 'narrow',
      record: this.#journal,
      hangup: (reason) => {
        const failed = reason === 'provider_failed';
        void this.end(failed ? { result: 'upstream_error', reason } : { result: 'success', reason: 'agent_hangup' });
      },
      live: (event) => this.#emit({ type: 'live', callId: this.id, event }),
    });
    this.#conversation.start();
    if (this.#held) this.#conversation.hold();
  }

  /** A call goes on without its recording. */
  #startRecording(session: MediaSession): void {
    const relative = join('recordings', `${this.id}.wav`);
    try {
      session.startRecording(join(this.#deps.dataDir, relative));
      this.#call = { ...this.#call, recordingPath: relative };
    } catch (error) {
      this.#log.error({ err: error }, 'recording not started');
    }
  }

  #onMedia(event: MediaEvent): void {
    if (event.type === 'recordingFailed') this.#log.error({ reason: event.reason }, 'recording stopped early');
    // What the far end announced need not be where it sends from. Stored with the next change.
    if (event.type === 'latched') this.#call = { ...this.#call, mediaPeer: mediaPeerOf(event.address, event.port) };
    if (event.type !== 'timeout') return;
    // Held callers may be silent as long as they like; the agreement that takes them back starts the count anew.
    if (!this.#held) void this.end({ result: 'indeterminate', reason: 'media_timeout' });
  }

  /** What went wrong before the call stood; the adapter has sent the failure for those it found itself. */
  async #failed(error: unknown): Promise<void> {
    if (this.#ending) return;
    if (error instanceof NotAnswered) {
      await this.end(error.termination, error.details);
      return;
    }
    const code = error instanceof AppError ? error.code : 'internal';
    if (code === 'no_common_codec') await this.end({ result: 'client_error', reason: 'no_common_codec' }, { sipCode: 488 });
    else if (code === 'invalid_request') await this.end({ result: 'client_error', reason: 'bad_request' }, { sipCode: 400 });
    else if (code === 'media_ports_exhausted') {
      await this.refuse({ result: 'server_error', reason: 'media_ports_exhausted' }, 503, {
        'Retry-After': String(RETRY_AFTER_S),
      });
    } else {
      this.#log.error({ err: error }, 'call not established');
      await this.refuse({ result: 'server_error', reason: 'internal' }, 500);
    }
  }

  async #finish(termination: Termination, details: EndDetails): Promise<Call> {
    const { clock } = this.#deps;
    const endedAtMs = clock.nowMs();
    this.#cancelDurationLimit?.();
    this.#line?.close();
    await this.#cleanUp('conversation', () => this.#conversation?.end());
    const attemptCode = await this.#cleanUp('attempt', () => (this.#dialog ? undefined : this.#origin.settled()));
    await this.#cleanUp('dialog', () => this.#dialog?.hangup());
    this.#watch?.close();
    const stats = await this.#cleanUp('media session', () => this.#session?.close());
    const sipCode = this.#call.sipCode ?? details.sipCode ?? attemptCode;
    this.#call = {
      ...transition(this.#call, termination.result === 'success' ? 'completed' : 'failed'),
      endedAtMs,
      termination,
      endedBy: details.endedBy ?? endedByOf(termination, this.#call.direction),
      sipCode,
      sipReason: this.#call.sipReason ?? details.sipReason ?? phraseOf(sipCode),
      mediaStats: stats && { ...stats },
    };
    this.#store();
    await this.#journal.settled();
    this.#log.info(this.#summary(termination), 'call ended');
    this.#emit({ type: 'ended', call: this.#call });
    return this.#call;
  }

  async #cleanUp<T>(what: string, step: () => Promise<T> | undefined): Promise<T | undefined> {
    try {
      const running = step();
      return running && (await within(this.#deps.clock, CLEAN_UP_LIMIT_MS, running));
    } catch (error) {
      this.#log.error({ err: error, what }, 'clean-up failed');
      return undefined;
    }
  }

  #summary(termination: Termination): object {
    const { status, endedBy, sipCode, agentName, codec, srtp, answeredAtMs, endedAtMs, mediaStats } = this.#call;
    const talkedMs = answeredAtMs === undefined || endedAtMs === undefined ? 0 : endedAtMs - answeredAtMs;
    return {
      status,
      ...termination,
      endedBy,
      sipCode,
      agentName,
      codec,
      srtp,
      talkedMs,
      ...this.#journal.counts,
      media: mediaStats,
    };
  }

  #optOutEntry(source: OptOutSource): DoNotCallEntry | undefined {
    const { remoteNumber: number } = this.#origin;
    const { tenantId, id: callId } = this.#call;
    const common = { reason: undefined, expiresAtMs: undefined, createdAtMs: this.#deps.clock.nowMs() };
    return number === undefined ? undefined : { tenantId, number, source, callId, ...common };
  }

  #noteMedia({ codec, srtp, remote }: AudioAgreement): void {
    const agreed = { codec, srtp: srtp?.suite, mediaPeer: mediaPeerOf(remote.address, remote.rtpPort) };
    const { call } = this;
    if (call.codec === agreed.codec && call.srtp === agreed.srtp && call.mediaPeer === agreed.mediaPeer) return;
    this.#call = { ...call, ...agreed };
    // Before the answer the row is about to be written anyway.
    if (this.#call.status === 'in_progress') this.#store();
  }

  #store(): void {
    if (this.#stored) this.#journal.updated(this.#call);
    else this.#journal.inserted(this.#call);
    this.#stored = true;
  }
}

/** The far end does not listen: it said so, or gave no place to send to (the older way to hold). */
function isHold({ direction, remote }: AudioAgreement): boolean {
  return direction === 'recvonly' || direction === 'inactive' || remote.rtpPort === 0 || /^(0\.0\.0\.0|::)$/.test(remote.address);
}

const mediaPeerOf = (address: string, port: number): string => `${address.includes(':') ? `[${address}]` : address}:${port}`;
