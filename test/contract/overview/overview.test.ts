import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import t from 'tap';
import { newAgentId, newCallId } from '../../../src/core/ids.js';
import { startHttpEndpoint } from '../../support/http-endpoint.js';
import { type HttpHarness, OTHER_TENANT, startHarness } from '../../support/http-harness.js';
import { sampleCall, sampleTransfer } from '../../support/sample-records.js';

const run = promisify(execFile);
const DOCUMENT = {
  curl: `curl -X POST '' \\
	-H 'Authorization: Bearer YOUR_ACCESS_TOKEN' \\
	-H 'Content-Type: application/json' \\
	-d '{ "data": "your_request_data" }'`,
  python: `import requests

url = ''
headers = {'Authorization': 'Bearer YOUR_ACCESS_TOKEN'}

response = requests.get(url, headers=headers)

if response.status_code == 403:
	print("Access denied. Check your permissions and token.")
	# Handle other statuses or successful response
`,
};
const PERSON = { prompt: 'You take orders for a bakery.', voice: 'rms', role: 'baker', goal: 'Sell bread.' };

// oxlint-disable-next-line typescript/no-explicit-any -- the shape of each answer is what the tests are about
type Reply = { status: number; headers: Headers; body: any };

/** Requests as a client of the document sends them. */
async function client(api: HttpHarness, key?: string) {
  const token = key ?? (await api.newKey({ dialect: 'overview' }));
  return async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> => {
    const isJson = body !== undefined && !(body instanceof Uint8Array) && !(body instanceof FormData);
    const init: RequestInit = {
      method,
      headers: { authorization: `Bearer ${token}`, ...(isJson && { 'content-type': 'application/json' }), ...headers },
    };
    if (body !== undefined) init.body = isJson ? JSON.stringify(body) : (body as FormData);
    const response = await api.raw(path, init);
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
}

/** What is wrong in which field. */
const WRONG = (agent: string, call: string): readonly (readonly [string, string, object, string])[] => [
  ['POST', '/calls', { agentId: agent }, 'to'],
  ['POST', '/calls', { agentId: agent, to: 4_930_123_456 }, 'to'],
  ['POST', '/calls', { agentId: agent, to: '+4930123456', variables: { a: {} } }, 'variables.a'],
  ['POST', `/calls/${call}/respond`, { text: 7 }, 'text'],
  ['POST', `/calls/${call}/respond`, { text: 'x'.repeat(5001) }, 'text'],
  ['POST', `/calls/${call}/respond`, { text: 'x', interrupt: 'yes' }, 'interrupt'],
  ['PUT', `/calls/${call}/route`, {}, 'to'],
  ['PUT', `/calls/${call}/route`, { to: '+4930999', announce: '' }, 'announce'],
  ['POST', '/agents', { name: '' }, 'name'],
  ['POST', '/agents', { name: 'x', voice: { speed: 9 } }, 'voice'],
  ['POST', '/agents', { name: 'x', language: 'klingon!' }, 'language'],
  ['PUT', `/agents/${agent}`, { enabled: 'no' }, 'enabled'],
  ['PUT', `/agents/${agent}`, { systemPrompt: 'x' }, 'systemPrompt'],
  ['POST', `/agents/${agent}/persona`, { prompt: 'x', tone: null }, 'tone'],
  ['POST', '/texts/webhooks', {}, 'agentId'],
];

const liveCall = async (api: HttpHarness) => {
  const call = sampleCall({ status: 'in_progress' });
  await api.database.calls.insert(call);
  return call;
};

void t.test('The Call resource', async (t) => {
  const api = await startHarness(t);
  const ask = await client(api);
  const agent = (await ask('POST', '/agents', { name: 'Baker' })).body;

  await t.test('POST /calls - Initiate a new call', async (t) => {
    const body = { agentId: agent.id, to: '+4930123456', greeting: 'Hello {{name}}', variables: { name: 'Ada' } };
    const { status, body: call } = await ask('POST', '/calls', body);
    t.equal(status, 200);
    t.match(call, { agentId: agent.id, direction: 'outbound', endedAt: null, transfer: null });
    t.match(api.outbound.requests.at(-1), {
      number: '+4930123456',
      startingMessage: 'Hello {{name}}',
      contextData: { name: 'Ada' },
    });
  });

  await t.test('a call that cannot be placed leaves nothing behind', async (t) => {
    const before = (await api.call('GET', '/tasks')).body.meta.total;
    t.match(await ask('POST', '/calls', { agentId: newCallId(), to: '+4930123456' }), { status: 404 });
    const { status, body } = await ask('POST', '/calls', { agentId: 5, to: '030', surplus: true });
    t.equal(status, 400);
    t.same(body.errors.map(({ field }: { field: string }) => field).toSorted(), ['agentId', 'surplus', 'to']);
    t.equal((await api.call('GET', '/tasks')).body.meta.total, before);
  });

  await t.test('PUT /calls/{callId}/hangup - End an active call', async (t) => {
    const { id } = await liveCall(api);
    t.match(await ask('PUT', `/calls/${id}/hangup`), { status: 200, body: { id, status: 'completed', endReason: 'api_hangup' } });
    t.match(await ask('PUT', `/calls/${id}/hangup`), { status: 409, body: { message: 'The call has already ended' } });
    t.match(await ask('GET', `/calls/${id}`), { status: 200, body: { id, status: 'completed' } });
  });

  await t.test('POST /calls/{callId}/respond - Send a response to an active call', async (t) => {
    const { id } = await liveCall(api);
    t.same((await ask('POST', `/calls/${id}/respond`, { text: 'One moment.' })).body, {
      callId: id,
      text: 'One moment.',
      begins: 'now',
    });
    t.match(api.commands.at(-1), { id, text: 'One moment.', interrupt: true });
    t.match(await ask('POST', `/calls/${id}/respond`, {}), { status: 400, body: { errors: [{ field: 'text' }] } });
  });

  await t.test('PUT /calls/{callId}/audio - Inject audio into an active call', async (t) => {
    const { id } = await liveCall(api);
    const path = `/calls/${id}/audio`;
    const wav = wavOf(8000);
    const form = new FormData();
    form.append('audio', new Blob([new Uint8Array(wav)]), 'a.wav');
    const site = await startHttpEndpoint(t, () => ({ body: 'no audio at all' }));
    const sent: [unknown, Record<string, string>?][] = [
      [new Uint8Array(wav), { 'content-type': 'audio/wav' }],
      [new Uint8Array(silentMp3()), { 'content-type': 'audio/mpeg' }],
      [form],
      [{ audio: wav.toString('base64') }],
    ];
    for (const [body, headers] of sent) {
      const { status, body: played } = await ask('PUT', path, body, headers);
      t.match({ status, played }, { status: 200, played: { callId: id, beginsInMs: 0 } });
      t.ok(Math.abs(Number(played.durationMs) - 1000) < 60, `${Number(played.durationMs)} ms`);
      t.match(api.commands.at(-1), { id, rateHz: 16_000, to: 'far_end' });
    }
    const raw = await ask('PUT', `${path}?format=raw&sampleRate=8000`, new Uint8Array(16_000), {
      'content-type': 'application/octet-stream',
    });
    t.match(raw, { status: 200, body: { durationMs: 1000 } });
    const played = api.commands.length;
    const refused: [unknown, Record<string, string>?][] = [
      [new Uint8Array([1, 2, 3]), { 'content-type': 'audio/wav' }],
      [{ url: `${site.url}/nothing` }],
      [{ url: 'file:///etc/passwd' }],
      [{ url: 'http://127.0.0.1:1/' }],
      [{}],
      [new FormData()],
    ];
    for (const [body, headers] of refused)
      t.match(await ask('PUT', path, body, headers), { status: 400, body: { errors: [{ field: String }] } });
    const cut = await ask('PUT', path, new Uint8Array(Buffer.from('--x\r\nContent-Disposition: form-data; name="audio"; file')), {
      'content-type': 'multipart/form-data; boundary=x',
    });
    t.equal(cut.status, 400, 'a form that is cut off');
    const large = await ask('PUT', path, new Uint8Array(13 * 1024 * 1024), { 'content-type': 'audio/wav' });
    t.equal(large.status, 413);
    t.equal(api.commands.length, played, 'nothing of that was played');
  });

  await t.test('PUT /calls/{callId}/route - Route an ongoing call to a different endpoint', async (t) => {
    const call = await liveCall(api);
    const pending = sampleTransfer({ target: '+4930999', status: 'pending' });
    await api.database.calls.update({ ...call, transfer: pending });
    const answer = ask('PUT', `/calls/${call.id}/route`, { to: '+4930999', announce: 'Somebody for you' });
    const failed = { ...pending, status: 'failed', reason: 'busy', sipCode: 486 } as const;
    setTimeout(() => void api.database.calls.update({ ...call, transfer: failed }), 100);
    t.match((await answer).body, { id: call.id, transfer: { to: '+4930999', status: 'failed', reason: 'busy', sipCode: 486 } });
    t.match(api.commands.at(-1), { target: '+4930999', kind: 'attended', briefing: 'Somebody for you', consent: 'none' });
  });

  await t.test('PUT /calls/{callId}/route - to another agent', async (t) => {
    const { id } = await liveCall(api);
    const passedOn = await ask('PUT', `/calls/${id}/route`, { to: `agent:${agent.id}`, announce: 'About a cake' });
    t.match(passedOn, { status: 200, body: { id, agentId: agent.id, status: 'in_progress', transfer: null } });
    t.match(passedOn.body.passedOn, [{ fromAgentId: null, toAgentId: agent.id, afterSeconds: 4.2 }]);
    t.match(api.commands.at(-1), { id, agentId: agent.id, briefing: 'About a cake' });
    t.match((await api.call('GET', `/calls/${id}`)).body.data, { agent_id: agent.id }, 'in the core dialect too');
    t.match(await ask('PUT', `/calls/${id}/route`, { to: `agent:${newAgentId()}` }), {
      status: 404,
      body: { message: 'Agent not found' },
    });
    for (const to of ['agent:', 'agent:baker', 'baker', 'tel:+4930', ''])
      t.match(await ask('PUT', `/calls/${id}/route`, { to }), { status: 400, body: { errors: [{ field: 'to' }] } }, to);
    await ask('PUT', `/calls/${id}/hangup`);
    t.equal((await ask('PUT', `/calls/${id}/route`, { to: `agent:${agent.id}` })).status, 409, 'it is over');
  });
});

void t.test('The Agent resource', async (t) => {
  const api = await startHarness(t);
  const ask = await client(api);
  const { status, body: agent } = await ask('POST', '/agents', {
    name: 'Desk',
    prompt: 'Be brief.',
    voice: { name: 'slt', similarityBoost: 0.7 },
  });
  t.equal(status, 200, 'POST /agents');
  t.match(agent, { name: 'Desk', prompt: 'Be brief.', voice: { name: 'slt', similarityBoost: 0.7 }, enabled: true });
  const changed = await ask('PUT', `/agents/${agent.id}`, { name: 'Front desk', greeting: 'Hello.' });
  t.match(
    changed,
    { status: 200, body: { name: 'Front desk', prompt: 'Be brief.', greeting: 'Hello.' } },
    'PUT /agents/{agentId}',
  );
  const person = await ask('POST', `/agents/${agent.id}/persona`, PERSON);
  t.equal(person.status, 200, "POST /agents/{agentId}/persona - Create or update an agent's persona");
  t.match(person.body, {
    prompt: PERSON.prompt,
    voice: { name: 'rms' },
    persona: { role: 'baker', goal: 'Sell bread.', tone: null },
  });
  const again = await ask('POST', `/agents/${agent.id}/persona`, { prompt: 'Bake.', tone: 'dry' });
  t.match(again.body, { prompt: 'Bake.', voice: { name: 'rms' }, persona: { role: null, goal: null, tone: 'dry' } });
  t.match(await ask('GET', `/agents/${agent.id}`), { status: 200, body: again.body }, 'as it is kept');
  t.match(
    (await api.call('GET', `/agents/${agent.id}`)).body.data,
    { system_prompt: 'Bake.', persona: { tone: 'dry' } },
    'in the core dialect too',
  );
  t.match(await ask('POST', '/agents', { prompt: 'x' }), { status: 400, body: { errors: [{ field: 'name' }] } });
  t.match(await ask('POST', `/agents/${agent.id}/persona`, {}), { status: 400, body: { errors: [{ field: 'prompt' }] } });
});

void t.test('Using the Token in Requests', async (t) => {
  const api = await startHarness(t);
  const key = await api.newKey({ dialect: 'overview' });
  const command = DOCUMENT.curl.replace("''", `'${api.url}/calls'`).replace('YOUR_ACCESS_TOKEN', key);
  const { stdout } = await run('sh', ['-c', `${command} --silent --write-out ' %{http_code}'`]);
  t.match(
    stdout,
    /^\{"message":"Invalid parameters".*"field":"agentId".* 400$/,
    'there is no such data; what is missing is said',
  );
  const { stdout: without } = await run('sh', [
    '-c',
    `${DOCUMENT.curl.replace("''", `'${api.url}/calls'`)} --silent --write-out ' %{http_code}'`,
  ]);
  t.match(without, / 401$/);
});

void t.test('Common HTTP Status Codes', async (t) => {
  const api = await startHarness(t);
  const call = sampleCall({ tenantId: OTHER_TENANT, status: 'in_progress' });
  await api.database.calls.insert(call);
  const ask = await client(api);
  const stranger = await client(api, api.key);
  const paths: [string, string, unknown?][] = [
    ['GET', `/calls/${call.id}`],
    ['PUT', `/calls/${call.id}/hangup`],
    ['POST', `/calls/${call.id}/respond`, { text: 'x' }],
    ['PUT', `/calls/${call.id}/audio`, { url: 'http://example.com/' }],
    ['PUT', `/calls/${call.id}/route`, { to: '+4930999' }],
    ['GET', `/agents/${newCallId()}`],
    ['PUT', `/agents/${newCallId()}`, {}],
    ['POST', `/agents/${newCallId()}/persona`, PERSON],
  ];
  for (const [method, path, body] of paths) {
    t.match(await ask(method, path, body), { status: 404, body: { message: String } }, `404 ${method} of somebody else's`);
    t.equal((await stranger(method, path, body)).status, 401, '401 with the key of another dialect');
  }
  const { id: agent } = (await ask('POST', '/agents', { name: 'Desk' })).body;
  const neighbour = await client(api, await api.newKey({ dialect: 'overview' }, OTHER_TENANT));
  for (const [method, path, body] of [
    ['GET', `/agents/${agent}`],
    ['PUT', `/agents/${agent}`, { name: 'Mine' }],
    ['POST', `/agents/${agent}/persona`, PERSON],
    ['POST', '/calls', { agentId: agent, to: '+4930123456' }],
    ['POST', '/texts/webhooks', { agentId: agent }],
  ] as const) {
    t.match(await neighbour(method, path, body), { status: 404, body: { message: String } }, `404 ${method} ${path}`);
  }
  t.match((await ask('GET', `/agents/${agent}`)).body, { name: 'Desk' });
  for (const [method, path, body, field] of WRONG(agent, (await liveCall(api)).id)) {
    const what = `${method} ${path} ${JSON.stringify(body)}`;
    t.match(await ask(method, path, body), { status: 400, body: { message: String, errors: [{ field }] } }, what);
  }
  t.same(api.commands, [], 'no call was told anything');
  const json = { 'content-type': 'application/json' };
  const broken = await ask('POST', '/agents', new Uint8Array(Buffer.from('{"name": ')), json);
  t.match(broken, { status: 400, body: { message: 'The body is not valid JSON' } });
  t.equal((await ask('POST', '/agents', new Uint8Array(Buffer.from('<a/>')), { 'content-type': 'text/xml' })).status, 400);
  t.equal((await api.call('GET', '/agents')).body.meta.total, 1, 'nothing was stored');
});

void t.test('Handling a 403 Forbidden Error in Python', async (t) => {
  const api = await startHarness(t);
  const { id } = await liveCall(api);
  const key = await api.newKey({ dialect: 'overview', scopes: ['agents:read'] });
  const script = DOCUMENT.python.replace("url = ''", `url = '${api.url}/calls/${id}'`).replace('YOUR_ACCESS_TOKEN', key);
  t.equal((await run('/usr/bin/python3', ['-c', script])).stdout, 'Access denied. Check your permissions and token.\n');
});

void t.test('Rate Limits', async (t) => {
  const api = await startHarness(t);
  const ask = await client(api);
  for (let left = 99; left >= 0; left -= 1) {
    const { headers } = await ask('GET', `/calls/${newCallId()}`);
    t.equal(headers.get('x-ratelimit-limit'), '100');
    t.equal(headers.get('x-ratelimit-remaining'), String(left));
  }
  t.match(await ask('GET', `/calls/${newCallId()}`), { status: 429, body: { message: 'Rate limit exceeded' } });
  const other = await client(api);
  t.equal((await other('GET', `/calls/${newCallId()}`)).status, 404, 'another user has a limit of their own');
});

/** One second of a tone at `rateHz`. */
function wavOf(rateHz: number): Buffer {
  const wav = Buffer.alloc(44 + 2 * rateHz);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(rateHz, 24);
  wav.writeUInt32LE(2 * rateHz, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(2 * rateHz, 40);
  for (let i = 0; i < rateHz; i += 1) wav.writeInt16LE(Math.round(8000 * Math.sin((2 * Math.PI * 440 * i) / rateHz)), 44 + 2 * i);
  return wav;
}

/** About a second: frames of MPEG-1 layer III (ISO/IEC 11172-3), 128 kbit/s at 44.1 kHz, whose side information says that nothing is in them. */
function silentMp3(): Buffer {
  const frame = Buffer.alloc(417);
  frame.writeUInt32BE(0xfffb9064, 0);
  return Buffer.concat(Array.from({ length: 38 }, () => frame));
}
