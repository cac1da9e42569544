// Listens for RTP in a process of its own and reports, when asked, when each packet came on the clock all processes share.
import { RtpPeer } from './rtp-peer.js';

const peer = await RtpPeer.open();
process.on('message', () => {
  const packets = peer.received.map(({ arrivalMs, sequence, timestamp }) => ({ atMs: arrivalMs, sequence, timestamp }));
  process.send?.({ packets });
});
process.send?.({ port: peer.port });
