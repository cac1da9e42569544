import t from 'tap';
import type { CallConversation } from '../../../src/calls/call-conversation.js';
import { CostStop } from '../../../src/calls/cost-stop.js';
import { FakeClock } from '../../../src/core/clock.js';
import type { Call } from '../../../src/domain/call.js';
import { type Metered, withUsage } from '../../../src/domain/provider-usage.js';
import { phrasesOf } from '../../../src/pipeline/language/phrases.js';

const PRICES = { perMillionInputTokens: 1_000_000, perMillionOutputTokens: 0, perAudioMinute: 0, perMillionCharacters: 0 };

function bench(maxCost: number | undefined, interject: CallConversation['interject'] = () => 'now') {
  const clock = new FakeClock();
  let call = { providerUsage: undefined } as unknown as Call;
  const said: unknown[] = [];
  const stop = new CostStop({ clock, call: () => call, maxCost, language: 'de-DE' });
  const watch = stop.watching({
    failed: () => undefined,
    used: (...used) => {
      call = { ...call, providerUsage: withUsage(call.providerUsage ?? [], ...used) };
    },
  });
  const conversation = {
    interject: (...it: Parameters<CallConversation['interject']>) => {
      said.push(it);
      return interject(...it);
    },
  } as unknown as CallConversation;
  const use = (metered: Metered, priced = true): void => watch.used('llm', 'openai', metered, priced ? PRICES : undefined);
  return { clock, stop, said, conversation, use };
}

const goodbye = [{ type: 'text', text: phrasesOf('de').costGoodbye, endCall: true }, true];

void t.test('a call that has cost as much as it may is ended once, with a sentence in its language', (t) => {
  const { clock, stop, said, conversation, use } = bench(3);
  stop.begun(conversation);
  use({ inputTokens: 2 });
  use({ inputTokens: 100 }, false);
  clock.advance(1);
  t.same(said, [], 'below the limit; and what has no price does not count');
  use({ inputTokens: 1 });
  t.same(said, [], 'not in the middle of a request');
  clock.advance(1);
  use({ inputTokens: 5 });
  clock.advance(1);
  t.same(said, [goodbye]);
  t.equal(stop.stopped, true);
  t.end();
});

void t.test('what was spent before the conversation counts', (t) => {
  const { clock, stop, said, conversation, use } = bench(1);
  use({ inputTokens: 4 });
  clock.advance(1);
  t.same(said, []);
  stop.begun(conversation);
  clock.advance(1);
  t.same(said, [goodbye]);
  t.end();
});

void t.test('without a limit nothing is ended; a call that is about to end has its own reason', (t) => {
  const free = bench(undefined);
  free.stop.begun(free.conversation);
  free.use({ inputTokens: 1_000_000 });
  free.clock.advance(1);
  t.same(free.said, []);
  const ending = bench(1, () => {
    throw new Error('about to end');
  });
  ending.stop.begun(ending.conversation);
  ending.use({ inputTokens: 1 });
  ending.clock.advance(1);
  t.equal(ending.said.length, 1);
  t.equal(ending.stop.stopped, false);
  t.end();
});
