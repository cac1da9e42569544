import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import t from 'tap';
import { RtcpReporter } from '../../src/media/rtcp.js';
import { eventually } from '../support/offhook-process.js';
import { Phone } from '../support/phone.js';
import { RtpPeer } from '../support/rtp-peer.js';
import { startTestServer } from '../support/server.js';
import { sine } from '../support/signal.js';

const server = await startTestServer({ media: { timeoutMs: 3_000 } });
t.teardown(() => server.close());

type CallFacts = {
  status: string;
  from_uri: string;
  result: string | null;
  end_reason: string | null;
  ended_by: string | null;
  sip_code: number | null;
  q850_cause: number | null;
  audio_fault: { missing: string; since: string; healed_at: string | null } | null;
  answered_at: string;
  media_stats: { packetsWrongSource: number } | null;
};
const newest = async (): Promise<CallFacts> => {
  const { data } = (await (await server.api('/api/v1/calls?limit=1')).json()) as { data: [CallFacts] };
  return data[0];
};

/** It hears us, and says so. */
function reportOf(reporter: RtcpReporter, { received }: RtpPeer): Buffer {
  const heard = { remoteSsrc: received[0]?.ssrc ?? 0, remoteHighestSequence: received.at(-1)?.sequence ?? 0 };
  const counts = { remoteExpected: received.length, remoteReceived: received.length, jitterUs: 0 };
  const nothingSent = { packetsSent: 0, payloadBytesSent: 0, lastSentTimestamp: 0, lastSentMs: 0 };
  return reporter.report({ ...heard, ...counts, ...nothingSent }, { clockRateHz: 8000, now: { epochMs: 0, monotonicMs: 0 } });
}

void t.test('who sends neither RTP nor RTCP is reported within two seconds, and hung up on after the limit', async (t) => {
  const phone = await (await Phone.open(t, server.sipPort)).answered('echo');
  await eventually(async () => (await newest()).audio_fault !== null || undefined, 'what the record tells');
  const { audio_fault: fault, answered_at: answeredAt } = await newest();
  t.match(fault, { missing: 'inbound', healed_at: null });
  // By its own clock, lest a busy machine matter.
  t.ok(Date.parse(fault?.since ?? '') - Date.parse(answeredAt) >= 1_700);
  await phone.hungUpOn();
  await eventually(async () => (await newest()).status === 'failed' || undefined, 'what the record tells');
  t.match(await newest(), {
    result: 'indeterminate',
    end_reason: 'media_timeout',
    ended_by: 'network',
    sip_code: 200,
    q850_cause: 102,
  });
  const metrics = await (await server.api('/metrics')).text();
  t.match(metrics, 'offhook_audio_faults_total{missing="inbound"} 1\n');
  t.match(metrics, 'offhook_call_ends_total{ended_by="network",q850="102"} 1\n');
  t.match(metrics, 'offhook_calls_missing_audio 0\n');
});

void t.test('a far end on hold and one that only sends reports are let live; audio that comes late heals', async (t) => {
  const silent = await (await Phone.open(t, server.sipPort)).answered('echo');
  const held = await (await Phone.open(t, server.sipPort)).answered('echo');
  const muted = await (await Phone.open(t, server.sipPort)).answered('echo');
  t.equal(await held.redirect('sendonly'), 'recvonly');
  const rtcp = createSocket('udp4').bind(muted.rtp.port + 1, '127.0.0.1');
  await once(rtcp, 'listening');
  t.teardown(() => rtcp.close());
  const reporter = new RtcpReporter(muted.rtp.ssrc, 'muted');
  const reporting = setInterval(() => rtcp.send(reportOf(reporter, muted.rtp), muted.remoteRtpPort + 1, '127.0.0.1'), 200);
  t.teardown(() => clearInterval(reporting));
  await silent.hungUpOn();
  t.equal((await newest()).status, 'in_progress', 'muted since the same time');
  t.match((await newest()).audio_fault, { missing: 'inbound', healed_at: null }, 'it never sent anything');
  const playing = setInterval(() => muted.rtp.sendBurst(sine(440, 20, 8000), muted.remoteRtpPort), 20);
  t.teardown(() => clearInterval(playing));
  await eventually(async () => typeof (await newest()).audio_fault?.healed_at === 'string' || undefined, 'what the record tells');
  await muted.hangUp();
  await held.redirect('sendrecv');
  await held.hangUp();
});

void t.test('media from a stranger is not let in, and counted on the call', async (t) => {
  const phone = await (await Phone.open(t, server.sipPort)).answered('echo');
  const stranger = await RtpPeer.open();
  t.teardown(() => stranger.close());
  await phone.rtp.play(sine(440, 200, 8000), phone.remoteRtpPort);
  const before = stranger.received.length;
  stranger.sendBurst(sine(1000, 400, 8000), phone.remoteRtpPort);
  await phone.rtp.play(sine(440, 200, 8000), phone.remoteRtpPort);
  await phone.hangUp();
  await eventually(async () => (await newest()).status === 'completed' || undefined, 'what the record tells');
  t.equal((await newest()).media_stats?.packetsWrongSource, 20);
  t.equal(stranger.received.length, before, 'it is sent nothing');
  t.match(await newest(), { ended_by: 'caller', q850_cause: 16, audio_fault: null });
});
