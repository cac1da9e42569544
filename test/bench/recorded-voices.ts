import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LINE_RATE_HZ } from '../support/echo-line.js';

/** Where Debian's asterisk-core-sounds-*-wav lie. */
const SOUNDS = '/usr/share/asterisk/sounds';
const AGENT = 'en_US_f_Allison';
const CALLERS = ['it_IT_m_Carlo', 'es_MX_f_Allison'];
const GAP_S = 0.4;

export type Voices = { agent: Int16Array; callers: readonly Int16Array[] };

/** People recorded for announcements, at 8 kHz: one who speaks for that long, and short sayings of others. */
export function recordedVoices(seconds: number): Voices {
  const agent = new Int16Array(seconds * LINE_RATE_HZ);
  let at = 0;
  for (const prompt of promptsOf(AGENT, 1.5)) {
    if (at + prompt.length > agent.length) break;
    agent.set(prompt, at);
    at += prompt.length + GAP_S * LINE_RATE_HZ;
  }
  const callers = CALLERS.map((name) => promptsOf(name, 1));
  const mixed = callers[0]?.slice(0, 60).flatMap((prompt, i) => [prompt, callers[1]?.[i] ?? prompt]) ?? [];
  return { agent: agent.subarray(0, at), callers: mixed };
}

/**
 * One prompt at 16 kHz, hers or another's, by its path below the voice's folder; `marginMs` of what is before and behind its sound is
 * left to it, in which a faint consonant may be. The line carries nothing of what this way of doubling adds.
 */
export function recordedPrompt(name: string, voice = AGENT, marginMs = 0): Int16Array {
  const slow = trimmed(samplesOf(join(SOUNDS, voice, `${name}.wav`)), (marginMs * LINE_RATE_HZ) / 1_000);
  return Int16Array.from({ length: slow.length * 2 }, (_, i) =>
    Math.round(((slow[i >> 1] ?? 0) + (slow[(i + 1) >> 1] ?? 0)) / 2),
  );
}

function promptsOf(name: string, leastS: number): Int16Array[] {
  const directory = join(SOUNDS, name);
  if (!existsSync(directory)) throw new Error(`${directory} is missing: install asterisk-core-sounds-{en,it,es}-wav`);
  return readdirSync(directory)
    .filter((file) => file.endsWith('.wav'))
    .sort()
    .map((file) => trimmed(samplesOf(join(directory, file))))
    .filter((prompt) => prompt.length >= leastS * LINE_RATE_HZ);
}

/** The first chunk called `data` of a 16-bit mono file. */
function samplesOf(path: string): Int16Array {
  const file = readFileSync(path);
  const data = file.indexOf('data', 12, 'latin1');
  const end = Math.min(file.length, data + 8 + file.readUInt32LE(data + 4));
  return new Int16Array(file.buffer.slice(file.byteOffset + data + 8, file.byteOffset + end - (end % 2)));
}

function trimmed(samples: Int16Array, margin = 0): Int16Array {
  const isSound = (x: number): boolean => Math.abs(x) > 300;
  return samples.subarray(Math.max(0, samples.findIndex(isSound) - margin), samples.findLastIndex(isSound) + 1 + margin);
}
