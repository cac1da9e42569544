import type { Cancel } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { background } from '../core/log.js';
import type { AgentSettings } from '../domain/agent.js';
import { leavesMessage } from '../domain/agent-behaviour.js';
import { type AgentGuidance, isSilent } from '../domain/agent-guidance.js';
import type { AnsweredBy } from '../domain/answered-by.js';
import type { KeyedIn, KeyRequest } from '../domain/key-collection.js';
import type { ChatMessage } from '../domain/ports/speech.js';
import type { VoiceEvent } from '../domain/ports/voice-activity.js';
import type { HeardTone } from '../domain/tone-recognizer.js';
import { AnswerDetector, CERTAIN_AFTER_MS } from '../pipeline/answering/answer-detector.js';
import { MachineEar } from '../pipeline/answering/machine-ear.js';
import { RecordingStart } from '../pipeline/answering/recording-start.js';
import type { ConversationDeps, HangupReason } from '../pipeline/conversation-deps.js';
import type { Interjection } from '../pipeline/interjections.js';
import type { LiveEvent } from '../pipeline/live-event.js';
import { Announcement } from './announcement.js';
import type { CallConversation } from './call-conversation.js';
import { laterPart } from './later-part.js';
import { SharedVoice } from './shared-voice.js';

const DEFAULT_TIMEOUT_MS = 20_000;
const CUT_FADE_MS = 20;
/** Whoever talks for so long into what is left on a machine that did not beep is none. */
const SPOKE_OVER_MS = 800;
/** Some machines beep when they begin to record and again soon after; one that goes on with it is not waited for. */
const MOST_MESSAGES = 3;

type MakeConversation = (deps: ConversationDeps) => CallConversation;

/** The agent's conversation; on a call of ours, where its settings have us look for answering machines, one that gives way to them. */
export const screened = (deps: ConversationDeps, make: MakeConversation): CallConversation =>
  deps.answeredBy && deps.agent.voicemail?.enabled ? new ScreenedConversation(deps, make) : make(deps);

/**
 * Talks as every conversation does while it finds out who has answered. A machine gets no conversation: it is left the agent's message after its
 * beep, or hung up on. Who turns out to be none is talked to again.
 */
class ScreenedConversation implements CallConversation {
  readonly #deps: ConversationDeps;
  readonly #make: MakeConversation;
  readonly #detector: AnswerDetector;
  /** Whom the other end is talked to by; nobody while a machine's greeting is waited out. */
  #present: CallConversation | undefined;
  #phase: 'talk' | 'greeting' | 'message' = 'talk';
  #answeredMs = 0;
  #voice: SharedVoice | undefined;
  #speaking = false;
  #ear: MachineEar | undefined;
  #recording: RecordingStart | undefined;
  #guidance: AgentGuidance | undefined;
  #held = false;
  #beeped = false;
  #messages = 0;
  /** The agent's first words were begun. */
  #greeted = false;
  #cancelSpokeOver: Cancel = () => {};
  #cancelCertain: Cancel = () => {};
  #over = false;

  constructor(deps: ConversationDeps, make: MakeConversation) {
    this.#deps = deps;
    this.#make = make;
    const { clock, agent } = deps;
    const timeoutMs = agent.voicemail?.detectionTimeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#detector = new AnswerDetector({ clock, timeoutMs }, (answeredBy) => this.#onVerdict(answeredBy));
  }

  start(): void {
    const { clock, media, voice, agent, machineHeard = false } = this.#deps;
    this.#answeredMs = clock.monotonicMs();
    this.#voice = new SharedVoice(voice, media);
    this.#voice.watch(media, (event) => this.#onVoice(event));
    media.onEvent((event) => {
      if (event.type === 'tone') this.#onTone(event.tone);
    });
    this.#detector.answered(machineHeard);
    if (this.#phase === 'talk' && !this.#over) this.#talk(agent);
  }

  digit(digit: string, durationMs: number): void {
    this.#present?.digit(digit, durationMs);
  }

  interject(interjection: Interjection, interrupt: boolean): 'now' | 'waiting' {
    if (this.#present) return this.#present.interject(interjection, interrupt);
    throw machineThere();
  }

  keyIn(request: KeyRequest): Promise<KeyedIn> {
    return this.#present?.keyIn?.(request) ?? Promise.resolve({ outcome: 'interrupted' });
  }

  guide(guidance: AgentGuidance): void {
    if (!this.#present) throw machineThere();
    this.#present.guide(guidance);
    this.#guidance = guidance;
  }

  operatorSaid(text: string, startMs: number, endMs: number): void {
    this.#present?.operatorSaid(text, startMs, endMs);
  }

  giveWay(): readonly ChatMessage[] {
    if (!this.#present) throw machineThere();
    const said = this.#present.giveWay();
    background(this.end(), 'end of a conversation', this.#deps.log);
    return said;
  }

  hold(): void {
    this.#held = true;
    this.#present?.hold();
  }

  unhold(): void {
    this.#held = false;
    this.#present?.unhold();
  }

  async end(): Promise<void> {
    if (!this.#over) this.#detector.close();
    this.#over = true;
    await Promise.all([this.#replace(), this.#voice?.close()]);
  }

  #onVerdict(answeredBy: AnsweredBy): void {
    this.#deps.answeredBy?.(answeredBy);
    // Somebody else talks there, or the far end does not listen: nothing is to be done by itself.
    if (this.#over || this.#held || (this.#guidance && isSilent(this.#guidance))) return;
    const { verdict } = answeredBy;
    if (verdict === 'fax') this.#hangup('fax');
    else if (verdict === 'machine') this.#onMachine(answeredBy);
    else if (this.#phase !== 'talk') this.#talkAgain(verdict === 'ivr');
  }

  #onMachine({ reason }: AnsweredBy): void {
    const { agent, clock } = this.#deps;
    const isLeft = leavesMessage(agent.voicemail);
    if (!isLeft && reason !== 'long_greeting') return this.#hangup('voicemail');
    if (this.#phase !== 'talk') return;
    this.#hearGreeting();
    if (isLeft) this.#awaitRecording();
    else this.#cancelCertain = clock.schedule(CERTAIN_AFTER_MS, () => this.#hangup('voicemail'));
  }

  #talk(agent: AgentSettings): void {
    this.#phase = 'talk';
    this.#present = this.#make({
      ...this.#deps,
      ...laterPart({ ...this.#deps, live: (event) => this.#onLive(event) }, this.#sinceAnswerMs()),
      agent,
      voice: this.#voice ?? this.#deps.voice,
    });
    this.#present.start();
    if (this.#guidance) this.#present.guide(this.#guidance);
  }

  /** Somebody was taken for a machine. Whoever speaks is listened to first; nobody greets a menu. */
  #talkAgain(isMenu: boolean): void {
    this.#stopAgent();
    const { agent } = this.#deps;
    const welcome = this.#speaking ? agent.welcome : { ...agent.welcome, delayMs: 0 };
    this.#talk({ ...agent, welcome: this.#greeted || isMenu ? { enabled: false } : welcome });
  }

  #hearGreeting(): void {
    this.#stopAgent();
    this.#phase = 'greeting';
    this.#ear = new MachineEar(this.#deps, this.#sinceAnswerMs(), (text) => {
      if (this.#phase !== 'talk' && !this.#beeped && !this.#over) this.#detector.understood(text);
    });
  }

  #awaitRecording(): void {
    this.#recording = new RecordingStart(this.#deps.clock, (sign) => {
      if (sign === 'never') this.#hangup('voicemail');
      else this.#leaveMessage();
    });
    if (this.#speaking) this.#recording.speechBegan();
  }

  /** From its beginning, where a beep tells that the machine has only now begun to record. */
  #leaveMessage(): void {
    const { agent } = this.#deps;
    if (this.#ear) background(this.#ear.finish(), 'hearing a machine', this.#deps.log);
    this.#stopSpeaking();
    this.#phase = 'message';
    this.#messages += 1;
    this.#present = new Announcement({
      ...this.#deps,
      ...laterPart(this.#deps, this.#sinceAnswerMs()),
      agent: { ...agent, startingMessage: agent.voicemail?.text },
      hangup: (reason) => this.#hangup(reason === 'provider_failed' ? reason : 'voicemail_left'),
    });
    this.#present.start();
    if (this.#held) this.#present.hold();
  }

  #onTone(tone: HeardTone): void {
    if (this.#over) return;
    this.#detector.tone(tone);
    if (tone !== 'beep' || this.#phase === 'talk') return;
    this.#beeped = true;
    this.#cancelSpokeOver();
    if (this.#phase === 'greeting' && !this.#recording) this.#hangup('voicemail');
    else if (this.#phase === 'greeting') this.#recording?.beep();
    else if (this.#messages < MOST_MESSAGES) this.#leaveMessage();
  }

  #onVoice(event: VoiceEvent): void {
    this.#speaking = event.type !== 'ended';
    if (this.#phase === 'message') return this.#onVoiceOverMessage(event);
    if (event.type === 'onset') this.#recording?.speechBegan();
    else if (event.type === 'ended') this.#recording?.speechEnded(this.#arrivalMs(event));
    this.#detect(event);
  }

  #detect(event: VoiceEvent): void {
    if (event.type === 'onset') this.#detector.speechBegan(this.#arrivalMs(event));
    else if (event.type === 'confirmed') this.#detector.speechConfirmed();
    else this.#detector.speechEnded(this.#arrivalMs(event));
  }

  /** Where only the length of a greeting had told. */
  #onVoiceOverMessage({ type }: VoiceEvent): void {
    this.#cancelSpokeOver();
    if (type === 'ended' || this.#beeped || this.#detector.told?.reason !== 'long_greeting') return;
    this.#cancelSpokeOver = this.#deps.clock.schedule(SPOKE_OVER_MS, () => this.#detector.spokeOverMessage());
  }

  #onLive(event: LiveEvent): void {
    // The call goes on with somebody else.
    if (event.type === 'state' && event.state === 'ended' && !this.#over) return;
    this.#deps.live?.(event);
    if (event.type === 'state' && event.state === 'agent_speaking') this.#greeted = true;
    if (event.type === 'speech' && event.speaker === 'caller') this.#detector.understood(event.text);
  }

  #arrivalMs({ type, sample, atMs }: VoiceEvent): number {
    return this.#deps.media.arrivalMs(type === 'ended' ? sample - 1 : sample) ?? atMs;
  }

  #sinceAnswerMs(): number {
    return this.#deps.clock.monotonicMs() - this.#answeredMs;
  }

  /** Nobody speaks for the agent any more, and nobody listens. */
  #stopAgent(): void {
    background(this.#replace(), 'end of a conversation', this.#deps.log);
    this.#deps.media.playout.flush(CUT_FADE_MS);
  }

  #stopSpeaking(): void {
    const before = this.#present;
    this.#present = undefined;
    if (!before) return;
    background(before.end(), 'end of a message', this.#deps.log);
    this.#deps.media.playout.flush(CUT_FADE_MS);
  }

  async #replace(): Promise<void> {
    this.#cancelSpokeOver();
    this.#cancelCertain();
    this.#recording?.close();
    this.#recording = undefined;
    const before = this.#present;
    this.#present = undefined;
    await Promise.all([before?.end(), this.#ear?.finish()]);
  }

  #hangup(reason: HangupReason): void {
    if (this.#over) return;
    this.#deps.hangup(reason);
  }
}

function machineThere(): AppError {
  const publicMessage = 'An answering machine has taken the call';
  return new AppError('conflict', publicMessage, { publicMessage });
}
