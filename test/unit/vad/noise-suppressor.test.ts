import t from 'tap';
import { AUDIO_RATE_HZ } from '../../../src/domain/ports/media.js';
import { loadNoiseSuppressor, SUPPRESSOR_DELAY_SAMPLES, SUPPRESSOR_FRAME_SAMPLES } from '../../../src/vad/noise-suppressor.js';
import { RateThirder, RateTripler, THERE_AND_BACK_SAMPLES } from '../../../src/vad/rate-tripler.js';
import { levelDbfs } from '../../../src/vad/speech-detector.js';
import { logSpectralDistanceDb, segmentalSnrDb } from '../../support/audio-distance.js';
import { rms, sine, toneShare } from '../../support/signal.js';
import { joined, noise, silent, spoken } from '../../support/test-audio.js';

const FRAME = SUPPRESSOR_FRAME_SAMPLES;

/** Frame by frame; what comes out, moved back by what the stage says that it delays. */
function throughFrames(pcm: Int16Array, delay: number, process: (frame: Int16Array, into: Int16Array) => void): Int16Array {
  const padded = joined(pcm, new Int16Array(delay + FRAME));
  const out = new Int16Array(padded.length);
  for (let at = 0; at + FRAME <= padded.length; at += FRAME) {
    process(padded.subarray(at, at + FRAME), out.subarray(at, at + FRAME));
  }
  return out.slice(delay, delay + pcm.length);
}

const newSuppressor = await loadNoiseSuppressor();
function suppressed(pcm: Int16Array): Int16Array {
  const suppressor = newSuppressor();
  const out = throughFrames(pcm, SUPPRESSOR_DELAY_SAMPLES, (frame, into) => suppressor.process(frame, into));
  suppressor.close();
  return out;
}

/** `speech` with stationary noise under it, at this ratio of speech (its pauses included) to noise. */
function noisy(speech: Int16Array, snrDb: number): Int16Array {
  const white = noise((speech.length * 1_000) / AUDIO_RATE_HZ, 8_000);
  const gain = rms(speech) / rms(white) / 10 ** (snrDb / 20);
  return speech.map((sample, i) => sample + gain * (white[i] ?? 0));
}

void t.test('steady noise is taken out from behind a voice, and the voice stays where it was', async (t) => {
  const sentence = await spoken('I would like to book a table for two people on Friday evening, please. My name is Miller.');
  const speech = joined(silent(600), sentence, silent(400), sentence);
  for (const snrDb of [5, 10]) {
    const before = noisy(speech, snrDb);
    const after = suppressed(before);
    const gainDb = segmentalSnrDb(speech, after) - segmentalSnrDb(speech, before);
    const nearerDb = logSpectralDistanceDb(speech, before) - logSpectralDistanceDb(speech, after);
    t.ok(gainDb > 3, `${snrDb} dB: segmental signal-to-noise ratio grows by ${gainDb.toFixed(1)} dB`);
    t.ok(nearerDb > 1, `${snrDb} dB: spectrum nearer by ${nearerDb.toFixed(1)} dB`);
    const pauseAt = speech.length - sentence.length - 3_200;
    const pause = (pcm: Int16Array): number => levelDbfs(pcm.subarray(pauseAt, pauseAt + 3_000));
    const quieterDb = pause(before) - pause(after);
    t.ok(quieterDb > 10, `${snrDb} dB: pauses quieter by ${quieterDb.toFixed(1)} dB`);
  }
});

void t.test('a voice without noise goes through, sample by sample in its place', async (t) => {
  const speech = joined(silent(300), await spoken('I would like to book a table for two people, please.'), silent(200));
  const after = suppressed(speech);
  t.ok(segmentalSnrDb(speech, after) > 8, `${segmentalSnrDb(speech, after).toFixed(1)} dB`);
  for (const shift of [-8, 8]) {
    const moved = joined(after.subarray(Math.max(0, shift)), new Int16Array(8)).subarray(0, after.length);
    const shifted = shift > 0 ? moved : joined(new Int16Array(-shift), after).subarray(0, after.length);
    t.ok(segmentalSnrDb(speech, shifted) < segmentalSnrDb(speech, after) - 3, 'half a millisecond off is worse');
  }
});

void t.test('silence stays silence, and calls do not hear each other', async (t) => {
  t.equal(rms(suppressed(silent(2_000))), 0);
  const [loud, quiet] = [newSuppressor(), newSuppressor()];
  const babble = noise(2_000, 12_000);
  const heard = throughFrames(silent(2_000), 0, (frame, into) => {
    loud.process(babble.subarray(0, FRAME), new Int16Array(FRAME));
    quiet.process(frame, into);
  });
  t.equal(rms(heard), 0);
});

void t.test('up to 48 kHz and back leaves a voice as it is and folds nothing', async (t) => {
  const thereAndBack = (pcm: Int16Array): Int16Array => {
    const [up, down, wide] = [new RateTripler(FRAME), new RateThirder(FRAME), new Float32Array(3 * FRAME)];
    return throughFrames(pcm, THERE_AND_BACK_SAMPLES, (frame, into) => {
      up.process(frame, wide);
      down.process(wide, into);
    });
  };
  for (const hz of [200, 1_000, 3_400, 5_500]) {
    const before = sine(hz, 400, AUDIO_RATE_HZ);
    const error = thereAndBack(before).map((sample, i) => sample - (before[i] ?? 0));
    const errorDb = 20 * Math.log10(rms(error.subarray(800, 5_600)) / rms(before));
    t.ok(errorDb < -36, `${hz} Hz: error ${errorDb.toFixed(0)} dB`);
  }
  // Images of 5 kHz lie at 11 and 21 kHz; what of them came through would fold to 5 kHz again and to others.
  const wide = new Float32Array(3 * FRAME);
  const up = new RateTripler(FRAME);
  const tripled: number[] = [];
  const tone = sine(5_000, 400, AUDIO_RATE_HZ);
  for (let at = 0; at + FRAME <= tone.length; at += FRAME) {
    up.process(tone.subarray(at, at + FRAME), wide);
    tripled.push(...wide);
  }
  const settled = Int16Array.from(tripled.slice(3_000));
  for (const image of [11_000, 21_000]) {
    const imageDb = 10 * Math.log10(toneShare(settled, image, 48_000));
    t.ok(imageDb < -45, `image at ${image} Hz: ${imageDb.toFixed(0)} dB`);
  }
  const ultrasound = Float32Array.from({ length: 48_000 }, (_, i) => 8_000 * Math.sin((2 * Math.PI * 9_000 * i) / 48_000));
  const down = new RateThirder(FRAME);
  const folded = new Int16Array(16_000);
  for (let at = 0; at + FRAME <= folded.length; at += FRAME) {
    down.process(ultrasound.subarray(3 * at, 3 * (at + FRAME)), folded.subarray(at, at + FRAME));
  }
  t.ok(20 * Math.log10(rms(folded.subarray(320)) / rms(sine(1_000, 400, AUDIO_RATE_HZ))) < -45, 'what would fold is stopped');
});
