import t from 'tap';
import { costOf, type ProviderUsage, totalCostOf, withUsage } from '../../../src/domain/provider-usage.js';

const prices = { perMillionInputTokens: 2, perMillionOutputTokens: 8, perAudioMinute: 0.006, perMillionCharacters: 15 };

void t.test('tokens, minutes and characters have their prices; without prices nothing has a cost', (t) => {
  t.equal(costOf({ inputTokens: 500_000, outputTokens: 250_000 }, prices), 3);
  t.equal(costOf({ audioMs: 90_000 }, prices), 0.009);
  t.equal(costOf({ characters: 100_000 }, prices), 1.5);
  t.equal(costOf({}, prices), 0);
  t.equal(costOf({ inputTokens: 1 }, undefined), undefined);
  t.end();
});

void t.test('requests are added up by stage and provider, and what costs nothing known stays so', (t) => {
  let usage: readonly ProviderUsage[] = [];
  t.equal(totalCostOf(usage), undefined);
  usage = withUsage(usage, 'llm', 'openai', { inputTokens: 500_000, outputTokens: 0 }, prices);
  usage = withUsage(usage, 'stt', 'embedded', { audioMs: 1_000 }, undefined);
  usage = withUsage(usage, 'llm', 'openai', { inputTokens: 500_000, outputTokens: 250_000 }, prices);
  const none = { inputTokens: 0, outputTokens: 0, inputAudioTokens: 0, outputAudioTokens: 0, audioMs: 0, characters: 0 };
  t.same(usage, [
    { ...none, stage: 'llm', provider: 'openai', requests: 2, inputTokens: 1_000_000, outputTokens: 250_000, cost: 4 },
    { ...none, stage: 'stt', provider: 'embedded', requests: 1, audioMs: 1_000, cost: undefined },
  ]);
  t.equal(totalCostOf(usage), 4);
  t.end();
});
