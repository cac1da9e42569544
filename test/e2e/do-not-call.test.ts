import t from 'tap';
import { recognizerPackages } from '../../src/speech/embedded/system-packages.js';
import { type EntryResource, eventually, OffhookProcess } from '../support/offhook-process.js';
import { TEST_KEY } from '../support/server.js';

const LIMIT_MS = 180_000;
const NUMBER = '+15550123';

async function post(server: OffhookProcess, path: string, body: object = {}): Promise<{ id: string; call_id: string }> {
  const response = await fetch(`http://127.0.0.1:${server.readyLine?.httpPort}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TEST_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { data: { id: string; call_id: string } }).data;
}

type Task = { status: string; failure_reason: string | null; call_id: string | null };
type Call = { status: string; end_reason: string | null };

if (recognizerPackages().installed) {
  void t.test(
    'who says on the phone not to be called again is put on the list, told so, and not called again',
    { timeout: LIMIT_MS },
    async (t) => {
      // The one who is called is another server, whose agent has only this to say.
      const callee = await OffhookProcess.start(t);
      const annoyed = { name: 'Annoyed', sip_user: 'annoyed', system_prompt: 'x', voice_settings: { voice: 'rms' } };
      await post(callee, '/agents', { ...annoyed, starting_message: 'Please stop calling me.', do_not_call: { phrases: [] } });

      const gatewayUri = `sip:annoyed@127.0.0.1:${callee.sipPort};number={number}`;
      const server = await OffhookProcess.start(t, { config: { outbound: { gatewayUri } } });
      const agent = await post(server, '/agents', { name: 'Seller', system_prompt: 'x' });
      const task = { agent_id: agent.id, name: 'Sell', to_number: NUMBER };
      const { id } = await post(server, '/tasks', task);
      const { call_id: callId } = await post(server, `/tasks/${id}/execute`);
      await eventually(
        async () => (await server.data<Call>(`/calls/${callId}`)).status === 'completed' || undefined,
        'the agent has said goodbye',
        60_000,
      );
      t.match(await server.data(`/calls/${callId}`), { end_reason: 'agent_hangup' });
      const { transcript } = await server.data<{ transcript: EntryResource[] }>(`/calls/${callId}/transcript`);
      t.match(transcript.at(-1), { role: 'agent', message: /^All right, we will not call you again\./ });
      t.match(await server.data(`/do-not-call/${encodeURIComponent(NUMBER)}`), {
        number: NUMBER,
        source: 'caller_voice',
        call_id: callId,
      });

      const again = await post(server, '/tasks', { ...task, scheduled_at: '2020-01-01T00:00:00Z' });
      const failed = await eventually(async () => {
        const present = await server.data<Task>(`/tasks/${again.id}`);
        return present.status === 'pending' ? undefined : present;
      }, 'the second task is looked at');
      t.match(failed, { status: 'failed', failure_reason: 'do_not_call', call_id: null });
      t.equal((await callee.data<unknown[]>('/calls')).length, 1);
    },
  );
} else {
  t.pass('SKIPPED: the embedded recogniser is not installed');
}
