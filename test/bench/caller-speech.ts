import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../../src/core/log.js';
import type { TextToSpeech } from '../../src/domain/ports/speech.js';
import { startFliteSynthesizer } from '../../src/speech/embedded/flite-synthesizer.js';
import { g711Encode } from '../support/g711.js';

const SENTENCES = [
  'Good morning, I am calling about the bicycle that I brought in for repair last Tuesday.',
  'Yes, the green one with the basket in front.',
  'Could you tell me whether it is ready, and how much I have to pay for it?',
  'I see. Would it be possible to have the brakes looked at as well?',
  'They have been making a terrible noise ever since the winter.',
  'Friday afternoon would suit me, or else some time on Saturday morning.',
  'No, that is quite all right. My number is five five five, two three nine four.',
  'And one more thing, do you happen to sell lights that can be charged from a computer?',
];
/** A caller speaks about half of the time. */
const PAUSES_S = [1.2, 4.5, 2.0, 6.5, 1.6, 3.8, 5.2, 2.7];
/** A quiet line is not a silent one; digital silence would spare the detector its work. About -60 dBFS. */
const NOISE_PEAK = 57;
const RATE_HZ = 8000;

/** Puts it into a file for as long as something is measured. */
export async function withSpeech<T>(measure: (speechFile: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'offhook-speech-'));
  try {
    const speechFile = join(directory, 'caller.ulaw');
    await writeFile(speechFile, await callerSpeechUlaw());
    return await measure(speechFile);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** About a minute of a caller's half of a conversation, as mu-law at 8 kHz. */
async function callerSpeechUlaw(): Promise<Buffer> {
  const tts = startFliteSynthesizer({ workers: 1, log: silentLogger });
  try {
    const parts: Int16Array[] = [];
    for (const [index, sentence] of SENTENCES.entries()) {
      parts.push(halved(await speak(tts, sentence, index % 2 === 0 ? 'rms' : 'slt')));
      parts.push(new Int16Array(Math.round((PAUSES_S[index] ?? 0) * RATE_HZ)));
    }
    return g711Encode(withLineNoise(joined(parts)), 'PCMU');
  } finally {
    await tts.close();
  }
}

/** One text at 16 kHz. */
export async function speak(tts: TextToSpeech, text: string, voice: string): Promise<Int16Array> {
  const parts: Int16Array[] = [];
  const request = { text, language: 'en-US', voiceSettings: { voice }, signal: new AbortController().signal };
  for await (const chunk of tts.synthesize(request)) {
    if (chunk.rateHz !== 16_000) throw new Error(`the caller's voice must be 16 kHz, not ${chunk.rateHz}`);
    parts.push(chunk.pcm);
  }
  return joined(parts);
}

export function joined(parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** 16 to 8 kHz by the mean of two samples: enough for a load that is to sound like speech. */
function halved(pcm: Int16Array): Int16Array {
  return Int16Array.from({ length: pcm.length >> 1 }, (_, i) => ((pcm[2 * i] ?? 0) + (pcm[2 * i + 1] ?? 0)) >> 1);
}

/** Repeatable noise from a linear congruential generator. */
function withLineNoise(pcm: Int16Array): Int16Array {
  let state = 1;
  return pcm.map((sample) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.max(-32_768, Math.min(32_767, sample + Math.round((state / 2 ** 31 - 1) * NOISE_PEAK)));
  });
}
