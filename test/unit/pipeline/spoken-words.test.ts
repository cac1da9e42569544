import t from 'tap';
import { wantsTheFloor } from '../../../src/pipeline/spoken-words.js';

void t.test('listening noises do not ask for the floor', async (t) => {
  for (const text of ['', '  ', 'uh-huh', 'Mm-hmm.', 'okay', 'Yeah, right.', 'I see', 'oh okay got it', 'Hmm...', 'O.K.']) {
    t.notOk(wantsTheFloor(text, 'en-US'), `"${text}"`);
  }
});

void t.test('anything else does, and so do yes, no and stop', async (t) => {
  for (const text of ['yes', 'No.', 'stop', 'okay but wait', 'I', 'yeah but', 'see you', 'what?', '42', 'ja', 'はい']) {
    t.ok(wantsTheFloor(text, 'en-US'), `"${text}"`);
  }
});
