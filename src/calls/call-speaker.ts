import { AppError } from '../core/errors.js';
import type { AgentId } from '../core/ids.js';
import { leavesMessage } from '../domain/agent-behaviour.js';
import type { Termination } from '../domain/call.js';
import type { Values } from '../domain/placeholders.js';
import { type AudioAgreement, bandOf, type MediaSession } from '../domain/ports/media.js';
import type { ChatMessage, SpeechSuite } from '../domain/ports/speech.js';
import type { CallToolbox } from '../domain/ports/toolbox.js';
import type { ConversationDeps } from '../pipeline/conversation-deps.js';
import type { LiveEvent } from '../pipeline/live-event.js';
import { Announcement } from './announcement.js';
import { BeforeAnswer, suiteOf } from './before-answer.js';
import type { CallAudio } from './call-audio.js';
import type { CallConversation } from './call-conversation.js';
import type { CallDeps } from './call-deps.js';
import { terminationBy } from './call-end.js';
import type { CallEvent } from './call-event.js';
import type { CallOrigin, ConnectListeners } from './call-origin.js';
import type { CallRecord } from './call-record.js';
import { callSetting } from './call-setting.js';
import { CostStop } from './cost-stop.js';
import type { AgentTarget, AnnouncementTarget, AnsweringTarget } from './inbound-route.js';
import { laterPart } from './later-part.js';
import { OperatorEar, type OperatorEarDeps } from './operator-ear.js';
import type { CallHandover, TransferVoice } from './transfer/call-handover.js';

const CUT_FADE_MS = 20;

/** What a call has been before another agent goes on with it. */
export type EarlierPart = {
  /** As a model reads it. */
  said: readonly ChatMessage[];
  /** How long ago the call was answered. */
  lastedMs: number;
};

export type CallSpeakerDeps = {
  call: CallDeps;
  origin: CallOrigin;
  record: CallRecord;
  emit: (event: CallEvent) => void;
  /** From the answer on. */
  handover: () => CallHandover | undefined;
  /** Whether what is said and keyed in from now on may be kept, or overheard. */
  hush: (hushed: boolean) => void;
  end: (termination: Termination) => void;
  /** Before the answer. */
  takeBack: (termination: Termination) => void;
  /** Another agent goes on with the call. @throws AppError `conflict` */
  passOn: (agent: AgentId, briefing: string | undefined) => Promise<void>;
};

/** Who speaks for us on one call: what is made ready before the answer, and the conversation after it. */
export class CallSpeaker {
  readonly #deps: CallSpeakerDeps;
  #target: AnsweringTarget | undefined;
  #before: BeforeAnswer | undefined;
  #toolbox: CallToolbox | undefined;
  #costs: CostStop | undefined;
  #conversation: CallConversation | undefined;
  #earlier: EarlierPart | undefined;
  #begunMs = 0;
  #givingWay = false;

  constructor(deps: CallSpeakerDeps) {
    this.#deps = deps;
  }

  /** Known as soon as somebody is to answer. */
  get target(): AnsweringTarget | undefined {
    return this.#target;
  }

  /** Of an agent: whoever the call is handed over to may be spoken to with it. */
  get voice(): TransferVoice | undefined {
    return this.#before && this.#target?.kind === 'agent'
      ? { speech: this.#before.speech, settings: this.#target.settings }
      : undefined;
  }

  /** A greeting that begins before the ACK is not heard from its beginning; other sounds have none. */
  get waitsForAck(): boolean {
    return this.#target?.kind !== 'echo' && this.#target?.kind !== 'tone';
  }

  /** Resolves when `target` can answer. */
  async prepare(target: AnsweringTarget, session: MediaSession, listeners: ConnectListeners): Promise<void> {
    await this.#getReady(target, session)?.prepare(this.#deps.origin, listeners, this.#deps.call.speech);
  }

  /** Gets ready to go on with an answered call that another agent leads. @throws AppError `internal` */
  prepareToFollow(target: AgentTarget, session: MediaSession): void {
    this.#getReady(target, session)?.hasten();
  }

  /** From now on this one speaks, whom `prepareToFollow` got ready. */
  follow(earlier: EarlierPart, audio: CallAudio): void {
    this.#earlier = earlier;
    this.settled(true);
    if (this.#target?.kind === 'agent' && this.#before) audio.follow(this.#target, this.#before.speech);
  }

  /** Another agent speaks from now on. @throws AppError `conflict` where that cannot be: then nothing has changed. */
  giveWay({ session, conversation }: CallAudio): EarlierPart {
    const { clock } = this.#deps.call;
    if (!conversation) throw noAgent();
    this.#givingWay = true;
    try {
      const said = conversation.giveWay();
      session.playout.flush(CUT_FADE_MS);
      this.#toolbox?.close();
      this.#before?.speech.close?.();
      return { said, lastedMs: (this.#earlier?.lastedMs ?? 0) + clock.monotonicMs() - this.#begunMs };
    } catch (error) {
      this.#givingWay = false;
      throw error;
    }
  }

  #getReady(target: AnsweringTarget, session: MediaSession): BeforeAnswer | undefined {
    this.#target = target;
    if (target.kind !== 'agent' && target.kind !== 'announcement') return undefined;
    const { record } = this.#deps;
    const { clock, speech, sounds } = this.#deps.call;
    if (target.unknown?.length) record.log.warn({ placeholders: target.unknown }, 'texts of the agent name unknown values');
    const log = () => record.log;
    const { language, limits } = target.settings;
    const maxCost = limits?.maxCost ?? this.#deps.call.maxCost;
    this.#costs = new CostStop({ clock, call: () => record.call, maxCost, language });
    const suite = suiteOf(speech, target.settings, this.#costs.watching(record.providers));
    this.#before = new BeforeAnswer({ clock, log, session, target, speech: suite, ringSound: sounds?.beforeAnswer });
    return this.#before;
  }

  /** Words for one person are made when that person is likely to hear them. */
  ringing(): void {
    if (this.#target?.kind === 'agent' && this.#target.personalGreeting) this.#before?.greetAhead();
  }

  /** Audio comes already: of a call of ours it may be an answering machine's. Where no message is to be left, nobody waits for the answer. */
  hearEarly(agreement: AudioAgreement): void {
    const { record, call, takeBack } = this.#deps;
    if (record.call.direction !== 'outbound' || this.#target?.kind !== 'agent') return;
    const { voicemail } = this.#target.settings;
    this.#before?.listen(agreement, call.voice, () => {
      record.answeredBy({ verdict: 'machine', reason: 'early_words', afterMs: 0 });
      if (!leavesMessage(voicemail)) takeBack({ result: 'client_error', reason: 'voicemail' });
    });
  }

  /** Begins what the far end hears; the second and later calls do nothing. */
  start(audio: CallAudio): void {
    if (this.#target) audio.start(this.#target, this.#before?.speech);
  }

  converse(
    session: MediaSession,
    agreement: AudioAgreement,
    target: AgentTarget | AnnouncementTarget,
    speech: SpeechSuite,
  ): CallConversation {
    const { origin, record, hush, end } = this.#deps;
    const { clock, voice, inform, createConversation } = this.#deps.call;
    const earlier = this.#earlier;
    const told = { record: record.journal, live: (event: LiveEvent) => this.#tell(event) };
    this.#begunMs = clock.monotonicMs();
    const deps: ConversationDeps = {
      clock,
      log: record.log,
      media: session,
      voice,
      speech: inform?.(speech, target, { contact: origin.remoteNumber, callId: record.id }) ?? speech,
      agent: target.settings,
      toolbox: this.#openToolbox(target),
      band: bandOf(agreement.codec),
      ...(earlier ? laterPart(told, earlier.lastedMs) : told),
      before: earlier?.said,
      variables: () => ({ ...this.#variables(), ...record.call.collectedData }),
      hangup: (reason) => end(this.#costs?.stopped ? { result: 'success', reason: 'cost_limit' } : terminationBy(reason)),
      hush,
      machineHeard: this.#before?.machineHeard,
      // Whoever a call is passed on to talks to somebody.
      answeredBy: record.call.direction === 'outbound' && !earlier ? (who) => record.answeredBy(who) : undefined,
    };
    this.#conversation = target.kind === 'announcement' ? new Announcement(deps) : createConversation(deps);
    this.#costs?.begun(this.#conversation);
    return this.#conversation;
  }

  /** Understands what operators say with their own voice, whichever agent leads the call by then. Undefined where no agent has a conversation. */
  openEar(said: OperatorEarDeps['said']): OperatorEar | undefined {
    const target = this.#target;
    if (target?.kind !== 'agent') return undefined;
    const { record, call } = this.#deps;
    const watch = this.#costs?.watching(record.providers) ?? record.providers;
    return new OperatorEar({
      clock: call.clock,
      log: () => record.log,
      // Not the ears of the conversation: a model that hears by itself is to hear the caller alone.
      hearing: () => ({
        ...call.speech.suiteFor(target.settings, { watch, unhurried: true }),
        language: target.settings.language,
      }),
      said,
    });
  }

  /** The call is answered, or never will be. */
  settled(answered: boolean): void {
    this.#before?.close(answered);
  }

  /** The conversation is over. */
  close(): void {
    this.#toolbox?.close();
    this.#before?.speech.close?.();
  }

  #tell(event: LiveEvent): void {
    const { record, emit } = this.#deps;
    // The call goes on with somebody else.
    if (this.#givingWay && event.type === 'state' && event.state === 'ended') return;
    emit({ type: 'live', callId: record.id, event });
  }

  /** Of the call, with the agent that leads it now. */
  #variables(): Values {
    const { origin, record } = this.#deps;
    const { agentId: id, agentName: name } = record.call;
    return this.#earlier ? { ...origin.variables, agent: { id, name } } : origin.variables;
  }

  #openToolbox({ settings }: AgentTarget | AnnouncementTarget): CallToolbox | undefined {
    const { origin, record, passOn } = this.#deps;
    const { transfers: desk, toolboxes } = this.#deps.call;
    const handover = this.#deps.handover();
    if (record.call.agentId === undefined || !handover) return undefined;
    const conversation = () => this.#conversation;
    const { remoteNumber } = origin;
    const variables = () => this.#variables();
    this.#toolbox = toolboxes?.open(
      callSetting({ record, remoteNumber, variables, settings, handover, desk, conversation, passOn }),
    );
    return this.#toolbox;
  }
}

function noAgent(): AppError {
  const publicMessage = 'No agent speaks on this call';
  return new AppError('conflict', publicMessage, { publicMessage });
}
