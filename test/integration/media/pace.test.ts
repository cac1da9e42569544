import t from 'tap';
import { systemClock } from '../../../src/core/clock.js';
import type { AudioAgreement } from '../../../src/domain/ports/media.js';
import { EventLog, openTestEngine, until } from '../../support/media.js';
import { RtpPeer } from '../../support/rtp-peer.js';
import { sine } from '../../support/signal.js';

function blockFor(ms: number): void {
  const endMs = systemClock.monotonicMs() + ms;
  while (systemClock.monotonicMs() < endMs);
}

/** How far each packet in a window of time came from its 20 ms beat, in ms: by the kernel's clock, read by the engine itself. */
function deviations(arrivalsMs: number[], fromMs: number, toMs: number): number[] {
  const inside = arrivalsMs.filter((atMs) => atMs >= fromMs && atMs <= toMs);
  const beats = inside.map((atMs, i) => atMs - i * 20);
  const beat = beats.toSorted((a, b) => a - b)[Math.floor(beats.length / 2)] ?? 0;
  return beats.map((atMs) => Math.abs(atMs - beat));
}

void t.test('RTP keeps its pace while JavaScript stands still for 500 ms', async (t) => {
  const engine = openTestEngine(t);
  // The far end is another session: its arrival times come from the kernel, so no scheduling of a listener blurs them.
  const [session, listener] = [engine.open(), engine.open()];
  const agreement = (port: number): AudioAgreement => ({
    codec: 'PCMU',
    payloadType: 0,
    clockRateHz: 8000,
    ptimeMs: 20,
    telephoneEvent: undefined,
    remote: { address: '127.0.0.1', rtpPort: port, rtcpPort: port + 1 },
    direction: 'sendrecv',
  });
  const events = new EventLog(session);
  listener.configure(agreement(session.local.rtpPort));
  session.configure(agreement(listener.local.rtpPort));
  session.playout.write(sine(440, 2500, 16_000), 16_000);
  await until(() => session.playout.position() >= 12_800, 'eight tenths of a second sent undisturbed');
  const blockedFromMs = systemClock.monotonicMs();
  blockFor(500);
  const blockedToMs = systemClock.monotonicMs();
  const positionAfter = session.playout.position();
  await events.next('drained');

  const arrivalsMs = Array.from({ length: Math.floor(listener.heard() / 320) }, (_, i) => listener.arrivalMs(i * 320) ?? 0);
  const before = deviations(arrivalsMs, blockedFromMs - 500, blockedFromMs);
  const meanwhile = deviations(arrivalsMs, blockedFromMs, blockedToMs);
  t.ok(before.length >= 20 && meanwhile.length >= 23, `${before.length} packets before, ${meanwhile.length} while blocked`);
  t.ok(positionAfter >= 12_800 + 23 * 320, 'the queue was played meanwhile');
  const noiseMs = Math.max(...before);
  const late = meanwhile.filter((deviationMs) => deviationMs > noiseMs + 5);
  // One packet may fall into a moment in which the whole machine stood still; JavaScript's half second holds 25.
  t.ok(late.length <= 1, `more than 5 ms beyond the ${noiseMs.toFixed(2)} ms of an undisturbed run: ${late.join(', ')}`);
  const stats = listener.stats();
  t.equal(stats.packetsLost + stats.packetsLate, 0, 'and nothing is lost');
  t.comment(`worst while blocked ${Math.max(...meanwhile).toFixed(3)} ms, scheduling ${engine.scheduling}`);
});

void t.test('JavaScript is woken at most once per tick, however many calls there are', async (t) => {
  const calls = 40;
  const engine = openTestEngine(t, { capacity: calls });
  const peers = await Promise.all(Array.from({ length: 4 }, () => RtpPeer.open()));
  t.teardown(() => Promise.all(peers.map((peer) => peer.close())));
  const logs = Array.from({ length: calls }, (_, i) => {
    const session = engine.open();
    session.configure((peers[i % 4] as RtpPeer).agreement());
    // Whole before it begins: on a busy machine it would run dry in the middle, and end twice.
    session.playout.pause();
    for (let k = 0; k < 20; k++) {
      session.playout.mark();
      session.playout.write(sine(440, 20, 16_000), 16_000);
    }
    session.playout.resume();
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
