import { join } from 'node:path';
import t from 'tap';
import type { LineMonitor } from '../../../src/domain/ports/media.js';
import { EventLog, openTestEngine, until } from '../../support/media.js';
import { temporaryDirectory } from '../../support/offhook-process.js';
import { RtpPeer } from '../../support/rtp-peer.js';
import { rms, sine, toneShare } from '../../support/signal.js';
import { readStereoWav } from '../../support/wav.js';

const RATE_HZ = 16_000;
const isTone = (samples: Int16Array, hz: number, rateHz: number): boolean =>
  rms(samples) > 1_000 && toneShare(samples, hz, rateHz) > 0.9;
/** The last 100 ms. */
const latest = (samples: Int16Array, rateHz: number): Int16Array => samples.slice(-rateHz / 10);
const heardLast = (peer: RtpPeer): Int16Array => latest(peer.heard(), 8_000);
/** How strong a tone is in what was heard last. */
const levelOf = (peer: RtpPeer, hz: number): number => {
  const samples = heardLast(peer);
  return rms(samples) * Math.sqrt(Math.max(0, toneShare(samples, hz, 8_000)));
};

async function lineTo(t: Parameters<typeof openTestEngine>[0], engine = openTestEngine(t)) {
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const session = engine.open();
  session.configure(peer.agreement());
  return { engine, peer, session };
}

/** Says a tone until the test is over. */
function talk(t: { teardown(handler: () => Promise<void>): void }, peer: RtpPeer, hz: number, port: number): void {
  const over = new AbortController();
  const tone = sine(hz, 500, 8_000);
  const talking = (async () => {
    while (!over.signal.aborted) await peer.play(tone, port);
  })();
  t.teardown(async () => {
    over.abort();
    await talking;
  });
}

/** Whether the tone is in it, be it under another one. */
function holds(samples: Int16Array, hz: number): boolean {
  for (let at = 0; at + 1_600 <= samples.length; at += 800) {
    const part = samples.subarray(at, at + 1_600);
    if (rms(part) > 1_000 && toneShare(part, hz, RATE_HZ) > 0.2) return true;
  }
  return false;
}

/** Keeps both sides of what a monitor hears. */
function listenTo(monitor: LineMonitor) {
  const sides: [number[], number[]] = [[], []];
  const side = (which: 0 | 1) => (): Int16Array => {
    const pairs = monitor.read();
    for (let i = 0; i < pairs.length; i += 2) {
      sides[0].push(pairs[i] ?? 0);
      sides[1].push(pairs[i + 1] ?? 0);
    }
    return Int16Array.from(sides[which]);
  };
  return { said: side(0), sent: side(1) };
}

void t.test('a monitor hears both sides and is not heard, and what is injected is heard by that far end alone', async (t) => {
  const { engine, peer: caller, session: a } = await lineTo(t);
  const { peer: target, session: b } = await lineTo(t, engine);
  const path = join(temporaryDirectory(t), 'call.wav');
  a.startRecording(path);
  a.bridge(b);
  talk(t, caller, 440, a.local.rtpPort);
  talk(t, target, 1_000, b.local.rtpPort);
  const ear = listenTo(a.monitor());
  await until(() => holds(ear.said(), 440) && holds(ear.sent(), 1_000), 'both sides');
  t.notOk(holds(ear.said(), 1_000) || holds(ear.sent(), 440), 'apart');

  b.injection.write(sine(2_300, 600, RATE_HZ), RATE_HZ);
  await target.until(() => levelOf(target, 2_300) > 2_000, 'a whisper to the target');
  t.ok(levelOf(caller, 2_300) < 200, 'is not for the caller');
  a.injection.write(sine(1_700, 800, 8_000), 8_000);
  await caller.until(() => levelOf(caller, 1_700) > 2_000, 'audio over the call');
  await until(() => holds(ear.sent(), 1_700), 'which the monitor hears too');
  t.ok(levelOf(target, 1_700) < 200, 'the target does not');
  await until(() => a.injection.waiting() === 0, 'it comes to its end');
  await caller.until(() => levelOf(caller, 1_700) < 200 && isTone(heardLast(caller), 1_000, 8_000), 'and nothing is left of it');

  await a.stopRecording();
  const { left, right } = readStereoWav(path);
  t.ok(holds(left, 440) && holds(right, 1_000), 'the call is recorded');
  t.ok(holds(right, 1_700) && !holds(left, 1_700), 'with what the caller was played');
  t.notOk(holds(right, 2_300), 'and without the whisper');
});

void t.test('a monitor can be closed and opened anew, and outlives neither the session nor its own neglect', async (t) => {
  const { peer, session } = await lineTo(t);
  talk(t, peer, 440, session.local.rtpPort);
  const first = session.monitor();
  // More than the ring holds is left out, at no cost to the call.
  await until(() => session.stats().packetsSent > 120, 'nobody reads for more than two seconds');
  const kept = first.read();
  t.ok(kept.length > 60_000 && kept.length <= 65_536, 'two seconds of both sides');
  first.close();
  const second = listenTo(session.monitor());
  await until(() => holds(second.said(), 440), 'heard again');
  await session.close();
  const { length } = second.said();
  t.equal(second.said().length, length, 'nothing after the close');
  session.injection.write(sine(440, 20, RATE_HZ), RATE_HZ);
  t.equal(session.injection.waiting(), 0);
});

void t.test('a background sound lies behind the agent, softer while it speaks, and music takes the place of both', async (t) => {
  const { engine, peer, session } = await lineTo(t);
  const hum = engine.prepareSound(sine(500, 1_000, 8_000, 8_000), 8_000);
  const music = engine.prepareSound(sine(900, 1_000, 24_000, 8_000), 24_000);
  talk(t, peer, 300, session.local.rtpPort);
  const log = new EventLog(session);
  session.setBackground({ sound: hum, gainDb: -6, gainUnderSpeechDb: -26 });
  await peer.until(() => Math.abs(levelOf(peer, 500) - 2_835) < 300, 'half as loud as it is, round and round');
  session.playout.write(sine(1_500, 800, RATE_HZ, 8_000), RATE_HZ);
  await peer.until(() => levelOf(peer, 1_500) > 5_000 && levelOf(peer, 500) < 350, 'a twentieth under speech');
  await log.next('drained');
  await peer.until(() => levelOf(peer, 500) > 2_500, 'and back again');

  session.setSource({ type: 'sound', sound: music, gainDb: 0 });
  await peer.until(() => isTone(heardLast(peer), 900, 8_000), 'music on hold, and nothing else');
  session.playout.write(sine(1_500, 300, RATE_HZ, 8_000), RATE_HZ);
  session.setSource({ type: 'queue' });
  await peer.until(() => levelOf(peer, 1_500) > 5_000, 'what waited is said after it');
  session.setBackground(undefined);
  await peer.until(() => rms(heardLast(peer)) < 50, 'silence');
  t.throws(() => engine.prepareSound(new Int16Array(10), 12_345), RangeError);
});
