import t from 'tap';
import { silentLogger } from '../../../src/core/log.js';
import { NullRecognizer } from '../../../src/speech/embedded/null-recognizer.js';
import { demoAgent } from '../../../src/speech/script/demo-agent.js';
import { createSpeechCatalog } from '../../../src/speech/speech-catalog.js';
import { settle } from '../../support/conversation-bench.js';
import { FAILOVER } from '../../support/failover-settings.js';
import { temporaryDirectory } from '../../support/offhook-process.js';
import { OpenAiServer } from '../../support/openai-server.js';
import { RealtimeModelServer } from '../../support/realtime-model-server.js';
import { collect, ramp, replyRequest, synthesisRequest } from '../../support/speech-requests.js';
import { until } from '../../support/until.js';

void t.test('connections that are opened ahead are those that the first turn goes over', async (t) => {
  const server = await OpenAiServer.start({
    async *chat() {
      yield { type: 'text', text: 'Good morning.' };
    },
    async *speech() {
      yield { pcm: ramp(2_400), rateHz: 24_000 };
    },
  });
  t.teardown(() => server.close());
  const model = await RealtimeModelServer.start({ answer: () => [] });
  t.teardown(() => model.close());
  const service = { model: 'm', timeoutMs: 20_000 };
  const tts = {
    name: 'embedded',
    synthesize: () => {
      throw new Error('not used here');
    },
  };
  const catalog = await createSpeechCatalog({
    ...FAILOVER,
    embedded: { stt: new NullRecognizer(), tts },
    remote: {
      openai: {
        type: 'openai',
        baseUrl: server.url,
        stt: service,
        llm: service,
        tts: { ...service, voice: 'alloy' },
        realtime: { ...service, baseUrl: model.url, voice: 'alloy', transcription: 'm' },
      },
    },
    defaults: { stt: 'none', llm: 'openai', tts: 'openai' },
    dataDir: temporaryDirectory(t),
    log: silentLogger,
  });
  t.teardown(() => catalog.close());

  const suite = catalog.suiteFor({ ...demoAgent, providers: {} }, { onCall: true });
  suite.connect?.();
  suite.connect?.();
  await until(() => server.connections === 2);
  t.same(server.requests, [], 'nothing is asked for');
  // Once this is answered so are the others, and their connections are free.
  await (await fetch(server.url, { method: 'OPTIONS' })).arrayBuffer();
  await settle();
  const opened = server.connections;
  await collect(suite.llm.reply(replyRequest('hello')));
  await collect(suite.tts.synthesize(synthesisRequest('Good morning.')));
  t.equal(server.requests.length, 2);
  t.equal(server.connections, opened, 'over those that are open');
  t.same(model.paths, [], 'nobody wants speech to speech');

  const atOnce = catalog.suiteFor({ ...demoAgent, providers: { realtime: 'openai' } }, { onCall: true });
  atOnce.connect?.();
  atOnce.connect?.();
  await until(() => model.sessions.length > 0);
  t.equal(model.paths.length, 1);
  atOnce.close?.();
  await model.sessions[0]?.closed;
  const notOnCall = catalog.suiteFor({ ...demoAgent, providers: { realtime: 'openai' } });
  t.equal(notOnCall.llm.name, 'openai', 'who is not on a call writes with a language model');
});
