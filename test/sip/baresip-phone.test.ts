import { join } from 'node:path';
import t from 'tap';
import { answerWithBaresip, callWithBaresip } from '../support/baresip.js';
import { makeCertificate } from '../support/certificates.js';
import { startTestServer } from '../support/server.js';

const WHO = { username: 'alice', password: 'wonderland' };
const PAUSE_MS = 50;

const folder = t.testdir();
const ours = makeCertificate(folder, 'ours', ['IP:127.0.0.1']);
const server = await startTestServer({
  // Baresip 1 does not register where anything but MD5 is offered.
  sip: { port: 0, tlsPort: 0, tls: ours, unknownSources: 'challenge', registrar: { digest: ['MD5'] } },
  phones: [WHO],
});
t.teardown(() => server.close());

const get = async <T>(path: string): Promise<T> => ((await (await server.api(`/api/v1${path}`)).json()) as { data: T }).data;
const post = async <T>(path: string, body: object = {}): Promise<T> =>
  ((await (await server.api(`/api/v1${path}`, { method: 'POST', body: JSON.stringify(body) })).json()) as { data: T }).data;
async function when<T>(ask: () => Promise<T>, is: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await ask();
    if (is(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
type PhoneData = { registered: boolean; contacts: { source: string }[] };
const accountOver = (transport: string, regint: number): string => {
  const port = transport === 'tls' ? server.sipTlsPort : server.sipPort;
  return `<sip:alice@127.0.0.1:${port};transport=${transport}>;auth_pass=${WHO.password};regint=${regint};answermode=auto`;
};

for (const transport of ['udp', 'tcp', 'tls']) {
  void t.test(`baresip registers over ${transport}, and an agent calls it there`, { timeout: 60_000 }, async (t) => {
    const phone = await answerWithBaresip({
      folder: join(folder, `phone-${transport}`),
      account: accountOver(transport, 60),
      caFile: ours.certificate,
    });
    const [{ contacts }] = await when(
      () => get<[PhoneData]>('/phones'),
      ([{ registered }]) => registered,
    );
    t.match(contacts, [{ source: new RegExp(`^${transport}:127\\.0\\.0\\.1:`) }]);
    const agent = await post<{ id: string }>('/agents', { name: transport, system_prompt: 'x', starting_message: 'Hello.' });
    const task = await post<{ id: string }>('/tasks', { agent_id: agent.id, name: 'x', to_number: 'sip:alice@127.0.0.1' });
    const { call_id } = await post<{ call_id: string }>(`/tasks/${task.id}/execute`);
    const { status } = await when(
      () => get<{ status: string }>(`/calls/${call_id}`),
      (call) => call.status === 'in_progress' || call.status === 'failed',
    );
    t.equal(status, 'in_progress');
    await post(`/calls/${call_id}/end`);
    t.match(await phone.stop(), /200 OK/, 'and it says that it is registered');
    // It takes its leave as it goes.
    await when(
      () => get<[PhoneData]>('/phones'),
      ([{ registered }]) => !registered,
    );
  });
}

void t.test('baresip calls an agent after it was challenged, and hears the tone', { timeout: 60_000 }, async (t) => {
  const { output } = await callWithBaresip({
    folder: join(folder, 'caller'),
    account: accountOver('udp', 60),
    uri: `sip:tone@127.0.0.1:${server.sipPort}`,
    seconds: 3,
  });
  t.match(output, /Call established/);
});
