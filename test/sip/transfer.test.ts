import { join } from 'node:path';
import t from 'tap';
import { callWithBaresip } from '../support/baresip.js';
import { startTestServer } from '../support/server.js';
import { clearShare } from '../support/signal.js';
import { until } from '../support/until.js';

const folder = t.testdir();
const server = await startTestServer({ outbound: { allowedHosts: ['127.0.0.2'] } });
t.teardown(() => server.close());

type CallRecord = {
  id: string;
  status: string;
  end_reason: string | null;
  agent_name: string;
  transfer: { status: string; method: string; sip_code: number } | null;
};

const calls = async (): Promise<CallRecord[]> =>
  ((await (await server.api('/api/v1/calls?limit=10')).json()) as { data: CallRecord[] }).data;

/** Calls the echo with baresip, and has that call transferred; resolves with what baresip heard in the end. */
async function transferred(name: string, request: { target: string; method: string }) {
  const port = server.sipPort;
  const calling = callWithBaresip({
    folder: join(folder, name),
    account: `<sip:me@127.0.0.1:${port}>;regint=0;audio_codecs=pcmu`,
    uri: `sip:echo@127.0.0.1:${port}`,
    seconds: 6,
  });
  const talking = async (): Promise<CallRecord | undefined> =>
    (await calls()).find(({ status, agent_name }) => status === 'in_progress' && agent_name === 'echo');
  await until(async () => (await talking()) !== undefined);
  const { id } = (await talking()) as CallRecord;
  const { status } = await server.api(`/api/v1/calls/${id}/transfer`, { method: 'POST', body: JSON.stringify(request) });
  if (status !== 202) throw new Error(`the transfer was refused with ${status}`);
  const record = async (): Promise<CallRecord | undefined> => (await calls()).find((call) => call.id === id);
  await until(async () => (await record())?.transfer?.status === 'completed');
  const { heard, rateHz, output } = await calling;
  await until(async () => (await record())?.status === 'completed');
  return { record: await record(), output, share: clearShare(heard.subarray(-2 * rateHz, -rateHz / 2), 440, rateHz) };
}

void t.test('baresip is asked to call the tone instead of the echo, does so, and says so', { timeout: 60_000 }, async (t) => {
  const target = `sip:tone@127.0.0.1:${server.sipPort}`;
  const { record, share, output } = await transferred('refer', { target, method: 'refer' });
  t.match(record, { end_reason: 'transferred', transfer: { status: 'completed', method: 'refer', sip_code: 200 } });
  t.ok(share > 0.5, `${share} is the tone\n${output}`);
});

void t.test(
  'baresip is bridged to the tone of another server, and hears it without having done anything',
  { timeout: 60_000 },
  async (t) => {
    // Not at our own address, where it would be a phone of ours.
    const other = await startTestServer({ bind: '127.0.0.2' });
    t.teardown(() => other.close());
    const target = `sip:tone@127.0.0.2:${other.sipPort}`;
    const { record, share, output } = await transferred('bridge', { target, method: 'bridge' });
    t.match(record, {
      end_reason: 'caller_hangup',
      transfer: { status: 'completed', method: 'bridge', sip_code: 200 },
      legs: [{ leg: 'a' }, { leg: 'b', codec: /./, to_uri: target }],
    });
    t.ok(share > 0.5, `${share} is the tone\n${output}`);
  },
);
