import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { loadTurnNetwork } from '../../../src/vad/turn-network.js';
import { temporaryDirectory } from '../../support/offhook-process.js';
import { meanModel } from '../../support/onnx-model.js';

const SECOND = 16_000;
const level = (samples: number, value: number): Int16Array => new Int16Array(samples).fill(value);

void t.test('a model that takes audio is given its last seconds, with silence in front', async (t) => {
  const file = join(temporaryDirectory(t), 'audio.onnx');
  writeFileSync(file, meanModel([{ name: 'x', shape: ['batch', 2 * SECOND] }], { bare: true }));
  const judge = await loadTurnNetwork(file);
  const half = (await judge(level(SECOND, 16_384))).toFixed(3);
  t.equal(half, '0.250', 'one second at half of full scale, in two');
  t.equal((await judge(level(2 * SECOND, 16_384))).toFixed(3), '0.500');
  const long = new Int16Array(5 * SECOND);
  long.fill(16_384, 4 * SECOND);
  t.equal((await judge(long)).toFixed(3), '0.250', 'the end of what is too long');
});

void t.test('a model that takes any length of audio is given eight seconds', async (t) => {
  const file = join(temporaryDirectory(t), 'audio.onnx');
  writeFileSync(file, meanModel([{ name: 'x', shape: ['batch', 'samples'] }], { bare: true }));
  t.equal((await (await loadTurnNetwork(file))(level(SECOND, 16_384))).toFixed(4), '0.0625');
});

void t.test('a model that takes mel bands is given them, as Whisper hears', async (t) => {
  const file = join(temporaryDirectory(t), 'mel.onnx');
  writeFileSync(file, meanModel([{ name: 'input_features', shape: [1, 80, 800] }]));
  const judge = await loadTurnNetwork(file);
  const tone = Int16Array.from({ length: 8 * SECOND }, (_, i) => 8_000 * Math.sin((2 * Math.PI * 440 * i) / SECOND));
  const noise = Int16Array.from({ length: 8 * SECOND }, (_, i) => ((i * 7_919 + ((i * i) % 4_001)) % 16_000) - 8_000);
  t.ok((await judge(noise)) > (await judge(tone)), 'noise fills all bands, a tone few');
});

void t.test('what is no such model says why', async (t) => {
  const folder = temporaryDirectory(t);
  const audio = { name: 'x', shape: [1, SECOND] };
  for (const [why, model] of [
    [/one input/, meanModel([audio, { name: 'state', shape: [2, 1] }])],
    [/input x is \[1, 40, 800\], neither audio/, meanModel([{ name: 'x', shape: [1, 40, 800] }])],
    [/input x is \[4, 16000\]/, meanModel([{ name: 'x', shape: [4, SECOND] }])],
    [/output said is not one/, meanModel([audio], { wide: true })],
    [/is no probability: nan/i, meanModel([audio], { bare: true, scale: Number.NaN })],
    [/protobuf|parse|load/i, Buffer.from('this is no model')],
  ] as const) {
    const file = join(folder, 'model.onnx');
    writeFileSync(file, model);
    await t.rejects(loadTurnNetwork(file), { message: why });
  }
  await t.rejects(loadTurnNetwork(join(folder, 'none.onnx')), { message: /none\.onnx/ });
});
