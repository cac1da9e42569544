import t from 'tap';
import { startTestServer } from '../support/server.js';
import { runSipp } from '../support/sipp.js';
import { until } from '../support/until.js';

// Rings long enough for an invitation to run out.
const server = await startTestServer({ calls: { ringMs: 1200 } });
t.teardown(() => server.close());
const target = { host: '127.0.0.1', port: server.sipPort };

type CallData = { status: string; sip_code: number; timings: Record<string, number | null> };
const lastCall = async (): Promise<CallData | undefined> =>
  ((await (await server.api('/api/v1/calls?limit=1')).json()) as { data: CallData[] }).data[0];

t.test('unknown-extension: what nobody knows is refused', async (t) => {
  t.equal((await runSipp({ scenario: 'unknown-extension', service: 'demo', target })).failed, 0);
});

t.test('expires: an invitation runs out', async (t) => {
  t.equal((await runSipp({ scenario: 'expires', service: 'demo', target })).failed, 0);
  await until(async () => (await lastCall())?.status === 'failed');
  t.match(await lastCall(), { sip_code: 487, timings: { answer_ms: null, talk_ms: null } });
});

t.test('100rel: the ringing is acknowledged, the call answered, and it tells how long it rang', async (t) => {
  t.equal((await runSipp({ scenario: '100rel', service: 'demo', target })).failed, 0);
  await until(async () => (await lastCall())?.status === 'completed');
  const timings = (await lastCall())?.timings ?? {};
  t.ok((timings['ring_ms'] ?? 0) >= 1190);
  t.ok((timings['answer_ms'] ?? 0) >= (timings['ring_ms'] ?? 0));
  t.ok(timings['pdd_ms'] !== null && timings['talk_ms'] !== null);
});
