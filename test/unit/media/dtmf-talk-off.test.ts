import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { loadNativeAddon } from '../../../src/media/native-addon.js';
import { spoken } from '../../support/test-audio.js';

const RATE_HZ = 16_000;
const HOUR_S = 3_600;
/** Where Debian's asterisk-core-sounds-*-wav lie, if they are installed. */
const PROMPTS = '/usr/share/asterisk/sounds';
/** Everything that voices do: vowels of all heights, nasals, numbers, questions. */
const TEXT =
  'Good morning, you are through to the service desk. Could I have your account number, please? Nine, oh, four, seven, eleven. ' +
  'Uhm, well, no, we moaning low in the room alone. Are you really sure you never knew me? I owe you one, two, three, five, six, eight. ' +
  'Mmm, yeah, aha, okay, oh no, wow, hello, hello? My mum will own a new oar in June. Please hold the line while I look for it.';

/** Higher and faster by `factor`, and quieter by `gain`. */
function varied(samples: Int16Array, factor: number, gain: number): Int16Array {
  const out = new Int16Array(2 * Math.floor(samples.length / factor / 2));
  for (let i = 0; i < out.length; i += 1) {
    const at = i * factor;
    const left = Math.floor(at);
    const share = at - left;
    out[i] = gain * ((samples[left] ?? 0) * (1 - share) + (samples[left + 1] ?? 0) * share);
  }
  return out;
}

/** Hours of `voice`, of a hundred voices made of it, and the keys that were taken for pressed. */
function keysIn(voice: Int16Array, seconds: number): string {
  const { DtmfDetector } = loadNativeAddon();
  const detector = new DtmfDetector();
  let digits = '';
  let heard = 0;
  for (let i = 0; heard < seconds * RATE_HZ; i += 1) {
    const other = varied(voice, 0.7 + ((i * 37) % 100) / 150, [0.2, 0.5, 1][i % 3] ?? 1);
    digits += detector.heard(other);
    heard += other.length;
  }
  return digits;
}

void t.test('an hour of speech of a hundred voices presses no key', async (t) => {
  const voice = await spoken(TEXT);
  t.ok(voice.length > 20 * RATE_HZ);
  t.equal(keysIn(voice, HOUR_S), '');
});

void t.test(
  'nor do the people recorded for announcements',
  { skip: !existsSync(PROMPTS) && 'no prompts installed' },
  async (t) => {
    const files = readdirSync(PROMPTS, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.wav'));
    const voices = files.slice(0, 400).map((file) => {
      const bytes = readFileSync(join(PROMPTS, file));
      const data = bytes.indexOf('data', 12, 'latin1') + 8;
      const at8k = new Int16Array(
        bytes.buffer.slice(bytes.byteOffset + data, bytes.byteOffset + bytes.length - ((bytes.length - data) % 2)),
      );
      return varied(at8k, 0.5, 1);
    });
    const all = new Int16Array(voices.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const voice of voices) {
      all.set(voice, at);
      at += voice.length;
    }
    t.equal(keysIn(all, HOUR_S), '');
  },
);
