import { createHmac } from 'node:crypto';
import t from 'tap';
import type { ChatMessage, ReplyEvent } from '../../src/domain/ports/speech.js';
import { type HttpReply, type SeenHttp, startHttpEndpoint } from '../support/http-endpoint.js';
import { startMcpServer } from '../support/mcp-server.js';
import { OpenAiServer } from '../support/openai-server.js';
import { Phone } from '../support/phone.js';
import { startTestServer } from '../support/server.js';
import { SipPeer } from '../support/sip-peer.js';
import { responseText } from '../support/sip-texts.js';
import { startSmtpServer } from '../support/smtp.js';
import { until } from '../support/until.js';

const SPOKEN = new Int16Array(2_400).fill(2_000);

/** What the model does when the caller presses a key. */
type Plan = { text?: string; tool?: string; arguments?: unknown };

/** A caller with a keypad, a model that does what the keys stand for, and a system that actions talk to. */
async function startOffice(
  plans: Readonly<Record<string, Plan>>,
  answer: (request: SeenHttp) => HttpReply = () => ({}),
  config: object = {},
) {
  const seen: ChatMessage[][] = [];
  const model = await OpenAiServer.start({
    // biome-ignore lint/suspicious/useAwait: the interface is asynchronous
    async *speech() {
      yield { pcm: SPOKEN, rateHz: 24_000 };
    },
    // biome-ignore lint/suspicious/useAwait: the interface is asynchronous
    async *chat({ messages }): AsyncGenerator<ReplyEvent> {
      seen.push(messages);
      const last = messages.at(-1);
      if (last?.role === 'tool') {
        yield { type: 'text', text: `Told: ${last.content}.` };
        return;
      }
      const key = /\d/.exec(last?.content ?? '')?.[0] ?? '';
      const { text, tool, arguments: args = {} } = plans[key] ?? { text: 'Pardon?' };
      if (text !== undefined) yield { type: 'text', text };
      if (tool !== undefined) yield { type: 'tool', call: { id: `call_${seen.length}`, name: tool, arguments: args } };
    },
  });
  t.teardown(() => model.close());
  const endpoint = await startHttpEndpoint(t, answer);
  const server = await startTestServer({
    speech: { openai: { baseUrl: model.url, apiKey: 'sk-none' }, defaults: { stt: 'none' } },
    webhooks: { allowPrivate: true },
    ...config,
  });
  t.teardown(() => server.close());
  const api = async (method: string, path: string, body?: unknown) => {
    const response = await server.api(`/api/v1${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answered = (await response.json()) as { data: Record<string, never> };
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answered)}`);
    return answered.data as unknown as Record<string, unknown>;
  };
  const { id: agent } = await api('POST', '/agents', {
    name: 'Desk',
    system_prompt: 'You help.',
    sip_user: 'desk',
    timezone: 'Europe/London',
    language: 'en-GB',
  });
  const addAction = (action: object) => api('POST', `/agents/${String(agent)}/actions`, action);
  return { server, api, endpoint, seen, addAction };
}
type Office = Awaited<ReturnType<typeof startOffice>>;

type Detail = {
  id: string;
  status: string;
  collected_data: Record<string, unknown>;
  tool_runs: { name: string; outcome: string; arguments: unknown; reason: string | null; attempts: number }[];
  transcript: { message: string }[];
};

async function newestCall({ api }: Office): Promise<Detail> {
  const [newest] = (await api('GET', '/calls?limit=1')) as unknown as { id: string }[];
  return (await api('GET', `/calls/${newest?.id}`)) as unknown as Detail;
}

/** Presses a key and waits until the model has told what came of it. */
async function press(phone: Phone, office: Office, key: string): Promise<string> {
  const before = office.seen.length;
  await phone.info(key);
  await phone.info('#');
  const told = (): ChatMessage | undefined =>
    office.seen
      .slice(before)
      .flatMap((messages) => messages.slice(-1))
      .find(({ role }) => role === 'tool');
  await until(() => told() !== undefined);
  return told()?.content ?? '';
}

void t.test('what an agent does in a call', { timeout: 240_000 }, async (t) => {
  const office = await startOffice(
    {
      1: { tool: 'note', arguments: { email: 'ann dot lee at example dot com', day: 'the 24th of december 2027' } },
      2: { tool: 'note', arguments: { email: 'no idea' } },
      3: { tool: 'look_up', arguments: { order: '4/7', pin: '1234' } },
      4: { tool: 'look_up', arguments: { order: 12 } },
      5: { tool: 'slow' },
      6: { tool: 'push' },
    },
    ({ path }) => {
      if (path.startsWith('/orders/')) return { json: { data: [{ state: 'sent' }] } };
      return path === '/slow' ? { hang: true } : { status: path === '/refuses' ? 503 : 204 };
    },
  );
  const { url, requests } = office.endpoint;
  const always = { instruction: 'Always.' };
  const fields = [
    { name: 'email', type: 'email' },
    { name: 'day', type: 'date' },
  ];
  await office.addAction({ type: 'data_collection', name: 'Note', ...always, pre_message: 'I note that.', config: { fields } });
  await office.addAction({
    type: 'http',
    name: 'Look up',
    ...always,
    config: {
      url: `${url}/orders/{{order}}?for={{email}}`,
      headers: { 'X-Key': '{{secret.token}}' },
      parameters: {
        type: 'object',
        properties: { order: { type: 'string' }, pin: { type: 'string' } },
        required: ['order'],
      },
      result_path: 'data.0.state',
    },
    secrets: { token: 'hush' },
  });
  await office.addAction({
    type: 'http',
    name: 'Slow',
    ...always,
    timeout_ms: 300,
    config: { method: 'POST', url: `${url}/slow` },
  });
  await office.addAction({ type: 'webhook', name: 'Push', ...always, retries: 1, config: { url: `${url}/refuses` } });
  await office.addAction({ type: 'webhook', name: 'At the end', config: { url: `${url}/end` }, secrets: { signing: 'key' } });

  const phone = await (await Phone.open(t, office.server.sipPort)).answered('desk');
  t.match(await press(phone, office, '1'), '{"status":"done","result":{"email":"ann.lee@example.com","day":"2027-12-24"}}');
  // The next key would cut it short.
  await until(async () => (await newestCall(office)).transcript.some(({ message }) => message.startsWith('I note that.')));
  t.match(await press(phone, office, '2'), /email is not an e-mail address/);
  t.match(await press(phone, office, '3'), '{"status":"done","result":"sent"}');
  t.equal(requests.at(-1)?.path, '/orders/4%2F7');
  t.equal(requests.at(-1)?.query.get('for'), 'ann.lee@example.com', 'what was collected is a variable at once');
  t.equal(requests.at(-1)?.headers['x-key'], 'hush');
  t.match(await press(phone, office, '4'), /order must be string/);
  t.match(await press(phone, office, '5'), /took too long/);
  t.match(await press(phone, office, '6'), /did not accept/);
  t.equal(requests.filter(({ path }) => path === '/refuses').length, 2, 'a webhook that fails is sent again');
  await phone.hangUp();

  await until(() => requests.some(({ path }) => path === '/end'));
  const pushed = requests.find(({ path }) => path === '/end');
  t.match(JSON.parse(pushed?.body ?? '{}'), {
    event_type: 'action',
    action_name: 'At the end',
    data: { email: 'ann.lee@example.com', day: '2027-12-24' },
  });
  const signed = createHmac('sha256', 'key').update(`${String(pushed?.headers['x-offhook-timestamp'])}.${pushed?.body}`);
  t.equal(pushed?.headers['x-offhook-signature'], `sha256=${signed.digest('hex')}`);

  await until(async () => (await newestCall(office)).tool_runs.length === 7);
  const call = await newestCall(office);
  t.equal(call.status, 'completed', 'no failure of a tool has ended the call');
  t.same(call.collected_data, { email: 'ann.lee@example.com', day: '2027-12-24' });
  t.same(
    call.tool_runs.map(({ name, outcome, attempts }) => `${name} ${outcome} ${attempts}`),
    [
      'note succeeded 1',
      'note refused 1',
      'look_up succeeded 1',
      'look_up refused 0',
      'slow timed_out 1',
      'push failed 2',
      'at_the_end succeeded 1',
    ],
  );
  t.same(call.tool_runs[2]?.arguments, { order: '4/7', pin: '[masked]' });
  const metrics = await (await office.server.api('/metrics')).text();
  t.match(metrics, /offhook_tool_run_seconds_count\{type="webhook",outcome="succeeded"\} 1/);
});

void t.test('mails, texts, tools of MCP servers, and callers handed over', { timeout: 240_000 }, async (t) => {
  const smtp = await startSmtpServer(t);
  const mcp = await startMcpServer(t, 'hush');
  const office = await startOffice(
    {
      1: { tool: 'note', arguments: { email: 'ann at example dot com' } },
      2: { tool: 'mail' },
      3: { tool: 'text' },
      4: { tool: 'office_add', arguments: { a: 2, b: 40 } },
      5: { tool: 'office_fail' },
      6: { tool: 'boss' },
    },
    () => ({ status: 201 }),
    {
      smtp: { url: `smtp://127.0.0.1:${smtp.port}`, from: 'desk@offhook.example' },
      http: { port: 0, publicUrl: 'https://offhook.example' },
      outbound: { allowedHosts: ['127.0.0.1'] },
    },
  );
  const boss = await SipPeer.udp(office.server.sipPort);
  t.teardown(() => boss.close());
  const always = { instruction: 'Always.' };
  const { endpoint } = office;
  await office.addAction({
    type: 'data_collection',
    name: 'Note',
    ...always,
    config: { fields: [{ name: 'email', type: 'email' }] },
  });
  const mail = { to: '{{email}}', subject: 'Your call', content: 'Dear {{email}}, thank you.' };
  await office.addAction({ type: 'send_email', name: 'Mail', ...always, config: mail });
  await office.addAction({
    type: 'email_push',
    name: 'Push',
    config: { target_email: 'boss@offhook.example', subject: 'A call' },
  });
  const request = {
    url: `${endpoint.url}/send`,
    headers: { Authorization: 'Bearer {{secret.key}}', 'Content-Type': 'application/x-www-form-urlencoded' },
    body: { To: '{{to}}', Body: '{{text}}' },
  };
  const sms = { to: '+442079460018', content: 'Hello {{email}}', request };
  await office.addAction({ type: 'sms', name: 'Text', ...always, config: sms, secrets: { key: 'k' } });
  await office.addAction({
    type: 'mcp',
    name: 'Office',
    config: { url: mcp.url, headers: { Authorization: 'Bearer {{secret.token}}' }, tools: ['add', 'fail'] },
    secrets: { token: 'hush' },
  });
  const target = `sip:boss@127.0.0.1:${boss.port}`;
  await office.addAction({
    type: 'call_forwarding',
    name: 'Boss',
    ...always,
    pre_message: 'I am putting you through.',
    config: { target, kind: 'attended' },
  });

  const phone = await (await Phone.open(t, office.server.sipPort)).answered('desk');
  t.match(await press(phone, office, '2'), /e-mail address is not known/);
  await press(phone, office, '1');
  t.match(await press(phone, office, '2'), '{"status":"done","result":{"sent_to":"ann@example.com"}}');
  t.match(smtp.received[0], { to: ['ann@example.com'] });
  t.match(smtp.received[0]?.text, /Dear ann@example\.com, thank you\./);
  t.match(await press(phone, office, '3'), '"status":"done"');
  t.equal(endpoint.requests[0]?.body, 'To=%2B442079460018&Body=Hello+ann%40example.com');
  t.equal(endpoint.requests[0]?.headers.authorization, 'Bearer k');
  t.match(await press(phone, office, '4'), '{"status":"done","result":"42"}');
  t.match(await press(phone, office, '5'), 'out of stock');

  const forwarded = press(phone, office, '6');
  const invited = () => boss.received.find(({ method }) => method === 'INVITE');
  await until(() => invited() !== undefined);
  const invite = invited();
  if (invite) boss.send(responseText(invite, 486, 'Busy Here', 'busy'));
  t.match(await forwarded, /the line is busy/, 'the agent has the caller back, and is told why');
  await phone.hangUp();

  await until(() => smtp.received.length === 2);
  t.match(smtp.received[1], { to: ['boss@offhook.example'] });
  t.match(smtp.received[1]?.text, /email: ann@example\.com/);
  await until(async () => (await newestCall(office)).tool_runs.length === 8);
  const call = await newestCall(office);
  t.equal(call.status, 'completed');
  t.same(
    call.tool_runs.map(({ name, outcome }) => `${name} ${outcome}`),
    [
      'mail refused',
      'note succeeded',
      'mail succeeded',
      'text succeeded',
      'office_add succeeded',
      'office_fail failed',
      'boss failed',
      'push succeeded',
    ],
  );
  t.ok(call.transcript.some(({ message }) => message.startsWith('I am putting you through.')));
});
