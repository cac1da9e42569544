import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { INPUT_SAMPLES, type Model, STATE_SIZE } from './batch-detector.js';
import { readTensors } from './onnx-tensors.js';

const SAMPLE_RATE_HZ = 16_000n;

type NativeSilero = { run(inputs: Float32Array, states: Float32Array, probabilities: Float32Array): void };
type Addon = { Silero: new (tensors: Record<string, Float32Array>) => NativeSilero };

/** The engine's addon, three levels above the compiled form of this file; each thread that loads it has classes of its own. */
const ADDON_PATH = fileURLToPath(new URL('../../../native/build/Release/offhook.node', import.meta.url));

/**
 * Silero v5 or v6 for 16 kHz on one core. A run blocks the calling thread, and a thread that is killed in a run may take the process with
 * it: that is why it lives in a worker that is stopped by a flag only.
 *
 * Native code of our own knows this very network, and takes a quarter of the time of onnxruntime, which has whatever else the file
 * holds, and processors without AVX2.
 */
export async function loadSilero(modelPath: string): Promise<Model> {
  return (await loadNative(modelPath)) ?? (await loadOnnxRuntime(modelPath));
}

/** Undefined where our code does not know the network or the processor. */
export async function loadNative(modelPath: string): Promise<Model | undefined> {
  const { Silero } = createRequire(import.meta.url)(ADDON_PATH) as Addon;
  let network: NativeSilero;
  try {
    network = new Silero(readTensors(await readFile(modelPath)));
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return undefined;
    throw error;
  }
  return (inputs, states, batch) => {
    const probabilities = new Float32Array(batch);
    network.run(inputs, states, probabilities);
    return Promise.resolve({ probabilities, states });
  };
}

export async function loadOnnxRuntime(modelPath: string): Promise<Model> {
  // Only where it is needed: it takes a moment and some ten megabytes.
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await InferenceSession.create(modelPath, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
  });
  const rate = new Tensor('int64', BigInt64Array.of(SAMPLE_RATE_HZ), []);
  return async (inputs, states, batch) => {
    const output = await session.run({
      input: new Tensor('float32', inputs, [batch, INPUT_SAMPLES]),
      state: new Tensor('float32', states, [2, batch, STATE_SIZE]),
      sr: rate,
    });
    const probabilities = output['output']?.data;
    const nextStates = output['stateN']?.data;
    if (!(probabilities instanceof Float32Array) || !(nextStates instanceof Float32Array))
      throw new Error('the model has no output or stateN');
    return { probabilities, states: nextStates };
  };
}
