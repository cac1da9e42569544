import t from 'tap';
import { RtpPeer } from '../support/rtp-peer.js';
import { startTestServer } from '../support/server.js';
import { clearShare, sine } from '../support/signal.js';
import { header, SipPeer } from '../support/sip-peer.js';
import { ackText, inviteText, newCall, requestText, responseText } from '../support/sip-texts.js';
import { runSipp } from '../support/sipp.js';

const server = await startTestServer({ bind: '::' });
t.teardown(() => server.close());

for (const [address, family] of [
  ['127.0.0.1', 'IP4'],
  ['::1', 'IP6'],
] as const) {
  for (const transport of ['udp', 'tcp'] as const) {
    void t.test(`one server takes calls of ${family} over ${transport}, and its media speaks that family`, async (t) => {
      const target = { host: address, port: server.sipPort };
      const result = await runSipp({ scenario: 'basic-pcmu', service: 'echo', target, transport, localAddress: address });
      t.equal(result.failed, 0);
      t.match(result.messages, new RegExp(`c=IN ${family} ${address}\\r?\\n`));
      t.match(result.messages, new RegExp(`Contact: <sip:${family === 'IP6' ? '\\[::1\\]' : '127.0.0.1'}:${server.sipPort}`));
    });
  }
}

/** Of somebody's home network; nothing that is sent there arrives. */
const HOME = '192.168.77.7';

type Told = { via: boolean; contact: boolean; sdp: boolean };

/** Calls as a phone behind NAT does, which tells of itself what it knows; resolves with the share of its own tone in what it hears, and how it is hung up on. */
async function callFromHome(told: Told): Promise<{ share: number; ended: () => Promise<boolean> }> {
  const peer = await SipPeer.udp(server.sipPort);
  const rtp = await RtpPeer.open();
  const call = newCall();
  const own = (wrong: boolean): string => (wrong ? HOME : '127.0.0.1');
  const asTold = (text: string): string => (told.via ? text.replace(`UDP 127.0.0.1:${peer.port}`, `UDP ${HOME}:5060`) : text);
  const contact = `<sip:ann@${own(told.contact)}:${told.contact ? 5060 : peer.port}>`;
  const body = `v=0\r\no=- 1 1 IN IP4 ${own(told.sdp)}\r\ns=-\r\nc=IN IP4 ${own(told.sdp)}\r\nt=0 0\r\nm=audio ${told.sdp ? 7078 : rtp.port} RTP/AVP 0\r\n`;
  const uri = 'sip:echo@127.0.0.1';
  peer.send(asTold(inviteText(peer, call, { uri, body, contact })));
  const ok = await peer.status(200);
  peer.send(asTold(ackText(peer, call, ok, { uri, contact })));
  const port = Number(/m=audio (\d+)/.exec(ok.body)?.[1]);
  await rtp.play(sine(440, 900, 8000), port);
  await rtp.until(() => rtp.audioPackets().length >= 25, 'audio comes back');
  const share = clearShare(rtp.heard().subarray(-2400), 440, 8000);
  const ended = async (): Promise<boolean> => {
    const bye = await peer.request('BYE');
    peer.send(responseText(bye, 200, 'OK', ''));
    await peer.close();
    await rtp.close();
    return header(bye, 'Call-ID') === call.callId;
  };
  return { share, ended };
}

/** Ours, inside the dialogs: it must find the phones, too. */
async function hangUpOnAll(): Promise<void> {
  const answer = await server.api('/api/v1/calls?status=in_progress&limit=100');
  const { data } = (await answer.json()) as { data: { id: string }[] };
  await Promise.all(data.map(({ id }) => server.api(`/api/v1/calls/${id}/end`, { method: 'POST' })));
}

void t.test('a private address in Via, Contact, SDP or any of them together: audio both ways, and our BYE arrives', async (t) => {
  const all = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => ({ via: (bits & 1) > 0, contact: (bits & 2) > 0, sdp: (bits & 4) > 0 }));
  const calls = await Promise.all(all.map(async (told) => ({ told, ...(await callFromHome(told)) })));
  const hungUp = hangUpOnAll();
  for (const { told, share, ended } of calls) {
    t.ok(share > 0.5, `${JSON.stringify(told)}: ${share} of what is heard is what was said`);
    t.ok(await ended(), `${JSON.stringify(told)}: BYE`);
  }
  await hungUp;
});

void t.test("a browser's DTLS-SRTP offer is refused with 488, best-effort SRTP is taken", async (t) => {
  const peer = await SipPeer.udp(server.sipPort);
  t.teardown(() => peer.close());
  const head = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n';
  const dtls = `${head}m=audio 40000 UDP/TLS/RTP/SAVPF 0\r\na=setup:actpass\r\na=fingerprint:sha-256 AB:CD\r\n`;
  const refused = newCall();
  peer.send(inviteText(peer, refused, { uri: 'sip:echo@127.0.0.1', body: dtls }));
  const answer = await peer.status(488);
  t.match(header(answer, 'Warning'), /^302 .*Incompatible transport protocol/);
  peer.send(ackText(peer, refused, answer, { branch: refused.branch }));
  const key = Buffer.alloc(30, 7).toString('base64');
  const bestEffort = `${head}m=audio 40000 RTP/AVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key}\r\n`;
  const call = newCall();
  peer.send(inviteText(peer, call, { uri: 'sip:echo@127.0.0.1', body: bestEffort }));
  const ok = await peer.status(200);
  t.match(ok.body, /m=audio \d+ RTP\/AVP 0/);
  t.match(ok.body, /a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:/);
  peer.send(ackText(peer, call, ok));
  peer.send(requestText(peer, 'BYE', call, { to: header(ok, 'To'), cseq: 2 }));
  await peer.status(200, 'BYE');
});
