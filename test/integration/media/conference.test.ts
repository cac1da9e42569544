import t from 'tap';
import { openTestEngine } from '../../support/media.js';
import { RtpPeer } from '../../support/rtp-peer.js';
import { rms, sine, toneShare } from '../../support/signal.js';

const TONES_HZ = [440, 850, 1_300, 1_900];

void t.test('four in a conference hear the other three and not themselves, and nobody hears one who has left', async (t) => {
  const engine = openTestEngine(t);
  const peers = await Promise.all(TONES_HZ.map((_, i) => RtpPeer.open(i % 2 === 0 ? 'PCMU' : 'PCMA')));
  t.teardown(() => Promise.all(peers.map((peer) => peer.close())));
  const members = peers.map((peer, i) => {
    const session = engine.open();
    session.configure(peer.agreement({ ptimeMs: i === 3 ? 60 : 20 }));
    return { peer, session, hz: TONES_HZ[i] ?? 0 };
  });
  for (const { session } of members) for (const other of members) if (other.session !== session) session.hear(other.session);

  const over = new AbortController();
  const talk = members.map(async ({ peer, session, hz }) => {
    const tone = sine(hz, 1_000, 8_000, 5_000);
    while (!over.signal.aborted) await peer.play(tone, session.local.rtpPort);
  });
  /** Of what was heard in the last 200 ms. */
  const share = (peer: RtpPeer, hz: number): number => toneShare(peer.heard().slice(-1_600), hz, 8_000);
  const hears = (peer: RtpPeer, hz: number): boolean => share(peer, hz) > 0.2;
  for (const { peer, hz: own } of members) {
    await peer.until(() => TONES_HZ.every((hz) => hears(peer, hz) === (hz !== own)), `all others are heard, ${own} Hz is not`);
  }

  const [first, second, third, fourth] = members;
  if (!first || !second || !third || !fourth) throw new Error('four were made');
  first.session.unhear(second.session);
  await first.peer.until(() => !hears(first.peer, second.hz) && hears(first.peer, third.hz), 'one voice less');
  await third.session.close();
  await first.peer.until(() => share(first.peer, fourth.hz) > 0.8, 'only the fourth is left to the first');
  await fourth.peer.until(() => share(fourth.peer, third.hz) < 0.05 && hears(fourth.peer, second.hz), 'who has left is silent');
  second.session.hear(third.session);
  await fourth.session.close();
  over.abort();
  await Promise.all(talk);
  await first.peer.until(() => rms(first.peer.heard().slice(-1_600)) < 50, 'silence, once nobody else is there');
});
