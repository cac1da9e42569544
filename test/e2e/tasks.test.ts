import t from 'tap';
import { eventually, OffhookProcess, temporaryDirectory } from '../support/offhook-process.js';
import { TEST_KEY } from '../support/server.js';
import { header, SipPeer } from '../support/sip-peer.js';
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
