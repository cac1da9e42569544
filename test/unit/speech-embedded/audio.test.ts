import t from 'tap';
import { pauseAfterMs, speakableText, splitSentences } from '../../../src/speech/embedded/flite/speech-text.js';
import { trimSilence } from '../../../src/speech/embedded/flite/trim-silence.js';
import { NullRecognizer } from '../../../src/speech/embedded/null-recognizer.js';
import { Level } from '../../../src/speech/embedded/sphinx/level.js';
import { TelephoneLowPass } from '../../../src/speech/embedded/sphinx/telephone-low-pass.js';

const tone = (hz: number, samples: number, amplitude: number): Int16Array =>
  new Int16Array(samples).map((_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / 16_000));
const rms = (pcm: Int16Array): number => Math.sqrt(pcm.reduce((sum, x) => sum + x * x, 0) / Math.max(1, pcm.length));

function inPieces(
  pcm: Int16Array,
  pieceSamples: number,
  stage: { write(pcm: Int16Array): Int16Array; end?(): Int16Array },
): Int16Array {
  const out: number[] = [];
  for (let start = 0; start < pcm.length; start += pieceSamples)
    out.push(...stage.write(pcm.subarray(start, start + pieceSamples)));
  if (stage.end) out.push(...stage.end());
  return Int16Array.from(out);
}

t.test('silence is trimmed to 30 ms before and the wanted pause after the sound', async (t) => {
  const pcm = new Int16Array(16_000).fill(5);
  pcm.set(tone(440, 4800, 8000), 6000);
  const trimmed = trimSilence(pcm, 16_000, 100);
  t.ok(Math.abs(trimmed.length - (480 + 4800 + 1600)) < 40, `${trimmed.length} samples`);
  t.ok(rms(trimmed.subarray(480, 5280)) > 5000);
  t.equal(trimSilence(new Int16Array(1000), 16_000, 100).length, 0, 'nothing sounds');
  t.equal(trimSilence(new Int16Array(0), 16_000, 100).length, 0);
  t.equal(trimSilence(tone(440, 1600, 8000), 16_000, 100).at(-1), 0, 'a pause is added where there was none');
});

t.test('text is made speakable', async (t) => {
  t.equal(speakableText('**Hello** <b>there</b>, [see](http://x)!'), 'Hello there, see!');
  t.equal(speakableText('It’s “fine” – really…'), 'It\'s "fine", really...');
  t.equal(speakableText('3 € or €5'), '3 or 5 euros');
  t.equal(speakableText(' \n\t– … !? '), '');
  t.ok(speakableText('word '.repeat(1000)).length <= 1000);
  t.equal(speakableText('x'.repeat(3000)).length, 1000, 'even without a place to cut');
});

t.test('sentences are split where a listener hears a pause', async (t) => {
  t.same(splitSentences('We are open today. Is there any more? Yes!'), ['We are open today.', 'Is there any more?', 'Yes!']);
  t.same(splitSentences('Please ask Dr. Brown about it.'), ['Please ask Dr. Brown about it.']);
  t.same(splitSentences('Yes. We do that.'), ['Yes. We do that.'], 'a syllable alone is joined with what follows');
  t.same(splitSentences(''), []);
  t.ok(pauseAfterMs('Well,') < pauseAfterMs('Well.'));
});

t.test('a quiet caller is brought to the usual level, by one gain for the whole utterance', async (t) => {
  const quiet = inPieces(tone(440, 16_000, 400), 320, new Level());
  const loud = inPieces(tone(440, 16_000, 30_000), 320, new Level());
  t.equal(quiet.length, 16_000, 'no sample is lost');
  t.ok(rms(quiet) > 3000 && rms(quiet) < 6000, `${rms(quiet)}`);
  t.ok(rms(loud) > 3000 && rms(loud) < 12_000, `${rms(loud)}`);
  t.ok(Math.abs(rms(quiet.subarray(0, 3200)) - rms(quiet.subarray(-3200))) < 100, 'the same at the start and at the end');
  const short = inPieces(tone(440, 1000, 400), 320, new Level());
  t.ok(short.length === 1000 && rms(short) > 3000, 'also when it ends before the level is known');
  t.equal(rms(inPieces(new Int16Array(3200).fill(3), 320, new Level())), 3, 'silence stays silence');
  const shock = new Int16Array(20_000).map((_, i) => (i < 9600 ? 400 : -32_768));
  t.equal(inPieces(shock, 320, new Level()).at(-1), -32_768, 'what is too loud afterwards is clipped, not wrapped');
});

t.test('the upper half of telephone speech is emptied, the lower kept, however it is cut into pieces', async (t) => {
  const filtered = (hz: number, pieceSamples = 320): Int16Array =>
    inPieces(tone(hz, 8000, 10_000), pieceSamples, new TelephoneLowPass());
  t.ok(Math.abs(rms(filtered(1000).subarray(100)) / 7071 - 1) < 0.02);
  t.ok(Math.abs(rms(filtered(3600).subarray(100)) / 7071 - 1) < 0.1);
  t.ok(rms(filtered(6000).subarray(100)) < 10);
  t.same(filtered(1000, 7), filtered(1000));
});

t.test('the recogniser of last resort answers with nothing, and rejects when aborted', async (t) => {
  const stt = new NullRecognizer();
  t.notOk(stt.understands);
  const options = { language: 'en-US', vocabulary: { sentences: [] }, band: 'narrow' as const };
  const stream = stt.open({ ...options, signal: new AbortController().signal });
  stream.write(new Int16Array(320));
  t.same(await stream.finish(), { text: '', confidence: undefined });
  await t.rejects(stt.open({ ...options, signal: AbortSignal.abort() }).finish(), { name: 'AbortError' });
});
