import t from 'tap';
import { startHttpEndpoint } from '../support/http-endpoint.js';
import { mustConnect } from '../support/live-client.js';
import { wavSamples } from '../support/multipart.js';
import { eventually } from '../support/offhook-process.js';
import { Phone } from '../support/phone.js';
import { get, post } from '../support/rest.js';
import { startTestServer, TEST_KEY } from '../support/server.js';
import { rms } from '../support/signal.js';

type Log = { id: number; role: string; text: string };
type Conversations = { conversations: { session_id: string; bot_name: string; logs: Log[] }[] };

void t.test(
  'a whole job: an agent is made, is called and written to, and all of it is found again; a webhook tells of the call',
  { timeout: 240_000 },
  async (t) => {
    const hook = await startHttpEndpoint(t, () => ({ status: 204 }));
    const subscriptions = [{ url: hook.url, events: ['call_completed'], secret: 'a long random text for this' }];
    const server = await startTestServer({
      speech: { defaults: { stt: 'none' } },
      webhooks: { allowPrivate: true, subscriptions },
    });
    t.teardown(() => server.close());
    const { id: agent } = await post<{ id: string }>(server, '/agents', {
      name: 'Flame',
      system_prompt: 'You help.',
      starting_message: 'I am Flame.',
      sip_user: 'flame',
      script: { intents: [{ name: 'hours', phrases: ['when are you open'], reply: 'From nine to five.' }], fallback: 'Pardon?' },
      dtmf_rules: { '9': { say: 'Goodbye.', end_call: true } },
    });
    const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
      const response = await server.api(path, { method, ...(body && { body: JSON.stringify(body) }) });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    };
    const bot = `/chatbot/${agent}`;
    const conversations = async (query: string): Promise<Conversations['conversations']> =>
      (await ask<Conversations>('GET', `/api/v1/public/conversations?${query}`)).conversations;

    const phone = await (await Phone.open(t, server.sipPort)).answered('flame');
    const called = (): Promise<Conversations['conversations']> => conversations('ext_id=ann&ext_type=sip');
    const said = async (words: string): Promise<boolean> => (await called())[0]?.logs.some(({ text }) => text === words) ?? false;
    // A key would cut it short.
    await eventually(async () => (await said('I am Flame.')) || undefined, 'the greeting');
    await phone.info('9');
    const goodbye = async (): Promise<true | undefined> => (await said('Goodbye.')) || undefined;
    await eventually(goodbye, 'the goodbye');
    const told = await eventually(() => hook.requests[0], 'the webhook');
    const [call] = await called();
    t.match(call, { bot_name: 'Flame', logs: [{ id: 1, role: 'AI', text: 'I am Flame.' }] });
    t.match(JSON.parse(told.body), { event_type: 'call_completed', call_id: call?.session_id }, 'it is one call by one id');
    const report = await eventually(async () => {
      const { report } = await get<{ report: { summary: string } | null }>(server, `/calls/${call?.session_id}`);
      return report ?? undefined;
    }, 'the report');
    t.type(report.summary, 'string');

    const { session_id: id } = await ask<{ session_id: string }>('POST', `${bot}/session`, { user_id: 'user123' });
    const socket = await mustConnect(`ws://127.0.0.1:${server.httpPort}${bot}/ws/${id}`);
    const form = new FormData();
    form.append('message', 'When are you open?');
    const answer = await fetch(`http://127.0.0.1:${server.httpPort}${bot}/session/${id}/run_v2`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TEST_KEY}` },
      body: form,
    });
    t.same(await answer.json(), { response: 'From nine to five.', metadata: { mode: 'REGULAR' } });
    let message = await socket.next();
    while (message.type === 'chunk') message = await socket.next();
    t.match(message, { type: 'message', role: 'AI', text: 'From nine to five.' });
    await ask('DELETE', `${bot}/session/${id}?status=completed`);
    t.match(await socket.next(), { type: 'close', status: 'completed' });
    const [chat] = await conversations('ext_id=user123');
    t.same(
      chat?.logs.map(({ role, text }) => [role, text]),
      [
        ['AI', 'I am Flame.'],
        ['HUMAN', 'When are you open?'],
        ['AI', 'From nine to five.'],
      ],
    );

    t.same(await ask('GET', `${bot}/capabilities`), { has_stt: false, has_tts: true });
    const spoken = Buffer.from(await (await server.api(`${bot}/synthesize?text=From+nine+to+five.`)).arrayBuffer());
    const { pcm, rateHz } = wavSamples(spoken);
    t.ok(pcm.length > rateHz && rms(pcm) > 300, `${pcm.length} samples of speech`);
  },
);
