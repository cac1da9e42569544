import t from 'tap';
import { temporaryDirectory } from '../support/offhook-process.js';
import { challengeOf, RegisteredPhone } from '../support/registered-phone.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { header, SipPeer } from '../support/sip-peer.js';
import { responseText } from '../support/sip-texts.js';

const ALICE = { username: 'alice', password: 'wonderland of words' };
const PAUSE_MS = 20;

type CallData = { status: string; sip_code: number | null; end_reason: string | null; from_uri: string };
type PhoneData = { id: string; registered: boolean; contacts: { uri: string; source: string; user_agent: string | null }[] };

async function get<T>(server: TestServer, path: string): Promise<T> {
  return ((await (await server.api(`/api/v1${path}`)).json()) as { data: T }).data;
}
async function post<T>(server: TestServer, path: string, body: object = {}): Promise<T> {
  const response = await server.api(`/api/v1${path}`, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return ((await response.json()) as { data: T }).data;
}
/** Asks until it is as it should be; a test's own time limit ends what never is. */
async function when<T>(ask: () => Promise<T>, is: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await ask();
    if (is(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
const phoneOf = async (server: TestServer): Promise<PhoneData> => (await get<PhoneData[]>(server, '/phones'))[0]!;

/** Has an agent call `to`; the id of the call. */
async function callOut(server: TestServer, to: string): Promise<string> {
  const agent = await post<{ id: string }>(server, '/agents', { name: 'Caller', system_prompt: 'x', starting_message: 'Hello.' });
  const task = await post<{ id: string }>(server, '/tasks', { agent_id: agent.id, name: 'Call', to_number: to });
  return (await post<{ call_id: string }>(server, `/tasks/${task.id}/execute`)).call_id;
}

async function start(t: { teardown(task: () => Promise<void>): void }, overrides: object = {}): Promise<TestServer> {
  const server = await startTestServer({ phones: [ALICE], sip: { port: 0, unknownSources: 'reject' }, ...overrides });
  t.teardown(() => server.close());
  return server;
}

void t.test('a phone registers with either digest, is seen, and calls agents once it has proven who it is', async (t) => {
  const server = await start(t);
  const phone = await RegisteredPhone.open(t, server.sipPort, ALICE);
  const challenged = await phone.ask();
  t.equal(challenged.status, 401);
  t.same(
    challenged.headers.get('www-authenticate')?.map((value) => /algorithm=([\w-]+)/.exec(value)?.[1]),
    ['SHA-256', 'MD5'],
    'two headers, the stronger first',
  );
  for (const algorithm of ['SHA-256', 'MD5'] as const) {
    const answer = await phone.register(['Expires: 600', 'User-Agent: Desk/1'], algorithm);
    t.equal(answer.status, 200, algorithm);
    t.match(header(answer, 'Contact'), /^<sip:alice@10\.9\.8\.7:5060>;q=1;expires=600$/);
  }
  t.match(await phoneOf(server), {
    username: 'alice',
    registered: true,
    contacts: [{ uri: 'sip:alice@10.9.8.7:5060', source: `udp:127.0.0.1:${phone.sip.port}`, user_agent: 'Desk/1' }],
  });
  const asked = await phone.invite('echo');
  t.equal(asked.answer.status, 407, 'being registered is no proof');
  const call = await phone.call('echo');
  t.equal(call.answer.status, 200);
  await phone.hangUp(call);
  t.equal((await phone.call('echo', { from: 'bob' })).answer.status, 403, 'as nobody else');
  t.equal((await phone.call('nobody')).answer.status, 404);
  const metrics = await (await server.api('/metrics')).text();
  t.match(metrics, /offhook_registered_accounts\{kind="phone"\} 1/);
  t.match(metrics, /offhook_register_requests_total\{result="accepted"\} 2/);
});

void t.test('a wrong password and a user that does not exist are answered the same', async (t) => {
  const server = await start(t);
  const answers: string[] = [];
  for (const who of [
    { ...ALICE, password: 'guessed' },
    { ...ALICE, username: 'mallory' },
  ]) {
    const phone = await RegisteredPhone.open(t, server.sipPort, who);
    const { status, headers } = await phone.register();
    answers.push(`${status} ${[...headers.keys()].join()}`);
    t.equal((await phone.call('echo')).answer.status, 403, 'and no call comes in');
  }
  t.equal(answers[0], answers[1]);
  t.match(answers[0], /^403 /);
  t.match(await (await server.api('/metrics')).text(), /offhook_authentication_failures_total\{cause="unknown_user"\} \d/);
});

void t.test('an agent calls a phone at the address it came from; it answers, and is hung up on', async (t) => {
  const server = await start(t, { sip: { port: 0, domain: 'pbx.example' } });
  const phone = await RegisteredPhone.open(t, server.sipPort, ALICE, 'tcp');
  t.match(challengeOf(await phone.ask(), 'MD5'), { realm: 'pbx.example' });
  await phone.register();
  const id = await callOut(server, 'sip:alice@pbx.example');
  const invite = await phone.rings();
  t.match(invite.startLine, 'INVITE sip:alice@10.9.8.7:5060;transport=tcp SIP/2.0');
  phone.answer(invite, 200, 'OK');
  await when(
    () => get<CallData>(server, `/calls/${id}`),
    ({ status }) => status === 'in_progress',
  );
  const ending = post(server, `/calls/${id}/end`);
  phone.answer(await phone.sip.request('BYE'), 200, 'OK');
  await ending;
  t.match(await get(server, `/calls/${id}`), { status: 'completed' });
});

void t.test('all devices of a phone ring; the first that answers has the call, the others stop', async (t) => {
  const server = await start(t);
  const [desk, mobile] = [
    await RegisteredPhone.open(t, server.sipPort, ALICE),
    await RegisteredPhone.open(t, server.sipPort, ALICE, 'tcp'),
  ];
  await desk.register();
  await mobile.register();
  t.equal((await phoneOf(server)).contacts.length, 2);
  const id = await callOut(server, `sip:alice@127.0.0.1:${server.sipPort}`);
  const [atDesk, atMobile] = [await desk.rings(), await mobile.rings()];
  desk.answer(atDesk, 180, 'Ringing');
  mobile.answer(atMobile, 180, 'Ringing');
  mobile.answer(atMobile, 200, 'OK');
  const cancel = await desk.sip.request('CANCEL');
  desk.answer(cancel, 200, 'OK');
  desk.answer(atDesk, 487, 'Request Terminated');
  const { sip_call_id } = await when(
    () => get<CallData & { sip_call_id: string }>(server, `/calls/${id}`),
    ({ status }) => status === 'in_progress',
  );
  t.equal(sip_call_id, header(atMobile, 'Call-ID'));
  const ending = post(server, `/calls/${id}/end`);
  mobile.answer(await mobile.sip.request('BYE'), 200, 'OK');
  await ending;
});

void t.test('who is preferred rings first, and a phone that nobody has registered does not ring at all', async (t) => {
  const server = await start(t);
  const away = await callOut(server, 'sip:alice@localhost');
  t.match(
    await when(
      () => get<CallData>(server, `/calls/${away}`),
      ({ status }) => status === 'failed',
    ),
    { end_reason: 'not_registered', sip_code: 480 },
  );
  const desk = await RegisteredPhone.open(t, server.sipPort, ALICE);
  const mobile = await RegisteredPhone.open(t, server.sipPort, ALICE, 'tcp');
  await desk.register();
  await mobile.register([], 'MD5', `${mobile.contact};q=0.3`);
  const id = await callOut(server, 'sip:alice@localhost');
  desk.answer(await desk.rings(), 486, 'Busy Here');
  mobile.answer(await mobile.rings(), 480, 'Away');
  t.match(
    await when(
      () => get<CallData>(server, `/calls/${id}`),
      ({ status }) => status === 'failed',
    ),
    { end_reason: 'busy', sip_code: 486 },
    'what tells most',
  );
});

void t.test('a caller is handed over to a phone, wherever it is registered', async (t) => {
  const bob = { username: 'bob', password: 'builder of words' };
  const server = await start(t, { phones: [ALICE, bob] });
  const [caller, callee] = [
    await RegisteredPhone.open(t, server.sipPort, bob),
    await RegisteredPhone.open(t, server.sipPort, ALICE, 'tcp'),
  ];
  await caller.register();
  await callee.register();
  t.equal((await caller.call('demo')).answer.status, 200);
  const [{ id }] = await when(
    () => get<[CallData & { id: string }]>(server, '/calls'),
    ([call]) => call?.status === 'in_progress',
  );
  await post(server, `/calls/${id}/transfer`, { target: 'sip:alice@127.0.0.1', method: 'bridge' });
  const invite = await callee.rings();
  t.match(invite.startLine, 'INVITE sip:alice@10.9.8.7:5060;transport=tcp SIP/2.0');
  callee.answer(invite, 200, 'OK');
  await when(
    () => get<{ transfer: { status: string } }>(server, `/calls/${id}`),
    ({ transfer }) => transfer.status === 'completed',
  );
  const ending = post(server, `/calls/${id}/end`);
  callee.answer(await callee.sip.request('BYE'), 200, 'OK');
  caller.answer(await caller.sip.request('BYE'), 200, 'OK');
  await ending;
});

const BOB = { username: 'bob', password: 'builder of words', number: '+4930123456' };
const PRAGUE = '+420221111111';

/** Two phones; numbers outside go to the second return value. */
async function startTwo(t: Parameters<typeof start>[0], may_call?: 'agents' | 'phones' | 'anywhere') {
  const gateway = await SipPeer.udp(() => server.sipPort);
  t.teardown(() => gateway.close());
  const server: TestServer = await start(t, {
    phones: [{ ...ALICE, number: '+4930999999', ...(may_call && { may_call }) }, BOB],
    outbound: { gatewayUri: `sip:{number}@127.0.0.1:${gateway.port}`, allowedPrefixes: ['+49', '+420'] },
  });
  const alice = await RegisteredPhone.open(t, server.sipPort, ALICE);
  const bob = await RegisteredPhone.open(t, server.sipPort, BOB, 'tcp');
  await alice.register();
  await bob.register();
  return { server, alice, bob, gateway };
}

void t.test('phones call each other, by user name or by number, and whoever hangs up ends both', async (t) => {
  const { server, alice, bob } = await startTwo(t);
  for (const dialled of ['bob', '+4930123456', '030123456']) {
    const calling = alice.call(dialled);
    const invite = await bob.rings();
    t.match(header(invite, 'From'), /<sip:alice@/, dialled);
    bob.answer(invite, 180, 'Ringing');
    bob.answer(invite, 200, 'OK');
    const call = await calling;
    t.equal(call.answer.status, 200);
    await alice.hangUp(call);
    bob.answer(await bob.sip.request('BYE'), 200, 'OK');
    await when(
      () => get<[CallData]>(server, '/calls'),
      ([newest]) => newest?.status === 'completed',
    );
  }
  const [ended] = await get<[object]>(server, '/calls');
  t.match(ended, {
    end_reason: 'caller_hangup',
    ended_by: 'caller',
    transfer: { target: 'bob', by: 'far_end', method: 'bridge', status: 'completed' },
  });
});

void t.test('a phone that is busy, not there, unknown, or the caller itself: the caller is told so', async (t) => {
  const { alice, bob } = await startTwo(t);
  const calling = alice.call('bob');
  bob.answer(await bob.rings(), 486, 'Busy Here');
  t.equal((await calling).answer.status, 486);
  await bob.register(['Expires: 0']);
  t.equal((await alice.call('bob')).answer.status, 480, 'not registered');
  t.equal((await alice.call('carol')).answer.status, 404);
  t.equal((await alice.call('alice')).answer.status, 482);
  t.equal((await alice.call(PRAGUE)).answer.status, 403, 'a phone calls nobody outside unless it is said');
  t.equal((await alice.call('110')).answer.status, 404, 'what is no number is not called');
});

void t.test(
  'a phone calls outside when it may, as far as calls out may go; one for agents alone calls nobody else',
  async (t) => {
    const { alice, gateway } = await startTwo(t, 'anywhere');
    const calling = alice.call('00420221111111');
    const invite = await gateway.request('INVITE');
    t.match(invite.startLine, `INVITE sip:${PRAGUE}@`);
    gateway.send(responseText(invite, 603, 'Decline', 'tag'));
    t.equal((await calling).answer.status, 603);
    t.equal((await alice.call('+15550123')).answer.status, 403, 'not among the prefixes');
    const { alice: shy } = await startTwo(t, 'agents');
    t.equal((await shy.call('bob')).answer.status, 403);
    const echo = await shy.call('echo');
    t.equal(echo.answer.status, 200);
    await shy.hangUp(echo);
  },
);

void t.test('what is registered survives a restart of the server', async (t) => {
  const dataDir = temporaryDirectory(t);
  const first = await startTestServer({ dataDir, phones: [ALICE] });
  const phone = await RegisteredPhone.open(t, first.sipPort, ALICE);
  await phone.register();
  await first.stop(0);
  const second = await startTestServer({ dataDir, phones: [ALICE] });
  t.teardown(() => second.stop(0));
  t.match(await phoneOf(second), { registered: true, contacts: [{ uri: 'sip:alice@10.9.8.7:5060' }] });
});

void t.test('contacts are asked whether they are there, and leave with their connection', async (t) => {
  const server = await start(t, { sip: { port: 0, registrar: { pingMs: 1000 } } });
  const phone = await RegisteredPhone.open(t, server.sipPort, ALICE, 'tcp');
  await phone.register();
  const ping = await phone.sip.request('OPTIONS');
  t.match(ping.startLine, 'OPTIONS sip:alice@10.9.8.7:5060;transport=tcp SIP/2.0');
  phone.answer(ping, 200, 'OK');
  t.ok((await phoneOf(server)).registered);
  await phone.sip.close();
  await when(
    () => phoneOf(server),
    ({ registered }) => !registered,
  );
});

void t.test('a PBX registers as a trunk: calls go to its contact, and come from it once it has proven who it is', async (t) => {
  const pbx = { username: 'branch', password: 'office of the north' };
  const server = await start(t, {
    trunks: [
      {
        name: 'Branch',
        kind: 'accept',
        host: 'branch.example',
        ...pbx,
        inbound: [{ called: '+4930*', agent: 'echo' }],
        outbound: [{ prefix: '+49' }],
      },
    ],
  });
  const [{ id: trunkId }] = await get<[{ id: string }]>(server, '/trunks');
  t.match(await get(server, `/trunks/${trunkId}/status`), { state: 'unregistered' });
  const phone = await RegisteredPhone.open(t, server.sipPort, pbx);
  t.equal((await phone.register()).status, 200);
  t.match(await get(server, `/trunks/${trunkId}/status`), { state: 'registered', expires_at: /^2/ });

  const call = await phone.call('+4930123', { from: '+4930999' });
  t.equal(call.answer.status, 200, 'called as any number, by any number');
  await phone.hangUp(call);
  const [inbound] = await get<[{ legs: { trunk: object }[] }]>(server, '/calls');
  t.match(inbound.legs, [{ trunk: { id: trunkId, name: 'Branch' } }]);

  const id = await callOut(server, '+49301234567');
  const invite = await phone.rings();
  t.match(invite.startLine, 'INVITE sip:+49301234567@10.9.8.7:5060 SIP/2.0');
  phone.answer(invite, 486, 'Busy Here');
  await when(
    () => get<CallData>(server, `/calls/${id}`),
    ({ end_reason }) => end_reason === 'busy',
  );
  const taken = await server.api('/api/v1/phones', {
    method: 'POST',
    body: JSON.stringify({ username: 'branch', password: 'another word' }),
  });
  t.equal(taken.status, 409, 'its name is taken');
});
