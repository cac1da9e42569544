import { systemClock } from '../../src/core/clock.js';
import { longestQuietAfter } from '../bench/line-analysis.js';
import { passed } from '../bench/passed.js';
import { quantile } from '../bench/statistics.js';
import { startHttpEndpoint } from '../support/http-endpoint.js';
import { type ChatJob, OpenAiServer } from '../support/openai-server.js';
import { AgentLine, type Script } from './agent-line.js';
import { AT_ONCE, type Figure, VOICES } from './suites.js';

/** All of it is within the deadlines of providers, so that nobody else stands in. */
const SLOW_S = { model: 3.5, middle: 4.5, tool: 5, recogniser: 2.2 };
const QUESTION = 'What time is it?';
const ANSWER_WITHIN_MS = 12_000;

type Kind = keyof typeof SLOW_S;
const KINDS: Readonly<Record<Kind, string>> = {
  model: 'the model begins late',
  middle: 'the model stops in mid-answer',
  tool: 'a tool takes long',
  recogniser: 'the recogniser is late',
};

/** How long nothing is heard of an agent whose providers are slow, from the caller's last word to the end of its answer. */
export async function silence(): Promise<Figure[]> {
  const closers: (() => Promise<void>)[] = [];
  try {
    const model = await OpenAiServer.start({ chat: slowly, transcription: () => passed(SLOW_S.recogniser).then(() => QUESTION) });
    closers.push(() => model.close());
    const slow = async (): Promise<{ json: object }> => passed(SLOW_S.tool).then(() => ({ json: { time: 'noon' } }));
    const tool = await startHttpEndpoint({ teardown: (task) => void closers.push(task) }, slow);
    const line = await AgentLine.open(
      `webhooks: { allowPrivate: true }\nspeech: { defaults: { stt: embedded, llm: openai, tts: embedded }, openai: { baseUrl: '${model.url}', apiKey: none } }\n`,
    );
    closers.push(() => line.close());
    const figures: Figure[] = [];
    for (const kind of Object.keys(KINDS) as Kind[]) figures.push(await longestOf(kind, line, tool.url));
    return figures;
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}

async function longestOf(kind: Kind, line: AgentLine, toolUrl: string): Promise<Figure> {
  const agent = await line.createAgent({
    system_prompt: `slow-${kind}`,
    starting_message: 'How can I help?',
    providers: { stt: kind === 'recogniser' ? 'openai' : 'embedded' },
  });
  if (kind === 'tool') {
    await line.createAction(agent, {
      type: 'http',
      name: 'clock',
      instruction: 'Always.',
      config: { method: 'GET', url: toolUrl },
    });
  }
  const scripts = await Promise.all(
    VOICES.map(async (voice): Promise<Script> => {
      const question = await line.say(QUESTION, voice);
      return async (caller) => {
        await caller.listen();
        await caller.say(question);
        await caller.wait(ANSWER_WITHIN_MS);
      };
    }),
  );
  const calls = await line.call(agent, scripts, AT_ONCE);
  const longest = calls.flatMap(
    (call) => longestQuietAfter(call.utterances[0]?.lastMs ?? systemClock.monotonicMs(), call.line) ?? [],
  );
  return {
    eval: 'silence',
    figure: `${KINDS[kind]} (${SLOW_S[kind]} s): longest silence`,
    n: longest.length,
    value: quantile(longest, 1),
    unit: 'ms',
    aim: '<= 2500',
  };
}

/** The agent's prompt says in which way. */
async function* slowly({ system, messages }: ChatJob) {
  const kind = (Object.keys(KINDS) as Kind[]).find((each) => system.includes(`slow-${each}`));
  if (kind === 'tool' && messages.at(-1)?.role !== 'tool') {
    yield { type: 'tool', call: { id: 'call_1', name: 'clock', arguments: {} } } as const;
    return;
  }
  if (kind === 'model') await passed(SLOW_S.model);
  yield { type: 'text', text: 'It is twelve. ' } as const;
  if (kind === 'middle') await passed(SLOW_S.middle);
  yield { type: 'text', text: 'That is noon.' } as const;
}
