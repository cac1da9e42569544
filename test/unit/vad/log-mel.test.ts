import t from 'tap';
import { whisperFeatures } from '../../../src/vad/log-mel.js';

const RATE_HZ = 16_000;
const FRAMES = 800;

/** By the feature extractor of Hugging Face transformers 5 (`WhisperFeatureExtractor(chunk_length=8)`, `do_normalize`): band, frame, value. */
const EXPECTED: readonly (readonly [number, number, number])[] = [
  [0, 0, 0.09759],
  [0, 500, 0.65184],
  [0, 501, 0.00727],
  [0, 600, 1.26458],
  [0, 799, 0.92319],
  [10, 0, -0.13458],
  [10, 499, 0.13518],
  [10, 501, 0.95032],
  [10, 799, 1.77903],
  [17, 600, 1.20881],
  [17, 723, -0.13458],
  [40, 500, 1.03708],
  [40, 723, 0.43388],
  [40, 799, 0.63082],
  [79, 500, 0.22728],
  [79, 799, -0.01865],
];

void t.test('bands are those that Whisper was taught with', async (t) => {
  const audio = new Float32Array(8 * RATE_HZ);
  for (let i = 0; i < 3 * RATE_HZ; i += 1) {
    const swelling = (8_000 * Math.sin((2 * Math.PI * 440 * i) / RATE_HZ) * (i % 8_000)) / 8_000;
    const steady = 2_000 * Math.sin((2 * Math.PI * 1_900 * i) / RATE_HZ);
    audio[5 * RATE_HZ + i] = Math.round(swelling + steady) / 32_768;
  }
  const features = whisperFeatures(audio);
  t.equal(features.length, 80 * FRAMES);
  for (const [band, frame, value] of EXPECTED) {
    const got = features[band * FRAMES + frame] ?? Number.NaN;
    // Theirs counts in 32-bit floats.
    t.ok(Math.abs(got - value) < 2e-3, `band ${band}, frame ${frame}: ${got} for ${value}`);
  }
});
