import t from 'tap';
import { eventually, OffhookProcess, temporaryDirectory } from '../support/offhook-process.js';
import { TEST_KEY } from '../support/server.js';
import { header, type RawMessage, SipPeer } from '../support/sip-peer.js';
import { responseText } from '../support/sip-texts.js';

const LIMIT_MS = 180_000;

async function post(server: OffhookProcess, path: string, body: object | string = {}): Promise<{ id: string }> {
  const csv = typeof body === 'string';
  const response = await fetch(`http://127.0.0.1:${server.readyLine?.httpPort}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TEST_KEY}`, 'content-type': csv ? 'text/csv' : 'application/json' },
    body: csv ? body : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { data: { id: string } }).data;
}

type Progress = { contacts: number; by_status: Record<string, number>; by_outcome: Record<string, number>; calls: number };

const numberOf = (invite: RawMessage): string => /^INVITE sip:(\+\d+)@/.exec(invite.startLine)?.[1] ?? '';

/** The Call-IDs of the INVITEs that came for each number. */
function dialled(peer: SipPeer): Map<string, Set<string>> {
  const calls = new Map<string, Set<string>>();
  for (const message of peer.received.filter(({ startLine }) => startLine.startsWith('INVITE '))) {
    const number = numberOf(message);
    calls.set(number, (calls.get(number) ?? new Set()).add(header(message, 'Call-ID')));
  }
  return calls;
}

void t.test(
  'a campaign survives kill -9 in the middle: no contact is lost, none is called twice; pause and the do-not-call list hold',
  { timeout: LIMIT_MS },
  async (t) => {
    const dataDir = temporaryDirectory(t);
    let server: OffhookProcess | undefined;
    const peer = await SipPeer.udp(() => server?.sipPort ?? 9);
    t.teardown(() => peer.close());
    const outbound = { gatewayUri: `sip:{number}@127.0.0.1:${peer.port}`, maxConcurrent: 20, callsPerSecond: 50 };
    const start = (): Promise<OffhookProcess> => OffhookProcess.start(t, { dataDir, config: { outbound } });
    let refusing = true;
    const answered = new Set<string>();
    peer.onMessage((message) => {
      if (!refusing || !message.startLine.startsWith('INVITE ') || answered.has(header(message, 'Call-ID'))) return;
      answered.add(header(message, 'Call-ID'));
      peer.send(responseText(message, 486, 'Busy Here', 'callee'));
    });

    server = await start();
    const agent = await post(server, '/agents', { name: 'Caller', system_prompt: 'x' });
    const campaign = await post(server, '/campaigns', { agent_id: agent.id, name: 'Many', max_concurrent: 10 });
    const numbers = Array.from({ length: 200 }, (_, i) => `+1555${10_000 + i}`);
    await post(server, `/campaigns/${campaign.id}/contacts`, `phone\n${numbers.join('\n')}\n`);
    const last = numbers.at(-1) ?? '';
    await post(server, `/campaigns/${campaign.id}/start`);
    await post(server, '/do-not-call', { number: last });
    await eventually(() => dialled(peer).size >= 40 || undefined, 'forty numbers are called');
    // Those that ring when it dies are what is most easily called twice.
    refusing = false;
    const before = dialled(peer).size;
    await eventually(() => dialled(peer).size > before || undefined, 'one rings');
    server.kill('SIGKILL');
    await server.ended();
    refusing = true;

    server = await start();
    const restarted = server;
    await eventually(() => dialled(peer).size >= 80 || undefined, 'it goes on');
    await post(restarted, `/campaigns/${campaign.id}/pause`);
    const progress = (): Promise<Progress> => restarted.data<Progress>(`/campaigns/${campaign.id}/progress`);
    const paused = await eventually(async () => {
      const present = await progress();
      return present.by_status.in_progress === 0 ? present : undefined;
    }, 'the calls in progress have ended');
    const calls = await restarted.data<unknown[]>('/calls?limit=100');
    t.ok(calls.length > 0);
    await post(restarted, `/tasks`, {
      agent_id: agent.id,
      name: 'Marker',
      to_number: '+19',
      scheduled_at: '2020-01-01T00:00:00Z',
    });
    await eventually(() => dialled(peer).has('+19') || undefined, 'other tasks are called while it is paused');
    t.same(await progress(), paused, 'nobody of the campaign is');

    await post(restarted, `/campaigns/${campaign.id}/resume`);
    const done = await eventually(
      async () => {
        const { status } = await restarted.data<{ status: string }>(`/campaigns/${campaign.id}`);
        return status === 'completed' ? await progress() : undefined;
      },
      'everybody was called',
      120_000,
    );
    const all = dialled(peer);
    all.delete('+19');
    t.equal(all.has(last), false, 'who was put on the list meanwhile is not called');
    // A call that was placed but had not left when the process died is on record as crashed, and may not be placed again by itself.
    const crashed = await restarted.data<{ number: string }[]>(`/campaigns/${campaign.id}/contacts?outcome=crashed&limit=100`);
    const accounted = new Set([...all.keys(), ...crashed.map(({ number }) => number)]);
    t.same([...accounted].sort(), numbers.slice(0, -1), 'nobody is lost');
    t.ok(crashed.length > 0 && crashed.length <= 10, 'no more crashed than were being called');
    t.same(
      [...all].filter(([, ids]) => ids.size !== 1).map(([number]) => number),
      [],
      'nobody is called twice',
    );
    t.match(done, { contacts: 200, by_status: { failed: 200 }, by_outcome: { do_not_call: 1 }, calls: 199 });
    t.equal((done.by_outcome.busy ?? 0) + (done.by_outcome.crashed ?? 0), 199);
  },
);
