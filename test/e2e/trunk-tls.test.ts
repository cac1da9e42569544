import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import t from 'tap';
import { makeCertificate } from '../support/certificates.js';
import { freePort } from '../support/free-port.js';
import { startKamailio } from '../support/kamailio.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { SipPeer } from '../support/sip-peer.js';
import { ackText, inviteText, newCall, requestText } from '../support/sip-texts.js';
import { until } from '../support/until.js';

const CREDENTIALS = { realm: 'registrar.example', password: 'correct horse' };
const folder = t.testdir();
const ours = makeCertificate(folder, 'ours', ['IP:127.0.0.1']);
const theirs = makeCertificate(folder, 'theirs', ['DNS:pbx.example']);

const spki = new X509Certificate(readFileSync(theirs.certificate)).publicKey.export({ type: 'spki', format: 'der' });
const PIN = `sha256/${createHash('sha256').update(spki).digest('base64')}`;

const [port, tlsPort, nobody] = [await freePort(), await freePort(), await freePort()];
const kamailio = await startKamailio({ ...CREDENTIALS, algorithm: 'SHA-256', port, tls: { ...theirs, port: tlsPort } });
const server = await startTestServer({ sip: { port: 0, tlsPort: 0, tls: ours } });
t.teardown(async () => {
  await server.close();
  await kamailio.stop();
});

type Status = { state: string; last_error: { code: number } | null };

async function makeTrunk(changes: Record<string, unknown>): Promise<string> {
  const body = {
    name: 'PBX',
    kind: 'register',
    host: '127.0.0.1',
    transport: 'tls',
    username: 'echo',
    password: CREDENTIALS.password,
  };
  const answer = await server.api('/api/v1/trunks', { method: 'POST', body: JSON.stringify({ ...body, ...changes }) });
  return ((await answer.json()) as { data: { id: string } }).data.id;
}

const statusOf = async (at: TestServer, id: string): Promise<Status> =>
  ((await (await at.api(`/api/v1/trunks/${id}/status`)).json()) as { data: Status }).data;

void t.test('a certificate that nobody vouches for is refused, and so is a key that is not the pinned one', async (t) => {
  for (const tls_pins of [[], [`sha256/${'A'.repeat(43)}=`]]) {
    const id = await makeTrunk({ name: `Refused ${tls_pins.length}`, port: tlsPort, tls_pins });
    await until(async () => (await statusOf(server, id)).state === 'failed');
    t.match(await statusOf(server, id), { last_error: { code: 503 } });
    await server.api(`/api/v1/trunks/${id}`, { method: 'DELETE' });
  }
});

void t.test('registers over TLS at the backup when the first server is not there, and is called over TLS', async (t) => {
  const id = await makeTrunk({ port: nobody, backup_servers: [`127.0.0.1:${tlsPort}`], tls_pins: [PIN] });
  await until(async () => (await statusOf(server, id)).state === 'registered');
  const peer = await SipPeer.udp(port);
  t.teardown(() => peer.close());
  const call = newCall();
  const uri = `sip:echo@127.0.0.1:${port}`;
  peer.send(inviteText(peer, call, { uri, headers: ['X-From-Network: yes'] }));
  const ok = await peer.status(200);
  const contact = /<([^>]+)>/.exec(ok.headers.get('contact')?.[0] ?? '')?.[1] ?? '';
  t.match(contact, `127.0.0.1:${server.sipTlsPort};transport=tls`);
  const headers = [...(ok.headers.get('record-route') ?? [])].toReversed().map((route) => `Route: ${route}`);
  peer.send(ackText(peer, call, ok, { uri: contact, headers }));
  const to = ok.headers.get('to')?.[0] ?? '';
  peer.send(requestText(peer, 'BYE', call, { uri: contact, to, cseq: 2, headers }));
  await peer.status(200, 'BYE');
});
