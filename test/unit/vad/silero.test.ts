import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { AUDIO_RATE_HZ } from '../../../src/domain/ports/media.js';
import { BatchDetector, INPUT_SAMPLES, type SessionEvent, STATE_SIZE } from '../../../src/vad/batch-detector.js';
import { findModel } from '../../../src/vad/model-file.js';
import { loadNative, loadOnnxRuntime, loadSilero } from '../../../src/vad/silero.js';
import { FakeAudioMemory } from '../../support/fake-audio-memory.js';
import { joined, noise, silent, spoken, tone } from '../../support/test-audio.js';

/** What the detector says of this audio; no time passes meanwhile. */
async function detect(pcm: Int16Array): Promise<SessionEvent['event'][]> {
  const memory = new FakeAudioMemory(1, 1 << 20);
  memory.claim(0, 1);
  const detector = new BatchDetector(memory, await loadSilero(await findModel(undefined)));
  detector.watch(0, 0, 1, 0);
  memory.write(0, pcm);
  const events = await detector.tick(
    () => 0,
    () => false,
  );
  return events.map(({ event }) => event);
}

const ms = (sample: number): number => (sample * 1_000) / AUDIO_RATE_HZ;

void t.test('a sentence is told from its begin to its end', async (t) => {
  const sentence = await spoken('I would like to book a table for two people, please.');
  const events = await detect(joined(silent(1_000), sentence, silent(1_000)));
  const [first, second] = events;
  t.equal(first?.type, 'onset');
  t.ok(ms(first?.sample ?? 0) > 850 && ms(first?.sample ?? 0) < 1_350, `began at ${ms(first?.sample ?? 0)} ms`);
  t.equal(second?.type, 'confirmed');
  const last = events.at(-1);
  const endMs = 1_000 + ms(sentence.length);
  t.equal(last?.type, 'ended');
  t.ok(Math.abs(ms(last?.sample ?? 0) - endMs) < 400, `ended at ${ms(last?.sample ?? 0)} of ${endMs} ms`);
});

void t.test('short words are heard', async (t) => {
  for (const word of ['Yes.', 'No.', 'Stop!', 'Five.']) {
    const events = await detect(joined(silent(800), await spoken(word), silent(800)));
    t.equal(events[0]?.type, 'onset', word);
    t.equal(events.at(-1)?.type, 'ended', word);
  }
});

void t.test('tones, keys, noise and silence are not taken for speech', async (t) => {
  const keyPress = joined(tone([770, 1_336], 100), silent(100));
  const sounds: [string, Int16Array][] = [
    ['silence', silent(5_000)],
    ['key presses', joined(...Array.from({ length: 25 }, () => keyPress))],
    ['ringback', joined(tone([440, 480], 2_000), silent(2_000), tone([440, 480], 2_000))],
    ['a beep', tone([1_000], 5_000)],
    ['loud noise', noise(5_000, 8_000)],
    ['faint noise', noise(5_000, 60)],
    ['noise with gaps', joined(...Array.from({ length: 25 }, () => joined(noise(180, 4_000), silent(20))))],
  ];
  for (const [what, pcm] of sounds) t.same(await detect(joined(pcm, silent(500))), [], what);
});

void t.test('somebody in the next room is not taken for the caller', async (t) => {
  const faint = (await spoken('This is about something else, and not for the telephone.')).map((sample) => sample / 300);
  t.same(await detect(joined(silent(300), faint, silent(500))), []);
});

void t.test('a window’s verdict does not depend on the batch it is in, to the last bit', async (t) => {
  const run = await loadSilero(await findModel(undefined));
  const rows = 7;
  const pcm = await spoken('Batches must not leak into each other.');
  const inputs = new Float32Array(rows * INPUT_SAMPLES).map((_, i) => (pcm[6_000 + i] ?? 0) / 32_768);
  const states = new Float32Array(2 * rows * STATE_SIZE).map((_, i) => Math.sin(i) / 4);
  const together = await run(inputs.slice(), states.slice(), rows);
  for (let row = 0; row < rows; row += 1) {
    const own = [row, rows + row].flatMap((at) => [...states.subarray(at * STATE_SIZE, (at + 1) * STATE_SIZE)]);
    const alone = await run(inputs.slice(row * INPUT_SAMPLES, (row + 1) * INPUT_SAMPLES), Float32Array.from(own), 1);
    t.equal(together.probabilities[row], alone.probabilities[0], `probability of row ${row}`);
    const shared = [row, rows + row].flatMap((at) => [...together.states.subarray(at * STATE_SIZE, (at + 1) * STATE_SIZE)]);
    t.same(shared, [...alone.states], `state of row ${row}`);
  }
});

void t.test('our own code and onnxruntime judge every window alike, whatever the batch', async (t) => {
  const model = await findModel(undefined);
  const native = await loadNative(model);
  const known =
    process.arch === 'x64' && /^flags.* avx2 .*\bfma\b|^flags.*\bfma\b.* avx2 /m.test(readFileSync('/proc/cpuinfo', 'utf8'));
  t.equal(native !== undefined, known, 'taken by our own code where the processor is up to it');
  if (!native) return;
  const reference = await loadOnnxRuntime(model);
  const pcm = joined(await spoken('Could you tell me whether it is ready?'), noise(500, 3_000), tone([440], 300));
  for (const batch of [1, 16, 19]) {
    let states = new Float32Array(2 * batch * STATE_SIZE);
    let expectedStates = states.slice();
    let most = 0;
    for (let window = 0; window < 40; window += 1) {
      // Each row hears the same at another time.
      const inputs = Float32Array.from({ length: batch * INPUT_SAMPLES }, (_, i) => {
        const at = window * 512 + Math.floor(i / INPUT_SAMPLES) * 1_700 + (i % INPUT_SAMPLES);
        return (pcm[at % pcm.length] ?? 0) / 32_768;
      });
      const judged = await native(inputs, states, batch);
      const expected = await reference(inputs, expectedStates, batch);
      for (let row = 0; row < batch; row += 1) {
        most = Math.max(most, Math.abs((judged.probabilities[row] ?? 1) - (expected.probabilities[row] ?? 0)));
      }
      states = judged.states as Float32Array<ArrayBuffer>;
      expectedStates = expected.states as Float32Array<ArrayBuffer>;
    }
    t.ok(most < 1e-3, `${batch} at a time: off by ${most}`);
  }
});

void t.test('a file that holds another network, or none, is left to onnxruntime', async (t) => {
  const folder = t.testdir({ none: 'not a model', empty: '', broken: Buffer.from([0x3a, 0x7f, 1]) });
  for (const name of ['none', 'empty', 'broken']) {
    t.equal(await loadNative(join(folder, name)), undefined);
    await t.rejects(loadSilero(join(folder, name)));
  }
});
