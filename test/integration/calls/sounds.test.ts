import t from 'tap';
import { ringUntil } from '../../../src/calls/early-audio.js';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import type { Sounds } from '../../../src/domain/ports/media.js';
import { openTestEngine } from '../../support/media.js';
import { RtpPeer } from '../../support/rtp-peer.js';
import { sampleAgent } from '../../support/sample-records.js';
import { rms, sine, toneShare } from '../../support/signal.js';
import { ATTENDED, hears, saying, talking } from '../../support/transfers.js';

const MUSIC_HZ = 900;
const OFFICE_HZ = 600;

void t.test('callers hear the office behind the agent, and music while somebody else is consulted', async (t) => {
  const engine = openTestEngine(t, { capacity: 2 });
  const musicOnHold = { sound: engine.prepareSound(sine(MUSIC_HZ, 1_000, 8_000), 8_000), gainDb: -3 };
  const office = { sound: engine.prepareSound(sine(OFFICE_HZ, 1_000, 16_000), 16_000), gainDb: -3 };
  const sounds: Sounds = { named: (name) => (name === 'office' ? office : undefined), musicOnHold, beforeAnswer: undefined };
  const demoAgent = { ...sampleAgent(), backgroundSound: 'office' };
  const { s, caller, target, id, reaches } = await talking(t, { sounds, demoAgent });
  const quiet = saying(caller, 440);
  await caller.rtp.until(() => hears(caller, OFFICE_HZ), 'the office');

  await s.service.transfer(DEFAULT_TENANT, id, { ...ATTENDED, consent: 'api' });
  await target.invited();
  await caller.rtp.until(() => hears(caller, MUSIC_HZ), 'music while the target is called');
  await target.answer(200, 'OK');
  await reaches('consulting');
  const { length } = caller.rtp.heard();
  await caller.rtp.until(() => caller.rtp.heard().length > length + 8_000 && hears(caller, MUSIC_HZ), 'and consulted');
  await s.service.cancelTransfer(DEFAULT_TENANT, id);
  await caller.rtp.until(() => hears(caller, OFFICE_HZ) && !hears(caller, MUSIC_HZ), 'the agent has the caller back');
  await quiet();
});

void t.test('a configured recording is heard before the answer in place of a ring tone, until somebody answers', async (t) => {
  const engine = openTestEngine(t, { capacity: 2 });
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const session = engine.open();
  session.configure(peer.agreement());
  const answered = new AbortController();
  const sound = { sound: engine.prepareSound(sine(MUSIC_HZ, 1_000, 8_000), 8_000), gainDb: 0 };
  ringUntil(undefined, { session, signal: answered.signal, sound });
  session.playout.write(sine(OFFICE_HZ, 400, 16_000), 16_000);
  await peer.play(sine(440, 100, 8_000), session.local.rtpPort);
  const share = (hz: number): number => toneShare(peer.heard().slice(-800), hz, 8_000);
  await peer.until(() => share(MUSIC_HZ) > 0.9, 'the recording');
  answered.abort();
  await peer.until(() => share(OFFICE_HZ) > 0.9, 'what is said to whoever has answered');
  await peer.until(() => rms(peer.heard().slice(-800)) < 50, 'and no more');
});
