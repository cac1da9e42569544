import t from 'tap';
import { freePort } from '../support/free-port.js';
import { startKamailio } from '../support/kamailio.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { SipPeer } from '../support/sip-peer.js';
import { ackText, inviteText, newCall, requestText } from '../support/sip-texts.js';

const CREDENTIALS = { realm: 'registrar.example', password: 'correct horse' };
const PAUSE_MS = 50;

async function start(
  t: { teardown(task: () => Promise<void>): void },
  kamailio: { algorithm?: 'MD5' | 'SHA-256'; maxExpiresS?: number } = {},
) {
  const port = await freePort();
  const startRegistrar = () => startKamailio({ ...CREDENTIALS, algorithm: 'MD5', ...kamailio, port });
  let registrar = await startRegistrar();
  const server = await startTestServer();
  t.teardown(async () => {
    await server.close();
    await registrar.stop();
  });
  const restart = async (): Promise<void> => {
    registrar = await startRegistrar();
  };
  return { port, server, stop: () => registrar.stop(), restart };
}

type Status = { state: string; last_error: { code: number; message: string } | null; expires_at: string | null };

async function makeTrunk(server: TestServer, port: number, changes: Record<string, unknown> = {}): Promise<string> {
  const body = { name: 'PBX', kind: 'register', host: '127.0.0.1', port, username: 'echo', password: CREDENTIALS.password };
  const answer = await server.api('/api/v1/trunks', { method: 'POST', body: JSON.stringify({ ...body, ...changes }) });
  const { data } = (await answer.json()) as { data: { id: string } };
  return data.id;
}

async function statusOf(server: TestServer, id: string): Promise<Status> {
  return ((await (await server.api(`/api/v1/trunks/${id}/status`)).json()) as { data: Status }).data;
}

/** Asks until it is as it should be; a test's own time limit ends what never is. */
async function statusWhen(server: TestServer, id: string, is: (status: Status) => boolean): Promise<Status> {
  for (;;) {
    const status = await statusOf(server, id);
    if (is(status)) return status;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Calls `user` at the registrar, as the network behind it would. Returns the status it came to, and hangs up. */
async function callThrough(t: { teardown(task: () => Promise<void>): void }, port: number, user: string): Promise<number> {
  const peer = await SipPeer.udp(port);
  t.teardown(() => peer.close());
  const call = newCall();
  const uri = `sip:${user}@127.0.0.1:${port}`;
  peer.send(inviteText(peer, call, { uri, headers: ['X-From-Network: yes'] }));
  const answer = await peer.next((m) => m.method === 'INVITE' && m.status >= 200, 'final response');
  const contact = /<([^>]+)>/.exec(answer.headers.get('contact')?.[0] ?? '')?.[1] ?? uri;
  const headers = [...(answer.headers.get('record-route') ?? [])].toReversed().map((route) => `Route: ${route}`);
  if (answer.status !== 200) {
    peer.send(ackText(peer, call, answer, { uri, branch: call.branch }));
    return answer.status;
  }
  peer.send(ackText(peer, call, answer, { uri: contact, headers }));
  peer.send(requestText(peer, 'BYE', call, { uri: contact, to: answer.headers.get('to')?.[0] ?? '', cseq: 2, headers }));
  await peer.status(200, 'BYE');
  return answer.status;
}

void t.test('registers at kamailio with MD5 and UDP, is called there, and takes it back at the end', async (t) => {
  const { port, server } = await start(t);
  const id = await makeTrunk(server, port, { expires_seconds: 600 });
  const status = await statusWhen(server, id, ({ state }) => state === 'registered');
  t.equal(status.last_error, null);
  t.ok(Math.abs(Date.parse(status.expires_at ?? '') - Date.now() - 600_000) < 60_000);
  t.equal(await callThrough(t, port, 'echo'), 200);
  const metrics = await (await server.api('/metrics')).text();
  t.match(metrics, 'offhook_trunks{state="registered"} 1');
  t.match(metrics, 'offhook_trunk_register_attempts_total{result="accepted"} 1');

  const patch = await server.api(`/api/v1/trunks/${id}`, { method: 'PATCH', body: '{"enabled":false}' });
  t.equal(patch.status, 200);
  t.equal((await statusOf(server, id)).state, 'disabled');
  while ((await callThrough(t, port, 'echo')) !== 404) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  await server.api(`/api/v1/trunks/${id}`, { method: 'PATCH', body: '{"enabled":true}' });
  await statusWhen(server, id, ({ state }) => state === 'registered');
  await server.close();
  t.equal(await callThrough(t, port, 'echo'), 404, 'nobody is sent to a server that has stopped');
});

void t.test('registers with SHA-256 over TCP, and is called over the same', async (t) => {
  const { port, server } = await start(t, { algorithm: 'SHA-256' });
  const id = await makeTrunk(server, port, { transport: 'tcp' });
  await statusWhen(server, id, ({ state }) => state === 'registered');
  t.equal(await callThrough(t, port, 'echo'), 200);
});

void t.test('a wrong password fails, says so, and is right as soon as it is mended', async (t) => {
  const { port, server } = await start(t);
  const id = await makeTrunk(server, port, { password: 'wrong' });
  const failed = await statusWhen(server, id, ({ state }) => state === 'failed');
  t.match(failed, { last_error: { code: 401, message: /user name or password refused/ }, next_attempt_at: /Z$/ });
  t.match(await (await server.api('/metrics')).text(), 'offhook_trunks{state="failed"} 1');
  await server.api(`/api/v1/trunks/${id}`, { method: 'PATCH', body: JSON.stringify({ password: CREDENTIALS.password }) });
  await statusWhen(server, id, ({ state }) => state === 'registered');
});

void t.test('a registrar that restarts has us again without being asked', async (t) => {
  const { port, server, stop, restart } = await start(t, { maxExpiresS: 4 });
  const id = await makeTrunk(server, port, { transport: 'tcp' });
  await statusWhen(server, id, ({ state }) => state === 'registered');
  await stop();
  const failed = await statusWhen(server, id, ({ state }) => state === 'failed');
  t.equal(failed.last_error?.code, 503);
  await restart();
  await statusWhen(server, id, ({ state }) => state === 'registered');
  t.equal(await callThrough(t, port, 'echo'), 200);
});
