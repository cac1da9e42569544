import t from 'tap';
import { DEFAULT_OPT_OUT_PHRASES, OptOutPhrases } from '../../../src/domain/opt-out.js';

const WISHES = [
  'Stop calling me.',
  'stop calling me',
  'Please, stop calling me!',
  'would you please stop calling me',
  'Will you just stop fucking calling me?',
  'quit calling us',
  'stop phoning me',
  'Stop contacting me, I am not interested.',
  "I'm not interested. Stop calling me.",
  "i'm not interested stop calling me",
  "No, I don't want it, stop calling me.",
  'no stop calling me',
  'I told you to stop calling me',
  "Why don't you stop calling me?",
  "If you don't stop calling me I will call the police.",
  "Don't call me again.",
  'do not ever call me again',
  "don't you ever call me again",
  "Don't you people ever, ever call here again",
  'dont call me anymore',
  "please don't call me any more",
  "I told you, don't call me again",
  "i told you don't call me again",
  "Don't call me.",
  "don't call me please",
  "Just don't call me, thank you, bye.",
  "don't call this number",
  'Never ever call me again!',
  'stop calling this number',
  'Stop all these calls.',
  "I don't want you to call me again",
  "I don't want any more calls.",
  "I don't want to be called.",
  'We do not want your calls',
  'No more calls, please.',
  'Take me off your list.',
  'Could you take me off of the damn list please',
  'take my number off your list',
  'I want you to take me off your calling list',
  'please remove me from your list',
  'remove me from your contact list',
  'How do I remove my number from your list?',
  'put me on your do not call list',
  'Please add me to the do-not-call list.',
  'lose my number',
  'Unsubscribe.',
  'I want to opt out',
  'Don’t call me again.',
  'DON’T CALL ME AGAIN',
];

const OTHERS = [
  '',
  'yes please',
  "Don't stop calling me.",
  'do not stop calling me until you reach me',
  "please don't ever stop calling me",
  "I didn't say stop calling me",
  'I never asked you to stop calling me',
  "I don't want you to stop calling me",
  "I'm not saying that you should stop calling me",
  "don't you dare stop calling me",
  'Why did you stop calling me?',
  "please don't take me off your list",
  'do not remove me from your list',
  "don't put me on your do not call list",
  "I never said don't call me again",
  "Don't call me before nine.",
  "don't call me at work call my mobile",
  "Don't call me, I'll call you.",
  "Why don't you call me?",
  "you don't call me anymore",
  'You never call me.',
  'stop',
  'stop it',
  'can you call me back',
  'call me again tomorrow',
  'Please call me again.',
  'stop by and call me again',
  'are there no more calls today',
  'I want to remove my number from the old account',
  'I would like to take the list off your hands',
  'I want to opt out of the newsletter later',
  'who is calling me',
];

void t.test('who asks not to be called again is understood', async (t) => {
  const phrases = new OptOutPhrases();
  for (const said of WISHES) t.equal(phrases.matches(said), true, said);
});

void t.test('the opposite, and what only sounds like it, is not taken for it', async (t) => {
  const phrases = new OptOutPhrases();
  for (const said of OTHERS) t.equal(phrases.matches(said), false, said);
});

void t.test('each phrase of the list is understood as it stands', async (t) => {
  const phrases = new OptOutPhrases();
  for (const phrase of DEFAULT_OPT_OUT_PHRASES) t.ok(phrases.matches(phrase), phrase);
});

void t.test("an agent's own phrases replace the list, in any language", async (t) => {
  const phrases = new OptOutPhrases(['Rufen Sie mich nicht mehr an', 'nie wieder.', ' . ']);
  t.ok(phrases.matches('Bitte rufen Sie mich nicht mehr an!'));
  t.ok(phrases.matches('Nie wieder, bye.'));
  t.notOk(phrases.matches('Nie wieder so spät.'));
  t.notOk(phrases.matches('stop calling me'));
  t.notOk(new OptOutPhrases([]).matches('stop calling me'), 'none turns it off');
});
