import t from 'tap';
import type { Toolbox } from '../../../src/domain/ports/toolbox.js';
import { askedFor } from '../../../src/pipeline/language/questions.js';
import { ConversationBench } from '../../support/conversation-bench.js';

/** How long the agent waits after the caller, who now speaks for half a second, has said `text`. */
async function waitAfter(bench: ConversationBench, text: string): Promise<number> {
  const asked = bench.llm.requests.length;
  bench.stt.utterances.push({ text, partials: [{ afterMs: 300, text }] });
  const endMs = bench.nowMs + 500;
  await bench.say(500);
  await bench.until(() => bench.llm.requests.length > asked);
  return bench.nowMs - endMs;
}

const answered = (bench: ConversationBench, turns: number): Promise<void> => bench.until(() => bench.turns.length >= turns);

void t.test('the answer to a question for digits is waited for, until the agent asks something else', async (t) => {
  const bench = new ConversationBench();
  bench.llm.replies.push([{ expect: { kind: 'digits', count: 4 } }, 'Which number?'], ['And your name?']);
  bench.conversation.start();
  await waitAfter(bench, 'hello.');
  await answered(bench, 1);
  t.equal(await waitAfter(bench, 'five five one two'), 250, 'all of them');
  await answered(bench, 2);
  t.equal(await waitAfter(bench, 'five five'), 1_500, 'nothing is expected any more');
});

void t.test('an expectation outlives the question whether the caller is still there', async (t) => {
  const bench = new ConversationBench();
  bench.llm.replies.push([{ expect: { kind: 'digits', count: 4 } }, 'Which number?']);
  bench.conversation.start();
  await waitAfter(bench, 'hello.');
  await answered(bench, 2);
  t.equal(bench.turns[1]?.cause, 'silence');
  t.equal(await waitAfter(bench, 'five five'), 2_500);
});

void t.test('a tool, or whoever holds the conversation, says what is expected', async (t) => {
  const toolbox: Toolbox = {
    definitions: async () => [{ name: 'ask', description: 'ask', parameters: {} }],
    announcement: () => ({ text: undefined, first: false }),
    run: async () => ({ content: '{}', expect: { kind: 'email' } }),
  };
  const bench = new ConversationBench({}, { toolbox });
  bench.llm.replies.push([{ tool: 'ask' }], ['What is your address?']);
  bench.conversation.start();
  await waitAfter(bench, 'hello.');
  await answered(bench, 1);
  t.equal(await waitAfter(bench, 'it is anna'), 1_500);
  await answered(bench, 2);
  bench.conversation.expect({ kind: 'yes_no' });
  t.equal(await waitAfter(bench, 'yes'), 250);
});

void t.test('what the agent asks for in its own words is waited for as if it had been told', async (t) => {
  const bench = new ConversationBench();
  bench.llm.replies.push(['Sure. What is your number?'], ['Got it.']);
  bench.conversation.start();
  await waitAfter(bench, 'hello.');
  await answered(bench, 1);
  t.equal(await waitAfter(bench, 'five'), 1_500, 'the first of several digits');
  await answered(bench, 2);
  t.equal(await waitAfter(bench, 'five'), 600, 'not a second time');
});

void t.test('not being understood leaves the question open', async (t) => {
  const bench = new ConversationBench();
  bench.llm.replies.push([{ expect: { kind: 'digits', count: 4 } }, 'Which number?']);
  bench.conversation.start();
  await waitAfter(bench, 'hello.');
  await answered(bench, 1);
  bench.stt.utterances.push({ text: '' });
  await bench.say(500);
  await answered(bench, 2);
  t.equal(bench.turns[1]?.cause, 'speech');
  t.equal(await waitAfter(bench, 'five five'), 2_500);
});

void t.test('questions tell what they ask for in every language we know', async (t) => {
  for (const [language, words, kind] of [
    ['en-US', 'Thank you. Can I have your phone number?', 'digits'],
    ['en-US', 'Please tell me the six digits on your card.', 'digits'],
    ['en-US', 'What is the number of people?', undefined],
    ['en-US', 'Is your number 5 5 1 2?', 'yes_no'],
    ['en-US', 'I have 5 5 1 2. Is that right?', 'yes_no'],
    ['en-US', 'And your e-mail address, please?', 'email'],
    ['en-US', 'Could you spell that?', 'name'],
    ['en-US', 'Which day suits you? We are open all week.', 'date'],
    ['en-US', 'How are you?', undefined],
    ['en-US', 'Your number is noted. How can I help you?', undefined],
    ['en-US', '', undefined],
    ['de-DE', 'Wie lautet Ihre Kundennummer?', 'digits'],
    ['de-DE', 'Nennen Sie mir bitte Ihre E-Mail-Adresse.', 'email'],
    ['de-AT', 'Das ist die 12. Stimmt das?', 'yes_no'],
    ['fr-FR', 'Quel est votre numéro de téléphone ?', 'digits'],
    ['fr-CA', 'Quel est votre prénom ?', 'name'],
    ['es-ES', '¿Cuál es su número de teléfono?', 'digits'],
    ['es-ES', '¿Cuándo le viene bien?', 'date'],
    ['it-IT', 'Mi può dire il suo numero?', 'digits'],
    ['it-IT', 'È giusto?', 'yes_no'],
    ['nl-NL', 'Wat is uw nummer?', undefined],
  ] as const) {
    t.equal(askedFor(words, language)?.kind, kind, `${language}: ${words}`);
  }
});
