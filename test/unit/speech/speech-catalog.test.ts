import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { AppError } from '../../../src/core/errors.js';
import { silentLogger } from '../../../src/core/log.js';
import type { SpeechChunk, SynthesisRequest, TextToSpeech, Vocabulary } from '../../../src/domain/ports/speech.js';
import type { PreparableRecognizer } from '../../../src/speech/preparable.js';
import { demoAgent } from '../../../src/speech/script/demo-agent.js';
import { createSpeechCatalog, type SpeechCatalogOptions } from '../../../src/speech/speech-catalog.js';
import { FAILOVER } from '../../support/failover-settings.js';
import { collect, ramp, synthesisRequest } from '../../support/speech-requests.js';

class Speaker implements TextToSpeech {
  readonly name = 'embedded';
  readonly spoken: string[] = [];
  async *synthesize({ text }: SynthesisRequest): AsyncGenerator<SpeechChunk> {
    this.spoken.push(text);
    yield { pcm: ramp(1_000), rateHz: 16_000 };
  }
}

class Listener implements PreparableRecognizer {
  readonly name = 'embedded';
  readonly understands = true;
  readonly prepared: [Vocabulary, string][] = [];
  broken = false;
  open(): never {
    throw new Error('not used here');
  }
  async prepare(vocabulary: Vocabulary, band: 'narrow' | 'wide'): Promise<void> {
    if (this.broken) throw new Error('no model');
    this.prepared.push([vocabulary, band]);
  }
}

const service = { model: 'm', timeoutMs: 1_000 };
const openai = { type: 'openai' as const, apiKey: 'sk-test', stt: service, llm: service, tts: { ...service, voice: 'alloy' } };

async function catalog(
  t: { testdir(): string; teardown(handler: () => Promise<void>): void },
  changes: Partial<SpeechCatalogOptions> = {},
) {
  const tts = new Speaker();
  const stt = new Listener();
  const dataDir = t.testdir();
  const defaults = { stt: 'embedded', llm: 'script', tts: 'embedded' };
  const created = await createSpeechCatalog({
    ...FAILOVER,
    embedded: { tts, stt },
    remote: { openai },
    defaults,
    dataDir,
    log: silentLogger,
    ...changes,
  });
  t.teardown(() => created.close());
  return { catalog: created, tts, stt, dataDir };
}

t.test('an agent gets the providers it names and the defaults for the rest', async (t) => {
  const { catalog: speech } = await catalog(t);
  const names = (providers: object) => {
    const { stt, llm, tts } = speech.suiteFor({ ...demoAgent, providers });
    return [stt.name, llm.name, tts.name];
  };
  t.same(names({}), ['embedded', 'script', 'embedded']);
  t.same(names({ stt: 'openai', llm: 'openai', tts: 'openai' }), ['openai', 'openai', 'openai']);
  t.same(names({ stt: 'none' }), ['none', 'script', 'embedded']);
});

t.test('a provider that does not exist is an invalid request that names the field and what there is', async (t) => {
  const { catalog: speech } = await catalog(t);
  for (const stage of ['stt', 'llm', 'tts'] as const) {
    for (const name of ['whisper', '', '__proto__', 'constructor']) {
      let error: AppError | undefined;
      try {
        speech.suiteFor({ ...demoAgent, providers: { [stage]: name } });
      } catch (thrown) {
        error = thrown as AppError;
      }
      t.match(
        error,
        { code: 'invalid_request', faults: [{ field: `providers.${stage}`, message: /openai/u }] },
        `${stage} ${name}`,
      );
    }
  }
});

t.test('a service with neither a key nor an address does not exist; one with its own does', async (t) => {
  const own = { ...openai, apiKey: undefined, llm: { ...service, baseUrl: 'http://127.0.0.1:1/v1' } };
  const { catalog: speech } = await catalog(t, { remote: { openai: own } });
  t.equal(speech.suiteFor({ ...demoAgent, providers: { llm: 'openai' } }).llm.name, 'openai');
  t.throws(() => speech.suiteFor({ ...demoAgent, providers: { tts: 'openai' } }), { code: 'invalid_request' });
});

t.test('the suite brings the vocabulary of the agent', async (t) => {
  const { catalog: speech } = await catalog(t);
  t.ok(speech.suiteFor(demoAgent).vocabulary?.sentences.includes('are you open on saturday'));
});

t.test('warming makes the greeting ready and lets the recogniser prepare', async (t) => {
  const { catalog: speech, tts, stt, dataDir } = await catalog(t);
  await speech.warm(demoAgent);
  t.same(tts.spoken, [demoAgent.startingMessage]);
  t.match(stt.prepared, [[{ sentences: Array }, 'narrow']]);
  const { language, voiceSettings, startingMessage = '' } = demoAgent;
  const greeting = await collect(
    speech.suiteFor(demoAgent).tts.synthesize(synthesisRequest(startingMessage, { language, voiceSettings })),
  );
  t.equal(greeting[0]?.pcm.length, 1_000);
  t.equal(tts.spoken.length, 1, 'the greeting came from the cache');
  await speech.close();
  t.equal(readdirSync(join(dataDir, 'cache', 'speech')).length, 1, 'and it is on disk');
});

t.test('warming never fails, and a broken recogniser does not cost the greeting', async (t) => {
  const { catalog: speech, tts, stt } = await catalog(t);
  stt.broken = true;
  await speech.warm(demoAgent);
  t.equal(tts.spoken.length, 1);
  await speech.warm({ ...demoAgent, providers: { tts: 'nobody' } });
});

t.test('the recogniser `none` hears that somebody spoke, but no words', async (t) => {
  const { catalog: speech } = await catalog(t);
  const { stt } = speech.suiteFor({ ...demoAgent, providers: { stt: 'none' } });
  t.equal(stt.understands, false);
  const { signal } = new AbortController();
  const utterance = stt.open({ language: 'en-US', vocabulary: { sentences: [] }, band: 'narrow', signal });
  utterance.write(ramp(16_000));
  t.same(await utterance.finish(), { text: '', confidence: undefined });
});
