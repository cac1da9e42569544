import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type CallerStep, playCaller } from '../../src/caller/scripted-caller.js';
import { systemClock } from '../../src/core/clock.js';
import { startUserAgent } from '../../src/user-agent.js';
import { startHttpEndpoint } from '../support/http-endpoint.js';
import { type CallResource, type EntryResource, eventually } from '../support/offhook-process.js';
import { Phone } from '../support/phone.js';
import { type AnswerStep, RealtimeModelServer } from '../support/realtime-model-server.js';
import { startTestServer, TEST_KEY } from '../support/server.js';
import { rms } from '../support/signal.js';
import { collect } from '../support/speech-requests.js';
import { readStereoWav } from '../support/wav.js';

const LONG = 'Our opening hours are a long story, which begins on Monday morning and does not end before the weekend is over.';
/** What the caller is understood to say, and what the model does then, one after the other. */
const heard: string[] = [];
const answers: (readonly AnswerStep[])[] = [];
const model = await RealtimeModelServer.start({
  heard: () => heard.shift() ?? '',
  answer: () => answers.shift() ?? [{ hang: true }],
});
const prices = {
  perMillionInputTokens: 4,
  perMillionOutputTokens: 16,
  perMillionInputAudioTokens: 32,
  perMillionOutputAudioTokens: 64,
};
/** How many were connected when the call was answered. */
const connectedAtAnswer: number[] = [];
const overrides = {
  speech: {
    defaults: { stt: 'none', llm: 'script', tts: 'embedded' },
    openai: { realtime: { baseUrl: model.url, apiKey: 'sk-test' } },
    prices: { 'openai/realtime': prices },
  },
  calls: { ringMs: 500 },
  webhooks: { allowPrivate: true },
};
const server = await startTestServer(overrides, {
  onCallEvent: ({ type }) => void (type === 'answered' && connectedAtAnswer.push(model.sessions.length)),
});
const caller = await startUserAgent({}, { bind: '127.0.0.1', voices: 1 });
t.teardown(async () => {
  await caller.close();
  await server.close();
  await model.close();
});

/** As a person: a caller waits for speech. */
async function voiced(say: string): Promise<AnswerStep> {
  const signal = new AbortController().signal;
  const chunks = await collect(caller.tts.synthesize({ text: say, language: 'en-US', voiceSettings: {}, signal }));
  const spoken = Int16Array.from(chunks.flatMap(({ pcm }) => [...pcm]));
  const fromHz = chunks[0]?.rateHz ?? 16_000;
  const length = Math.floor((spoken.length * 24_000) / fromHz);
  return { say, pcm: Int16Array.from({ length }, (_, i) => spoken[Math.floor((i * fromHz) / 24_000)] ?? 0) };
}

const dataOf = async <T>(path: string): Promise<T> => ((await (await server.api(`/api/v1${path}`)).json()) as { data: T }).data;

const intents = [{ name: 'hours', phrases: ['when do you open'], reply: 'From nine to five.', end_call: false }];
const body = JSON.stringify({
  name: 'At once',
  sip_user: 'at-once',
  system_prompt: 'You answer the telephone.',
  starting_message: 'Hello.',
  script: { intents, fallback: 'Pardon?' },
  dtmf_rules: { '#': { say: 'Goodbye.', end_call: true } },
  providers: { realtime: 'openai' },
});
const created = await server.api('/api/v1/agents', { method: 'POST', body });
const agent = ((await created.json()) as { data: { id: string } }).data;

const hours = new FormData();
hours.append('file', new Blob(['# Opening hours\n\nOn Sundays we open at ten.\n']), 'hours.md');
const headers = { authorization: `Bearer ${TEST_KEY}` };
const uploaded = await fetch(`http://127.0.0.1:${server.httpPort}/api/v1/agents/${agent.id}/documents`, {
  method: 'POST',
  headers,
  body: hours,
});
await eventually(async () => {
  const documents = await dataOf<{ state: string }[]>(`/agents/${agent.id}/documents`);
  return documents.every(({ state }) => state === 'ready') || undefined;
}, 'the document read');

async function converse(steps: readonly CallerStep[]): Promise<{ call: CallResource; said: string[]; entries: EntryResource[] }> {
  const plan = { uri: `sip:at-once@127.0.0.1:${server.sipPort}`, steps, voice: 'rms', patienceMs: 60_000 };
  const outcome = await playCaller({ ...caller, clock: systemClock }, plan);
  if (!outcome.answered) throw new Error(`not answered: ${outcome.sipCode}`);
  const call = await eventually(async () => {
    const [latest] = await dataOf<CallResource[]>(`/calls?agent_id=${agent.id}&limit=1`);
    return latest?.end_reason ? latest : undefined;
  }, 'the call on record');
  const { transcript } = await dataOf<{ transcript: EntryResource[] }>(`/calls/${call.id}/transcript`);
  return { call, entries: transcript, said: transcript.map(({ role, message }) => `${role}: ${message}`) };
}

void t.test('an agent that hears, thinks and speaks at once: heard, spoken, interrupted, hung up, on record', async (t) => {
  t.same([created.status, uploaded.status], [201, 202]);
  heard.push('When do you open?', 'Stop, that is enough.');
  answers.push([await voiced(LONG)], [{ tool: 'end_call' }, await voiced('Goodbye then.')]);
  const { call, said, entries } = await converse([
    { type: 'say', text: 'When do you open?' },
    { type: 'interrupt', text: 'Stop, that is enough for me.' },
    { type: 'listen' },
  ]);
  t.match(call, { status: 'completed', end_reason: 'agent_hangup', provider_failures: [] });
  t.match(said, [
    'agent: Hello.',
    'user: When do you open?',
    /^agent: Our opening/,
    'user: Stop, that is enough.',
    'agent: Goodbye then.',
  ]);
  const [, , answer] = entries;
  t.equal(answer?.interrupted, true);

  const [session] = model.sessions;
  t.equal(model.sessions.length, 1, 'one connection for the call');
  t.same(connectedAtAnswer, [1], 'made while it rang');
  await session?.closed;
  t.same(session?.errors, []);
  const cut = session?.items.find(({ text, role }) => role === 'assistant' && text === '');
  t.ok(cut && (cut.audioMs ?? 0) > 500 && (cut.audioMs ?? 0) < 5_000, `the model remembers ${cut?.audioMs} ms of it`);
  t.match(session?.memory[0], 'assistant: Hello.', 'and what another voice said');
  t.ok((session?.heardPcm.length ?? 0) > 24_000, 'it has heard the caller itself');
  const told = session?.received.flatMap(({ response }) => response?.instructions ?? []) ?? [];
  t.match(told[0], /\[hours\.md[^]*On Sundays we open at ten/, 'and was told what stands in a document about it');

  const [usage] = call.provider_usage.filter(({ stage }) => stage === 'llm');
  const cost = (100 * 4 + 10 * 16 + 20 * 32 + 50 * 64) / 1_000_000;
  t.match(usage, { provider: 'openai/realtime', requests: 2, input_tokens: 200, output_audio_tokens: 100 });
  t.ok(Math.abs((usage?.cost ?? 0) - 2 * cost) < 1e-9, 'by the prices of its own');

  const directory = join(server.dataDir, 'recordings');
  const file = readdirSync(directory, { recursive: true, encoding: 'utf8' }).find(
    (name) => name.includes(call.id) && name.endsWith('.wav'),
  );
  const { right, sampleRateHz } = readStereoWav(join(directory, file ?? ''));
  let loudTenths = 0;
  for (let at = 0; at < right.length; at += sampleRateHz / 10)
    if (rms(right.subarray(at, at + sampleRateHz / 10)) > 300) loudTenths += 1;
  t.ok(loudTenths > 15, `its voice is on the recording (${loudTenths} tenths of a second)`);
});

void t.test(
  'digits that are masked: the model hears neither keys nor voice meanwhile, and is told how many there were',
  async (t) => {
    const PIN = '938271';
    const payments = await startHttpEndpoint(t, () => ({ json: { reference: 'R-7' } }));
    const action = async (action: object) =>
      t.equal(
        (await server.api(`/api/v1/agents/${agent.id}/actions`, { method: 'POST', body: JSON.stringify(action) })).status,
        201,
      );
    const charge = { method: 'POST', url: payments.url, body: { pin: '{{pin}}' } };
    await action({ type: 'http', name: 'Charge', instruction: 'Never by yourself.', config: charge });
    const digits = { field: 'pin', prompt: 'Your code, please.', max_length: PIN.length, masked: true, send_to: 'Charge' };
    const patience = { first_digit_timeout_ms: 30_000, inter_digit_timeout_ms: 30_000 };
    await action({ type: 'collect_digits', name: 'Take the code', instruction: 'To pay.', config: { ...digits, ...patience } });
    answers.push([{ tool: 'take_the_code' }], [await voiced('Thank you.')]);
    const aloud = (await voiced('Nine three eight two seven one.')) as { pcm: Int16Array };
    const spoken = Int16Array.from({ length: Math.floor(aloud.pcm.length / 3) }, (_, i) => aloud.pcm[i * 3] ?? 0);

    const phone = await (await Phone.open(t, server.sipPort)).answered('at-once');
    const call = await eventually(async () => {
      const [latest] = await dataOf<CallResource[]>(`/calls?agent_id=${agent.id}&limit=1`);
      return latest?.status === 'in_progress' ? latest : undefined;
    }, 'the call on record');
    const said = async (): Promise<string[]> =>
      (await dataOf<{ transcript: EntryResource[] }>(`/calls/${call.id}/transcript`)).transcript.map(({ message }) => message);
    await phone.info('1');
    await phone.info('#');
    const session = await eventually(() => model.sessions.at(-1), 'the session');
    await eventually(async () => (await said()).includes('Your code, please.') || undefined, 'the question');
    const hasHeard = (): number[] => [...session.heardPcm, ...session.pcm];
    const heardBefore = hasHeard().length;
    await phone.rtp.play(spoken, phone.remoteRtpPort);
    for (const digit of PIN) await phone.info(digit);
    await eventually(async () => (await said()).includes('Thank you.') || undefined, 'the answer');
    t.same(
      payments.requests.map(({ body }) => JSON.parse(body) as object),
      [{ pin: PIN }],
    );
    const heardMeanwhile = hasHeard().slice(heardBefore);
    t.ok(
      heardMeanwhile.every((sample) => Math.abs(sample) < 200),
      'what is read out while it is keyed in is not listened to',
    );
    t.ok(
      session.memory.some((line) => line.includes(`${PIN.length} digits`) && line.includes('R-7')),
      'what came of it',
    );
    t.notOk(session.memory.some((line) => line.includes(PIN)));
    t.equal((await said()).filter((line) => line === '[digit •]').length, PIN.length);
    t.same(session.errors, []);
    await phone.hangUp();
  },
);

void t.test('a session that breaks in the middle of a word: others go on, and the caller hears no apology', async (t) => {
  heard.push('When do you open?');
  answers.push([await voiced('I can tell you:'), { hangUp: true }]);
  const { call, said } = await converse([
    { type: 'say', text: 'When do you open?' },
    { type: 'press', digits: '#' },
  ]);
  t.match(said, ['agent: Hello.', 'user: When do you open?', 'agent: I can tell you: From nine to five.']);
  t.match(call, { status: 'completed', end_reason: 'agent_hangup' });
  t.match(call.provider_failures, [{ stage: 'llm', provider: 'openai/realtime', reason: 'interrupted', instead: 'script' }]);
});

void t.test('a call that has cost as much as it may is ended, and nobody is asked any more', async (t) => {
  const limited = await server.api(`/api/v1/agents/${agent.id}`, { method: 'PATCH', body: '{"limits":{"max_cost":0.001}}' });
  t.equal(limited.status, 200);
  heard.push('When do you open?');
  answers.push([await voiced(LONG)]);
  const { call, said } = await converse([{ type: 'say', text: 'When do you open?' }, { type: 'listen' }]);
  t.match(call, { status: 'completed', end_reason: 'cost_limit' });
  t.equal(said.at(-1), 'agent: I am sorry, I have to end our call here. Goodbye.');
  const session = model.sessions.at(-1);
  t.equal(session?.answers, 1);
  await session?.closed;
});
