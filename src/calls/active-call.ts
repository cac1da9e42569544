import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { CallId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import type { AgentSettings } from '../domain/agent.js';
import type { Call, Termination } from '../domain/call.js';
import type { EndedBy } from '../domain/call-ending.js';
import type { CallQuality } from '../domain/call-quality.js';
import { type AudioAgreement, bandOf, type MediaEngine, type MediaEvent, type MediaSession } from '../domain/ports/media.js';
import type { CallRepository } from '../domain/ports/repositories.js';
import type { SpeechCatalog, SpeechSuite } from '../domain/ports/speech.js';
import { type Dialog, InviteRefused, type LocalMedia } from '../domain/ports/telephony.js';
import type { IncomingText } from '../domain/ports/texts.js';
import type { VoiceActivity } from '../domain/ports/voice-activity.js';
import type { ConversationDeps } from '../pipeline/conversation-deps.js';
import { Announcement } from './announcement.js';
import { BeforeAnswer } from './before-answer.js';
import { CallAudio } from './call-audio.js';
import type { CallConversation } from './call-conversation.js';
import { CallDialog, type Connect } from './call-dialog.js';
import { type EndDetails, q850In, terminationOf } from './call-end.js';
import type { CallEvent } from './call-event.js';
import { CallLine } from './call-line.js';
import { type CallOrigin, type ConnectListeners, NotAnswered } from './call-origin.js';
import { CallRecord } from './call-record.js';
import { CallRecording } from './call-recording.js';
import { hangupReasonOf } from './hangup-reason.js';
import type { AgentTarget, AnnouncementTarget, AnsweringTarget, RefusalTarget } from './inbound-route.js';
import { CallHandover } from './transfer/call-handover.js';
import { EarlyPickup } from './transfer/early-pickup.js';
import type { Replaceable } from './transfer/replaced-call.js';
import type { TransferDesk } from './transfer/transfer-desk.js';
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
  /** A call is ended that no RTP and no RTCP comes from for so long, although it should; never when absent. */
  mediaTimeoutMs?: number | undefined;
  /** A call that lasts longer is ended. */
  maxDurationMs?: number | undefined;
  /** A text came in the dialog of a call. */
  onText?: ((call: Call, text: IncomingText) => void) | undefined;
  createConversation: (deps: ConversationDeps) => CallConversation;
  transfers: TransferDesk;
};

/** No part of hanging up may keep a call from ending. */
const CLEAN_UP_LIMIT_MS = 5_000;
const RETRY_AFTER_S = 5;

/** One call from its INVITE to its record. It owns its session, dialog and conversation, and ends exactly once. */
export class ActiveCall {
  readonly #deps: CallDeps;
  readonly #origin: CallOrigin;
  readonly #record: CallRecord;
  readonly #recording: CallRecording;
  readonly #emit: (event: CallEvent) => void;
  readonly #dialog: CallDialog;
  readonly #pickup: EarlyPickup;
  #target: AnsweringTarget | undefined;
  #before: BeforeAnswer | undefined;
  #audio: CallAudio | undefined;
  #line: CallLine | undefined;
  #handover: CallHandover | undefined;
  #cancelDurationLimit: (() => void) | undefined;
  #ending: Promise<Call> | undefined;

  /** `stored`: the call's first record is. */
  constructor(origin: CallOrigin, deps: CallDeps, emit: (event: CallEvent) => void, stored = false) {
    this.#origin = origin;
    this.#deps = deps;
    this.#emit = emit;
    this.#record = new CallRecord(origin, { ...deps, emit }, stored);
    this.#recording = new CallRecording(this.#record, deps.dataDir);
    this.#pickup = new EarlyPickup(origin);
    this.#dialog = new CallDialog(deps.clock, {
      onAgreement: (agreement) => this.#onAgreement(agreement),
      onDigit: (digit, durationMs) => {
        if (!this.#handover?.transfer.press(digit)) this.#audio?.digit(digit, durationMs);
      },
      onRefer: (request) => (this.#handover ? this.#handover.onRefer(request) : request.refuse(603)),
      onEnded: (end) => {
        const termination = terminationOf(end, this.call.direction);
        if (termination) void this.end(termination, { q850Cause: q850In(end.reason) });
      },
      onText: deps.onText && ((text) => deps.onText?.(this.call, text)),
    });
    origin.onCancelled((termination, details) => void this.end(termination, details));
  }

  get id(): CallId {
    return this.#record.id;
  }

  get call(): Call {
    return this.#record.call;
  }

  /** Which others may name to take the far end's place. */
  get replaceable(): Replaceable {
    return {
      call: this.call,
      early: this.#pickup.dialogs,
      id: this.#handover && this.#dialog.current?.id,
      over: this.#ending !== undefined,
    };
  }

  /** Somebody takes the far end's place with an INVITE of their own, before the answer too. Never rejects: then nothing has changed. */
  async takenOver(by: string, connect: (local: LocalMedia) => Connect): Promise<void> {
    if (this.#handover) return this.#handover.takenOver(by, connect);
    try {
      if (this.#audio) await this.#pickup.take(by, connect(this.#audio.session.local));
    } catch (error) {
      this.#record.log.info({ err: error }, 'ringing call not taken over');
    }
  }

  get quality(): CallQuality | undefined {
    return this.#audio?.session.quality();
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
    this.#record.close();
    return this.#ending;
  }

  /** Ends the call at our side's wish, answered or not. */
  hangUp(termination: Termination, endedBy: EndedBy): Promise<Call> {
    return this.#dialog.current ? this.end(termination, { endedBy }) : this.refuse(termination, 480, {}, { endedBy });
  }

  async #establish(): Promise<void> {
    const target = await this.#origin.target();
    if (this.#ending) return;
    if (!target) {
      await this.refuse({ result: 'client_error', reason: 'agent_not_found' }, 404);
      return;
    }
    if (target.kind === 'refusal') {
      await this.#turnAway(target);
      return;
    }
    this.#target = target;
    this.#record.begun(target);
    this.#origin.check();
    const audio = this.#openAudio();
    const listeners = this.#listenersFor(target);
    if (target.kind === 'agent' || target.kind === 'announcement') await this.#prepare(target, audio, listeners);
    if (this.#ending) return;
    const dialog = await this.#dialog.begin(this.#pickup.connect(audio.session.local, listeners));
    if (this.#ending) {
      await dialog.hangup();
      return;
    }
    this.#answered(dialog, audio);
  }

  /** As a route says: nothing has failed. */
  async #turnAway({ status, headers }: RefusalTarget): Promise<void> {
    const termination: Termination =
      status < 400 ? { result: 'success', reason: 'redirected' } : { result: 'client_error', reason: 'rejected' };
    await this.refuse(termination, status, headers, { endedBy: 'system' });
  }

  #openAudio(): CallAudio {
    const session = this.#deps.media.open();
    session.onEvent((event) => this.#onMedia(event));
    const { voice, vadOnBuiltIns = false } = this.#deps;
    this.#audio = new CallAudio({
      session,
      voice,
      vadOnBuiltIns,
      converse: (agreement, target, speech) => this.#converse(session, agreement, target, speech),
    });
    return this.#audio;
  }

  #listenersFor(target: AnsweringTarget): ConnectListeners {
    return {
      onAgreement: (agreement) => this.#dialog.agreedAtFirst(agreement),
      onSent: (leg, redirected) => this.#record.sent(leg, redirected),
      onRinging: () => {
        this.#record.ringing();
        // Words for one person are made when that person is likely to hear them.
        if (target.kind === 'agent' && target.personalGreeting) this.#before?.greetAhead();
      },
      onRefused: (sipCode, reason) => this.#record.refused(sipCode, reason),
    };
  }

  async #prepare(target: AgentTarget | AnnouncementTarget, audio: CallAudio, listeners: ConnectListeners): Promise<void> {
    const { clock, speech } = this.#deps;
    const before = new BeforeAnswer({
      clock,
      log: () => this.#record.log,
      session: audio.session,
      target,
      speech: this.#suiteFor(target.settings),
    });
    this.#before = before;
    if (this.call.direction === 'inbound') before.greetAhead();
    // What is warmed is kept for the next call; words for one person are not, nor those that are being made.
    const withoutWords = target.personalGreeting || before.audible;
    const kept: AgentSettings = withoutWords ? { ...target.settings, startingMessage: undefined } : target.settings;
    await this.#origin.waitFor({
      local: audio.session.local,
      listeners,
      ready: Promise.all([before.audible, speech.warm(kept)]),
      entertain: (announcement) => before.entertain(announcement),
    });
  }

  #suiteFor(settings: AgentSettings): SpeechSuite {
    try {
      return this.#deps.speech.suiteFor(settings);
    } catch (error) {
      throw new AppError('internal', 'the agent names a speech provider that is not there', { cause: error });
    }
  }

  #onAgreement(agreement: AudioAgreement): void {
    const audio = this.#audio;
    if (!audio) return;
    audio.agree(agreement);
    this.#record.agreed(agreement);
    // What the network says before the answer is part of the call's story.
    if (!this.#ending) this.#recording.begin(audio.session);
    // A delayed offer is agreed on only at the ACK, after the answer.
    if (this.#dialog.current && !this.#ending) this.#startSource(audio);
  }

  #answered(dialog: Dialog, audio: CallAudio): void {
    const { clock, maxDurationMs, mediaTimeoutMs } = this.#deps;
    this.#before?.close(true);
    this.#recording.begin(audio.session);
    this.#record.answered();
    if (this.#pickup.by !== undefined) this.#record.replaced(this.#pickup.by);
    this.#handover = this.#openHandover(audio);
    const { transfer } = this.#handover;
    this.#line = new CallLine({ clock, record: this.#record.journal, audio, transfer, recording: this.#recording });
    if (maxDurationMs !== undefined) {
      this.#cancelDurationLimit = clock.schedule(
        maxDurationMs,
        () => void this.end({ result: 'success', reason: 'max_duration' }),
      );
    }
    audio.supervise({
      clock,
      limitMs: mediaTimeoutMs,
      onSilent: () => void this.end({ result: 'indeterminate', reason: 'media_timeout' }),
      onFault: (missing) => this.#record.audioMissing(missing),
    });
    this.#dialog.listen();
    // A greeting that begins before the ACK is not heard from its beginning.
    if (this.#target?.kind === 'echo' || this.#target?.kind === 'tone') this.#startSource(audio);
    else dialog.onAcknowledged(() => this.#startSource(audio));
  }

  #openHandover(audio: CallAudio): CallHandover {
    return new CallHandover({
      desk: this.#deps.transfers,
      clock: this.#deps.clock,
      dialog: this.#dialog,
      audio,
      record: this.#record,
      variables: () => this.#origin.variables,
      voice: () =>
        this.#before && this.#target?.kind === 'agent'
          ? { speech: this.#before.speech, settings: this.#target.settings }
          : undefined,
      isEnding: () => this.#ending !== undefined,
      end: (termination, details) => void this.end(termination, details),
    });
  }

  #startSource(audio: CallAudio): void {
    if (this.#target && !this.#ending) audio.start(this.#target, this.#before?.speech);
  }

  #converse(
    session: MediaSession,
    agreement: AudioAgreement,
    target: AgentTarget | AnnouncementTarget,
    speech: SpeechSuite,
  ): CallConversation {
    const { clock, voice, createConversation } = this.#deps;
    const deps: ConversationDeps = {
      clock,
      log: this.#record.log,
      media: session,
      voice,
      speech,
      agent: target.settings,
      band: bandOf(agreement.codec),
      record: this.#record.journal,
      hangup: (reason) => {
        const failed = reason === 'provider_failed';
        void this.end(failed ? { result: 'upstream_error', reason } : { result: 'success', reason: 'agent_hangup' });
      },
      live: (event) => this.#emit({ type: 'live', callId: this.id, event }),
    };
    return target.kind === 'announcement' ? new Announcement(deps) : createConversation(deps);
  }

  #onMedia(event: MediaEvent): void {
    if (event.type === 'recordingFailed') this.#record.log.error({ reason: event.reason }, 'recording stopped early');
    if (event.type === 'latched') this.#record.latched(event.address, event.port);
  }

  /** What went wrong before the call stood; the adapter has sent the failure for those it found itself. */
  async #failed(error: unknown): Promise<void> {
    if (this.#ending) return;
    if (error instanceof NotAnswered) {
      await this.end(error.termination, error.details);
      return;
    }
    const code = error instanceof AppError ? error.code : 'internal';
    if (error instanceof InviteRefused)
      await this.end({ result: 'client_error', reason: 'bad_request' }, { sipCode: error.sipCode });
    else if (code === 'no_common_codec') await this.end({ result: 'client_error', reason: 'no_common_codec' }, { sipCode: 488 });
    else if (code === 'invalid_request') await this.end({ result: 'client_error', reason: 'bad_request' }, { sipCode: 400 });
    else if (code === 'media_ports_exhausted') {
      await this.refuse({ result: 'server_error', reason: 'media_ports_exhausted' }, 503, {
        'Retry-After': String(RETRY_AFTER_S),
      });
    } else {
      this.#record.log.error({ err: error }, 'call not established');
      await this.refuse({ result: 'server_error', reason: 'internal' }, 500);
    }
  }

  async #finish(termination: Termination, details: EndDetails): Promise<Call> {
    const endedAtMs = this.#deps.clock.nowMs();
    this.#cancelDurationLimit?.();
    this.#before?.close(this.#dialog.current !== undefined);
    await this.#cleanUp('transfer', () => this.#handover?.close());
    await this.#cleanUp('conversation', () => this.#audio?.conversation?.end());
    const attemptCode = await this.#cleanUp('attempt', () => (this.#dialog.current ? undefined : this.#origin.settled()));
    await this.#cleanUp('dialog', () => this.#dialog.hangup(hangupReasonOf(termination)));
    const media = await this.#cleanUp('media session', () => this.#audio?.close());
    return this.#record.end(termination, { ...details, sipCode: details.sipCode ?? attemptCode }, endedAtMs, media);
  }

  async #cleanUp<T>(what: string, step: () => Promise<T> | undefined): Promise<T | undefined> {
    try {
      const running = step();
      return running && (await within(this.#deps.clock, CLEAN_UP_LIMIT_MS, running));
    } catch (error) {
      this.#record.log.error({ err: error, what }, 'clean-up failed');
      return undefined;
    }
  }
}
