import { AUDIO_RATE_HZ, type EchoCancellation } from '../../src/domain/ports/media.js';
import type { VoiceEvent } from '../../src/domain/ports/voice-activity.js';
import { loadNativeAddon } from '../../src/media/native-addon.js';
import { BatchDetector } from '../../src/vad/batch-detector.js';
import { findModel } from '../../src/vad/model-file.js';
import { loadSilero } from '../../src/vad/silero.js';
import { FakeAudioMemory } from './fake-audio-memory.js';

const FRAME = AUDIO_RATE_HZ / 50;

/** One call at 16 kHz: what we say, and what comes in. */
export type CallAudio = { sent: Int16Array; heard: Int16Array };

/**
 * What is detected in calls: each through an echo canceller of its own, all through one detector, 20 ms at a time and as fast as it
 * goes. `atMs` counts from the begin of the audio. `cancelMs` is CPU time.
 */
export async function detectedIn(
  calls: readonly CallAudio[],
  mode: EchoCancellation,
): Promise<{ events: VoiceEvent[][]; cancelMs: number }> {
  const { EchoCanceller } = loadNativeAddon();
  const memory = new FakeAudioMemory(calls.length);
  const detector = new BatchDetector(memory, await loadSilero(await findModel(undefined)));
  const cancellers = calls.map(() => new EchoCanceller(mode, false));
  const events: VoiceEvent[][] = calls.map(() => []);
  for (const id of calls.keys()) {
    memory.claim(id, 1);
    detector.watch(id, id, 1, 0);
  }
  let cancelMs = 0;
  const length = Math.max(...calls.map(({ heard }) => heard.length));
  for (let at = 0; at + FRAME <= length; at += FRAME) {
    const frames = calls.map(({ heard }) => heard.slice(at, at + FRAME));
    const before = process.cpuUsage();
    for (const [id, { sent }] of calls.entries()) {
      cancellers[id]?.sent(sent.subarray(at, at + FRAME));
      cancellers[id]?.heard(frames[id] ?? new Int16Array());
    }
    cancelMs += process.cpuUsage(before).user / 1_000;
    for (const [id, frame] of frames.entries()) memory.write(id, frame);
    const nowMs = ((at + FRAME) * 1_000) / AUDIO_RATE_HZ;
    const told = await detector.tick(
      () => nowMs,
      () => false,
    );
    for (const { id, event } of told) events[id]?.push(event);
  }
  return { events, cancelMs };
}
