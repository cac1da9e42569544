import t from 'tap';
import { eventually, OffhookProcess } from '../support/offhook-process.js';
import { Phone } from '../support/phone.js';
import { header } from '../support/sip-peer.js';

void t.test('start: one ready line, healthy, ready, metrics; SIGTERM without calls exits 0 at once', async (t) => {
  const server = await OffhookProcess.start(t);
  t.equal(server.stdout.trim().split('\n').length, 1, 'nothing but the ready line on standard output');
  t.equal((await server.get('/healthz')).status, 200);
  t.equal((await server.get('/readyz')).status, 200);
  t.match(await (await server.get('/metrics')).text(), /^offhook_/m);
  server.kill('SIGTERM');
  t.same(await server.ended(15_000), { code: 0, signal: null });
});

void t.test('SIGTERM during a call: no new calls, not ready, the call goes on until it ends, exit 0', async (t) => {
  const server = await OffhookProcess.start(t, { config: { drainMs: 120_000 } });
  const talking = await (await Phone.open(t, server.sipPort)).answered('tone');
  await talking.rtp.more(20);
  server.kill('SIGTERM');
  await eventually(async () => (await server.get('/readyz')).status === 503 || undefined, 'not ready any more');
  const late = await (await Phone.open(t, server.sipPort)).call('echo');
  t.equal(late.status, 503);
  t.match(header(late, 'Retry-After'), /^\d+$/);
  const refused = await server.post('/agents', { name: 'Late', system_prompt: 'x' });
  t.equal(refused.status, 503, 'no new work over HTTP');
  t.match(refused.headers.get('retry-after'), /^\d+$/);
  t.match(await server.data<object[]>('/calls'), [{ status: 'in_progress' }], 'what is there can be read');
  await talking.rtp.more(50);
  t.notOk(server.hasExited, 'still there for the call');
  await talking.hangUp();
  t.same(await server.ended(20_000), { code: 0, signal: null });
});

void t.test('SIGTERM during a call: it can be ended over the API, and then the server exits 0', async (t) => {
  const server = await OffhookProcess.start(t, { config: { drainMs: 120_000 } });
  const talking = await (await Phone.open(t, server.sipPort)).answered('tone');
  server.kill('SIGTERM');
  await eventually(async () => (await server.get('/readyz')).status === 503 || undefined, 'not ready any more');
  const [call] = await server.data<{ id: string }[]>('/calls');
  const [ended] = await Promise.all([server.post(`/calls/${call?.id}/end`), talking.hungUpOn()]);
  t.equal(ended.status, 200);
  t.same(await server.ended(20_000), { code: 0, signal: null });
});

void t.test('SIGTERM with a call that does not end: it is hung up on after drainMs', async (t) => {
  const server = await OffhookProcess.start(t, { config: { drainMs: 1500 } });
  const talking = await (await Phone.open(t, server.sipPort)).answered('tone');
  await talking.rtp.more(5);
  server.kill('SIGTERM');
  await talking.hungUpOn();
  t.same(await server.ended(20_000), { code: 0, signal: null });
});

void t.test('a second signal ends the calls at once', async (t) => {
  const server = await OffhookProcess.start(t, { config: { drainMs: 600_000 } });
  const talking = await (await Phone.open(t, server.sipPort)).answered('tone');
  await talking.rtp.more(5);
  server.kill('SIGTERM');
  await talking.rtp.more(20);
  server.kill('SIGINT');
  await talking.hungUpOn();
  t.same(await server.ended(20_000), { code: 0, signal: null });
});
