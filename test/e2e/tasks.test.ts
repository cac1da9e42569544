import t from 'tap';
import { eventually, OffhookProcess, temporaryDirectory } from '../support/offhook-process.js';
import { TEST_KEY } from '../support/server.js';
import { header, type RawMessage, SipPeer } from '../support/sip-peer.js';
import { responseText, SDP } from '../support/sip-texts.js';

type Answer = { success: boolean; data: { id: string; call_id: string } };
type TaskData = { id: string; status: string; failure_reason: string | null; call_id: string };

async function post(server: OffhookProcess, path: string, body: object = {}): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${server.readyLine?.httpPort}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TEST_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}

/** The Call-IDs of the INVITEs that came for each number. */
function dialled(peer: SipPeer): Record<string, number> {
  const ids = new Map<string, Set<string>>();
  for (const message of peer.received) {
    const number = /^INVITE sip:(\+\d+)@/.exec(message.startLine)?.[1];
    if (number === undefined) continue;
    ids.set(number, (ids.get(number) ?? new Set()).add(header(message, 'Call-ID')));
  }
  return Object.fromEntries([...ids].map(([number, calls]) => [number, calls.size]));
}

const LIMIT_MS = 120_000;

void t.test(
  'scheduled tasks survive kill -9 in the middle of calls: none is lost, none is called twice',
  { timeout: LIMIT_MS },
  async (t) => {
    const dataDir = temporaryDirectory(t);
    let server: OffhookProcess | undefined;
    const peer = await SipPeer.udp(() => server?.sipPort ?? 9);
    t.teardown(() => peer.close());
    const outbound = { gatewayUri: `sip:{number}@127.0.0.1:${peer.port}`, maxConcurrent: 2, callsPerSecond: 50 };
    server = await OffhookProcess.start(t, { dataDir, config: { outbound } });
    const agent = await post(server, '/agents', { name: 'Caller', system_prompt: 'x', starting_message: 'Hello {{name}}.' });
    const numbers = ['+15550101', '+15550102', '+15550103', '+15550104'];
    const tasks: string[] = [];
    for (const [index, to_number] of numbers.entries()) {
      const task = { agent_id: agent.data.id, name: 'Call', to_number, context_data: { name: 'Ann' }, priority: -index };
      tasks.push((await post(server, '/tasks', { ...task, scheduled_at: '2020-01-01T00:00:00Z' })).data.id);
    }
    const first = await peer.request('INVITE');
    peer.send(responseText(first, 200, 'OK', 'callee', [`Contact: <sip:callee@127.0.0.1:${peer.port}>`], SDP));
    const second = await peer.next(
      (m) => m.method === 'INVITE' && m.status === 0 && m.startLine !== first.startLine,
      'a second INVITE',
    );
    peer.send(responseText(second, 180, 'Ringing', 'callee'));
    const running = server;
    await eventually(async () => {
      const task = await running.data<TaskData>(`/tasks/${tasks[0]}`);
      const call = await running.data<TaskData>(`/calls/${task.call_id}`);
      return call.status === 'in_progress' || undefined;
    }, 'the first call is answered');
    t.same(dialled(peer), { '+15550101': 1, '+15550102': 1 }, 'no more than two at a time');

    server.kill('SIGKILL');
    await server.ended();
    server = await OffhookProcess.start(t, { dataDir, config: { outbound } });
    for (const number of numbers.slice(2)) {
      const invite = await peer.next((m) => m.startLine.startsWith(`INVITE sip:${number}@`), `an INVITE for ${number}`);
      peer.send(responseText(invite, 486, 'Busy Here', 'callee'));
    }
    const restarted = server;
    const ended = await eventually(async () => {
      const present = await Promise.all(tasks.map((id) => restarted.data<TaskData>(`/tasks/${id}`)));
      return present.every(({ status }) => status === 'failed') ? present : undefined;
    }, 'every task has ended');
    t.same(
      ended.map((task) => task.failure_reason),
      ['crashed', 'crashed', 'busy', 'busy'],
    );
    const calls = await restarted.data<{ task_id: string; status: string }[]>('/calls');
    t.same(
      calls.map((call) => [call.task_id, call.status]),
      tasks.toReversed().map((id) => [id, 'failed']),
      'one call for each task, all of them closed',
    );
    t.same(dialled(peer), Object.fromEntries(numbers.map((number) => [number, 1])));
  },
);

type Detail = TaskData & {
  attempts: number;
  next_attempt_at: string | null;
  calls: { status: string; end_reason: string | null; sip_code: number }[];
};

const RETRY = { max_attempts: 3, outcomes: { busy: { after_seconds: [1] }, failed: { after_seconds: [1] } } };

/** The next INVITE to a number under a Call-ID that was not seen before. */
async function freshInvite(peer: SipPeer, number: string, known: Set<string>): Promise<RawMessage> {
  const invite = await peer.next(
    (m) => m.startLine.startsWith(`INVITE sip:${number}@`) && !known.has(header(m, 'Call-ID')),
    `another INVITE for ${number}`,
  );
  known.add(header(invite, 'Call-ID'));
  return invite;
}

async function createAgent(server: OffhookProcess): Promise<string> {
  return (await post(server, '/agents', { name: 'Caller', system_prompt: 'x', starting_message: 'Hello.' })).data.id;
}

void t.test('a callee that is busy is called again and answers: one task, two calls', { timeout: LIMIT_MS }, async (t) => {
  let server: OffhookProcess | undefined;
  const peer = await SipPeer.udp(() => server?.sipPort ?? 9);
  t.teardown(() => peer.close());
  const outbound = { gatewayUri: `sip:{number}@127.0.0.1:${peer.port}` };
  server = await OffhookProcess.start(t, { config: { outbound } });
  const task = { agent_id: await createAgent(server), name: 'Call', to_number: '+15550101', retry: RETRY };
  const { id } = (await post(server, '/tasks', { ...task, scheduled_at: '2020-01-01T00:00:00Z' })).data;
  const seen = new Set<string>();
  const first = await freshInvite(peer, '+15550101', seen);
  const running = server;
  const detail = async (): Promise<Detail> => await running.data<Detail>(`/tasks/${id}`);
  t.match(await detail(), { status: 'in_progress', attempts: 1, next_attempt_at: null });
  peer.send(responseText(first, 486, 'Busy Here', 'callee'));

  const second = await freshInvite(peer, '+15550101', seen);
  t.match(await detail(), {
    status: 'in_progress',
    attempts: 2,
    calls: [{ status: 'initiated' }, { end_reason: 'busy', sip_code: 486 }],
  });
  const contact = `Contact: <sip:callee@127.0.0.1:${peer.port}>`;
  peer.send(responseText(second, 200, 'OK', 'callee', [contact], SDP));
  await peer.next((m) => m.method === 'ACK' && header(m, 'Call-ID') === header(second, 'Call-ID'), 'the ACK');
  const { call_id } = await detail();
  await eventually(
    async () => (await running.data<TaskData>(`/calls/${call_id}`)).status === 'in_progress' || undefined,
    'the talk',
  );
  const ending = post(server, `/calls/${call_id}/end`);
  const bye = await peer.request('BYE');
  peer.send(responseText(bye, 200, 'OK', 'callee'));
  await ending;
  const done = await eventually(async () => {
    const present = await detail();
    return present.status === 'completed' ? present : undefined;
  }, 'the task is done');
  t.match(done, { attempts: 2, failure_reason: null, call_id });
  t.same(
    done.calls.map((call) => [call.status, call.sip_code]),
    [
      ['completed', 200],
      ['failed', 486],
    ],
  );
  t.same(dialled(peer), { '+15550101': 2 });
});

void t.test(
  'kill -9 neither loses nor doubles a retry: who was reached is left alone, who rang or waited is called once more',
  { timeout: LIMIT_MS },
  async (t) => {
    const dataDir = temporaryDirectory(t);
    let server: OffhookProcess | undefined;
    const peer = await SipPeer.udp(() => server?.sipPort ?? 9);
    t.teardown(() => peer.close());
    const outbound = { gatewayUri: `sip:{number}@127.0.0.1:${peer.port}`, callsPerSecond: 50 };
    server = await OffhookProcess.start(t, { dataDir, config: { outbound } });
    const agent_id = await createAgent(server);
    const seen = new Set<string>();
    const called = async (to_number: string, retry: object): Promise<{ id: string; invite: RawMessage }> => {
      if (!server) throw new Error('not started');
      const task = { agent_id, name: 'Call', to_number, retry, scheduled_at: '2020-01-01T00:00:00Z' };
      const { id } = (await post(server, '/tasks', task)).data;
      return { id, invite: await freshInvite(peer, to_number, seen) };
    };
    const answered = await called('+15550101', RETRY);
    peer.send(responseText(answered.invite, 200, 'OK', 'callee', [`Contact: <sip:callee@127.0.0.1:${peer.port}>`], SDP));
    await peer.next((m) => m.method === 'ACK', 'the ACK');
    const ringing = await called('+15550102', RETRY);
    peer.send(responseText(ringing.invite, 180, 'Ringing', 'callee'));
    const later = { max_attempts: 2, outcomes: { busy: { after_seconds: [8] } } };
    const waiting = await called('+15550103', later);
    peer.send(responseText(waiting.invite, 486, 'Busy Here', 'callee'));
    const before = server;
    await eventually(async () => {
      const states = await Promise.all([waiting, ringing].map(({ id }) => before.data<Detail>(`/tasks/${id}`)));
      const call = await before.data<TaskData>(`/calls/${(await before.data<Detail>(`/tasks/${answered.id}`)).call_id}`);
      return (
        (states[0]?.status === 'pending' && states[1]?.status === 'in_progress' && call.status === 'in_progress') || undefined
      );
    }, 'one talks, one rings, one waits');

    server.kill('SIGKILL');
    await server.ended();
    server = await OffhookProcess.start(t, { dataDir, config: { outbound } });
    for (const number of ['+15550102', '+15550103']) {
      peer.send(responseText(await freshInvite(peer, number, seen), 603, 'Decline', 'callee'));
    }
    const after = server;
    const ended = await eventually(async () => {
      const present = await Promise.all([answered, ringing, waiting].map(({ id }) => after.data<Detail>(`/tasks/${id}`)));
      return present.every(({ status }) => status === 'failed') ? present : undefined;
    }, 'every task has ended');
    t.same(
      ended.map(({ attempts, failure_reason, calls }) => [attempts, failure_reason, calls.map((call) => call.end_reason)]),
      [
        [1, 'crashed', ['crashed']],
        [2, 'rejected', ['rejected', 'crashed']],
        [2, 'rejected', ['rejected', 'busy']],
      ],
    );
    t.same(dialled(peer), { '+15550101': 1, '+15550102': 2, '+15550103': 2 });
  },
);
