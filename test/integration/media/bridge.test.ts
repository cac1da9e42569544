import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { EventLog, openTestEngine, until } from '../../support/media.js';
import { RtpPeer } from '../../support/rtp-peer.js';
import { rms, sine, toneShare } from '../../support/signal.js';
import { readStereoWav } from '../../support/wav.js';

/** Pure enough to be the tone, loud enough to be no echo of it. */
const isTone = (samples: Int16Array, hz: number, rateHz: number): boolean =>
  samples.length > 0 && rms(samples) > 2_000 && toneShare(samples, hz, rateHz) > 0.9;

async function bridged(t: Parameters<typeof openTestEngine>[0]) {
  const engine = openTestEngine(t);
  const [caller, target] = [await RtpPeer.open('PCMU'), await RtpPeer.open('PCMA')];
  t.teardown(() => Promise.all([caller.close(), target.close()]));
  const [a, b] = [engine.open(), engine.open()];
  a.configure(caller.agreement());
  b.configure(target.agreement());
  return { caller, target, a, b };
}

void t.test('two bridged callers hear each other, each in its own codec, and the recording goes on', async (t) => {
  const { caller, target, a, b } = await bridged(t);
  const directory = mkdtempSync(join(tmpdir(), 'offhook-bridge-'));
  t.teardown(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, 'call.wav');
  a.startRecording(path);
  a.playout.write(sine(600, 200, 16_000), 16_000);
  await new EventLog(a).next('drained');
  a.bridge(b);
  await Promise.all([
    caller.play(sine(440, 1_500, 8_000), a.local.rtpPort),
    target.play(sine(1_000, 1_500, 8_000), b.local.rtpPort),
  ]);
  await until(() => isTone(target.heard().slice(-4_800, -3_200), 440, 8_000), 'the target hears the caller');
  const heard = caller.heard();
  const begins = heard.findIndex((_, at) => isTone(heard.slice(at, at + 800), 1_000, 8_000));
  t.ok(begins > 0, 'the caller hears the target');
  t.ok(isTone(heard.slice(begins + 800, begins + 6_400), 1_000, 8_000), 'without a gap');
  await a.stopRecording();
  const { left, right } = readStereoWav(path);
  const middle = (samples: Int16Array): Int16Array => samples.slice(-16_000, -8_000);
  t.ok(isTone(middle(left), 440, 16_000), 'the caller is recorded left');
  t.ok(isTone(middle(right), 1_000, 16_000), 'what the caller hears is recorded right');
});

void t.test('a key press at one end is one at the other', async (t) => {
  const { caller, a, target, b } = await bridged(t);
  const [here, there] = [new EventLog(a), new EventLog(b)];
  a.bridge(b);
  await caller.play(sine(440, 200, 8_000), a.local.rtpPort);
  const { timestamp } = caller;
  for (let i = 1; i <= 8; i++) {
    const payload = Buffer.from([5, i > 5 ? 0x8a : 0x0a, 0, 0]);
    payload.writeUInt16BE(Math.min(i, 6) * 160, 2);
    caller.sendPayload(payload, a.local.rtpPort, { payloadType: 101, timestamp });
  }
  t.equal((await here.next('digit')).digit, '5', 'told as ever');
  const ends = (): number =>
    target.received.filter(({ payloadType, payload }) => payloadType === 101 && payload[1] === 0x8a).length;
  await target.until(() => ends() === 3, 'the press arrives with its three ends');
  t.ok(target.received.filter(({ payloadType }) => payloadType === 101).every(({ payload }) => payload[0] === 5));
  t.equal(there.of('digit').length, 0);
});

void t.test('a session that gets another source, or is closed, leaves the other with its own queue', async (t) => {
  const { caller, target, a, b } = await bridged(t);
  a.bridge(b);
  a.setSource({
    type: 'cadence',
    steps: [
      { hz: [425], ms: 200 },
      { hz: [], ms: 400 },
    ],
  });
  await target.play(sine(1_000, 600, 8_000), b.local.rtpPort);
  const heard = caller.heard();
  t.notOk(
    heard.some((_, at) => at % 160 === 0 && isTone(heard.slice(at, at + 800), 1_000, 8_000)),
    'no longer bridged',
  );
  await caller.until(() => isTone(caller.heard().slice(-1_280), 425, 8_000), 'ringing');
  await caller.until(() => rms(caller.heard().slice(-1_280)) < 50, 'and pausing');
  a.bridge(b);
  await b.close();
  a.bridge({ slot: b.slot, generation: b.generation });
  a.playout.write(sine(880, 300, 16_000), 16_000);
  await caller.until(() => isTone(caller.heard().slice(-1_280), 880, 8_000), 'the queue is heard again');
});
