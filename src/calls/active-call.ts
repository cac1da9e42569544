import { AppError } from '../core/errors.js';
import type { CallId } from '../core/ids.js';
import type { Call, Termination } from '../domain/call.js';
import type { EndedBy } from '../domain/call-ending.js';
import type { CallQuality } from '../domain/call-quality.js';
import type { AudioAgreement, MediaEvent } from '../domain/ports/media.js';
import type { Dialog, LocalMedia } from '../domain/ports/telephony.js';
import { AgentSuccession } from './agent-succession.js';
import { CallAudio } from './call-audio.js';
import type { CallDeps } from './call-deps.js';
import { CallDialog, type Connect } from './call-dialog.js';
import { type EndDetails, q850In, terminationOf } from './call-end.js';
import type { CallEvent } from './call-event.js';
import { CallGuidance } from './call-guidance.js';
import { CallLine } from './call-line.js';
import type { CallOrigin, ConnectListeners } from './call-origin.js';
import { CallRecord } from './call-record.js';
import { CallRecording } from './call-recording.js';
import { CallSpeaker } from './call-speaker.js';
import { establishingFailure } from './establishing-failure.js';
import { hangupReasonOf } from './hangup-reason.js';
import type { AnsweringTarget, RefusalTarget, TransferTarget } from './inbound-route.js';
import { noteMedia } from './media-notes.js';
import { CallHandover } from './transfer/call-handover.js';
import type { CallTransfer } from './transfer/call-transfer.js';
import { EarlyPickup } from './transfer/early-pickup.js';
import type { Forwarding } from './transfer/forwarding.js';
import type { Replaceable } from './transfer/replaced-call.js';
import { unreached } from './unreached.js';
import { within } from './within.js';

/** No part of hanging up may keep a call from ending. */
const CLEAN_UP_LIMIT_MS = 5_000;

/** One call from its INVITE to its record. It owns its session, dialog and conversation, and ends exactly once. */
export class ActiveCall {
  readonly #deps: CallDeps;
  readonly #origin: CallOrigin;
  readonly #record: CallRecord;
  readonly #recording: CallRecording;
  readonly #dialog: CallDialog;
  readonly #pickup: EarlyPickup;
  readonly #emit: (event: CallEvent) => void;
  #speaker: CallSpeaker;
  #audio: CallAudio | undefined;
  #line: CallLine | undefined;
  #handover: CallHandover | undefined;
  #forwarding: Forwarding | undefined;
  #cancelDurationLimit: (() => void) | undefined;
  #ending: Promise<Call> | undefined;

  /** `stored`: the call's first record is. */
  constructor(origin: CallOrigin, deps: CallDeps, emit: (event: CallEvent) => void, stored = false) {
    this.#origin = origin;
    this.#deps = deps;
    this.#record = new CallRecord(origin, { ...deps, emit }, stored);
    this.#recording = new CallRecording(this.#record, deps.recordings);
    this.#pickup = new EarlyPickup(origin);
    this.#emit = emit;
    this.#speaker = this.#newSpeaker();
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
    this.#record.begun(target);
    this.#origin.check();
    const audio = this.#openAudio();
    if (target.kind === 'transfer') await this.#putThrough(target, audio);
    else await this.#answer(target, audio);
  }

  async #answer(target: AnsweringTarget, audio: CallAudio): Promise<void> {
    const listeners = this.#listeners();
    await this.#speaker.prepare(target, audio.session, listeners);
    if (!this.#ending) await this.#connect(audio, listeners);
  }

  /** False: it has ended meanwhile. */
  async #connect(audio: CallAudio, listeners: ConnectListeners): Promise<boolean> {
    const dialog = await this.#dialog.begin(this.#pickup.connect(audio.session.local, listeners));
    if (this.#ending) {
      await dialog.hangup();
      return false;
    }
    this.#answered(dialog, audio);
    return true;
  }

  /** Somebody else is to answer; the caller is answered when they have. */
  async #putThrough(target: TransferTarget, audio: CallAudio): Promise<void> {
    const listeners = this.#listeners();
    const caller = { origin: this.#origin, listeners, record: this.#record, session: audio.session };
    const forwarding = this.#deps.transfers.forward(this.call, target, caller);
    this.#forwarding = forwarding;
    try {
      await forwarding.reach();
    } catch (error) {
      if (!this.#ending) await this.#unreached(error, audio);
      return;
    }
    if (this.#ending) return;
    if (await this.#connect(audio, listeners)) this.#handover?.putThrough(forwarding.take());
  }

  async #unreached(error: unknown, audio: CallAudio): Promise<void> {
    const instead = this.#origin.instead();
    if (instead?.kind === 'refusal') await this.#turnAway(instead);
    else if (instead && instead.kind !== 'transfer') {
      this.#record.passedOn(instead);
      await this.#answer(instead, audio);
    } else {
      const { termination, status, headers, details } = unreached(error);
      if (termination.result === 'server_error') this.#record.log.error({ err: error }, 'call not put through');
      await this.refuse(termination, status, headers, details);
    }
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
    this.#audio = new CallAudio({
      ...this.#deps,
      session,
      converse: (agreement, target, speech) => this.#speaker.converse(session, agreement, target, speech),
    });
    return this.#audio;
  }

  #listeners(): ConnectListeners {
    return {
      onAgreement: (agreement) => this.#dialog.agreedAtFirst(agreement),
      onSent: (leg, redirected) => this.#record.sent(leg, redirected),
      onRinging: () => {
        this.#record.ringing();
        this.#speaker.ringing();
      },
      onRefused: (sipCode, reason) => this.#record.refused(sipCode, reason),
    };
  }

  #onAgreement(agreement: AudioAgreement): void {
    const audio = this.#audio;
    if (!audio) return;
    audio.agree(agreement);
    this.#record.agreed(agreement);
    // What the network says before the answer is part of the call's story.
    if (!this.#ending) this.#recording.begin(audio.session, this.#speaker.target);
    if (!this.#dialog.current) this.#speaker.hearEarly(agreement);
    // A delayed offer is agreed on only at the ACK, after the answer.
    if (this.#dialog.current && !this.#ending) this.#startSource(audio);
  }

  #answered(dialog: Dialog, audio: CallAudio): void {
    const { clock, maxDurationMs, mediaTimeoutMs } = this.#deps;
    this.#speaker.settled(true);
    this.#recording.begin(audio.session, this.#speaker.target);
    this.#record.answered();
    if (this.#pickup.by !== undefined) this.#record.replaced(this.#pickup.by);
    this.#handover = this.#openHandover(audio);
    const { transfer } = this.#handover;
    const openEar = () => this.#speaker.openEar((...said) => audio.conversation?.operatorSaid(...said));
    const conference = this.#deps.transfers.confer(() => this.call, {
      openEar,
      log: () => this.#record.log,
      variables: () => this.#origin.variables,
      session: audio.session,
      target: () => (transfer.bridged ? transfer.target : undefined),
      record: (participants) => this.#record.attended(participants),
    });
    this.#line = new CallLine({
      clock,
      record: this.#record.journal,
      audio,
      dialog: this.#dialog,
      transfer,
      conference,
      recording: this.#recording,
      guidance: new CallGuidance(this.#record, audio),
      ear: openEar(),
      succession: this.#openSuccession(audio, transfer),
    });
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
    if (this.#speaker.waitsForAck) dialog.onAcknowledged(() => this.#startSource(audio));
    else this.#startSource(audio);
  }

  #openHandover(audio: CallAudio): CallHandover {
    return new CallHandover({
      desk: this.#deps.transfers,
      clock: this.#deps.clock,
      dialog: this.#dialog,
      audio,
      record: this.#record,
      variables: () => this.#origin.variables,
      country: () => this.#origin.country,
      voice: () => this.#speaker.voice,
      changed: () => this.#line?.conference.rewire(),
      isEnding: () => this.#ending !== undefined,
      end: (termination, details) => void this.end(termination, details),
    });
  }

  #newSpeaker(): CallSpeaker {
    return new CallSpeaker({
      call: this.#deps,
      origin: this.#origin,
      record: this.#record,
      emit: this.#emit,
      handover: () => this.#handover,
      hush: (hushed) => this.#line?.hush(hushed),
      end: (termination) => void this.end(termination),
      takeBack: (termination) => void this.hangUp(termination, 'agent'),
      passOn: async (agentId, briefing) => void (await this.line.succession.passOn({ agentId, briefing }, 'agent')),
    });
  }

  #openSuccession(audio: CallAudio, transfer: CallTransfer): AgentSuccession {
    return new AgentSuccession({
      ...this.#deps,
      origin: this.#origin,
      record: this.#record,
      audio,
      recording: this.#recording,
      transfer,
      speaker: () => this.#speaker,
      newSpeaker: () => this.#newSpeaker(),
      succeeded: (speaker) => {
        this.#speaker = speaker;
      },
      isEnding: () => this.#ending !== undefined,
    });
  }

  #startSource(audio: CallAudio): void {
    if (!this.#ending) this.#speaker.start(audio);
  }

  #onMedia(event: MediaEvent): void {
    const over = noteMedia(event, this.#record, this.#audio?.agreement);
    if (over) void this.hangUp(over, 'system');
  }

  async #failed(error: unknown): Promise<void> {
    if (this.#ending) return;
    const { termination, details, refusal, unexpected } = establishingFailure(error);
    if (unexpected) this.#record.log.error({ err: error }, 'call not established');
    if (refusal) await this.refuse(termination, refusal.status, refusal.headers, details);
    else await this.end(termination, details);
  }

  async #finish(termination: Termination, details: EndDetails): Promise<Call> {
    const endedAtMs = this.#deps.clock.nowMs();
    this.#cancelDurationLimit?.();
    this.#speaker.settled(this.#dialog.current !== undefined);
    this.#line?.outside.close();
    await this.#cleanUp('forwarding', () => this.#forwarding?.close());
    await this.#cleanUp('conference', () => this.#line?.conference.close());
    await this.#cleanUp('transfer', () => this.#handover?.close());
    await this.#cleanUp('conversation', () => this.#audio?.conversation?.end());
    this.#speaker.close();
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
