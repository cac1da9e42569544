import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { CompoundPacket, ReceiverReportPacket, SenderReportPacket } from 'rtp.js/packets';
import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { RtcpReporter } from '../../../src/media/rtcp.js';
import { openTestEngine, until } from '../../support/media.js';
import { RtpPeer } from '../../support/rtp-peer.js';
import { sine } from '../../support/signal.js';

void t.test('the far end learns how its RTP arrives, and that we leave', async (t) => {
  const clock = new FakeClock();
  const engine = openTestEngine(t, { clock });
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const rtcp = createSocket('udp4').bind(0, '127.0.0.1');
  await once(rtcp, 'listening');
  t.teardown(() => rtcp.close());
  const received: Buffer[] = [];
  rtcp.on('message', (datagram) => received.push(datagram));

  const session = engine.open();
  const { port } = rtcp.address();
  session.configure(peer.agreement({ remote: { address: '127.0.0.1', rtpPort: peer.port, rtcpPort: port } }));
  const nothing = { packetsSent: 0, payloadBytesSent: 0, lastSentTimestamp: 0, lastSentMs: 0, remoteSsrc: 0 };
  const unheard = { remoteHighestSequence: 0, remoteExpected: 0, remoteReceived: 0, jitterUs: 0 };
  const bye = new RtcpReporter(peer.ssrc, 'far').bye(
    { ...nothing, ...unheard },
    { clockRateHz: 8000, now: { epochMs: 0, monotonicMs: 0 } },
  );
  rtcp.send(bye, session.local.rtcpPort, '127.0.0.1');
  rtcp.send(Buffer.alloc(0), session.local.rtcpPort, '127.0.0.1');
  peer.sendBurst(sine(440, 200, 8000), session.local.rtpPort);
  peer.sequence += 2;
  peer.timestamp += 320;
  peer.sendBurst(sine(440, 200, 8000), session.local.rtpPort);
  await until(() => session.stats().packetsLost === 2 && session.stats().packetsSent > 5, 'RTP both ways');

  clock.advance(1000);
  t.match(session.flow(), { packetsReceived: 20, reportsReceived: 1 }, 'who sends RTCP lives');
  clock.advance(4000);
  await until(() => received.length > 0, 'a report');
  const [report] = parse(received[0]);
  if (!(report instanceof SenderReportPacket)) throw new Error('no sender report');
  const [block] = report.getReports();
  t.equal(block?.getSsrc(), peer.ssrc);
  t.equal(block?.getTotalLost(), 2);
  t.equal(block?.getFractionLost(), Math.floor((256 * 2) / 22));
  t.equal(report.getSsrc(), peer.received[0]?.ssrc, 'under the SSRC of our RTP');

  const before = received.length;
  await session.close();
  await until(() => received.length > before, 'a goodbye');
  const last = parse(received.at(-1));
  const [final] = last;
  if (!(final instanceof SenderReportPacket || final instanceof ReceiverReportPacket)) throw new Error('no report');
  t.equal(final.getReports()[0]?.getTotalLost(), 2);
  t.equal(last.at(-1)?.getPacketType(), 203, 'BYE');
});

function parse(datagram: Buffer | undefined) {
  if (!datagram) throw new Error('nothing received');
  return new CompoundPacket(new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength)).getPackets();
}
