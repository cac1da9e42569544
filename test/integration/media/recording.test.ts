import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { EventLog, openTestEngine, until } from '../../support/media.js';
import { RtpPeer } from '../../support/rtp-peer.js';
import { rms, sine, toneShare } from '../../support/signal.js';
import { readStereoWav } from '../../support/wav.js';

function directoryFor(t: Test): string {
  const directory = mkdtempSync(join(tmpdir(), 'offhook-recording-'));
  t.teardown(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

const firstLoud = (samples: Int16Array): number => samples.findIndex((sample) => Math.abs(sample) > 1000);

void t.test('both sides lie on one timeline: what was said at once is heard at once', async (t) => {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const session = engine.open();
  const events = new EventLog(session);
  const path = join(directoryFor(t), 'call.wav');
  session.configure(peer.agreement());
  session.startRecording(path);
  await peer.more(25);
  session.playout.write(sine(880, 500, 16_000), 16_000);
  await peer.play(sine(440, 500, 8000), session.local.rtpPort);
  await events.next('drained');
  await peer.more(25);
  const result = await session.stopRecording();

  const { sampleRateHz, left, right } = readStereoWav(path);
  t.equal(sampleRateHz, 16_000);
  t.equal(result.lostSamples, 0);
  t.ok(Math.abs(result.durationMs - left.length / 16) < 1, 'the duration told is the duration written');
  const [caller, agent] = [firstLoud(left), firstLoud(right)];
  t.ok(caller > 6400 && agent > 6400, `silence before (${caller}, ${agent})`);
  t.ok(Math.abs(caller - agent) < 1600, `begin together within 100 ms (${caller - agent} samples)`);
  t.ok(toneShare(left.slice(caller + 320, caller + 7000), 440, 16_000) > 0.98, 'caller left, without a gap');
  t.ok(toneShare(right.slice(agent + 320, agent + 7000), 880, 16_000) > 0.98, 'agent right, without a gap');
  t.ok(rms(right.slice(agent + 8800)) < 20, 'silence behind');
  t.equal((await session.close()).recordedSamplesLost, 0);
});

void t.test('closing the session completes its file; a second recording has its own', async (t) => {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const directory = directoryFor(t);
  const session = engine.open();
  session.setSource({ type: 'tone', hz: 440 });
  session.configure(peer.agreement());
  session.startRecording(join(directory, 'first.wav'));
  t.throws(() => session.startRecording(join(directory, 'other.wav')), /already/);
  await peer.more(25);
  await session.stopRecording();
  session.startRecording(join(directory, 'second.wav'));
  await peer.more(25);
  await session.close();
  for (const name of ['first.wav', 'second.wav']) {
    const { right } = readStereoWav(join(directory, name));
    t.ok(right.length > 6400, `${name}: ${right.length} samples`);
    t.ok(toneShare(right.slice(640), 440, 16_000) > 0.98);
  }
  t.same(await session.stopRecording(), { durationMs: 0, lostSamples: 0 });
});

void t.test('a recording that cannot begin says why, and the call goes on', async (t) => {
  const engine = openTestEngine(t);
  const session = engine.open();
  const events = new EventLog(session);
  session.startRecording(join(directoryFor(t), 'no', 'such', 'directory.wav'));
  const failed = await events.next('recordingFailed');
  t.match(failed.reason, /No such file/);
  t.same(await session.stopRecording(), { durationMs: 0, lostSamples: 0 });
});

void t.test('a full disk ends the recording, not the call', { skip: !existsSync('/dev/full') }, async (t) => {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const session = engine.open();
  const events = new EventLog(session);
  session.setSource({ type: 'tone', hz: 440 });
  session.configure(peer.agreement());
  session.startRecording('/dev/full');
  const failed = await events.next('recordingFailed');
  t.match(failed.reason, /space/i);
  await peer.more(25);
  t.ok(toneShare(peer.heard().slice(-3200), 440, 8000) > 0.98);
  await session.close();
  t.equal(events.of('recordingFailed').length, 1);
});

void t.test('a recording is whole up to the last second when the process is killed', async (t) => {
  const path = join(directoryFor(t), 'killed.wav');
  const child = spawn(process.execPath, [fileURLToPath(new URL('../../support/recording-child.js', import.meta.url)), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  await until(() => existsSync(path) && statSync(path).size > 16_000 * 4 * 2, 'two seconds on disk');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const { right } = readStereoWav(path);
  t.ok(right.length >= 16_000, `${right.length} samples`);
  t.ok(toneShare(right.slice(640), 440, 16_000) > 0.98);
});
