import * as fc from 'fast-check';
import t from 'tap';
import { chunksOf } from '../../../src/extraction/chunk-text.js';

const words = (count: number, word = 'word'): string => Array.from({ length: count }, (_, at) => `${word}${at}`).join(' ');

void t.test('a short text is one chunk, under the headings that stand above it', async (t) => {
  const text =
    '# Hotel\n\n## Breakfast\n\nFrom seven to ten.\n\n## Parking\n\n- In the yard\n- Ten euros\n\n# Contact\nBy phone.';
  t.same(chunksOf(text), [
    { heading: 'Hotel > Breakfast', text: 'From seven to ten.' },
    { heading: 'Hotel > Parking', text: '- In the yard\n- Ten euros' },
    { heading: 'Contact', text: 'By phone.' },
  ]);
  t.same(chunksOf(' \n\n# Only a heading\n'), []);
});

void t.test('a long text comes in chunks of about 200 words, and the seam stands in both', async (t) => {
  const sentences = Array.from({ length: 60 }, (_, at) => `Sentence ${at} says what there is to say about it.`);
  const chunks = chunksOf(sentences.join(' '));
  t.ok(chunks.length > 3);
  for (const { text } of chunks) t.ok(text.split(/\s+/u).length <= 200, 'no longer than a chunk may be');
  for (const sentence of sentences)
    t.ok(
      chunks.some(({ text }) => text.includes(sentence)),
      `${sentence} is whole somewhere`,
    );
  const seams = chunks.slice(1).filter(({ text }, at) => chunks[at]!.text.includes(text.split('\n')[0]!));
  t.equal(seams.length, chunks.length - 1, 'each begins with the end of the one before');
});

void t.test('a text without any seam is cut between words', async (t) => {
  const chunks = chunksOf(words(450));
  t.ok(chunks.length >= 3);
  t.equal(new Set(chunks.flatMap(({ text }) => text.split(/\s+/u))).size, 450, 'no word is lost');
});

void t.test('no word of any text is lost, and no chunk is empty', async (t) => {
  const line = fc.oneof(fc.string({ maxLength: 300 }), fc.constantFrom('', '# A', '## B b', '###### F', words(250)));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      const text = lines.join('\n');
      const chunks = chunksOf(text);
      const kept = new Set(chunks.flatMap((chunk) => chunk.text.split(/\s+/u)));
      const body = text.split(/\r\n?|\n/u).filter((row) => !/^\s{0,3}#{1,6}\s+\S/u.test(row));
      return (
        chunks.every((chunk) => chunk.text.trim() !== '') &&
        body.flatMap((row) => row.split(/\s+/u).filter(Boolean)).every((word) => kept.has(word))
      );
    }),
    { numRuns: 100 },
  );
  t.pass();
});
