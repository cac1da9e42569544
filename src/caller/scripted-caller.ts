import { within } from '../calls/within.js';
import type { Clock } from '../core/clock.js';
import type { MediaEngine, MediaSession } from '../domain/ports/media.js';
import type { TextToSpeech } from '../domain/ports/speech.js';
import type { Dialog, Telephony } from '../domain/ports/telephony.js';
import type { VoiceActivity } from '../domain/ports/voice-activity.js';
import { Ear } from './ear.js';

/** What a scripted caller does, in order. Each step but `interrupt` first lets the far end finish. */
export type CallerStep =
  | { type: 'listen' }
  | { type: 'say'; text: string }
  /** Speaks over the far end, in the middle of what it says. */
  | { type: 'interrupt'; text: string }
  | { type: 'press'; digits: string };

export type CallerOutcome = { answered: false; sipCode: number; reason: string } | { answered: true; endedBy: 'them' | 'us' };

export type CallerDeps = {
  telephony: Telephony;
  media: MediaEngine;
  voice: VoiceActivity;
  tts: TextToSpeech;
  clock: Clock;
  /** Told what the caller does, for the terminal. */
  onStep?: (step: CallerStep) => void;
};

export type CallerPlan = {
  uri: string;
  steps: readonly CallerStep[];
  voice: string;
  recordingPath?: string | undefined;
  /** How long to wait for the far end at each step, and for its hang-up after the last. */
  patienceMs: number;
};

/** Lets an interrupted sentence get going, so that there is something to cut. */
const INTERRUPT_AFTER_MS = 1500;

/** Places a call and plays a caller's part in it: listens, speaks, interrupts, presses keys, and hangs up when it is left hanging. */
export async function playCaller(deps: CallerDeps, plan: CallerPlan): Promise<CallerOutcome> {
  const spoken = await synthesizeAll(deps, plan);
  const session = deps.media.open();
  const ear = new Ear(deps.clock);
  let watch: { close(): void } | undefined;
  try {
    const giveUp = new AbortController();
    const cancelGiveUp = deps.clock.schedule(plan.patienceMs, () => giveUp.abort());
    const result = await deps.telephony
      .dial({
        uri: plan.uri,
        local: session.local,
        onAgreement: (agreement) => session.configure(agreement),
        signal: giveUp.signal,
      })
      .finally(cancelGiveUp);
    if (!result.answered) return { answered: false, sipCode: result.failure.sipCode, reason: result.failure.reason };
    watch = deps.voice.watch(session, (event) => ear.hear(event));
    if (plan.recordingPath) session.startRecording(plan.recordingPath);
    return { answered: true, endedBy: await converse(deps, plan, session, result.dialog, ear, spoken) };
  } finally {
    watch?.close();
    ear.close();
    await session.close();
  }
}

async function converse(
  deps: CallerDeps,
  plan: CallerPlan,
  session: MediaSession,
  dialog: Dialog,
  ear: Ear,
  spoken: ReadonlyMap<string, Int16Array>,
): Promise<'them' | 'us'> {
  const end: { by?: 'them' | 'us' } = {};
  const ended = new Promise<void>((resolve) => {
    dialog.onEnded(({ by }) => {
      end.by = by === 'remote' ? 'them' : 'us';
      resolve();
    });
  });
  const drained = waitForDrained(session);
  let heardBefore = 0;
  const steps = async (): Promise<void> => {
    for (const step of plan.steps) {
      if (step.type === 'interrupt') await ear.speakingFor(heardBefore, INTERRUPT_AFTER_MS, plan.patienceMs);
      else await ear.finished(heardBefore, plan.patienceMs);
      if (end.by) return;
      deps.onStep?.(step);
      heardBefore = ear.utterances;
      if (step.type === 'press') session.sendDigits(step.digits);
      if (step.type !== 'say' && step.type !== 'interrupt') continue;
      session.playout.write(spoken.get(step.text) ?? new Int16Array(0), 16_000);
      await drained();
      // What the far end said while we were speaking over it is not the answer to it.
      heardBefore = step.type === 'interrupt' ? ear.utterances : heardBefore;
    }
  };
  await Promise.race([steps(), ended]);
  await within(deps.clock, plan.patienceMs, ended);
  if (end.by) return end.by;
  await dialog.hangup();
  return 'us';
}

/** Each call of the returned function resolves the next time the queue runs empty. */
function waitForDrained(session: MediaSession): () => Promise<void> {
  let waiting: (() => void)[] = [];
  session.onEvent((event) => {
    if (event.type !== 'drained') return;
    const resolved = waiting;
    waiting = [];
    for (const resolve of resolved) resolve();
  });
  return () => new Promise((resolve) => waiting.push(resolve));
}

/** All sentences are made before the call, so that the caller never hesitates for the synthesiser. */
async function synthesizeAll(deps: CallerDeps, plan: CallerPlan): Promise<Map<string, Int16Array>> {
  const spoken = new Map<string, Int16Array>();
  for (const step of plan.steps) {
    if ((step.type !== 'say' && step.type !== 'interrupt') || spoken.has(step.text)) continue;
    const parts: Int16Array[] = [];
    const request = {
      text: step.text,
      language: 'en-US',
      voiceSettings: { voice: plan.voice },
      signal: new AbortController().signal,
    };
    for await (const chunk of deps.tts.synthesize(request)) {
      if (chunk.rateHz !== 16_000) throw new Error(`the caller's voice must be 16 kHz, not ${chunk.rateHz}`);
      parts.push(chunk.pcm);
    }
    spoken.set(step.text, Int16Array.from(parts.flatMap((part) => Array.from(part))));
  }
  return spoken;
}
