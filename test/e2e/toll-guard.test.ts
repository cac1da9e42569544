import t, { type Test } from 'tap';
import { systemClock } from '../../src/core/clock.js';
import { DEFAULT_TENANT } from '../../src/core/ids.js';
import { KeyService } from '../../src/keys/key-service.js';
import { openDatabase } from '../../src/storage/database.js';
import { eventually, temporaryDirectory } from '../support/offhook-process.js';
import { Phone } from '../support/phone.js';
import { startTestServer, TEST_KEY } from '../support/server.js';
import { header, type RawMessage, SipPeer } from '../support/sip-peer.js';

type Answer = {
  status: number;
  body: { data: Record<string, unknown>; error?: string; details?: { fields: { field: string }[] } };
};

/** Rings until it is told to stop: a server that closes need not wait for it. */
function ring(gateway: SipPeer, request: RawMessage): void {
  const reply = (status: string, { text }: RawMessage): void => {
    const copied = text.split('\r\n').filter((line) => /^(via|from|call-id|cseq):/i.test(line));
    gateway.send(
      [`SIP/2.0 ${status}`, ...copied, `To: ${header(request, 'To')};tag=gw`, 'Content-Length: 0', '', ''].join('\r\n'),
    );
  };
  if (request.method === 'INVITE' && request.startLine.startsWith('INVITE')) reply('180 Ringing', request);
  if (request.method === 'MESSAGE') reply('202 Accepted', request);
  if (request.method !== 'CANCEL') return;
  reply('200 OK', request);
  const invite = gateway.received.find(
    (earlier) => earlier.startLine.startsWith('INVITE') && header(earlier, 'Call-ID') === header(request, 'Call-ID'),
  );
  if (invite) reply('487 Request Terminated', invite);
}

/** A server whose gateway takes INVITEs and never answers, what its API says, and its keys as `offhook keys` has them. */
async function serverWith(t: Test, outbound: object, dataDir = temporaryDirectory(t)) {
  const gateway = await SipPeer.udp();
  gateway.onMessage((request) => ring(gateway, request));
  t.teardown(() => gateway.close());
  const gatewayUri = `sip:{number}@127.0.0.1:${gateway.port}`;
  const server = await startTestServer({ dataDir, outbound: { gatewayUri, ...outbound } });
  t.teardown(() => server.close());
  const database = await openDatabase(dataDir);
  t.teardown(() => database.close());
  const ask = async (method: string, path: string, body?: object, key = TEST_KEY): Promise<Answer> => {
    const answer = await fetch(`http://127.0.0.1:${server.httpPort}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(method !== 'GET' && { body: JSON.stringify(body ?? {}) }),
    });
    return { status: answer.status, body: (await answer.json()) as Answer['body'] };
  };
  const agentId = (await ask('POST', '/agents', { name: 'Desk', system_prompt: 'x' })).body.data['id'];
  /** The refusal of the task, or what executing it comes to. */
  const call = async (to_number: string, key?: string): Promise<Answer> => {
    const task = await ask('POST', '/tasks', { agent_id: agentId, name: 'Call', to_number }, key);
    return task.status === 201 ? ask('POST', `/tasks/${String(task.body.data['id'])}/execute`, {}, key) : task;
  };
  const invited = (number: string): boolean =>
    gateway.received.some(({ startLine }) => startLine.startsWith(`INVITE sip:${number}@`));
  const keys = new KeyService({ ...database, clock: systemClock });
  return { server, ask, agentId, call, invited, keys };
}

void t.test('calls to dear or foreign numbers, and more of them than may be, are refused in words that say which', async (t) => {
  const { ask, call } = await serverWith(t, { allowedPrefixes: ['+49', '+1', '+88'], callsPerHour: 3 });
  for (const number of ['+33123456789', '+8811234567', '+19001234567']) {
    t.match(await call(number), { status: 403, body: { details: { fields: [{ field: 'to_number' }] } } }, number);
  }
  const limits = { denied_prefixes: ['+49900'], calls_per_day: 2 };
  const set = await ask('PUT', '/tasks/policy', { limits });
  t.match(set, { status: 200, body: { data: { limits, retry: null } } });
  t.equal((await call('+4990012345')).status, 403);
  t.equal((await call('+493012345')).status, 200);
  t.equal((await call('+493012345')).status, 200);
  const beyond = await call('+493012345');
  t.match(beyond, { status: 429, body: { error: /within one day \(2\)/ } });
  t.match(await ask('PUT', '/tasks/policy', {}), { status: 200, body: { data: { limits: null } } });
  t.equal((await call('+493012345')).status, 200);
  t.match(await call('+493012345'), { status: 429, body: { error: /within one hour \(3\)/ } });
  for (const bad of [{ allowed_prefixes: ['49'] }, { allowed_prefixes: [] }, { calls_per_hour: -1 }, { minutes: 1 }]) {
    t.equal((await ask('PUT', '/tasks/policy', { limits: bad })).status, 400, JSON.stringify(bad));
  }
});

void t.test(
  'what an API key may ask for is limited by itself: tasks, texts, transfers and campaigns, over a restart',
  async (t) => {
    const dataDir = temporaryDirectory(t);
    const first = await serverWith(t, {}, dataDir);
    const { key, record } = await first.keys.create(DEFAULT_TENANT, 'CRM', {
      limits: { allowedPrefixes: ['+49'], callsPerHour: 3 },
    });
    const refused = { status: 403, body: { details: { fields: [{ field: 'to_number' }] } } };
    t.match(await first.call('+33123456789', key), refused, 'where it may not call is said when the task is made');
    t.equal((await first.call('+493012345', key)).status, 200);
    const [call] = (await first.ask('GET', '/calls')).body.data as unknown as { api_key_id: string }[];
    t.equal(call?.api_key_id, record.id, 'the call says who asked for it');
    const text = { to: '+493012345', text: 'Hello' };
    t.equal((await first.ask('POST', '/texts', text, key)).status, 201);

    const phone = await (await Phone.open(t, first.server.sipPort)).answered('demo');
    const inbound = (await first.ask('GET', '/calls?direction=inbound')).body.data as unknown as { id: string }[];
    const transfer = (target: string, by?: string): Promise<Answer> =>
      first.ask('POST', `/calls/${inbound[0]?.id}/transfer`, { target, method: 'bridge' }, by);
    t.equal((await transfer('+33123456789', key)).status, 403);
    t.equal((await transfer('+493012345', key)).status, 202);
    const beyond = { status: 429, body: { error: /this API key may place within one hour \(3\)/ } };
    t.match(await first.call('+493012345', key), beyond);
    t.match(await first.ask('POST', '/texts', text, key), beyond);
    t.equal((await first.call('+33123456789')).status, 200, 'others are not held up');
    await phone.hangUp();
    await first.server.close();

    // What was transferred is not counted any more: a call and a text are left.
    const again = await serverWith(t, {}, dataDir);
    t.equal((await again.call('+493012345', key)).status, 200);
    t.match(await again.call('+493012345', key), beyond);
    const due = { agent_id: again.agentId, name: 'Later', to_number: '+493054321', scheduled_at: new Date(0).toISOString() };
    const waiting = await again.ask('POST', '/tasks', due, key);
    const campaign = await again.ask('POST', '/campaigns', { agent_id: again.agentId, name: 'Spring' }, key);
    const of = `/campaigns/${String(campaign.body.data['id'])}`;
    const contacts = { contacts: [{ number: '+493066666' }, { number: '+33123456789' }] };
    t.match((await again.ask('POST', `${of}/contacts?partial=true`, contacts, key)).body.data, {
      added: 1,
      rejections: [{ number: '+33123456789', reason: 'number_not_allowed' }],
    });
    t.equal((await again.ask('POST', `${of}/start`, {}, key)).status, 200);
    await again.ask('POST', '/tasks', { ...due, to_number: '+493077777', priority: -5 });
    const dialled = (number: string) => eventually(async () => again.invited(number) || undefined, `an INVITE to ${number}`);
    await dialled('+493077777');
    t.match(await again.ask('GET', `/tasks/${String(waiting.body.data['id'])}`), { body: { data: { status: 'pending' } } });
    t.same(['+493054321', '+493066666'].filter(again.invited), [], 'its tasks wait');
    await again.keys.setLimits(DEFAULT_TENANT, record.id, { allowedPrefixes: ['+49'], callsPerHour: 5 });
    t.equal((await again.ask('GET', '/tasks', undefined, key)).status, 200, 'when it is used next the server knows');
    await dialled('+493054321');
    await dialled('+493066666');
  },
);
