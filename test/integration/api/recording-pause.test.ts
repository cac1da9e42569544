import { join } from 'node:path';
import t from 'tap';
import { Phone } from '../../support/phone.js';
import { startTestServer } from '../../support/server.js';
import { clearShare, sine } from '../../support/signal.js';
import { until } from '../../support/until.js';
import { readStereoWav } from '../../support/wav.js';

type Pause = { paused_at: string; resumed_at: string | null };
type Detail = { id: string; status: string; recording_pauses: Pause[] };

/** How much of it is `hz` and nothing else. */
const toneMs = (samples: Int16Array, hz: number): number => clearShare(samples, hz, 16_000) * (samples.length / 16);

/** The longest run of zeros: where it begins and ends. */
function longestSilence(samples: Int16Array): { from: number; to: number } {
  let longest = { from: 0, to: 0 };
  let from = 0;
  for (let at = 0; at <= samples.length; at += 1) {
    if (samples[at] === 0) continue;
    if (at - from > longest.to - longest.from) longest = { from, to: at };
    from = at + 1;
  }
  return longest;
}

void t.test('what is said while the recording is paused is silence of the same length in it', { timeout: 120_000 }, async (t) => {
  const server = await startTestServer({ speech: { embedded: { sttPool: 0 } } });
  t.teardown(() => server.close());
  const phone = await (await Phone.open(t, server.sipPort)).answered('tone');
  const { data: calls } = (await (await server.api('/api/v1/calls')).json()) as { data: Detail[] };
  const id = calls[0]?.id ?? '';
  const detail = async (): Promise<Detail> => ((await (await server.api(`/api/v1/calls/${id}`)).json()) as { data: Detail }).data;
  const command = async (name: 'pause' | 'resume') => {
    const response = await server.api(`/api/v1/calls/${id}/recording/${name}`, { method: 'POST' });
    t.equal(response.status, 200, name);
    return ((await response.json()) as { data: { paused: boolean; recording_pauses: Pause[] } }).data;
  };

  await phone.rtp.play(sine(880, 600, 8000), phone.remoteRtpPort);
  t.match(await command('pause'), { paused: true, recording_pauses: [{ resumed_at: null }] });
  t.match((await detail()).recording_pauses, [{ resumed_at: null }], 'the record says so while it lasts');
  await phone.rtp.play(sine(660, 1000, 8000), phone.remoteRtpPort);
  t.equal((await command('pause')).recording_pauses.length, 1, 'twice is once');
  t.match(await command('resume'), { paused: false, recording_pauses: [{ resumed_at: /Z$/ }] });
  // The phone's clock stands still while it does not play. By as much its words lie too early, and those that lie in the pause are cut.
  await phone.rtp.play(sine(880, 1800, 8000), phone.remoteRtpPort);
  await phone.hangUp();
  await until(async () => (await detail()).status === 'completed');

  const [pause] = (await detail()).recording_pauses;
  const pausedMs = Date.parse(pause?.resumed_at ?? '') - Date.parse(pause?.paused_at ?? '');
  t.ok(pausedMs >= 1000, `${pausedMs} ms`);
  const { left, right } = readStereoWav(join(server.dataDir, 'recordings', `${id}.wav`));
  const silence = longestSilence(right);
  const silentMs = (silence.to - silence.from) / 16;
  t.ok(Math.abs(silentMs - pausedMs) < 300, `${silentMs} ms of silence for ${pausedMs} ms`);
  t.ok(toneMs(right.slice(0, silence.from), 440) > 400, 'the agent before');
  t.ok(toneMs(right.slice(silence.to), 440) > 400, 'the agent behind');
  t.ok(toneMs(left, 660) < 40, 'nothing of what the caller said meanwhile');
  t.ok(toneMs(left.slice(0, silence.from), 880) > 400, 'the caller before');
  t.ok(toneMs(left.slice(silence.to), 880) > 400, 'the caller behind');
});
