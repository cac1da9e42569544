import t from 'tap';
import { systemClock } from '../../../src/core/clock.js';
import { EventLog, openTestEngine, until } from '../../support/media.js';
import { RtpPeer } from '../../support/rtp-peer.js';
import { rms, sine, toneShare } from '../../support/signal.js';

void t.test('the tone source is heard as 440 Hz and nothing else', async (t) => {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const session = engine.open();
  session.setSource({ type: 'tone', hz: 440 });
  session.configure(peer.agreement());
  await peer.more(50);
  const heard = peer.heard(5);
  t.ok(toneShare(heard, 440, 8000) > 0.98, `440 Hz share ${toneShare(heard, 440, 8000)}`);
  t.ok(rms(heard) > 3000, 'at a useful level');
  const stamps = peer.audioPackets().map((packet) => packet.timestamp);
  t.ok(
    stamps.every((stamp, i) => i === 0 || ((stamp - (stamps[i - 1] ?? 0)) >>> 0) % 160 === 0),
    'timestamps advance by whole slots',
  );
  t.same(
    peer.audioPackets().map((packet) => packet.marker),
    peer.audioPackets().map((_, i) => i === 0),
    'the marker bit stands on the first packet only',
  );
});

void t.test('echo returns what was said, and what was said can be read from the audio memory', async (t) => {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const session = engine.open();
  const events = new EventLog(session);
  session.setSource({ type: 'echo' });
  session.configure(peer.agreement());
  await peer.play(sine(440, 1000, 8000), session.local.rtpPort);
  const latched = await events.next('latched');
  t.equal(latched.port, peer.port);
  await until(() => session.heard() >= 16_000, 'all samples heard');
  t.equal(session.heard(), 16_000, 'one second at 16 kHz');
  t.ok(toneShare(session.readHeard(1600, 16_000), 440, 16_000) > 0.98, 'heard 440 Hz');
  await peer.until(() => toneShare(peer.heard().slice(-4000), 440, 8000) > 0.5, 'echo of the tone');
  const arrival = session.arrivalMs(8000);
  t.ok(arrival !== undefined && arrival > 0, 'arrival of a sample is known');
  t.equal(session.arrivalMs(16_000), undefined, 'of one not heard it is not');
});

void t.test('playout is counted, marked and drained to the sample', async (t) => {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const session = engine.open();
  const events = new EventLog(session);
  session.configure(peer.agreement());
  t.equal(session.playout.write(sine(440, 500, 16_000), 16_000), 8000);
  const id = session.playout.mark();
  t.equal(session.playout.write(sine(880, 500, 8000), 8000), 16_000, 'positions count 16 kHz samples');
  const mark = await events.next('mark');
  t.equal(mark.id, id);
  t.ok(session.playout.position() > 8000, 'the mark is told when the sample behind it was sent');
  const drained = await events.next('drained');
  t.equal(session.playout.position(), 16_000);
  t.equal(session.playout.queued(), 0);
  t.ok(drained.atMs >= mark.atMs);
  await peer.more(5);
  t.ok(rms(peer.heard().slice(-320)) < 20, 'silence when there is nothing to say');
});

void t.test('pause stops at a known sample and resume goes on with the next', async (t) => {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const session = engine.open();
  const events = new EventLog(session);
  session.configure(peer.agreement());
  session.playout.write(sine(440, 1000, 16_000), 16_000);
  await until(() => session.playout.position() > 3200, 'some audio sent');
  const at = session.playout.pause();
  await peer.more(10);
  t.equal(session.playout.position(), at, 'nothing is taken while paused');
  t.ok(rms(peer.heard().slice(-640)) < 20, 'silence goes out meanwhile');
  session.playout.resume();
  await events.next('drained');
  t.equal(session.playout.position(), 16_000);
});

void t.test('flush fades within the time asked for, says where sending ends and forgets the marks beyond', async (t) => {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const session = engine.open();
  const events = new EventLog(session);
  session.configure(peer.agreement());
  session.playout.write(sine(440, 5000, 16_000), 16_000);
  const forgotten = session.playout.mark();
  await until(() => session.playout.position() > 3200, 'some audio sent');
  const before = session.playout.position();
  const end = session.playout.flush(20);
  t.ok(end >= before + 320 && end <= before + 960, `ends one fade after the flush (${end - before} samples)`);
  t.equal(session.playout.queued(), end - session.playout.position());
  await until(() => session.playout.position() === end, 'the fade was sent');
  await peer.more(10);
  t.equal(session.playout.position(), end, 'no sample more');
  t.ok(rms(peer.heard().slice(-960)) < 20, 'silence after the flush');
  t.ok(session.lastFullLevelSentMs() !== undefined);

  const next = session.playout.mark();
  t.equal(session.playout.write(sine(880, 200, 16_000), 16_000), end + 3200, 'the next utterance goes on from there');
  t.equal((await events.next('mark')).id, next);
  await events.next('drained');
  t.same(
    events.of('mark').map((mark) => mark.id),
    [next],
  );
  t.not(next, forgotten);
  t.ok(toneShare(peer.heard().slice(-1280), 880, 8000) > 0.3, 'and it is heard');
});

void t.test('a ducked agent is quieter, and not at full level', async (t) => {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const session = engine.open();
  session.configure(peer.agreement());
  session.playout.write(sine(440, 5000, 16_000), 16_000);
  await peer.more(20);
  const loud = rms(peer.heard().slice(-800));
  session.playout.setGain(-20, 40);
  await peer.more(10);
  const fullUntil = session.lastFullLevelSentMs();
  await peer.more(10);
  const quiet = rms(peer.heard().slice(-800));
  t.ok(Math.abs(20 * Math.log10(quiet / loud) + 20) < 1, `${20 * Math.log10(quiet / loud)} dB`);
  t.equal(session.lastFullLevelSentMs(), fullUntil);
});

void t.test('echo comes back within a frame or two', async (t) => {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const session = engine.open();
  session.setSource({ type: 'echo' });
  session.configure(peer.agreement());
  const delaysMs: number[] = [];
  for (let burst = 0; burst < 5; burst++) {
    await peer.play(new Int16Array(160 * 10), session.local.rtpPort);
    const from = peer.received.length;
    const sentMs = systemClock.monotonicMs();
    await peer.play(sine(440, 100, 8000), session.local.rtpPort);
    const loud = () => peer.received.slice(from).find((packet) => rms(peer.decode(packet)) > 1000);
    await peer.until(() => loud() !== undefined, 'the echo');
    delaysMs.push((loud()?.arrivalMs ?? 0) - sentMs);
  }
  // The machine may delay any one of them; the engine delays all.
  t.ok(Math.min(...delaysMs) < 60, `delays in ms: ${delaysMs.map((ms) => ms.toFixed(1)).join(', ')}`);
});
