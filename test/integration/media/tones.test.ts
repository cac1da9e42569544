import t from 'tap';
import { systemClock } from '../../../src/core/clock.js';
import type { ToneStep } from '../../../src/domain/ports/media.js';
import { progressTone } from '../../../src/domain/progress-tones.js';
import { EventLog, openTestEngine } from '../../support/media.js';
import { RtpPeer } from '../../support/rtp-peer.js';

/** The steps as they follow one another, at 8 kHz, as loud as networks play them. */
function played(steps: readonly ToneStep[], turns: number): Int16Array {
  const all = Array.from({ length: turns }, () => steps).flat();
  const samples: number[] = Array<number>(1600).fill(0);
  for (const { hz, ms } of all) {
    for (let i = 0; i < ms * 8; i += 1)
      samples.push(hz.reduce((sum, f) => sum + 3000 * Math.sin((2 * Math.PI * f * i) / 8000), 0));
  }
  return Int16Array.from([...samples, ...Array<number>(1600).fill(0)]);
}

/** In less time than it lasts, but never more at once than a socket holds. */
async function sent(signal: Int16Array, peer: RtpPeer, port: number): Promise<void> {
  for (let at = 0; at < signal.length; at += 1600) {
    peer.sendBurst(signal.subarray(at, at + 1600), port);
    await new Promise<void>((resolve) => void systemClock.schedule(20, resolve));
  }
}

void t.test('what machines say by tones is told where it is asked for, and nowhere else', async (t) => {
  const engine = openTestEngine(t);
  for (const { country, steps, turns, tones } of [
    { country: 'DE', steps: progressTone('busy', 'DE'), turns: 4, tones: ['busy'] },
    { country: undefined, steps: progressTone('congestion', 'US'), turns: 4, tones: ['congestion'] },
    { country: 'GB', steps: progressTone('ringback', 'GB'), turns: 1, tones: ['ringback'] },
    { country: 'FR', steps: [{ hz: [1000], ms: 400 }], turns: 1, tones: ['beep'] },
  ]) {
    const [here, there] = [await RtpPeer.open(), await RtpPeer.open('PCMA')];
    t.teardown(() => Promise.all([here.close(), there.close()]));
    const [asked, unasked] = [engine.open(), engine.open()];
    const [heard, nothing] = [new EventLog(asked), new EventLog(unasked)];
    asked.configure(here.agreement({ toneDetection: { onTone: 'report', country } }));
    unasked.configure(there.agreement());
    const signal = played(steps, turns);
    await Promise.all([sent(signal, here, asked.local.rtpPort), sent(signal, there, unasked.local.rtpPort)]);
    await heard.next('tone');
    t.equal((await asked.close()).packetsOverRate, 0);
    await unasked.close();
    t.same(
      heard.of('tone').map(({ tone }) => tone),
      tones,
    );
    t.same(nothing.of('tone'), []);
  }
});
