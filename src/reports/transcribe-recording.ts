import type { Clock } from '../core/clock.js';
import type { RecordingFile } from '../core/recording-file.js';
import type { AgentSettings } from '../domain/agent.js';
import type { Call, TranscriptEntry } from '../domain/call.js';
import { AUDIO_RATE_HZ, bandOf } from '../domain/ports/media.js';
import type { RecognitionOptions, SpeechSuite } from '../domain/ports/speech.js';
import { digitOf } from './conversation-facts.js';
import { FRAME_MS, type Segment, speechSegments } from './speech-segments.js';
import { type Channel, StereoRecording } from './stereo-recording.js';

/**
 * Audio is given to the recogniser eight times as fast as it was spoken: one that works while it listens is then nearly done at
 * the end, where it has seconds to answer.
 */
const PIECE_MS = 800;
const PAUSE_MS = 100;
const PIECE_SAMPLES = (AUDIO_RATE_HZ * PIECE_MS) / 1000;

export type Transcription = {
  call: Call;
  file: RecordingFile;
  agent: AgentSettings;
  /** What was written down while the call lasted: the key presses are taken from it, which no recogniser hears. */
  live: readonly TranscriptEntry[];
  /** For what the caller says, and for what the agent does. */
  suites: { caller: SpeechSuite; agent: SpeechSuite };
  clock: Clock;
  signal: AbortSignal;
};

type Said = Pick<TranscriptEntry, 'speaker' | 'text' | 'startMs' | 'endMs'>;

/**
 * Listens to a recording again, utterance by utterance on each channel. Times count from the answer; what the network said before
 * it was not said by anybody on the call.
 *
 * @throws AppError `provider_failed` when the recogniser does, `recording_not_found` when the file cannot be read.
 */
export async function transcribeRecording(transcription: Transcription): Promise<TranscriptEntry[]> {
  const { call, live, file } = transcription;
  const recording = await StereoRecording.open(file);
  try {
    const [caller, agent] = await recording.levels();
    const said = [
      ...(await understand(recording, 0, speechSegments(caller, agent), transcription)),
      ...(await understand(recording, 1, speechSegments(agent), transcription)),
      ...live.filter((entry) => digitOf(entry) !== undefined),
    ];
    return said
      .toSorted((a, b) => a.startMs - b.startMs)
      .map(({ speaker, text, startMs, endMs }, index) => ({
        callId: call.id,
        sequence: index + 1,
        speaker,
        text,
        heardText: text,
        interrupted: false,
        startMs,
        endMs,
      }));
  } finally {
    await recording.close();
  }
}

async function understand(
  recording: StereoRecording,
  channel: Channel,
  segments: readonly Segment[],
  { call, agent, suites, clock, signal }: Transcription,
): Promise<Said[]> {
  const speaker = channel === 0 ? 'caller' : 'agent';
  const { stt, vocabulary = { sentences: [] } } = suites[speaker];
  const options: RecognitionOptions = {
    language: agent.language,
    vocabulary,
    band: bandOf(call.codec),
    signal,
  };
  const said: Said[] = [];
  const { answeredAtMs, recordingStartedAtMs } = call;
  const earlyMs = answeredAtMs === undefined ? 0 : Math.max(0, answeredAtMs - (recordingStartedAtMs ?? answeredAtMs));
  // One after the other: calls in progress need the recogniser more.
  for (const { from, to } of segments.filter((segment) => segment.to * FRAME_MS > earlyMs)) {
    const stream = stt.open(options);
    const samples = await recording.samples(channel, from, to);
    for (let at = 0; at < samples.length; at += PIECE_SAMPLES) {
      stream.write(samples.subarray(at, at + PIECE_SAMPLES));
      await new Promise<void>((resolve) => clock.schedule(PAUSE_MS, resolve));
      signal.throwIfAborted();
    }
    const text = (await stream.finish()).text.trim();
    if (text !== '')
      said.push({ speaker, text, startMs: Math.max(0, from * FRAME_MS - earlyMs), endMs: to * FRAME_MS - earlyMs });
  }
  return said;
}
