import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { makeCertificate } from '../support/certificates.js';
import { eventually, OffhookProcess, temporaryDirectory } from '../support/offhook-process.js';
import { Phone } from '../support/phone.js';
import { TEST_KEY } from '../support/server.js';

// oxlint-disable-next-line typescript/no-explicit-any -- the shape of each answer is what the test is about
type Data = any;
type Told = { headers: Record<string, unknown>; body: string };

const LIMIT_MS = 120_000;

/** A CRM that is told of calls over HTTPS, with a certificate that the server under test is made to trust. */
async function startCrm(t: Parameters<typeof temporaryDirectory>[0] & { teardown(task: () => Promise<void>): void }) {
  const { certificate, key } = makeCertificate(temporaryDirectory(t), 'crm', ['DNS:localhost']);
  const told: Told[] = [];
  const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => void pieces.push(piece));
    request.on('end', () => {
      told.push({ headers: request.headers, body: Buffer.concat(pieces).toString('utf8') });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `https://localhost:${(server.address() as AddressInfo).port}/hook`, certificate, told };
}

void t.test(
  'a whole job: agent, contact, webhook, a call, its transcript, report and recording',
  { timeout: LIMIT_MS },
  async (t) => {
    const crm = await startCrm(t);
    const server = await OffhookProcess.start(t, {
      config: { webhooks: { allowPrivate: true } },
      env: { NODE_EXTRA_CA_CERTS: crm.certificate },
    });
    const raw = (method: string, path: string, body?: object): Promise<Response> =>
      fetch(`http://127.0.0.1:${server.readyLine?.httpPort}/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${TEST_KEY}`, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
    const ask = async (method: string, path: string, body?: object): Promise<Data> => {
      const answer = (await (await raw(method, path, body)).json()) as { success: boolean; data: Data };
      if (!answer.success) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
      return answer.data;
    };
    const webhook = await ask('POST', '/webhooks', { url: crm.url, events: ['call_completed'] });
    const agent = await ask('POST', '/agents', {
      name: 'Tea Desk',
      instructions: 'Sell tea.',
      starting_message: 'Hello, this is the tea desk.',
      sip_user: 'tea',
    });

    const phone = await Phone.open(t, server.sipPort);
    await phone.answered('tea');
    const spoken = await eventually(async () => {
      const [call] = await ask('GET', `/calls?agent_id=${agent.id}&status=in_progress`);
      if (!call) return undefined;
      const { entries } = await ask('GET', `/calls/${call.id}/transcript`);
      return entries.length > 0 ? call : undefined;
    }, 'the agent has said something');
    await phone.hangUp();
    const call = await eventually(async () => {
      const found = await ask('GET', `/calls/${spoken.id}`);
      return found.status === 'completed' && found.recording_url ? found : undefined;
    }, 'the call is over');
    t.match(call, { agent_id: agent.id, agent_version_id: 'v-1', direction: 'inbound', outcome: 'answered', ended_by: 'caller' });

    const transcript = await ask('GET', `/calls/${call.id}/transcript`);
    t.match(transcript.entries, [{ role: 'agent', text: String }]);
    t.match(await ask('GET', `/calls/${call.id}/report`), { call_id: call.id, summary: /Tea Desk/ });
    const recording = await raw('GET', `/calls/${call.id}/recording`);
    t.match([recording.status, recording.headers.get('content-type')], [200, /^audio\//]);
    t.ok((await recording.arrayBuffer()).byteLength > 1000);

    await eventually(() => (crm.told.length > 0 ? true : undefined), 'the CRM is told');
    const [told] = crm.told;
    t.match(JSON.parse(told?.body ?? '{}'), { event_type: 'call_completed', call_id: call.id });
    t.ok(told?.headers['x-offhook-signature'], 'and it is signed');
    const delivered = await eventually(async () => {
      const [delivery] = await ask('GET', `/webhooks/${webhook.id}/deliveries?status=delivered`);
      return delivery;
    }, 'the delivery is on record');
    t.match(delivered, { webhook_id: webhook.id, call_id: call.id, status: 'delivered', attempts: 1 });
  },
);
