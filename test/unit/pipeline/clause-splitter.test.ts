import * as fc from 'fast-check';
import t from 'tap';
import { ClauseSplitter } from '../../../src/pipeline/clause-splitter.js';

function split(pieces: readonly string[]): string[] {
  const splitter = new ClauseSplitter();
  return [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.flush()];
}

void t.test('the first clause is let go at the first comma, later ones at the end of a sentence', async (t) => {
  t.same(split(['Of course, I can do that for you, and more, if you like. Which day suits you best? Tell me.']), [
    'Of course,',
    'I can do that for you, and more, if you like.',
    'Which day suits you best?',
    'Tell me.',
  ]);
});

void t.test('where the stream is cut makes no difference', async (t) => {
  const text = 'Well then, it costs 3.50 in total, Dr. Smith said so. It is at 10 a.m. on Monday! Anything else? No.';
  const whole = split([text]);
  t.same(split(text.split('')), whole);
  t.ok(
    whole.some((clause) => clause.includes('3.50') && clause.includes('Dr. Smith said so.')),
    'numbers and titles stay whole',
  );
});

void t.test('the day of a month is not the end of a sentence', async (t) => {
  t.same(split(['Wir sehen uns am 22. November um 9 Uhr. Bis dann.']), ['Wir sehen uns am 22. November um 9 Uhr.', 'Bis dann.']);
});

void t.test('a clause is complete only when what follows is known', async (t) => {
  const splitter = new ClauseSplitter();
  t.same(splitter.push('The price is 3.'), []);
  t.same(splitter.push('50 altogether. '), ['The price is 3.50 altogether.']);
});

void t.test('text without punctuation is cut between words', async (t) => {
  const clauses = split(['word '.repeat(100)]);
  t.ok(clauses.length > 2);
  t.ok(clauses.every((clause) => /^word(?: word)*$/.test(clause)));
  t.ok((clauses[0]?.length ?? 0) <= 90, 'the first sooner');
});

void t.test('no text is lost, whatever comes', async () => {
  const squeeze = (text: string): string => text.replace(/\s+/g, '');
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 60 })), (pieces) => {
      const clauses = split(pieces);
      return squeeze(clauses.join('')) === squeeze(pieces.join('')) && clauses.every((clause) => clause.trim() !== '');
    }),
  );
});
