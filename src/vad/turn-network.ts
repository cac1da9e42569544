import type { InferenceSession } from 'onnxruntime-node';
import { HOP, MEL_BANDS, whisperFeatures } from './log-mel.js';

const RATE_HZ = 16_000;
const MOST_SAMPLES = 8 * RATE_HZ;

/** Of 16 kHz mono: the probability that what was said is complete. */
export type TurnNetwork = (pcm: Int16Array) => Promise<number>;

/** What a network wants in place of the samples. */
type Input = { name: string; shape: number[]; from: (audio: Float32Array) => Float32Array; samples: number };

/**
 * Any ONNX model with one input and one number as its first output. The input is either audio, [1, samples] from -1 to 1, or the
 * log mel bands of Whisper, [1, 80, frames of 10 ms], with the audio brought to mean 0 and variance 1 before. What is shorter than the
 * model wants (8 s where it takes any length) has silence in front.
 *
 * @throws Error that says what is wrong with the file, its input or its output.
 */
export async function loadTurnNetwork(path: string): Promise<TurnNetwork> {
  const { InferenceSession: Session, Tensor } = await import('onnxruntime-node');
  const session = await Session.create(path, { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential' });
  const { name, shape, from, samples } = inputOf(session);
  const [output = ''] = session.outputNames;
  const network: TurnNetwork = async (pcm) => {
    const results = await session.run({ [name]: new Tensor('float32', from(inFront(pcm, samples)), shape) });
    const data = results[output]?.data;
    const probability = data instanceof Float32Array && data.length === 1 ? data[0] : undefined;
    if (probability === undefined) throw new Error(`its output ${output} is not one 32-bit float`);
    if (!(probability >= 0 && probability <= 1)) throw new Error(`its output ${output} is no probability: ${probability}`);
    return probability;
  };
  await network(new Int16Array(RATE_HZ));
  return network;
}

function inputOf({ inputMetadata }: InferenceSession): Input {
  const [input, ...others] = inputMetadata;
  if (others.length > 0 || !input?.isTensor || input.type !== 'float32')
    throw new Error('it must have one input, of 32-bit floats');
  const { name, shape } = input;
  const told = `its input ${name} is [${shape.join(', ')}], neither audio [1, samples] nor log mel bands [1, ${MEL_BANDS}, frames]`;
  const isOne = (size: number | string | undefined): boolean => typeof size === 'string' || size === 1;
  const sizeOf = (size: number | string | undefined, otherwise: number): number => (typeof size === 'number' ? size : otherwise);
  if (!isOne(shape[0])) throw new Error(told);
  if (shape.length === 2) {
    const samples = sizeOf(shape[1], MOST_SAMPLES);
    return { name, shape: [1, samples], from: (audio) => audio, samples };
  }
  if (shape.length !== 3 || sizeOf(shape[1], MEL_BANDS) !== MEL_BANDS) throw new Error(told);
  const frames = sizeOf(shape[2], MOST_SAMPLES / HOP);
  return { name, shape: [1, MEL_BANDS, frames], from: whisperFeatures, samples: frames * HOP };
}

/** The last `samples`, with silence in front of what is shorter. */
function inFront(pcm: Int16Array, samples: number): Float32Array {
  const audio = new Float32Array(samples);
  const kept = pcm.subarray(Math.max(0, pcm.length - samples));
  for (let i = 0; i < kept.length; i += 1) audio[samples - kept.length + i] = kept[i]! / 32_768;
  return audio;
}
