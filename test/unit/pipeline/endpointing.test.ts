import t from 'tap';
import { completeSentences, silenceAndText } from '../../../src/pipeline/endpointing.js';

const expected = completeSentences({ sentences: ['What are your opening hours?', "I'd like a table"] });
const delay = (text: string, language = 'en-US'): number => silenceAndText({ text, language, expected });

void t.test('a finished sentence is answered after 350 ms', async (t) => {
  for (const text of [
    'What are you doing?',
    'I want a table.',
    'Thanks!" ',
    'what are your opening hours',
    "i'd like a table",
    'yes',
    'okay goodbye',
    'The year was 2024.',
  ]) {
    t.equal(delay(text), 350, text);
  }
});

void t.test('text that may or may not go on is answered after 600 ms', async (t) => {
  for (const text of ['i want a table', 'at nine', 'my friend told me', '', '   ', 'room 12'])
    t.equal(delay(text), 600, `"${text}"`);
});

void t.test('a dangling sentence, a filler, a number or an address under way is waited for 1500 ms', async (t) => {
  for (const text of [
    'i want a table and',
    'I would like to.',
    'well um',
    'my number is five five five',
    'it is 555',
    'It is 555.',
    'oh seven',
    'you can write to anna at example dot',
    'anna dot smith at example',
    'I was thinking...',
    'first of all,',
  ]) {
    t.equal(delay(text), 1_500, text);
  }
});

void t.test('a whole telephone number or address is not waited for', async (t) => {
  t.equal(delay('five five five one two three four five six seven'), 600);
  t.equal(delay('anna at example dot com'), 600);
});

void t.test('words of other languages are not taken for English ones', async (t) => {
  t.equal(delay('der Zug fährt an', 'de-DE'), 600);
  t.equal(delay('Ich will das.', 'de-DE'), 350);
});
