import t from 'tap';
import type { AgentSettings } from '../../../src/domain/agent.js';
import { demoAgent } from '../../../src/speech/script/demo-agent.js';
import { Knowledge } from '../../../src/speech/script/knowledge.js';
import { Recent } from '../../../src/speech/script/recent.js';
import { fillReply, slotValues } from '../../../src/speech/script/slots.js';
import { scriptVocabulary } from '../../../src/speech/script/vocabulary.js';
import { WordIndex } from '../../../src/speech/script/word-index.js';
import { editDistance, stemOf, wordsOf } from '../../../src/speech/script/words.js';

t.test('slots are found in everyday wording', (t) => {
  const rows: [said: string, values: object][] = [
    ['on monday please', { day: 'Monday' }],
    ['are you open sundays', { day: 'Sunday' }],
    ['the day after tomorrow', { day: 'day after tomorrow' }],
    ['next friday at nine thirty', { day: 'next Friday', time: 'nine thirty', number: 'nine thirty' }],
    ['tomorrow morning', { day: 'tomorrow morning' }],
    ['march the twenty first', { day: 'March the twenty first' }],
    ['the fifth of may', { day: 'fifth of May' }],
    ["at ten o'clock", { time: "ten o'clock" }],
    ['9:30 a.m.', { time: '9:30 am' }],
    ['half past eleven', { time: 'half past eleven' }],
    ['around two in the afternoon', { time: 'two in the afternoon' }],
    ['my number is five five five, one two', { number: 'five five five one two' }],
    ['call me on 555-1234', { number: '555-1234' }],
    ["hello, I'm Mary Jones and I need help", { name: 'Mary Jones' }],
    ["my name's Peter", { name: 'Peter' }],
    ['I am looking for a bicycle', {}],
    ['', {}],
  ];
  for (const [said, values] of rows) {
    const found = slotValues(said);
    for (const [slot, value] of Object.entries(values)) t.equal(found[slot as keyof typeof found], value, `${said}: ${slot}`);
    if (Object.keys(values).length === 0) t.same(found, {}, said);
  }
  t.end();
});

t.test('a reply stays speakable when a slot is unknown', (t) => {
  t.equal(fillReply('See you on {{day}} at {{ time }}.', { day: 'Monday' }), 'See you on Monday at that time.');
  t.equal(fillReply('Hello, {{name}}. How are you?', {}), 'Hello. How are you?');
  t.equal(fillReply('{{name}} {{order}} done', { name: 'Ann' }), 'Ann {{order}} done', 'others fill the rest');
  t.end();
});

t.test('words: contractions, stems, edits', (t) => {
  t.same(wordsOf("What's it cost? I'd pay 9:30 p.m."), ['what', 'is', 'it', 'cost', 'i', 'would', 'pay', '9:30', 'pm']);
  for (const word of ['opening', 'opens', 'opened']) t.equal(stemOf(word), 'open');
  t.equal(stemOf('address'), stemOf('addresses'));
  t.equal(editDistance('appointment', 'apointmnet', 3), 2, 'a swap of neighbours is one edit');
  t.equal(editDistance('short', 'completely', 2), 3, 'gives up beyond the limit');
  t.end();
});

t.test('a misspelt or misheard word finds the known one, a stranger finds none', (t) => {
  const index = new WordIndex(['appointment', 'hour', 'repair', 'cat', 'phone', 'bicycle']);
  t.equal(index.nearest('apointment')?.word, 'appointment');
  t.equal(index.nearest('apointmnet')?.word, 'appointment');
  t.equal(index.nearest('our')?.word, 'hour');
  t.equal(index.nearest('bysikel')?.word, 'bicycle', 'by its sound');
  t.ok(index.nearest('apointmnet')!.sure < index.nearest('apointment')!.sure);
  for (const stranger of ['car', 'elephant', '', 'x', 'ü'.repeat(2_000), '💥'])
    t.equal(index.nearest(stranger), undefined, stranger.slice(0, 20));
  t.end();
});

t.test('only so many things made from a text are kept, and each is dropped once', (t) => {
  const dropped: string[] = [];
  let made = 0;
  const recent = new Recent(
    2,
    (text) => `${text}${made++}`,
    (gone) => dropped.push(gone),
  );
  t.same(
    ['a', 'b', 'a', 'c', 'a', 'b'].map((text) => recent.get(text)),
    ['a0', 'b1', 'a0', 'c2', 'a0', 'b3'],
  );
  t.same(dropped, ['b1', 'c2']);
  recent.clear();
  t.same(dropped, ['b1', 'c2', 'a0', 'b3']);
  t.end();
});

t.test('knowledge: the best sentence answers, headings and questions help, strangers get nothing', (t) => {
  const knowledge = new Knowledge(
    [
      '# Delivery',
      'We deliver within two days. Islands take a week.',
      '',
      'Q: Do you take returns?',
      'A: Within thirty days, with the receipt.',
      '',
      'Our founder is Maria Lopez. She started the company in 1999.',
    ].join('\n'),
  );
  t.teardown(() => knowledge.close());
  t.equal(knowledge.answer('how long does delivery take to the islands')?.text, 'Islands take a week.');
  t.equal(knowledge.answer('can I return something')?.text, 'Within thirty days, with the receipt.');
  t.equal(knowledge.answer('who is the founder')?.text, 'Our founder is Maria Lopez.');
  t.equal(knowledge.answer('what is the weather like on mars'), undefined);
  t.equal(knowledge.answer('what is it'), undefined, 'stop words alone ask nothing');
  t.equal(knowledge.answer('" OR 1=1 -- NEAR(* founder'), undefined, 'operators are words');
  t.end();
});

t.test('knowledge: an empty text answers nothing', (t) => {
  const knowledge = new Knowledge(' \n\n ');
  t.teardown(() => knowledge.close());
  t.equal(knowledge.answer('anything'), undefined);
  t.end();
});

t.test('the vocabulary has the script with slots filled, answers, digits and goodbyes, as plain spoken words', (t) => {
  const { sentences } = scriptVocabulary(demoAgent);
  for (const expected of [
    'what are your opening hours',
    'are you open on saturday',
    'can i book an appointment on next monday',
    'my name is john smith',
    'yes please',
    'goodbye',
    'zero one two three four five six seven eight nine',
    'there is free parking behind the shop',
  ]) {
    t.ok(sentences.includes(expected), expected);
  }
  t.equal(new Set(sentences).size, sentences.length, 'no sentence twice');
  for (const sentence of sentences) t.match(sentence, /^[a-z']+(?: [a-z']+)*$/u);
  t.end();
});

t.test('the vocabulary of any agent is bounded and speakable', (t) => {
  const bare: AgentSettings = { ...demoAgent, script: undefined, knowledge: undefined };
  t.ok(scriptVocabulary(bare).sentences.includes('yes'));
  const intents = Array.from({ length: 3_000 }, (_, i) => ({
    name: `i${i}`,
    phrases: [`call number ${i} on {day}`],
    reply: '',
    endCall: false,
  }));
  const { sentences } = scriptVocabulary({
    ...bare,
    script: { intents, fallback: '' },
    knowledge: 'Opened in 1999. Costs $42! 007\u0000',
  });
  t.ok(sentences.length <= 2_000);
  t.ok(sentences[0]?.startsWith('call number zero on'));
  t.end();
});
