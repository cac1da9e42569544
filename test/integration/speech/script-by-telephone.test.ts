import t, { type Test } from 'tap';
import { silentLogger } from '../../../src/core/log.js';
import { OptOutPhrases } from '../../../src/domain/opt-out.js';
import type { SpeechCatalog, SpeechSuite, TextToSpeech } from '../../../src/domain/ports/speech.js';
import { startFliteSynthesizer } from '../../../src/speech/embedded/flite-synthesizer.js';
import { NullRecognizer } from '../../../src/speech/embedded/null-recognizer.js';
import { startPocketsphinx } from '../../../src/speech/embedded/pocketsphinx-recognizer.js';
import { recognizerPackages } from '../../../src/speech/embedded/system-packages.js';
import { demoAgent } from '../../../src/speech/script/demo-agent.js';
import { createSpeechCatalog } from '../../../src/speech/speech-catalog.js';
import { startEmbeddedOpenAiServer } from '../../support/embedded-openai-server.js';
import { FAILOVER } from '../../support/failover-settings.js';
import { collect, replyRequest, synthesisRequest } from '../../support/speech-requests.js';
import { CALLER_PHRASES, KNOWLEDGE_QUESTIONS } from '../../unit/speech/caller-phrases.js';
import { concat, lineSilence, throughTelephone } from '../speech-embedded/telephone-line.js';

const FRAME_SAMPLES = 320;
/** Another voice than the agent's own. */
const CALLER_VOICE = 'rms';
/** Every other of the phrases that are reworded but not misspelt, and some that only the knowledge answers. */
const SAID = CALLER_PHRASES.slice(0, 43).filter((_, i) => i % 2 === 0);
const ASKED = KNOWLEDGE_QUESTIONS.slice(0, 4);

const packages = recognizerPackages();
if (!packages.installed && process.env['OFFHOOK_NO_APT']) {
  t.pass('SKIPPED: the embedded recogniser is not installed and OFFHOOK_NO_APT forbids it', { skip: packages.command });
} else {
  telephoneTests();
}

function telephoneTests(): void {
  t.test('callers on a telephone line are answered to the point by recogniser, script and knowledge', async (t) => {
    const { caller, catalog } = await start(t);
    await catalog.warm(demoAgent);
    const suite = catalog.suiteFor(demoAgent);
    let right = 0;
    for (const [said, name] of SAID) {
      const { heard, reply, hangsUp } = await answer(suite, await byTelephone(caller, said));
      if (expectedReply(name).test(reply)) right += 1;
      else t.comment(`${said} -> ${heard} -> ${reply}`);
      t.ok(name === 'goodbye' || !hangsUp, `not hung up on: ${said}`);
    }
    for (const [asked, expected] of ASKED) {
      const { heard, reply } = await answer(suite, await byTelephone(caller, asked));
      if (expected.test(reply)) right += 1;
      else t.comment(`${asked} -> ${heard} -> ${reply}`);
    }
    const total = SAID.length + ASKED.length;
    t.ok(right >= total * 0.85, `${right} of ${total} answered to the point`);
  });

  t.test('callers who do not want to be called again are understood, and no others', async (t) => {
    const { caller, catalog } = await start(t);
    const suite = catalog.suiteFor(demoAgent);
    const optOut = new OptOutPhrases();
    const hear = async (said: string): Promise<string> => (await answer(suite, await byTelephone(caller, said))).heard;
    const wishes = [
      'Please stop calling me.',
      "Don't call me again.",
      'Take me off your list.',
      'Remove me from your list, please.',
    ];
    let understood = 0;
    for (const said of wishes) {
      const heard = await hear(said);
      if (optOut.matches(heard)) understood += 1;
      else t.comment(`${said} -> ${heard}`);
    }
    t.ok(understood >= wishes.length - 1, `${understood} of ${wishes.length} understood`);
    for (const [said] of SAID.slice(0, 8)) t.notOk(optOut.matches(await hear(said)), said);
  });

  t.test('the same conversation through OpenAI interfaces, with real audio both ways', async (t) => {
    const { caller, catalog, folder } = await start(t);
    const server = await startEmbeddedOpenAiServer(catalog.suiteFor(demoAgent), demoAgent);
    t.teardown(() => server.close());
    const service = { model: 'test', timeoutMs: 60_000 };
    const remote = await createSpeechCatalog({
      embedded: { stt: new NullRecognizer(), tts: caller },
      ...FAILOVER,
      remote: {
        openai: { type: 'openai', baseUrl: server.url, stt: service, llm: service, tts: { ...service, voice: 'alloy' } },
      },
      defaults: { stt: 'openai', llm: 'openai', tts: 'openai' },
      dataDir: folder,
      log: silentLogger,
    });
    t.teardown(() => remote.close());
    const suite = remote.suiteFor(demoAgent);
    const hours = await answer(suite, await byTelephone(caller, 'What are your opening hours?'));
    t.match(hours.reply, expectedReply('opening-hours'), hours.heard);
    const bye = await answer(suite, await byTelephone(caller, 'Nothing else, goodbye.'));
    t.match(bye, { reply: expectedReply('goodbye'), hangsUp: true }, bye.heard);

    const { tts } = catalog.suiteFor(demoAgent);
    const text = 'Thank you for calling.';
    const [direct, far] = [
      await collect(tts.synthesize(synthesisRequest(text))),
      await collect(suite.tts.synthesize(synthesisRequest(text))),
    ];
    const seconds = (chunks: typeof far): number => chunks.reduce((sum, { pcm, rateHz }) => sum + pcm.length / rateHz, 0);
    t.ok(
      Math.abs(seconds(far) - seconds(direct)) < 0.01,
      `${seconds(far)} s of speech at 24 kHz, ${seconds(direct)} s at its origin`,
    );
    t.ok(far.every((chunk) => chunk.rateHz === 24_000));
  });
}

async function start(t: Test): Promise<{ caller: TextToSpeech; catalog: SpeechCatalog; folder: string }> {
  const folder = t.testdir();
  const tts = startFliteSynthesizer({ workers: 1, log: silentLogger });
  t.teardown(() => tts.close());
  const stt = await startPocketsphinx({ dataDir: folder, poolSize: 1, log: silentLogger });
  if ('missing' in stt) throw new Error(stt.missing);
  t.teardown(() => stt.close());
  const defaults = { stt: 'embedded', llm: 'script', tts: 'embedded' };
  const catalog = await createSpeechCatalog({
    ...FAILOVER,
    embedded: { stt, tts },
    remote: {},
    defaults,
    dataDir: folder,
    log: silentLogger,
  });
  t.teardown(() => catalog.close());
  return { caller: tts, catalog, folder };
}

async function byTelephone(caller: TextToSpeech, said: string): Promise<Int16Array> {
  const chunks = await collect(caller.synthesize(synthesisRequest(said, { voiceSettings: { voice: CALLER_VOICE } })));
  return throughTelephone(concat(lineSilence(250), ...chunks.map((chunk) => chunk.pcm), lineSilence(300)));
}

async function answer(suite: SpeechSuite, pcm: Int16Array): Promise<{ heard: string; reply: string; hangsUp: boolean }> {
  const { signal } = new AbortController();
  const vocabulary = suite.vocabulary ?? { sentences: [] };
  const utterance = suite.stt.open({ language: demoAgent.language, vocabulary, band: 'narrow', signal });
  for (let from = 0; from < pcm.length; from += FRAME_SAMPLES) utterance.write(pcm.subarray(from, from + FRAME_SAMPLES));
  const { text: heard } = await utterance.finish();
  const events = await collect(suite.llm.reply(replyRequest(heard, { agent: demoAgent })));
  const reply = events.map((event) => (event.type === 'text' ? event.text : '')).join('');
  return { heard, reply, hangsUp: events.some((event) => event.type === 'tool') };
}

/** The intent's reply with anything in the place of its slots. */
function expectedReply(name: string): RegExp {
  const reply = demoAgent.script?.intents.find((intent) => intent.name === name)?.reply ?? '';
  const escaped = reply.replace(/[.*+?^$()|[\]\\]/gu, '\\$&').replace(/\{\{\w+\}\}/gu, '.+');
  return new RegExp(`^${escaped}$`, 'u');
}
