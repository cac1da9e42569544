import t from 'tap';
import { silentLogger } from '../../src/core/log.js';
import { startFliteSynthesizer } from '../../src/speech/embedded/flite-synthesizer.js';
import { startPocketsphinx } from '../../src/speech/embedded/pocketsphinx-recognizer.js';
import { recognizerPackages } from '../../src/speech/embedded/system-packages.js';
import { demoAgent } from '../../src/speech/script/demo-agent.js';
import { createSpeechCatalog } from '../../src/speech/speech-catalog.js';
import { startEmbeddedOpenAiServer } from '../support/embedded-openai-server.js';
import { FAILOVER } from '../support/failover-settings.js';
import { OffhookProcess, temporaryDirectory } from '../support/offhook-process.js';

const packages = recognizerPackages();

/** Our own server stands in for the provider, because it must hear real audio: no public test server does that. */
async function startProvider(dataDir: string) {
  const tts = startFliteSynthesizer({ workers: 1, log: silentLogger });
  t.teardown(() => tts.close());
  const stt = await startPocketsphinx({ dataDir, poolSize: 1, log: silentLogger });
  if ('missing' in stt) throw new Error(stt.missing);
  t.teardown(() => stt.close());
  const defaults = { stt: 'embedded', llm: 'script', tts: 'embedded' };
  const catalog = await createSpeechCatalog({
    ...FAILOVER,
    embedded: { tts, stt },
    remote: {},
    defaults,
    dataDir,
    log: silentLogger,
  });
  t.teardown(() => catalog.close());
  await catalog.warm(demoAgent);
  const provider = await startEmbeddedOpenAiServer(catalog.suiteFor(demoAgent), demoAgent);
  t.teardown(() => provider.close());
  return provider;
}

if (!packages.installed) {
  t.pass('SKIPPED: the embedded recogniser, which listens for the test server, is not installed', { skip: packages.command });
} else {
  void t.test('the same demo on an OpenAI-compatible server: heard, thought and spoken there, exit code 0', async (t) => {
    const provider = await startProvider(temporaryDirectory(t));
    const process = OffhookProcess.spawn(t, {
      args: ['demo', '--provider', 'openai'],
      env: { OPENAI_BASE_URL: provider.url, OPENAI_API_KEY: 'sk-not-a-key-of-anybody' },
    });
    const { code } = await process.ended(180_000);
    if (code !== 0) t.comment(process.stdout + process.stderr);
    t.equal(code, 0, 'exit code 0');
    const count = (path: string): number => provider.requests.filter((request) => request.path === path).length;
    t.ok(count('/v1/audio/transcriptions') >= 4, `${count('/v1/audio/transcriptions')} utterances heard there`);
    t.ok(count('/v1/chat/completions') >= 4, `${count('/v1/chat/completions')} replies thought there`);
    t.ok(count('/v1/audio/speech') >= 5, `${count('/v1/audio/speech')} phrases spoken there`);
    t.match(process.stdout, /\[cut off: /);
    t.notMatch(process.stdout + process.stderr, /sk-not-a-key/, 'the key is told to nobody');
  });
}
