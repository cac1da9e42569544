import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { systemClock } from '../../../src/core/clock.js';
import { EventLog, openTestEngine, until } from '../../support/media.js';
import { RtpPeer } from '../../support/rtp-peer.js';
import { sine } from '../../support/signal.js';

function blockFor(ms: number): void {
  const endMs = systemClock.monotonicMs() + ms;
  while (systemClock.monotonicMs() < endMs);
}

/** The far end in a process of its own, so that its clock does not stand still with ours. */
async function openRemotePeer(t: { teardown(task: () => void): void }) {
  const child = fork(fileURLToPath(new URL('../../support/rtp-listener-child.js', import.meta.url)));
  t.teardown(() => void child.kill());
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    port,
    async arrivals(): Promise<{ atMs: number; sequence: number; timestamp: number }[]> {
      child.send('report');
      const [{ packets }] = (await once(child, 'message')) as [
        { packets: { atMs: number; sequence: number; timestamp: number }[] },
      ];
      return packets;
    },
  };
}

void t.test('RTP keeps its pace while JavaScript stands still for 500 ms', async (t) => {
  const engine = openTestEngine(t);
  const remote = await openRemotePeer(t);
  const session = engine.open();
  const events = new EventLog(session);
  session.configure({
    codec: 'PCMU',
    payloadType: 0,
    clockRateHz: 8000,
    ptimeMs: 20,
    telephoneEvent: undefined,
    remote: { address: '127.0.0.1', rtpPort: remote.port, rtcpPort: remote.port + 1 },
    direction: 'sendrecv',
  });
  session.playout.write(sine(440, 2500, 16_000), 16_000);
  await until(() => session.playout.position() > 3200, 'sound flows');
  const blockedFromMs = systemClock.monotonicMs();
  blockFor(500);
  const blockedToMs = systemClock.monotonicMs();
  const positionAfter = session.playout.position();
  await events.next('drained');

  const packets = await remote.arrivals();
  const blocked = packets.filter((packet) => packet.atMs > blockedFromMs && packet.atMs < blockedToMs);
  const expected = (blockedToMs - blockedFromMs) / 20;
  t.ok(Math.abs(blocked.length - expected) <= 3, `${blocked.length} packets in ${blockedToMs - blockedFromMs} ms`);
  t.ok(positionAfter >= 3200 + 320 * (expected - 3), 'the queue was played meanwhile');
  const gaps = blocked.slice(1).map((packet, i) => packet.atMs - (blocked[i]?.atMs ?? 0));
  const late = gaps.filter((gap) => gap > 30);
  // The other process is scheduled like any other; what it saw late is held against the engine only when the engine says so too.
  t.ok(late.length <= 1 || session.stats().sendLatenessMaxMs < 5, `gaps over 30 ms: ${late.join(', ')}`);
  t.ok(
    packets.every((packet, i) => i === 0 || ((packet.sequence - (packets[i - 1]?.sequence ?? 0)) & 0xffff) === 1),
    'no packet is missing',
  );
  t.comment(`worst send lateness ${session.stats().sendLatenessMaxMs.toFixed(3)} ms, scheduling ${engine.scheduling}`);
});

void t.test('JavaScript is woken at most once per tick, however many calls there are', async (t) => {
  const calls = 40;
  const engine = openTestEngine(t, { capacity: calls });
  const peers = await Promise.all(Array.from({ length: 4 }, () => RtpPeer.open()));
  t.teardown(() => Promise.all(peers.map((peer) => peer.close())));
  const logs = Array.from({ length: calls }, (_, i) => {
    const session = engine.open();
    session.configure((peers[i % 4] as RtpPeer).agreement());
    for (let k = 0; k < 20; k++) {
      session.playout.mark();
      session.playout.write(sine(440, 20, 16_000), 16_000);
    }
    return new EventLog(session);
  });
  await Promise.all(logs.map((log) => log.next('drained')));
  const told = logs.reduce((sum, log) => sum + log.events.length, 0);
  const { wakeUps, ticks, eventsLost } = engine.figures();
  t.equal(told, calls * 21, 'every mark and every end was told');
  t.equal(eventsLost, 0);
  t.ok(wakeUps <= ticks, `${wakeUps} wake-ups in ${ticks} ticks`);
  t.ok(wakeUps < told / 4, `${wakeUps} wake-ups for ${told} events`);
});
