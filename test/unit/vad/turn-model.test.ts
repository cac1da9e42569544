import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { systemClock } from '../../../src/core/clock.js';
import { CloseStack } from '../../../src/core/lifecycle.js';
import { silentLogger } from '../../../src/core/log.js';
import { startTurns } from '../../../src/turns.js';
import { temporaryDirectory } from '../../support/offhook-process.js';
import { meanModel } from '../../support/onnx-model.js';
import { until } from '../../support/until.js';

const SECOND = 16_000;

/** What `turns.model` starts in this directory. */
async function started(t: Test, dataDir: string, model: string | undefined) {
  const stack = new CloseStack();
  t.teardown(() => stack.close());
  return {
    stack,
    model: await startTurns({ config: { turns: { model }, dataDir }, clock: systemClock, log: silentLogger, stack }),
  };
}

void t.test('a model judges turns off the main thread, until it is closed', async (t) => {
  const dataDir = temporaryDirectory(t);
  writeFileSync(join(dataDir, 'turn.onnx'), meanModel([{ name: 'x', shape: [1, SECOND] }], { scale: 1_000 }));
  const { model, stack } = await started(t, dataDir, 'turn.onnx');
  // On a busy machine a verdict may come too late, which is none.
  const verdict = async (value: number): Promise<number> => {
    let said: number | undefined;
    await until(async () => (said = await model?.judge(new Int16Array(SECOND).fill(value))) !== undefined);
    return said ?? Number.NaN;
  };
  t.ok((await verdict(8_000)) > 0.99);
  t.ok((await verdict(-8_000)) < 0.01);
  await stack.close();
  t.equal(await model?.judge(new Int16Array(SECOND)), undefined);
});

void t.test('without a setting there is none', async (t) => {
  t.equal((await started(t, temporaryDirectory(t), undefined)).model, undefined);
});

void t.test('a file that is of no use stops the start and names the setting', async (t) => {
  const dataDir = temporaryDirectory(t);
  writeFileSync(join(dataDir, 'other.onnx'), meanModel([{ name: 'x', shape: [1, 3, 224, 224] }]));
  await t.rejects(started(t, dataDir, 'other.onnx'), {
    name: 'ConfigError',
    message: /turns\.model \(.*other\.onnx\): cannot be used: its input x is/,
  });
  await t.rejects(started(t, dataDir, 'none.onnx'), { name: 'ConfigError', message: /turns\.model/ });
});
