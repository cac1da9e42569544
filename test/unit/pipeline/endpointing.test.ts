import t from 'tap';
import type { Expectation } from '../../../src/domain/expectation.js';
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
    'my number is five',
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

void t.test('dangling words, fillers, numbers and addresses under way are known in every language we know', async (t) => {
  for (const [language, ...texts] of [
    [
      'de-DE',
      'Ich hätte gern einen Tisch und',
      'das ist für',
      'ähm',
      'meine Nummer ist null sechs vierunddreißig',
      'anna at web punkt',
    ],
    ['fr-FR', 'je voudrais une table et', "c'est pour", 'euh', 'mon numéro est zéro six douze', 'anna arobase exemple point'],
    ['es-ES', 'quiero una mesa para', 'el lunes o', 'em', 'mi número es seis cinco cinco', 'ana arroba ejemplo punto'],
    ['it-IT', 'vorrei un tavolo per', 'lunedì oppure', 'ehm', 'il mio numero è tre tre nove', 'anna chiocciola esempio punto'],
  ] as const) {
    for (const text of texts) t.equal(delay(text, language), 1_500, `${language}: ${text}`);
  }
  for (const [language, ...texts] of [
    ['de', 'ja', 'nein danke', 'Wann haben Sie offen?'],
    ['fr-CA', 'oui', 'non merci', "d'accord"],
    ['es_MX', 'sí', 'no gracias', 'vale'],
    ['it', 'sì', 'no grazie', 'va bene certo'],
  ] as const) {
    for (const text of texts) t.equal(delay(text, language), 350, `${language}: ${text}`);
  }
  t.equal(delay('it is and', 'nl-NL'), 600, 'of a language whose words are not known, only the marks count');
});

void t.test('numbers count by their digits, however they are said', async (t) => {
  t.equal(delay('zéro six douze trente quatre cinquante six', 'fr'), 1_500, 'eight digits');
  t.equal(delay('zéro six douze trente quatre cinquante six quatorze', 'fr'), 600, 'ten');
  t.equal(delay('null eins siebenundzwanzig vierundvierzig zwölf neun', 'de'), 1_500, 'nine');
  t.equal(delay('null eins siebenundzwanzig vierundvierzig zwölf neun neun', 'de'), 600, 'ten');
});

void t.test('what was asked for is answered as soon as it was said, and waited for until then', async (t) => {
  const wait = (text: string, expectation: Expectation, language = 'en-US'): number =>
    silenceAndText({ text, language, expected, expectation });
  for (const [text, expectation, ms] of [
    ['yes', { kind: 'yes_no' }, 250],
    ['oh yes please', { kind: 'yes_no' }, 250],
    ['i would say', { kind: 'yes_no' }, 600],
    ['', { kind: 'digits' }, 1_500],
    ['five', { kind: 'digits' }, 1_500],
    ['five five five are', { kind: 'digits' }, 1_500],
    ['five five five thanks', { kind: 'digits' }, 350],
    ['five five', { kind: 'digits', count: 4 }, 2_500],
    ['five five one two', { kind: 'digits', count: 4 }, 250],
    ['It is 5512.', { kind: 'digits', count: 4 }, 250],
    ['i do not know it', { kind: 'digits', count: 4 }, 600],
    ['anna at example', { kind: 'email' }, 1_500],
    ['anna at example dot com', { kind: 'email' }, 350],
    ['anna@example.com', { kind: 'email' }, 350],
    ['s m i', { kind: 'name' }, 1_500],
    ['anna smith', { kind: 'name' }, 600],
    ['next monday', { kind: 'date' }, 350],
    ['march twenty three', { kind: 'date' }, 600],
    ['on the', { kind: 'date' }, 1_500],
    ['the red one', { kind: 'choice', choices: ['Red one', 'blue'] }, 250],
    ['well the', { kind: 'choice', choices: ['red'] }, 1_500],
  ] as const) {
    t.equal(wait(text, expectation), ms, `${expectation.kind}: ${text}`);
  }
  t.equal(wait('ja', { kind: 'yes_no' }, 'de-AT'), 250);
  t.equal(wait('drei', { kind: 'digits', count: 2 }, 'de-AT'), 2_500);
});
