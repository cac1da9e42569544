import * as fc from 'fast-check';
import t from 'tap';
import { HeardLedger } from '../../../src/pipeline/heard-ledger.js';

/** "one two three four" at 1000 samples a word and space, then "five six" after a gap of nothing. */
function ledger(): HeardLedger {
  const heard = new HeardLedger();
  heard.begin('aaaa bbbb cccc dddd', 1_000);
  heard.extend(10_500);
  heard.extend(20_000);
  heard.complete();
  heard.begin('eeee ffff', 20_000);
  heard.extend(29_000);
  heard.complete();
  return heard;
}

void t.test('what was heard grows word by word with the position', async (t) => {
  for (const [position, text] of [
    [0, ''],
    [1_000, ''],
    [2_999, ''],
    [3_000, 'aaaa'],
    [8_000, 'aaaa bbbb'],
    [20_000, 'aaaa bbbb cccc dddd'],
    [22_000, 'aaaa bbbb cccc dddd eeee'],
    [29_000, 'aaaa bbbb cccc dddd eeee ffff'],
    [99_000, 'aaaa bbbb cccc dddd eeee ffff'],
  ] as const) {
    t.equal(ledger().heardText(position), text, `at ${position}`);
  }
});

void t.test('a clause whose audio is still being made is not taken as heard to its end', async (t) => {
  const heard = new HeardLedger();
  heard.begin('a sentence of thirty characters', 0);
  heard.extend(16_000);
  t.equal(heard.heardText(16_000), 'a sentence of', 'one second at 15 characters a second');
});

void t.test('what was heard is always a beginning of the text, and never shrinks', async () => {
  fc.assert(
    fc.property(fc.array(fc.nat(40_000), { minLength: 2 }), (positions) => {
      const texts = positions.sort((a, b) => a - b).map((position) => ledger().heardText(position));
      return texts.every(
        (text, i) => 'aaaa bbbb cccc dddd eeee ffff'.startsWith(text) && text.length >= (texts[i - 1]?.length ?? 0),
      );
    }),
  );
});
