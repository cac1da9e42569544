import type { CallId } from '../core/ids.js';
import type { Call, TranscriptEntry, Turn } from '../domain/call.js';
import type { HeardTone } from '../domain/tone-recognizer.js';
import type { ToolRun } from '../domain/tool-run.js';
import type { LiveEvent } from '../pipeline/live-event.js';

/** What the terminal, the metrics and later the live feed are told. */
export type CallEvent =
  | { type: 'started'; call: Call }
  | { type: 'answered'; call: Call }
  /** Audio that should pass does not, or does again: `audioFault` tells. */
  | { type: 'audio'; call: Call }
  /** A machine said something by tones. */
  | { type: 'tone'; callId: CallId; tone: HeardTone }
  /** Who has answered a call of ours became clear, or turned out to be somebody else: its `answeredBy` tells. */
  | { type: 'answerer'; call: Call }
  /** Its `transfer` has changed. */
  | { type: 'transfer'; call: Call }
  /** Who was called into it, or what is known of them, has changed. */
  | { type: 'participants'; call: Call }
  /** Another agent leads it from now on: `handoffs` tells. */
  | { type: 'handoff'; call: Call }
  /** An operator leads its agent in another way: `guidance` tells. */
  | { type: 'guidance'; call: Call }
  /** Every call ends once, those that were refused without having started too. */
  | { type: 'ended'; call: Call }
  | { type: 'live'; callId: CallId; event: LiveEvent }
  | { type: 'entry'; entry: TranscriptEntry }
  | { type: 'turn'; turn: Turn }
  /** A tool that the agent used has ended; of one that runs at the end of a call, after its `ended`. */
  | { type: 'tool'; callId: CallId; run: ToolRun };
