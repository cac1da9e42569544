import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordedVoices } from './recorded-voices.js';
import { markdown } from './tables.js';

/** Built by test/bench.mjs from native/bench/quality. */
const PROGRAM = 'dist/line-quality';
const SPEECH_S = 60;

type Listener = 'jitter buffer' | 'silence' | 'last frame';
/** What one listener made of one line. */
type Heard = {
  codec: string;
  losses: 'none' | 'random' | 'bursts';
  lossPercent: number;
  jitterMs: number;
  listener: Listener;
  /** Log-spectral distance to what was said, 0-4 kHz; 0 is the same. */
  spectralDistanceDb: number;
  /** Segmental signal-to-noise ratio, -10 to 35. */
  segmentalSnrDb: number;
  addedDelayMs: number;
  madeUpPercent: number;
  /** Of the time, cut out or repeated to change the delay. */
  scaledPercent: number;
};

/** A minute of recorded speech over lines that lose and delay packets: our jitter buffer against two simple ones. */
export async function benchQuality() {
  const directory = await mkdtemp(join(tmpdir(), 'offhook-quality-'));
  try {
    const speech = join(directory, 'speech.raw');
    await writeFile(speech, recordedVoices(SPEECH_S).agent);
    const { status, stdout, stderr } = spawnSync(PROGRAM, [speech], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${PROGRAM} ended with ${status}: ${stderr}`);
    const result = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Heard);
    return { result, table: qualityTable(result) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function qualityTable(results: readonly Heard[]): string {
  const rows = results
    .filter(({ listener }) => listener === 'jitter buffer')
    .map((ours) => {
      const { codec, losses, lossPercent, jitterMs } = ours;
      const sameLine = (heard: Heard): boolean =>
        heard.codec === codec && heard.losses === losses && heard.lossPercent === lossPercent && heard.jitterMs === jitterMs;
      const all = results.filter(sameLine);
      const fixed = all.find(({ listener }) => listener === 'silence');
      return [
        codec,
        losses === 'none' ? '-' : `${lossPercent} % ${losses}`,
        String(jitterMs),
        ...all.map((heard) => heard.spectralDistanceDb.toFixed(2)),
        ...all.map((heard) => heard.segmentalSnrDb.toFixed(1)),
        ours.addedDelayMs.toFixed(1),
        fixed?.addedDelayMs.toFixed(0) ?? '',
        ours.madeUpPercent.toFixed(1),
        fixed?.madeUpPercent.toFixed(1) ?? '',
        ours.scaledPercent.toFixed(2),
      ];
    });
  const head = ['codec', 'lost', 'jitter ms', 'LSD dB', '(a)', '(b)', 'SNR dB', '(a)', '(b)', 'delay ms', 'fixed'];
  const title =
    'Speech over lines that lose and delay packets (20 ms each; bursts of three on the mean; jitter even from 0), heard through our jitter ' +
    'buffer, and through a fixed one that (a) puts in silence, (b) repeats the last frame. Log-spectral distance (0 the same) and ' +
    'segmental signal-to-noise ratio (-10 to 35) to what the codec alone leaves, in frames with speech; mean delay added beyond the ' +
    "packet's own time; made up: % of the time for us and for the fixed buffer; scaled: % cut or repeated";
  return `${title}\n${markdown([...head, 'made up %', 'fixed', 'scaled %'], rows)}`;
}
