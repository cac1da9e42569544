import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { Interjected } from '../domain/ports/call-control.js';
import type { ConversationRecord } from '../domain/ports/conversation-record.js';
import type { Interjection } from '../pipeline/interjections.js';
import type { AgentSuccession } from './agent-succession.js';
import type { CallAudio } from './call-audio.js';
import type { CallDialog } from './call-dialog.js';
import type { CallGuidance } from './call-guidance.js';
import type { CallRecording } from './call-recording.js';
import type { CallConference } from './conference/call-conference.js';
import { LineAudio } from './line-audio.js';
import type { OperatorEar } from './operator-ear.js';
import { KEY_TIMING, pressKeys } from './press-keys.js';
import type { CallTransfer } from './transfer/call-transfer.js';

export type CallLineDeps = {
  clock: Clock;
  record: ConversationRecord;
  audio: Pick<CallAudio, 'session' | 'agreement' | 'conversation'>;
  dialog: Pick<CallDialog, 'current'>;
  transfer: CallTransfer;
  conference: CallConference;
  recording: CallRecording;
  guidance: CallGuidance;
  /** Of a call with an agent's conversation. */
  ear?: OperatorEar | undefined;
  succession: AgentSuccession;
};

/** What an operator can do on an answered call while it lasts. */
export class CallLine {
  /** Who listens from outside, and what is played from there. */
  readonly outside: LineAudio;
  readonly #deps: CallLineDeps;
  readonly #answeredMs: number;
  #pressedUntilMs = 0;

  /** Begins when the call was answered. */
  constructor(deps: CallLineDeps) {
    this.#deps = deps;
    this.#answeredMs = deps.clock.monotonicMs();
    const { clock, audio, transfer, guidance, ear } = deps;
    const playsOperator = (): boolean => guidance.now.mode !== 'regular';
    this.outside = new LineAudio({ clock, session: audio.session, target: () => transfer.target, ear, playsOperator });
  }

  /** @throws AppError `conflict` when the call has no conversation, is about to end, or has no room for more. */
  interject(interjection: Interjection, interrupt: boolean): Interjected {
    const conversation = this.#deps.audio.conversation;
    if (!conversation) throw conflict('No agent speaks on this call');
    const by = this.guidance.now.mode === 'regular' ? undefined : 'operator';
    return { begins: conversation.interject({ ...interjection, by }, interrupt) };
  }

  /** Hands the far end over. */
  get transfer(): CallTransfer {
    return this.#deps.transfer;
  }

  /** Calls others into the call. */
  get conference(): CallConference {
    return this.#deps.conference;
  }

  get recording(): CallRecording {
    return this.#deps.recording;
  }

  get guidance(): CallGuidance {
    return this.#deps.guidance;
  }

  /** Has another agent go on with it. */
  get succession(): AgentSuccession {
    return this.#deps.succession;
  }

  /** Whether what is said now is nobody's to keep, or to overhear. */
  hush(hushed: boolean): void {
    this.#deps.recording.hush(hushed);
    this.outside.hush(hushed);
    this.#deps.conference.hush(hushed);
  }

  /** @throws AppError `conflict` when nothing is agreed yet, or others are still being sent. */
  press(digits: string): void {
    const { clock, record, audio, dialog } = this.#deps;
    if (!audio.agreement) throw conflict('Nothing is agreed with the far end yet');
    const nowMs = clock.monotonicMs();
    // More than its queue holds the engine would drop.
    if (nowMs < this.#pressedUntilMs) throw conflict('Other digits are still being sent');
    const lengthMs = digits.length * (KEY_TIMING.durationMs + KEY_TIMING.gapMs);
    this.#pressedUntilMs = nowMs + lengthMs;
    pressKeys({ dialog: dialog.current, session: audio.session }, digits);
    const text = `[digits ${digits}]`;
    const startMs = Math.round(nowMs - this.#answeredMs);
    record.entry({ speaker: 'agent', text, heardText: text, interrupted: false, startMs, endMs: startMs + lengthMs });
  }
}

const conflict = (publicMessage: string): AppError => new AppError('conflict', publicMessage, { publicMessage });
