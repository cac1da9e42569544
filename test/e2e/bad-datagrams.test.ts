import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { eventually, OffhookProcess } from '../support/offhook-process.js';
import { Phone } from '../support/phone.js';
import { rtpPacket } from '../support/rtp-peer.js';
import { sine, toneShare } from '../support/signal.js';
import { header, SipPeer } from '../support/sip-peer.js';
import { inviteText, newCall, requestText } from '../support/sip-texts.js';
import { INVALID, VALID } from '../support/torture.js';

const MAX_DATAGRAM_BYTES = 65_507;

const server = await OffhookProcess.start(t, { env: { OFFHOOK_LOG_LEVEL: 'warn' } });

/** Someone calls, is heard and hangs up, and nothing in the process has stumbled. */
async function aCallStillWorks(t: Test): Promise<void> {
  const phone = await (await Phone.open(t, server.sipPort)).answered('echo');
  // On a busy machine the sender itself stumbles: what counts is that the call gets there.
  let clear = 0;
  for (let attempt = 0; attempt < 10 && clear < 8; attempt += 1) {
    await phone.rtp.play(sine(440, 600, 8000), phone.remoteRtpPort);
    clear = clearFrames(phone.rtp.heard().slice(-2400));
  }
  t.ok(clear >= 8, 'a call is heard');
  await phone.hangUp();
  t.equal((await server.get('/healthz')).status, 200);
  t.notOk(server.hasExited, 'the process is the same');
  t.same(
    server.log.filter((line) => line.level >= 50),
    [],
    'and nothing in it has stumbled',
  );
}

/** How many frames hold the tone and nothing else. By frames, because a jitter buffer that slips once changes the tone's phase. */
function clearFrames(samples: Int16Array): number {
  const frames = Array.from({ length: samples.length / 160 }, (_, i) => samples.subarray(i * 160, (i + 1) * 160));
  return frames.filter((frame) => toneShare(frame, 440, 8000) > 0.95).length;
}

async function udpPeer(t: Test): Promise<SipPeer> {
  const peer = await SipPeer.udp(server.sipPort);
  t.teardown(() => peer.close());
  return peer;
}

async function tcpSocket(t: Test): Promise<Socket> {
  const socket = connect(server.sipPort, '127.0.0.1');
  socket.on('error', () => {});
  t.teardown(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

void t.test('SIP over UDP: whatever arrives, the next call works', async (t) => {
  const peer = await udpPeer(t);
  const whole = inviteText(peer, newCall());
  for (let length = 0; length < whole.length; length += 7) peer.send(whole.slice(0, length));
  for (const text of [...Object.values(VALID), ...Object.values(INVALID).map(([text]) => text)]) peer.send(text);
  const options = (): string => requestText(peer, 'OPTIONS', newCall());
  for (const junk of [
    Buffer.alloc(0),
    Buffer.alloc(MAX_DATAGRAM_BYTES),
    randomBytes(MAX_DATAGRAM_BYTES),
    Buffer.alloc(MAX_DATAGRAM_BYTES, '\r\n'),
    Buffer.alloc(MAX_DATAGRAM_BYTES, 'a: b\r\n'),
    Buffer.from(`${options().trimEnd()}\r\n${'Via: SIP/2.0/UDP a;branch=z9hG4bK1\r\n'.repeat(1500)}\r\n`),
    Buffer.from(options().replace('SIP/2.0\r\n', 'SIP/7.0\r\n')),
    Buffer.from(options().replace('Content-Length: 0', 'Content-Length: 999999999999999999999')),
    Buffer.from(options().replace('Content-Length: 0', 'Content-Length: -1')),
    Buffer.from(options().replace('CSeq: 1', 'CSeq: 99999999999999')),
    Buffer.from(options().replace('Max-Forwards: 70', 'Max-Forwards: 0')),
    Buffer.from(options().replace(/From: .*/, `From: "${'\\'.repeat(3000)}`)),
  ]) {
    peer.send(junk);
  }
  for (let i = 0; i < 200; i++) peer.send(randomBytes(1 + ((i * 37) % 1400)));
  // One byte of a good INVITE changed at a time, where it hurts most.
  for (let i = 0; i < 300; i++) {
    const broken = Buffer.from(inviteText(peer, newCall(), { uri: 'sip:nobody@127.0.0.1' }));
    broken[(i * 13) % broken.length] = (i * 101) & 0xff;
    peer.send(broken);
  }
  await aCallStillWorks(t);
});

void t.test('an INVITE whose session description is broken is refused as such', async (t) => {
  const peer = await udpPeer(t);
  const good = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n';
  for (const [what, body] of Object.entries({
    'no SDP at all': 'hello',
    binary: '\0\u0001\u0002\u0003',
    'no media': good.slice(0, good.indexOf('m=')),
    'no address': good.replace(/c=.*\r\n/, ''),
    'a port beyond 65535': good.replace('40000', '140000'),
    'a port that is none': good.replace('40000', 'x'),
    'an address that is none': good.replace('c=IN IP4 127.0.0.1', 'c=IN IP4 999.1.1.1'),
    'video only': good.replace('audio', 'video'),
    'payload types that are none': good.replace('AVP 0', 'AVP -1 300 x'),
    'a thousand m= lines': good + 'm=audio 40002 RTP/AVP 0 8 101\r\n'.repeat(1000),
    'ten thousand payload types': good.replace('AVP 0', `AVP${' 96'.repeat(10_000)}`),
    'ten thousand lines': good + 'a=x\r\n'.repeat(10_000),
  })) {
    const call = newCall();
    peer.send(inviteText(peer, call, { uri: 'sip:echo@127.0.0.1', body }));
    const answer = await peer.next((m) => m.status >= 200 && header(m, 'Call-ID') === call.callId, `an answer to ${what}`);
    t.ok([400, 413, 415, 488, 513].includes(answer.status) || what === 'ten thousand lines', `${what}: ${answer.startLine}`);
    const to = header(answer, 'To');
    peer.send(requestText(peer, 'ACK', call, { uri: 'sip:echo@127.0.0.1', to, branch: call.branch }));
    if (answer.status === 200) peer.send(requestText(peer, 'BYE', call, { uri: 'sip:echo@127.0.0.1', to, cseq: 2 }));
  }
  await aCallStillWorks(t);
});

void t.test('SIP over TCP: garbage, endless headers and bodies, and connections that never finish', async (t) => {
  // Each sends the beginning of a request and waits: together they must not keep others from being served.
  for (let i = 0; i < 100; i++)
    (await tcpSocket(t)).write(`OPTIONS sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;x=${i}`);
  for (const junk of [
    randomBytes(100_000),
    Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'),
    Buffer.alloc(3_000_000, 'Subject: for ever\r\n'),
    Buffer.alloc(3_000_000, 'x'),
    Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]),
  ]) {
    const socket = await tcpSocket(t);
    socket.end(junk);
  }
  const huge = await SipPeer.tcp(server.sipPort);
  t.teardown(() => huge.close());
  huge.send(requestText(huge, 'OPTIONS', newCall()).replace('Content-Length: 0', 'Content-Length: 4000000000'));
  t.match(await huge.next((m) => m.status >= 400, 'a refusal of four gigabytes'), { method: 'OPTIONS' });

  const good = await SipPeer.tcp(server.sipPort);
  t.teardown(() => good.close());
  good.send(requestText(good, 'OPTIONS', newCall()));
  await good.status(200, 'OPTIONS');
  await aCallStillWorks(t);
});

void t.test('RTP of a live call: malformed packets from the far end and from strangers change nothing', async (t) => {
  const phone = await (await Phone.open(t, server.sipPort)).answered('echo');
  const { rtp, remoteRtpPort } = phone;
  await rtp.play(sine(440, 400, 8000), remoteRtpPort);
  const stranger = createSocket('udp4').bind(0, '127.0.0.1');
  await once(stranger, 'listening');
  t.teardown(() => void stranger.close());
  const head = { payloadType: 0, marker: false, sequence: 1, timestamp: 1, ssrc: 7 };
  const withByte = (index: number, value: number): Buffer => {
    const packet = rtpPacket(head, Buffer.alloc(160, 0x55));
    packet[index] = value;
    return packet;
  };
  const bad = [
    ...Array.from({ length: 13 }, (_, length) => withByte(0, 0x80).subarray(0, length)),
    ...[0x00, 0x40, 0xc0].map((version) => withByte(0, version)),
    withByte(0, 0x8f).subarray(0, 40),
    Buffer.concat([withByte(0, 0x90).subarray(0, 12), Buffer.from([0xbe, 0xde, 0xff, 0xff, 1, 2])]),
    Buffer.concat([withByte(0, 0xa0).subarray(0, 171), Buffer.from([0xff])]),
    withByte(1, 0x7f),
    rtpPacket({ ...head, payloadType: 101 }, Buffer.alloc(1)),
    rtpPacket({ ...head, payloadType: 101 }, Buffer.alloc(400, 0xff)),
    randomBytes(MAX_DATAGRAM_BYTES),
  ];
  for (let round = 0; round < 5; round++) {
    for (const packet of bad) {
      stranger.send(packet, remoteRtpPort, '127.0.0.1');
      stranger.send(packet, remoteRtpPort + 1, '127.0.0.1');
      if (packet.length > 12 && packet[0] === 0x80) continue;
      rtp.send(packet, remoteRtpPort);
    }
    await rtp.play(sine(440, 200, 8000), remoteRtpPort);
  }
  const strangersTone = rtpPacket({ ...head, ssrc: rtp.ssrc }, Buffer.alloc(160, 0x00));
  for (let i = 0; i < 20; i++) stranger.send(strangersTone, remoteRtpPort, '127.0.0.1');
  await rtp.play(sine(440, 600, 8000), remoteRtpPort);
  const clear = clearFrames(rtp.heard().slice(-3200));
  t.ok(clear >= 10, `the far end is still heard (${clear} of 20 frames)`);
  await phone.hangUp();
  const stats = await eventually(async () => {
    const [call] = await server.data<{ status: string; media_stats: Record<string, number> | null }[]>('/calls?limit=1');
    return call?.status === 'completed' ? call.media_stats : undefined;
  }, 'the call on record');
  t.ok((stats?.['packetsMalformed'] ?? 0) > 0, 'malformed packets were counted');
  t.ok((stats?.['packetsWrongSource'] ?? 0) > 0, "and strangers' too");
  await aCallStillWorks(t);
});
