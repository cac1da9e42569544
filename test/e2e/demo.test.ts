import { existsSync } from 'node:fs';
import t, { type Test } from 'tap';
import { recognizerPackages } from '../../src/speech/embedded/system-packages.js';
import { OffhookProcess } from '../support/offhook-process.js';
import { rms } from '../support/signal.js';
import { readStereoWav } from '../support/wav.js';

/** The demo as a user runs it. What it printed must be what really happened, as far as that can be seen from outside. */
async function demo(t: Test, config: object = {}): Promise<string> {
  const process = OffhookProcess.spawn(t, { args: ['demo'], config });
  const { code } = await process.ended(180_000);
  const { stdout } = process;
  if (code !== 0) t.comment(stdout + process.stderr);
  t.equal(code, 0, 'exit code 0');
  t.match(stdout, /s {2}agent {3}Hello, this is Riverside Bikes\. How can I help you\?/, 'the greeting');
  t.match(stdout, /s {2}agent {3}.*[\w,] \[cut off: \w/, 'the interruption, with what was cut off');
  t.match(
    stdout,
    /s {2}caller {2}\[digit 2\]\n.*agent {3}You find us at twelve River Street/,
    'the digit and what its rule says',
  );
  t.match(stdout, /s {2}agent {3}Thank you for calling\. Goodbye!\n\n/, 'the goodbye, to its last word');
  t.match(
    stdout,
    /^turn +cause +VAD end +endpoint +STT final +first text +clause +first audio +on the wire +barge-in$/m,
    'a waterfall',
  );
  t.match(stdout, /cut off.* \d+ ms$/m, 'with the time of the barge-in');
  t.notMatch(stdout, /FAILED/);
  for (const what of ['recording', 'transcript', 'call page']) {
    const file = new RegExp(`^${what} +(\\S+)`, 'm').exec(stdout)?.[1] ?? '';
    t.ok(existsSync(file), `${what}: ${file}`);
    if (what !== 'recording') continue;
    const { left, right } = readStereoWav(file);
    t.ok(rms(left) > 100 && rms(right) > 100, 'both sides are heard in it');
  }
  return stdout;
}

if (recognizerPackages().installed) {
  void t.test('the demo: a whole conversation, understood, and exit code 0', async (t) => {
    const stdout = await demo(t);
    t.match(stdout, /caller {2}what are your opening hours\n.*agent {3}We are open from nine to six/, 'understood and answered');
    t.match(
      stdout,
      /caller {2}.*repair cost\n.*agent {3}A full service costs sixty dollars/,
      'also what it was interrupted with',
    );
  });
}

void t.test('the demo without a recogniser says so and goes on by keys and by hearing that the caller spoke', async (t) => {
  const stdout = await demo(t, { speech: { embedded: { sttPool: 0 } } });
  t.match(stdout, /^\(no speech recogniser/m);
  t.match(stdout, /caller {2}\(spoke, not understood\)/);
  t.match(stdout, /caller {2}\[digit 1\]\n.*agent {3}We are open from nine to six/, 'a key in place of the words');
});

void t.test('the demo says in one line what it does not know', async (t) => {
  const process = OffhookProcess.spawn(t, { args: ['demo', '--provider', 'nobody'] });
  t.same(await process.ended(), { code: 1, signal: null });
  t.match(process.stderr, /^offhook: --provider takes embedded or openai\n$/);
});
