import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { startHttpEndpoint } from '../support/http-endpoint.js';
import {
  type CallResource,
  type EntryResource,
  eventually,
  OffhookProcess,
  temporaryDirectory,
} from '../support/offhook-process.js';
import { Phone } from '../support/phone.js';
import { rms } from '../support/signal.js';
import { until } from '../support/until.js';
import { readStereoWav } from '../support/wav.js';

const ACTIONS_ALLOWED = { webhooks: { allowPrivate: true } };

void t.test('kill -9 in mid-call: the next start closes the call, and transcript and recording are there', async (t) => {
  const dataDir = join(temporaryDirectory(t), 'data');
  let answers = false;
  const crm = await startHttpEndpoint(t, () => (answers ? {} : { hang: true }));
  const killed = await OffhookProcess.start(t, { dataDir, config: ACTIONS_ALLOWED });
  OffhookProcess.spawn(t, {
    args: ['call', `sip:demo@127.0.0.1:${killed.sipPort}`, '--say', 'What are your opening hours?'],
  });
  const before = await eventually(async () => {
    const [call] = await killed.data<CallResource[]>('/calls');
    const entries = call ? await entriesOf(killed, call.id) : [];
    return entries.some((entry) => entry.role === 'user') ? entries : undefined;
  }, 'the caller heard');
  const [call] = await killed.data<CallResource[]>('/calls');
  t.equal(call?.status, 'in_progress');

  const created = await killed.post('/agents', { name: 'Desk', sip_user: 'desk', system_prompt: 'You help.' });
  const { data: agent } = (await created.json()) as { data: { id: string } };
  const report = { type: 'webhook', name: 'Report', timeout_ms: 60_000, config: { url: `${crm.url}/calls` } };
  t.equal((await killed.post(`/agents/${agent.id}/actions`, report)).status, 201);
  await (await (await Phone.open(t, killed.sipPort)).answered('desk')).hangUp();
  await until(() => crm.requests.length > 0);
  await (await Phone.open(t, killed.sipPort)).answered('desk');
  const ofDesk = await eventually(async () => {
    const calls = await killed.data<CallResource[]>(`/calls?agent_id=${agent.id}`);
    return calls.length === 2 && calls.some(({ status }) => status === 'in_progress') ? calls : undefined;
  }, 'a call that is over and one that goes on');
  killed.kill('SIGKILL');
  t.equal((await killed.ended()).signal, 'SIGKILL');

  answers = true;
  const next = await OffhookProcess.start(t, { dataDir, config: ACTIONS_ALLOWED });
  for (const { id } of ofDesk) {
    const { tool_runs } = await eventually(async () => {
      const detail = await next.data<{ tool_runs: { name: string; outcome: string }[] }>(`/calls/${id}`);
      return detail.tool_runs.length > 0 ? detail : undefined;
    }, 'what is done at the end of a call');
    t.match(tool_runs.at(-1), { name: 'report', outcome: 'succeeded' });
  }
  const [first, ...later] = crm.requests.map(({ headers, body }) => ({ body, key: headers['idempotency-key'] }));
  t.ok(
    later.some(({ key, body }) => key === first?.key && body === first?.body),
    'what was under way when the server was killed is done again',
  );
  const calls = new Set(crm.requests.map(({ body }) => (JSON.parse(body) as { call_id: string }).call_id));
  t.same(calls, new Set(ofDesk.map(({ id }) => id)), 'and what the call that was killed had to do');
  const closed = await next.data<CallResource>(`/calls/${call?.id}`);
  t.match(closed, { status: 'failed', result: 'server_error', end_reason: 'crashed', recording_available: true });
  t.same((await entriesOf(next, closed.id)).slice(0, before.length), before, 'what was said is kept');

  const stream = await next.get(`/api/v1/calls/${closed.id}/recording/stream`);
  t.equal(stream.status, 200);
  const file = join(temporaryDirectory(t), 'recording.wav');
  writeFileSync(file, Buffer.from(await stream.arrayBuffer()));
  const { sampleRateHz, left, right } = readStereoWav(file);
  t.equal(sampleRateHz, 16_000);
  t.ok(right.length > 3 * 16_000, `${right.length / 16_000} s recorded`);
  t.ok(rms(right) > 300, 'the agent is heard');
  t.ok(rms(left) > 300, 'the caller is heard');
  next.kill('SIGTERM');
  t.same(await next.ended(), { code: 0, signal: null });
});

const entriesOf = async (server: OffhookProcess, id: string): Promise<EntryResource[]> =>
  (await server.data<{ transcript: EntryResource[] }>(`/calls/${id}/transcript`)).transcript;
