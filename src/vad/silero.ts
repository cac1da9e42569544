import { InferenceSession, Tensor } from 'onnxruntime-node';
import { INPUT_SAMPLES, type Model, STATE_SIZE } from './batch-detector.js';

const SAMPLE_RATE_HZ = 16_000n;

/**
 * Silero v5 or v6 for 16 kHz on one core. A run blocks the calling thread, and a thread that is killed in a run takes the process with
 * it: that is why it lives in a worker that is stopped by a flag only.
 */
export async function loadSilero(modelPath: string): Promise<Model> {
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
