import t from 'tap';
import { providerTimes, waterfallOf } from '../../../src/domain/turn-waterfall.js';

const PROVIDERS = { stt: 'ears', llm: 'brain', tts: 'voice' };

void t.test('a provider is waited for from what it was given to the first of what it made', async (t) => {
  const latency = {
    vadEndMs: 200,
    endpointMs: 400,
    sttFinalMs: 350,
    firstTextMs: 900,
    firstClauseMs: 950,
    firstAudioMs: 1100,
    firstPacketMs: 1110,
  };
  t.same(providerTimes({ latency, providers: PROVIDERS }), [
    { stage: 'stt', provider: 'ears', ms: 150 },
    { stage: 'llm', provider: 'brain', ms: 500 },
    { stage: 'tts', provider: 'voice', ms: 150 },
  ]);
  t.same(
    providerTimes({ latency: { ...latency, aheadMs: 100 }, providers: PROVIDERS }).map(({ stage }) => stage),
    ['stt', 'tts'],
    'a model that began before the endpoint was not waited for',
  );
  t.same(
    providerTimes({ latency: { ...latency, sttFinalMs: 150 }, providers: { stt: 'ears' } }),
    [{ stage: 'stt', provider: 'ears', ms: 0 }],
    'words that were there before the end of speech',
  );
  t.same(providerTimes({ latency }), [], 'nobody knows who it was');
  t.same(providerTimes({ latency: { firstTextMs: 300 }, providers: { llm: 'brain' } }), [
    { stage: 'llm', provider: 'brain', ms: 300 },
  ]);
});

void t.test('percentiles are times that were measured, of each stage, of interruptions and of each provider', async (t) => {
  const turns = Array.from({ length: 100 }, (_, i) => ({
    latency: { firstClauseMs: 0, firstAudioMs: 100 - i, firstPacketMs: i + 1 },
    ...(i < 3 && { bargeInMs: 10 * (i + 1) }),
    providers: { tts: i % 2 === 0 ? 'even' : 'odd' },
  }));
  const { stages, bargeIn, providers, ...rest } = waterfallOf(turns);
  t.same(rest, { turns: 100 });
  t.same(stages, {
    first_clause: { count: 100, p50Ms: 0, p95Ms: 0, p99Ms: 0 },
    first_audio: { count: 100, p50Ms: 50, p95Ms: 95, p99Ms: 99 },
    first_packet: { count: 100, p50Ms: 50, p95Ms: 95, p99Ms: 99 },
  });
  t.same(bargeIn, { count: 3, p50Ms: 20, p95Ms: 30, p99Ms: 30 });
  t.same(providers, [
    { stage: 'tts', provider: 'even', count: 50, p50Ms: 50, p95Ms: 96, p99Ms: 100 },
    { stage: 'tts', provider: 'odd', count: 50, p50Ms: 49, p95Ms: 95, p99Ms: 99 },
  ]);
  t.same(waterfallOf([]), { turns: 0, stages: {}, bargeIn: undefined, providers: [] });
});
