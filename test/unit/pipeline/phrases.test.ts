import t from 'tap';
import { ENGLISH_PHRASES, phrasesOf } from '../../../src/pipeline/language/phrases.js';
import { keypadOffer } from '../../../src/pipeline/phrases.js';
import { ConversationBench, testAgent } from '../../support/conversation-bench.js';

const LANGUAGES = ['de-DE', 'fr', 'es-MX', 'it_IT'];

void t.test('what an agent says by itself is in its language, each sentence in each of the five', (t) => {
  for (const language of LANGUAGES) {
    for (const [name, words] of Object.entries(phrasesOf(language))) {
      const english = ENGLISH_PHRASES[name as keyof typeof ENGLISH_PHRASES];
      const [said, inEnglish] = [words, english].map((it) => (typeof it === 'function' ? it('1', '2') : it));
      t.ok(said, `${language} ${name}`);
      t.not(said, inEnglish, `${language} ${name}: ${said}`);
    }
  }
  t.equal(phrasesOf('sv'), ENGLISH_PHRASES, 'English where we have none');
  t.end();
});

void t.test('a caller who is silent, and one who is not understood, is told so in the language of the agent', async (t) => {
  const bench = new ConversationBench({ language: 'fr-FR' });
  bench.conversation.start();
  await bench.until(() => bench.hangups.length === 1);
  const { silence, silenceGoodbye } = phrasesOf('fr');
  t.same(bench.transcript, [`agent: ${silence}`, `agent: ${silenceGoodbye}`]);

  const failing = new ConversationBench({ language: 'de' });
  failing.conversation.start();
  failing.stt.utterances.push({ text: 'Hallo zusammen.' });
  failing.llm.replies.push([{ error: new Error('gone') }]);
  await failing.say(500);
  await failing.until(() => failing.turns.length === 1);
  t.equal(failing.transcript.at(-1), `agent: ${phrasesOf('de').apology}`);
});

void t.test('what the keypad can do is told in that language', (t) => {
  const dtmfRules = { '1': { intent: 'opening-hours' }, '#': { endCall: true }, '9': { action: 'do_not_call' } } as const;
  t.equal(
    keypadOffer({ ...testAgent, language: 'de', dtmfRules }, false),
    'Sie können drücken: 1 für opening hours, 9, um nicht mehr angerufen zu werden, oder die Rautetaste, um das Gespräch zu beenden.',
  );
  t.equal(keypadOffer({ ...testAgent, language: 'es', dtmfRules: {} }, false), 'No hay ningún menú de teclas.');
  t.end();
});
