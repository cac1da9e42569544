import { join } from 'node:path';
import Opus from '@discordjs/opus';
import t from 'tap';
import { eventually } from '../support/offhook-process.js';
import { Phone } from '../support/phone.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { rms, sine, toneShare } from '../support/signal.js';
import { header } from '../support/sip-peer.js';
import { readStereoWav } from '../support/wav.js';

type CallRow = { id: string; status: string; end_reason: string | null };
type Entry = { role: string; message: string };

const server = await startTestServer();
t.teardown(() => server.close());

const dataOf = async <T>(from: TestServer, path: string): Promise<T> =>
  ((await (await from.api(`/api/v1${path}`)).json()) as { data: T }).data;
const latestCall = async (): Promise<CallRow> => {
  const [call] = await dataOf<CallRow[]>(server, '/calls?limit=1');
  if (!call) throw new Error('no call on record');
  return call;
};
const transcriptOf = async (id: string): Promise<Entry[]> =>
  (await dataOf<{ transcript: Entry[] }>(server, `/calls/${id}/transcript`)).transcript;

/** The recording of the call that has just ended. */
async function recordingOfLatest() {
  const call = await eventually(async () => {
    const latest = await latestCall();
    return latest.status === 'completed' ? latest : undefined;
  }, 'the call on record as completed');
  return readStereoWav(join(server.dataDir, 'recordings', `${call.id}.wav`));
}

/** The 400 ms of it that are most purely the tone: silence lies around it, and a busy machine may have torn it somewhere. */
function clearest(samples: Int16Array, rateHz: number): Int16Array {
  const length = 0.4 * rateHz;
  let best = samples.slice(0, length);
  let bestShare = 0;
  for (let at = 0; at + length <= samples.length; at += rateHz / 10) {
    const window = samples.subarray(at, at + length);
    const share = rms(window) > 1000 ? toneShare(window, 440, rateHz) : 0;
    if (share <= bestShare) continue;
    bestShare = share;
    best = window.slice();
  }
  return best;
}

for (const codec of ['PCMU', 'PCMA'] as const) {
  void t.test(`${codec}: 440 Hz sent to echo comes back as 440 Hz, and the recording holds it on both sides`, async (t) => {
    const phone = await (await Phone.open(t, server.sipPort, { codec })).answered('echo');
    await phone.rtp.play(sine(440, 2500, 8000), phone.remoteRtpPort);
    const heard = clearest(phone.rtp.heard(), 8000);
    await phone.hangUp();
    t.ok(toneShare(heard, 440, 8000) > 0.98, `${toneShare(heard, 440, 8000)} of what came back is the tone`);
    t.ok(rms(heard) > 5000 && rms(heard) < 6200, `at its level (${rms(heard)})`);
    const { left, right } = await recordingOfLatest();
    for (const [side, samples] of [
      ['left', left],
      ['right', right],
    ] as const) {
      const tone = clearest(samples, 16_000);
      t.ok(toneShare(tone, 440, 16_000) > 0.98, `${side}: ${toneShare(tone, 440, 16_000)}`);
      t.ok(rms(tone) > 5000 && rms(tone) < 6200, `${side} at its level (${rms(tone)})`);
    }
  });
}

void t.test('Opus: 440 Hz sent to echo comes back as 440 Hz, and the recording holds it on both sides', async (t) => {
  const codec = new Opus.OpusEncoder(48_000, 1);
  const formats = ['96 97', 'a=rtpmap:96 opus/48000/2', 'a=rtpmap:97 telephone-event/48000', 'a=fmtp:97 0-16'];
  const phone = await (await Phone.open(t, server.sipPort, { formats })).answered('echo');
  const tone = sine(440, 2500, 48_000);
  await phone.rtp.paced(tone.length / 960, (frame) => {
    const pcm = tone.subarray(frame * 960, (frame + 1) * 960);
    const payload = codec.encode(Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength));
    phone.rtp.sendPayload(payload, phone.remoteRtpPort, { payloadType: 96 }, 960);
  });
  const packets = phone.rtp.received.filter((packet) => packet.payloadType === 96);
  await phone.hangUp();
  const pieces = packets.map(({ payload }) => {
    const pcm = codec.decode(payload);
    return new Int16Array(pcm.buffer, pcm.byteOffset, pcm.byteLength / 2).slice();
  });
  const heard = clearest(Int16Array.from(pieces.flatMap((piece) => Array.from(piece))), 48_000);
  t.ok(toneShare(heard, 440, 48_000) > 0.95, `${toneShare(heard, 440, 48_000)} of what came back is the tone`);
  t.ok(rms(heard) > 4500 && rms(heard) < 6700, `at its level (${rms(heard)})`);
  const { left, right } = await recordingOfLatest();
  t.ok(toneShare(clearest(left, 16_000), 440, 16_000) > 0.95, 'left');
  t.ok(toneShare(clearest(right, 16_000), 440, 16_000) > 0.95, 'right');
});

void t.test('tone is 440 Hz until the caller hangs up', async (t) => {
  const phone = await (await Phone.open(t, server.sipPort)).answered('tone');
  await phone.rtp.more(75);
  t.ok(toneShare(clearest(phone.rtp.heard(), 8000), 440, 8000) > 0.99);
  await phone.hangUp();
});

void t.test('on hold the agent is silent, and goes on where it was when taken back', async (t) => {
  const phone = await (await Phone.open(t, server.sipPort)).answered('demo');
  const { rtp } = phone;
  await rtp.until(() => rms(rtp.heard().slice(-1600)) > 300, 'the greeting');
  t.equal(await phone.redirect('sendonly'), 'recvonly');
  const before = rtp.audioPackets().length;
  // More silence from us than the greeting has words left.
  await rtp.play(new Int16Array(8 * 5000), phone.remoteRtpPort);
  const onHold = rtp.heard(before + 15);
  t.ok(rms(onHold) < 20, `nothing of the agent on hold (${rms(onHold)} over ${onHold.length} samples)`);
  const resumedAt = rtp.audioPackets().length;
  t.equal(await phone.redirect('sendrecv'), 'sendrecv');
  await rtp.until(() => rms(rtp.heard(resumedAt)) > 300, 'the rest of the greeting');
  const { id } = await latestCall();
  const [greeting] = await eventually(async () => {
    const entries = await transcriptOf(id);
    return entries.length > 0 ? entries : undefined;
  }, 'the greeting on record');
  t.match(greeting, { role: 'agent', message: /How can I help you\?$/ }, 'nothing of it was lost');
  await phone.hangUp();
});

for (const [how, press] of [
  ['RFC 4733', async (phone: Phone) => phone.telephoneEvent(2)],
  ['INFO', (phone: Phone) => phone.info('2')],
] as const) {
  void t.test(`a digit by ${how} reaches the agent, once, and its rule is acted on`, async (t) => {
    const phone = await (await Phone.open(t, server.sipPort)).answered('demo');
    await phone.rtp.more(25);
    await press(phone);
    const { id } = await latestCall();
    const entries = await eventually(async () => {
      const said = await transcriptOf(id);
      return said.some((entry) => /River Street/.test(entry.message)) ? said : undefined;
    }, 'the answer to the key');
    t.equal(entries.filter((entry) => entry.message === '[digit 2]').length, 1);
    await phone.hangUp();
  });
}

void t.test('more calls than allowed get 503 with Retry-After, until one ends', async (t) => {
  const small = await startTestServer({ calls: { maxConcurrent: 2 } });
  t.teardown(() => small.close());
  const first = await (await Phone.open(t, small.sipPort)).answered('tone');
  const second = await (await Phone.open(t, small.sipPort)).answered('echo');
  const refused = await (await Phone.open(t, small.sipPort)).call('echo');
  t.equal(refused.status, 503);
  t.match(header(refused, 'Retry-After'), /^\d+$/);
  const [row] = await dataOf<(CallRow & { result: string })[]>(small, '/calls?limit=1&status=failed');
  t.match(row, { result: 'server_error', end_reason: 'capacity_exhausted' });
  await first.hangUp();
  const third = await eventually(async () => {
    const phone = await Phone.open(t, small.sipPort);
    return (await phone.call('tone')).status === 200 ? phone : undefined;
  }, 'room again');
  await Promise.all([second.hangUp(), third.hangUp()]);
});

void t.test('a call that finds no RTP ports gets 503 with Retry-After', async (t) => {
  const small = await startTestServer({ media: { rtpPorts: { min: 19_000, max: 19_001 } } });
  t.teardown(() => small.close());
  const first = await (await Phone.open(t, small.sipPort)).answered('tone');
  const refused = await (await Phone.open(t, small.sipPort)).call('echo');
  t.equal(refused.status, 503);
  t.match(header(refused, 'Retry-After'), /^\d+$/);
  await first.rtp.more(10);
  await first.hangUp();
});
