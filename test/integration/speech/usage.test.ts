import t from 'tap';
import { silentLogger } from '../../../src/core/log.js';
import type { ProviderStage } from '../../../src/domain/provider-failure.js';
import type { Metered, Prices } from '../../../src/domain/provider-usage.js';
import { NullRecognizer } from '../../../src/speech/embedded/null-recognizer.js';
import { demoAgent } from '../../../src/speech/script/demo-agent.js';
import { createSpeechCatalog } from '../../../src/speech/speech-catalog.js';
import { FAILOVER } from '../../support/failover-settings.js';
import { temporaryDirectory } from '../../support/offhook-process.js';
import { chatChunk, OpenAiServer, sse } from '../../support/openai-server.js';
import { collect, ramp, replyRequest, synthesisRequest } from '../../support/speech-requests.js';

type Used = { stage: ProviderStage; provider: string; metered: Metered; prices: Prices | undefined };

void t.test('what each stage asks of a provider is counted, in what it charges for', async (t) => {
  let counts: object | undefined = { usage: { prompt_tokens: 120, completion_tokens: 7 }, choices: [] };
  const server = await OpenAiServer.start({
    raw: {
      '/v1/chat/completions': (response) => {
        response
          .writeHead(200, { 'content-type': 'text/event-stream' })
          .write(sse(chatChunk({ content: 'Good morning to you.' })));
        response.end((counts ? sse(counts) : '') + sse('[DONE]'));
      },
    },
    transcription: async () => 'hello',
    async *speech() {
      yield { pcm: ramp(2_400), rateHz: 24_000 };
    },
  });
  t.teardown(() => server.close());
  const service = { model: 'm', timeoutMs: 20_000 };
  const prices = { perMillionInputTokens: 1, perMillionOutputTokens: 1, perAudioMinute: 1, perMillionCharacters: 1 };
  const catalog = await createSpeechCatalog({
    ...FAILOVER,
    prices: { openai: prices },
    embedded: {
      stt: new NullRecognizer(),
      tts: {
        name: 'embedded',
        synthesize: () => {
          throw new Error('not used here');
        },
      },
    },
    remote: {
      openai: { type: 'openai', baseUrl: server.url, stt: service, llm: service, tts: { ...service, voice: 'alloy' } },
    },
    defaults: { stt: 'openai', llm: 'openai', tts: 'openai' },
    dataDir: temporaryDirectory(t),
    log: silentLogger,
  });
  t.teardown(() => catalog.close());
  const used: Used[] = [];
  const watch = {
    failed: () => undefined,
    used: (...[stage, provider, metered, priced]: [ProviderStage, string, Metered, Prices | undefined]) =>
      void used.push({ stage, provider, metered, prices: priced }),
  };
  const { stt, llm, tts } = catalog.suiteFor({ ...demoAgent, providers: {} }, { watch });
  const last = (): Used | undefined => used.splice(0).at(-1);

  await collect(llm.reply(replyRequest('hello')));
  t.same(
    last(),
    { stage: 'llm', provider: 'openai', metered: { inputTokens: 120, outputTokens: 7 }, prices },
    "the server's word",
  );
  counts = undefined;
  await collect(llm.reply(replyRequest('hello')));
  const estimate = last()?.metered;
  t.equal(estimate?.outputTokens, 5, 'twenty characters');
  t.ok((estimate?.inputTokens ?? 0) > 50, 'the prompt counts');

  const utterance = stt.open({
    language: 'en',
    vocabulary: { sentences: [] },
    band: 'narrow',
    signal: new AbortController().signal,
  });
  utterance.write(ramp(24_000));
  await utterance.finish();
  t.match(last(), { stage: 'stt', metered: { audioMs: 1_500 } });

  await collect(tts.synthesize(synthesisRequest('Good morning.')));
  t.match(last(), { stage: 'tts', metered: { characters: 13 } });
  await collect(tts.synthesize(synthesisRequest('Good morning.')));
  t.equal(last(), undefined, 'what comes from the cache costs nothing');
});
