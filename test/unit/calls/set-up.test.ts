import t from 'tap';
import { AppError } from '../../../src/core/errors.js';
import type { TenantId } from '../../../src/core/ids.js';
import type { Agent } from '../../../src/domain/agent.js';
import { timingsOf } from '../../../src/domain/call-setup.js';
import type { OutboundRoute, Way } from '../../../src/domain/ports/outbound-route.js';
import { sampleAgent } from '../../support/sample-records.js';
import { sampleTrunk } from '../../support/sample-trunk.js';
import { AGREEMENT, OUTBOUND, rest, startFixture } from './call-fixture.js';

const agent: Agent = sampleAgent({ tenantId: 'tenant-1' as TenantId });
const request = { agent, number: '+15550100', startingMessage: undefined, contextData: {}, taskId: undefined };
const { id } = sampleTrunk();

const way = (name: string, more: Partial<Way> = {}): Way => ({
  uri: `sip:+15550100@${name}`,
  from: undefined,
  line: { key: name },
  trunk: { id, name },
  failoverCodes: [408],
  mayCall: () => true,
  terms: {
    credentials: { username: 'us', password: 'secret' },
    headers: { 'P-Asserted-Identity': '<sip:us@a>', 'X-Account': '42' },
  },
  ...more,
});

const startWith = (test: { teardown(task: () => void): void }, ...ways: Way[]) => {
  const route: OutboundRoute = { waysTo: () => ways, waysToUri: () => ways };
  const f = startFixture({ outbound: { ...OUTBOUND, route, firstResponseMs: 5_000 } });
  test.teardown(f.remove);
  return f;
};

/** Lets what is dialled next have its turn. */
async function paced(f: ReturnType<typeof startFixture>): Promise<void> {
  await rest();
  f.clock.advance(100);
  await rest();
}

void t.test('the time to ring, to answer and to talk is on the record, and what came of each attempt', async (t) => {
  const f = startWith(t, way('a'), way('b', { terms: { firstResponseMs: 900 } }));
  const first = await f.place(request);
  t.equal(first.request.firstResponseMs, 5_000, "the server's own limit");
  f.clock.advance(5_000);
  first.refuse(408);
  await rest();
  const second = f.callees.at(-1);
  t.equal(second?.request.firstResponseMs, 900, "the trunk's");
  f.clock.advance(800);
  second?.ring();
  f.clock.advance(100);
  second?.ring();
  f.clock.advance(2_900);
  await second?.answer();
  f.clock.advance(10_000);
  second?.dialog.remoteEnd({ by: 'remote' });
  await rest();
  const call = f.row();
  t.same(timingsOf(call), { pddMs: 800, ringMs: 3_000, answerMs: 3_800, durationMs: 18_800, talkMs: 10_000 });
  t.match(call.setup.attempts, [
    { uri: 'sip:+15550100@a', trunk: 'a', sipCode: 408, ringingAtMs: undefined, redirected: false },
    { uri: 'sip:+15550100@b', trunk: 'b', sipCode: 200, ringingAtMs: call.startedAtMs + 5_800 },
  ]);
});

void t.test('a call that nobody answers has rung until its end', async (t) => {
  const f = startWith(t, way('a'));
  const callee = await f.place(request);
  f.clock.advance(500);
  callee.ring();
  f.clock.advance(7_000);
  callee.refuse(486);
  await rest();
  t.match(timingsOf(f.row()), { pddMs: 500, ringMs: 7_000, answerMs: undefined, talkMs: undefined });
});

void t.test('a 3xx is followed where the trunk allows it, and strangers are not told who we are', async (t) => {
  const f = startWith(t, way('a', { redirects: { policy: 'follow', max: 3 } }));
  const first = await f.place(request);
  first.refuse(302, { contacts: ['sip:mobile@a:5070', 'sip:else@where'] });
  await paced(f);
  const second = f.callees.at(-1);
  t.match(second?.request, { uri: 'sip:mobile@a:5070', credentials: { username: 'us' } });
  t.equal(second?.request.headers?.['P-Asserted-Identity'], '<sip:us@a>');
  second?.refuse(404);
  await paced(f);
  const third = f.callees.at(-1);
  t.equal(third?.request.uri, 'sip:else@where');
  t.same(third?.request.headers, { 'X-Account': '42' });
  t.equal(third?.request.credentials, undefined);
  await third?.answer();
  t.match(f.row().setup.attempts, [
    { uri: 'sip:+15550100@a', sipCode: 302, redirected: false },
    { uri: 'sip:mobile@a:5070', sipCode: 404, redirected: true },
    { uri: 'sip:else@where', sipCode: 200, redirected: true },
  ]);
  t.match(f.row(), { status: 'in_progress', toUri: 'sip:else@where' });
});

void t.test('the next hop of a trunk is not the way to where it sends us on, its proxy is', async (t) => {
  const proxy = 'sip:a;transport=udp;x-backup=b';
  for (const [proxyTakesAll, expected] of [
    [false, undefined],
    [true, proxy],
  ] as const) {
    const f = startWith(t, way('a', { redirects: { policy: 'follow', max: 3 }, terms: { proxy, proxyTakesAll } }));
    (await f.place(request)).refuse(302, { contacts: ['sip:mobile@a:5070'] });
    await paced(f);
    t.match(f.callees.at(-1)?.request, { uri: 'sip:mobile@a:5070' });
    t.equal(f.callees.at(-1)?.request.proxy, expected);
  }
});

void t.test('where it is not, the call has failed with it', async (t) => {
  const f = startWith(t, way('a'));
  (await f.place(request)).refuse(302, { contacts: ['sip:premium@a'] });
  await rest();
  t.equal(f.callees.length, 1);
  t.match(f.row(), { sipCode: 302, termination: { result: 'upstream_error', reason: 'sip_302' } });
});

void t.test('what is heard before the answer is recorded, and the agent keeps silent', async (t) => {
  const f = startWith(t, way('a'));
  const callee = await f.place(request);
  callee.request.onAgreement(AGREEMENT);
  const [session] = f.sessions;
  t.match(session?.recording, /\.wav$/);
  t.equal(session?.configured.length, 1);
  t.same(f.conversations, []);
  f.clock.advance(4_000);
  await callee.answer();
  t.same(f.conversations[0]?.heard, ['start']);
  const { answeredAtMs = 0, recordingStartedAtMs = 0 } = f.row();
  t.equal(answeredAtMs - recordingStartedAtMs, 4_000);
});

void t.test('words for one person are made once their phone rings, and not to the end for nobody', async (t) => {
  const f = startWith(t, way('a'));
  const made: { text: string; signal: AbortSignal }[] = [];
  f.speech.synthesize = async function* ({ text, signal }) {
    made.push({ text, signal });
    await new Promise(() => {});
    yield { pcm: new Int16Array(0), rateHz: 16_000 };
  };
  const callee = await f.place({ ...request, startingMessage: 'Hello Ann.' });
  t.same(made, []);
  callee.ring();
  callee.ring();
  t.match(made, [{ text: 'Hello Ann.' }]);
  callee.refuse(486);
  await rest();
  t.ok(made[0]?.signal.aborted);
  t.ok(f.row().endedAtMs);
});

void t.test('a line that fails without a word from the far end still fails the call', async (t) => {
  const f = startWith(t, way('a'));
  f.failDialling(new AppError('signalling_unavailable', 'gone'));
  f.service.prepare(request).start({ recorded: false });
  await rest();
  t.match(f.row(), { status: 'failed', setup: { attempts: [] } });
});
