import t from 'tap';
import { silentLogger } from '../../../src/core/log.js';
import type { AgentSettings } from '../../../src/domain/agent.js';
import { startFliteSynthesizer } from '../../../src/speech/embedded/flite-synthesizer.js';
import { startPocketsphinx } from '../../../src/speech/embedded/pocketsphinx-recognizer.js';
import { recognizerPackages } from '../../../src/speech/embedded/system-packages.js';
import { demoAgent } from '../../../src/speech/script/demo-agent.js';
import { createSpeechCatalog } from '../../../src/speech/speech-catalog.js';
import { collect, replyRequest } from '../../support/speech-requests.js';
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
  t.test('callers on a telephone line are answered to the point by recogniser, script and knowledge', async (t) => {
    const folder = t.testdir();
    const tts = startFliteSynthesizer({ workers: 1, log: silentLogger });
    t.teardown(() => tts.close());
    const stt = await startPocketsphinx({ dataDir: folder, poolSize: 1, log: silentLogger });
    if ('missing' in stt) throw new Error(stt.missing);
    t.teardown(() => stt.close());
    const defaults = { stt: 'embedded', llm: 'script', tts: 'embedded' };
    const catalog = await createSpeechCatalog({ embedded: { stt, tts }, defaults, dataDir: folder, log: silentLogger });
    t.teardown(() => catalog.close());
    await catalog.warm(demoAgent);
    const suite = catalog.suiteFor(demoAgent);
    const { signal } = new AbortController();

    const hear = async (said: string): Promise<string> => {
      const request = { text: said, language: 'en-US', voiceSettings: { voice: CALLER_VOICE }, signal };
      const spoken = (await collect(tts.synthesize(request))).map((chunk) => chunk.pcm);
      const pcm = throughTelephone(concat(lineSilence(250), ...spoken, lineSilence(300)));
      const utterance = suite.stt.open({
        language: 'en-US',
        vocabulary: suite.vocabulary ?? { sentences: [] },
        band: 'narrow',
        signal,
      });
      for (let from = 0; from < pcm.length; from += FRAME_SAMPLES) utterance.write(pcm.subarray(from, from + FRAME_SAMPLES));
      return (await utterance.finish()).text;
    };
    const answer = async (said: string): Promise<{ heard: string; reply: string; hangsUp: boolean }> => {
      const heard = await hear(said);
      const events = await collect(suite.llm.reply(replyRequest(heard, { agent: demoAgent })));
      const reply = events.map((event) => (event.type === 'text' ? event.text : '')).join('');
      return { heard, reply, hangsUp: events.some((event) => event.type === 'tool') };
    };

    let right = 0;
    for (const [said, name] of SAID) {
      const { heard, reply, hangsUp } = await answer(said);
      const isRight = expectedReply(demoAgent, name).test(reply);
      if (isRight) right += 1;
      else t.comment(`${said} -> ${heard} -> ${reply}`);
      t.ok(name === 'goodbye' || !hangsUp, `not hung up on: ${said}`);
    }
    for (const [asked, expected] of ASKED) {
      const { heard, reply } = await answer(asked);
      if (expected.test(reply)) right += 1;
      else t.comment(`${asked} -> ${heard} -> ${reply}`);
    }
    const total = SAID.length + ASKED.length;
    t.ok(right >= total * 0.85, `${right} of ${total} answered to the point`);
  });
}

/** The intent's reply with anything in the place of its slots. */
function expectedReply(agent: AgentSettings, name: string): RegExp {
  const reply = agent.script?.intents.find((intent) => intent.name === name)?.reply ?? '';
  const escaped = reply.replace(/[.*+?^$()|[\]\\]/gu, '\\$&').replace(/\{\{\w+\}\}/gu, '.+');
  return new RegExp(`^${escaped}$`, 'u');
}
