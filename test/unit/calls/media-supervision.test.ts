import t from 'tap';
import { MediaSupervision } from '../../../src/calls/media-supervision.js';
import { FakeClock } from '../../../src/core/clock.js';
import type { MissingAudio } from '../../../src/domain/call.js';
import type { MediaFlow } from '../../../src/domain/ports/media.js';
import { AGREEMENT, rest, startFixture } from './call-fixture.js';

const LIMIT_MS = 30_000;

/** A far end that begins to send nothing at all; what passes is changed by the test, per look. */
function start() {
  const clock = new FakeClock();
  const flow: MediaFlow = { packetsReceived: 0, reportsReceived: 0, reportsHearingNothing: 0, reportsUnheard: 0 };
  const passing = { packets: 0, reports: 0 };
  const told: (MissingAudio | undefined)[] = [];
  let silences = 0;
  const supervision = new MediaSupervision({
    clock,
    session: {
      flow: () => {
        flow.packetsReceived += passing.packets;
        flow.reportsReceived += passing.reports;
        return { ...flow };
      },
    },
    limitMs: LIMIT_MS,
    onSilent: () => {
      silences += 1;
    },
    onFault: (missing) => told.push(missing),
  });
  supervision.expect(AGREEMENT, false);
  return { clock, flow, passing, told, supervision, silences: () => silences };
}

void t.test('neither RTP nor RTCP for the limit is told, once', async (t) => {
  const s = start();
  s.passing.packets = 50;
  s.clock.advance(60_000);
  t.equal(s.silences(), 0, 'RTP flows');
  s.passing.packets = 0;
  s.clock.advance(LIMIT_MS - 1_000);
  t.equal(s.silences(), 0);
  s.clock.advance(2_000);
  t.equal(s.silences(), 1);
  s.clock.advance(10 * LIMIT_MS);
  t.equal(s.silences(), 1);
});

void t.test('a far end that is muted or silent in pauses lives by its reports, and is no fault', async (t) => {
  const s = start();
  s.passing.packets = 50;
  s.clock.advance(5_000);
  s.passing.packets = 0;
  for (let minute = 0; minute < 60; minute += 1) {
    s.clock.advance(15_000);
    s.flow.reportsReceived += 1;
  }
  t.equal(s.silences(), 0);
  t.same(s.told, []);
});

void t.test('one packet in a while is enough, as discontinuous transmission and comfort noise send them', async (t) => {
  const s = start();
  for (let pause = 0; pause < 20; pause += 1) {
    s.clock.advance(1_000);
    s.flow.packetsReceived += 1;
    s.clock.advance(LIMIT_MS - 2_000);
  }
  t.equal(s.silences(), 0);
});

void t.test('on hold nothing is expected, however long; the count begins anew after it', async (t) => {
  const s = start();
  s.passing.packets = 50;
  s.clock.advance(5_000);
  s.passing.packets = 0;
  for (const direction of ['recvonly', 'inactive', 'sendrecv'] as const) {
    s.supervision.expect({ ...AGREEMENT, direction }, true);
    s.clock.advance(10 * LIMIT_MS);
  }
  t.equal(s.silences(), 0);
  s.supervision.expect(AGREEMENT, false);
  s.clock.advance(LIMIT_MS - 1_000);
  t.equal(s.silences(), 0);
  s.clock.advance(2_000);
  t.equal(s.silences(), 1);
});

void t.test('refreshing the session with the same agreement does not put the limit off', async (t) => {
  const s = start();
  for (let refresh = 0; refresh < 4; refresh += 1) {
    s.supervision.expect(AGREEMENT, false);
    s.clock.advance(LIMIT_MS / 4 + 1_000);
  }
  t.equal(s.silences(), 1);
});

void t.test('a far end that may not send is not missed', async (t) => {
  const s = start();
  s.supervision.expect({ ...AGREEMENT, direction: 'sendonly' }, false);
  s.clock.advance(10 * LIMIT_MS);
  t.equal(s.silences(), 0);
  t.same(s.told, []);
});

void t.test('audio that never comes is told within two seconds, and so is its coming', async (t) => {
  const s = start();
  s.clock.advance(1_500);
  t.same(s.told, []);
  s.clock.advance(500);
  t.same(s.told, ['inbound']);
  s.clock.advance(5_000);
  s.passing.packets = 50;
  s.clock.advance(1_000);
  t.same(s.told, ['inbound', undefined]);
});

void t.test(
  'what the far end reports tells that nothing of ours arrives there, and that its own is lost on the way',
  async (t) => {
    const s = start();
    s.passing.packets = 50;
    s.clock.advance(2_000);
    s.flow.reportsHearingNothing = 1;
    s.clock.advance(1_000);
    t.same(s.told, [], 'one report may have crossed ours');
    s.flow.reportsHearingNothing = 2;
    s.clock.advance(1_000);
    s.flow.reportsUnheard = 2;
    s.clock.advance(1_000);
    s.flow.reportsHearingNothing = 0;
    s.flow.reportsUnheard = 0;
    s.clock.advance(1_000);
    t.same(s.told, ['outbound', 'both', undefined]);
  },
);

void t.test('after its end nothing is told', async (t) => {
  const s = start();
  s.supervision.close();
  s.clock.advance(10 * LIMIT_MS);
  t.same([s.told, s.silences(), s.clock.pendingTimers], [[], 0, 0]);
});

void t.test('a call whose far end fell silent is hung up on, and says why', async (t) => {
  const f = startFixture({ mediaTimeoutMs: LIMIT_MS });
  t.teardown(f.remove);
  const invite = await f.call('echo');
  const [session] = f.sessions;
  if (session) session.silent = true;
  f.clock.advance(LIMIT_MS + 1_000);
  await rest();
  t.equal(invite.dialog.hangups, 1);
  t.match(f.row(), {
    status: 'failed',
    termination: { result: 'indeterminate', reason: 'media_timeout' },
    endedBy: 'network',
    sipCode: 200,
    q850Cause: 102,
  });
});

void t.test('missing audio is on the call while it lasts and after it has healed, and told as it happens', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  await f.call('echo');
  const [session] = f.sessions;
  if (!session) throw new Error('no session');
  const answeredAtMs = f.clock.nowMs();
  session.silent = true;
  f.clock.advance(2_000);
  await rest();
  t.same(f.row().audioFault, { missing: 'inbound', sinceMs: answeredAtMs + 1_800, healedAtMs: undefined });
  session.silent = false;
  f.clock.advance(900);
  await rest();
  t.same(f.row().audioFault, { missing: 'inbound', sinceMs: answeredAtMs + 1_800, healedAtMs: answeredAtMs + 2_700 });
  t.equal(f.events.filter(({ type }) => type === 'audio').length, 2);
});
