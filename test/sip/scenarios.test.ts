import t from 'tap';
import { startTestServer } from '../support/server.js';
import { runSipp } from '../support/sipp.js';
import { until } from '../support/until.js';

const server = await startTestServer({ calls: { ringMs: 600 } });
t.teardown(() => server.close());
const target = { host: '127.0.0.1', port: server.sipPort };

const listCalls = async (): Promise<{ status: string; codec: string | null }[]> => {
  const body = (await (await server.api('/api/v1/calls?limit=100')).json()) as {
    data: { status: string; codec: string | null }[];
  };
  return body.data;
};

const SCENARIOS: readonly { scenario: string; service: string; title: string; transport?: 'udp' | 'tcp' }[] = [
  { scenario: 'basic-pcmu', service: 'echo', title: 'a PCMU call is answered and ended' },
  { scenario: 'basic-pcmu', service: 'echo', title: 'the same call over TCP', transport: 'tcp' },
  { scenario: 'pcma', service: 'echo', title: 'a PCMA call is answered and ended' },
  { scenario: 'opus', service: 'echo', title: 'an Opus call is answered and ended' },
  { scenario: 'no-sdp', service: 'echo', title: 'an INVITE without SDP gets our offer' },
  { scenario: 'hold-resume', service: 'demo', title: 'hold is answered recvonly, resume sendrecv' },
  { scenario: 'hold-forms', service: 'demo', title: 'hold in every form, each with its way back' },
  { scenario: 'session-timer', service: 'demo', title: 'a session timer is negotiated and refreshed by UPDATE' },
  { scenario: 'in-dialog-rules', service: 'demo', title: 'what is out of order or not understood does not end the call' },
  { scenario: 'cancel', service: 'demo', title: 'CANCEL ends the ringing call with 487' },
  { scenario: 'early-bye', service: 'demo', title: 'BYE right behind the ACK ends the call' },
  { scenario: 'dtmf-info', service: 'demo', title: 'INFO digits are accepted' },
  { scenario: 'not-found', service: 'nobody-here', title: 'an unknown agent gets 404' },
  { scenario: 'not-acceptable', service: 'echo', title: 'an offer of G.729 alone gets 488' },
  { scenario: 'options', service: 'echo', title: 'OPTIONS gets 200 with Allow' },
];

for (const { scenario, service, title, transport } of SCENARIOS) {
  t.test(`${scenario}${transport ? ` (${transport})` : ''}: ${title}`, async (t) => {
    const result = await runSipp({ scenario, service, target, ...(transport ? { transport } : {}) });
    t.equal(result.failed, 0);
  });
}

t.test('retransmitted-invite: one call, not two', async (t) => {
  const before = (await listCalls()).length;
  await runSipp({ scenario: 'retransmitted-invite', service: 'demo', target });
  t.equal((await listCalls()).length, before + 1);
});

t.test('lost-ack: the 200 is sent again until the ACK comes', async (t) => {
  const { messages } = await runSipp({ scenario: 'lost-ack', service: 'echo', target });
  const answers = messages.match(/SIP\/2\.0 200 OK[\s\S]*?CSeq: 1 INVITE/g) ?? [];
  t.ok(answers.length >= 3, `${answers.length} copies in 1.7 s`);
});

t.test('load: 60 calls at 20 a second, 30 at once, none fails', async (t) => {
  const result = await runSipp({
    scenario: 'load',
    service: 'echo',
    target,
    calls: 60,
    callsPerSecond: 20,
    concurrent: 30,
    holdMs: 800,
  });
  t.equal(result.failed, 0);
  t.equal(result.successful, 60);
});

t.test('every call that was answered is on record as completed', async (t) => {
  const open = ({ status }: { status: string }): boolean => status === 'in_progress' || status === 'initiated';
  // BYE is answered at once; the record is closed when the recording is, a moment later.
  await until(async () => !(await listCalls()).some(open));
  t.ok((await listCalls()).length >= 60);
});
