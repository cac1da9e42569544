import t from 'tap';
import { cleanHypothesis } from '../../../src/speech/embedded/sphinx/pocketsphinx-library.js';
import { guessPronunciation } from '../../../src/speech/embedded/sphinx/pronunciation.js';
import { fillSlots, spokenWords } from '../../../src/speech/embedded/sphinx/spoken-words.js';
import { trigramModel } from '../../../src/speech/embedded/sphinx/trigram-model.js';

t.test('a sentence becomes the words a caller would say', async (t) => {
  const cases: [string, string][] = [
    ["Hello, I'd like to book!", "hello i'd like to book"],
    ['at 2:30 pm', 'at two thirty p.m.'],
    ['10am or 11:00', 'ten a.m. or eleven'],
    ['It costs $1,250 & 10%', 'it costs one thousand two hundred fifty dollars and ten percent'],
    ['call 5551234', 'call five five five one two three four'],
    ['room 007', 'room zero zero seven'],
    ['Café “Zoë” – self-service', 'cafe zoe self service'],
    ["it’s 'quoted'", "it's quoted"],
    ['   ...  ', ''],
    ['日本語 <s> [NOISE]', 's noise'],
    ['a'.repeat(100), ''],
  ];
  for (const [sentence, words] of cases) t.equal(spokenWords(sentence).join(' '), words, sentence.slice(0, 30));
});

t.test('slots are filled in several ways, unknown ones left out', async (t) => {
  const filled = fillSlots('on {day} please', 0);
  t.equal(filled.length, 6);
  t.equal(new Set(filled).size, 6);
  t.ok(filled.every((phrase) => /^on [a-z ]+ please$/.test(phrase)));
  t.not(fillSlots('on {day} please', 1)[0], filled[0], 'the next phrase goes on with other values');
  t.same(fillSlots('my {nothing} here', 0), ['my   here']);
  t.ok(fillSlots('{{ Day }} at {time}', 3).every((phrase) => !phrase.includes('{')));
});

/** Log-probabilities of an ARPA text: sequence -> [log10 probability, log10 back-off]. */
function readArpa(text: string): Map<string, [number, number]> {
  const entries = new Map<string, [number, number]>();
  for (const line of text.split('\n')) {
    const match = /^(-?\d[\d.]*) (\D[^\d]*?)(?: (-?\d[\d.]*))?$/.exec(line);
    if (match) entries.set(match[2] ?? '', [Number(match[1]), Number(match[3] ?? 0)]);
  }
  return entries;
}

t.test('after every history the probabilities of all words add up to one', async (t) => {
  const sentences = ['yes please', 'yes', 'no thank you', 'no', 'thank you very much', 'i would like to go', 'i would not'];
  const weighted = sentences.map((sentence, i) => ({ words: sentence.split(' '), weight: 1 + (i % 3) }));
  const text = trigramModel(weighted, { words: ['other', 'yes'], weight: 0.5 });
  const arpa = readArpa(text);
  const words = [...arpa.keys()].filter((key) => !key.includes(' ') && key !== '<s>');
  const probability = (history: string[], word: string): number => {
    const found = arpa.get([...history, word].join(' '));
    if (found) return 10 ** found[0];
    return 10 ** (arpa.get(history.join(' '))?.[1] ?? 0) * probability(history.slice(1), word);
  };
  for (const history of [[], ['<s>'], ['yes'], ['other'], ['<s>', 'no'], ['thank', 'you'], ['would', 'like'], ['much', 'yes']]) {
    const sum = words.reduce((total, word) => total + probability(history, word), 0);
    t.ok(Math.abs(sum - 1) < 0.002, `after "${history.join(' ')}": ${sum}`);
  }
  t.ok(probability(['thank'], 'you') > 0.5 && probability(['thank'], 'other') < 0.05);
  const counts = [...text.matchAll(/^ngram (\d)=(\d+)$/gm)].map((match) => Number(match[2]));
  for (const [i, count] of counts.entries())
    t.equal([...arpa.keys()].filter((key) => key.split(' ').length === i + 1).length, count);
});

t.test('a model of nothing is still a model', async (t) => {
  t.match(trigramModel([]), /^\\data\\\nngram 1=1\n/);
  t.match(trigramModel([{ words: [], weight: 1 }]), /\\end\\\n$/);
});

t.test('words no dictionary has are pronounced by their parts, letters or rules', async (t) => {
  const dictionary: Record<string, string> = {
    off: 'AO F',
    hook: 'HH UH K',
    voice: 'V OY S',
    mail: 'M EY L',
    bike: 'B AY K',
    bus: 'B AH S',
    dog: 'D AO G',
  };
  const cases: [string, string | undefined][] = [
    ['offhook', 'AO F HH UH K'],
    ['voicemail', 'V OY S M EY L'],
    ['bikes', 'B AY K S'],
    ["bus's", 'B AH S IH Z'],
    ["dog's", 'D AO G Z'],
    ['tcp', 'T IY S IY P IY'],
    ['shane', 'SH EY N'],
    ['quinn', 'K W IH N'],
    ["'", undefined],
  ];
  for (const [word, phones] of cases)
    t.equal(
      guessPronunciation(word, (part) => dictionary[part]),
      phones,
      word,
    );
});

t.test('what the decoder writes beside words is taken out', async (t) => {
  t.equal(cleanHypothesis('<sil> READ(2) the [NOISE] book(3) ++BREATH++ <s>'), 'read the book');
  t.equal(cleanHypothesis('<sil>'), '');
});
