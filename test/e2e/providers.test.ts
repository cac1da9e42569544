import type { ServerResponse } from 'node:http';
import t, { type Test } from 'tap';
import { playCaller } from '../../src/caller/scripted-caller.js';
import { systemClock } from '../../src/core/clock.js';
import { recognizerPackages } from '../../src/speech/embedded/system-packages.js';
import { startUserAgent } from '../../src/user-agent.js';
import { type CallResource, type EntryResource, eventually } from '../support/offhook-process.js';
import { OpenAiServer } from '../support/openai-server.js';
import { startTestServer } from '../support/server.js';

/** What the provider does with every request of the round. */
let misbehave: (response: ServerResponse) => void = () => undefined;

const paths = ['/v1/chat/completions', '/v1/audio/speech', '/v1/audio/transcriptions'];
const provider = await OpenAiServer.start({
  raw: Object.fromEntries(paths.map((path) => [path, (response: ServerResponse) => misbehave(response)])),
});
const service = { baseUrl: provider.url, timeoutMs: 1000 };
const server = await startTestServer({
  speech: { defaults: { stt: 'embedded', llm: 'script', tts: 'embedded' }, openai: { stt: service, llm: service, tts: service } },
});
const agent = await startUserAgent({}, { bind: '127.0.0.1', voices: 1 });
t.teardown(async () => {
  await agent.close();
  await server.close();
  await provider.close().catch(() => undefined);
});

const dataOf = async <T>(path: string, from = server): Promise<T> =>
  ((await (await from.api(`/api/v1${path}`)).json()) as { data: T }).data;

type CreatedAgent = { id: string; sipUser: string };

async function createAgent(sipUser: string, providers: Record<string, string>, on = server): Promise<CreatedAgent> {
  const intents = [{ name: 'bye', phrases: ['goodbye'], reply: 'Goodbye then.', end_call: true }];
  const body = JSON.stringify({
    name: sipUser,
    sip_user: sipUser,
    system_prompt: 'You answer the telephone.',
    starting_message: 'Hello, who is there?',
    script: { intents, fallback: 'Say goodbye.' },
    dtmf_rules: { '#': { say: 'Goodbye then.', end_call: true } },
    providers,
  });
  const response = await on.api('/api/v1/agents', { method: 'POST', body });
  const created = (await response.json()) as { data: { id: string } };
  if (response.status !== 201) throw new Error(JSON.stringify(created));
  return { id: created.data.id, sipUser };
}
/** Agents that depend on the provider for one stage. */
const agents = {
  stt: await createAgent('down-stt', { stt: 'openai' }),
  llm: await createAgent('down-llm', { llm: 'openai' }),
  tts: await createAgent('down-tts', { tts: 'openai' }),
};

type Ended = { call: CallResource; said: string[] };

/** One call to the agent, up to its end on record. */
type Steps = Parameters<typeof playCaller>[1]['steps'];
async function converse({ id, sipUser }: CreatedAgent, steps: Steps, on = server): Promise<Ended> {
  const plan = { uri: `sip:${sipUser}@127.0.0.1:${on.sipPort}`, steps, voice: 'rms', patienceMs: 60_000 };
  const outcome = await playCaller({ ...agent, clock: systemClock }, plan);
  if (!outcome.answered) throw new Error(`${sipUser} did not answer: ${outcome.sipCode}`);
  const call = await eventually(async () => {
    const [latest] = await dataOf<CallResource[]>(`/calls?agent_id=${id}&limit=1`, on);
    return latest?.end_reason ? latest : undefined;
  }, 'the call on record');
  const { transcript } = await dataOf<{ transcript: EntryResource[] }>(`/calls/${call.id}/transcript`, on);
  return { call, said: transcript.filter((entry) => entry.role === 'agent').map((entry) => entry.message) };
}

async function everyStageFails(t: Test): Promise<void> {
  const talk = [
    { type: 'say', text: 'What are your opening hours?' },
    { type: 'say', text: 'I would like to know your opening hours.' },
  ] as const;
  const [stt, llm, tts] = await Promise.all([
    converse(agents.stt, talk),
    converse(agents.llm, talk),
    converse(agents.tts, [{ type: 'press', digits: '#' }]),
  ]);
  for (const [stage, { call, said }] of Object.entries({ stt, llm })) {
    t.match(said, [/^Hello/, /I am sorry.*say that again/, /technical trouble.*Goodbye/], `${stage}: an apology, then a goodbye`);
    t.match(call, { status: 'failed', result: 'upstream_error', end_reason: 'provider_failed' }, `${stage}: the record says so`);
  }
  t.match(tts.said, [/^Hello, who is there\?$/, /^Goodbye then\.$/], 'tts: the embedded voice says what was to be said');
  t.match(tts.call, { status: 'completed', end_reason: 'agent_hangup' }, 'tts: and the call goes its way');
}

const ROUNDS: readonly [what: string, misbehaviour: (response: ServerResponse) => void][] = [
  ['answers nothing, ever', () => undefined],
  ['answers 500', (response) => void response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":{}}')],
  ['answers with a web page', (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hi</h1>')],
  ['breaks off', (response) => void response.writeHead(200).write('data: {"cho', () => response.destroy())],
];

const packages = recognizerPackages();
if (packages.installed) {
  void t.test('with others to stand in, the call goes on as if nothing were amiss, and its record tells what was', async (t) => {
    misbehave = (response) => void response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":{}}');
    const standIns = await startTestServer({
      speech: {
        defaults: { stt: 'openai', llm: 'openai', tts: 'openai' },
        fallbacks: { stt: ['embedded'], llm: ['script'], tts: ['embedded'] },
        openai: { stt: service, llm: service, tts: service },
      },
    });
    t.teardown(() => standIns.close());
    const desk = await createAgent('stood-in', {}, standIns);
    const { call, said } = await converse(desk, [{ type: 'say', text: 'Goodbye.' }], standIns);
    t.match(said, [/^Hello, who is there\?$/, /^Goodbye then\.$/], 'heard, thought and spoken by others');
    t.match(call, { status: 'completed', end_reason: 'agent_hangup' });
    t.same(call.provider_usage, [], 'what was refused costs nothing');
    const story = call.provider_failures.map(({ stage, provider: who, reason, status_code, instead }) =>
      [stage, who, reason, status_code, instead].join(' '),
    );
    for (const [stage, instead] of [
      ['stt', 'embedded'],
      ['llm', 'script'],
      ['tts', 'embedded'],
    ]) {
      t.ok(story.includes(`${stage} openai refused 500 ${instead}`), `${stage}: ${story.join(', ')}`);
    }
    const metrics = await (await standIns.api('/metrics')).text();
    t.match(metrics, /offhook_provider_failures_total\{provider="openai",stage="llm",reason="refused",served="yes"\} [1-9]/);
  });

  for (const [what, misbehaviour] of ROUNDS) {
    void t.test(`a provider that ${what}: the caller hears of it, and the record says so`, async (t) => {
      misbehave = misbehaviour;
      await everyStageFails(t);
    });
  }

  void t.test('a provider that is not there: the caller hears of it, and the record says so', async (t) => {
    await provider.close();
    await everyStageFails(t);
  });
} else {
  t.pass('SKIPPED: the embedded recogniser is not installed', { skip: packages.command });
}
