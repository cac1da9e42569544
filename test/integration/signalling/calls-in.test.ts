import type Srf from 'drachtio-srf';
import t from 'tap';
import { connectApp, destroy, startServer, tcpPeer, udpPeer } from '../../support/signalling.js';
import { header, tagOf } from '../../support/sip-peer.js';

import { ackText, inviteText, newCall, requestText, responseText, SDP } from '../../support/sip-texts.js';

type Dialog = Srf.Dialog;

/** Resolves with the dialog of the next call, which it answers. */
function answering(srf: Srf, onDialog: (dialog: Dialog) => void): void {
  srf.invite((req, res) => {
    srf.createUAS(req, res, { localSdp: SDP }).then(onDialog, () => {});
  });
}

for (const transport of ['udp', 'tcp'] as const) {
  void t.test(`a call over ${transport} is answered, acknowledged, and ended by the caller`, async (t) => {
    const server = await startServer(t);
    let destroyed: (() => void) | undefined;
    const ended = new Promise<void>((resolve) => {
      destroyed = resolve;
    });
    await connectApp(t, server, (srf) => answering(srf, (dialog) => dialog.on('destroy', () => destroyed?.())));
    const peer = await (transport === 'udp' ? udpPeer(t, server) : tcpPeer(t, server));
    const call = newCall();
    peer.send(inviteText(peer, call));
    await peer.status(100);
    const ok = await peer.status(200);
    t.match(header(ok, 'Contact'), `127.0.0.1:${server.sipPort}`);
    t.equal(ok.body, SDP);
    peer.send(ackText(peer, call, ok));
    peer.send(requestText(peer, 'BYE', call, { to: header(ok, 'To'), cseq: 2 }));
    await peer.status(200, 'BYE');
    await ended;
  });
}

void t.test('the application ends a call it has answered', async (t) => {
  const server = await startServer(t);
  const dialogs: Dialog[] = [];
  await connectApp(t, server, (srf) => answering(srf, (dialog) => dialogs.push(dialog)));
  const peer = await udpPeer(t, server);
  const call = newCall();
  peer.send(inviteText(peer, call));
  const ok = await peer.status(200);
  peer.send(ackText(peer, call, ok));
  // An exchange after the ACK shows that the application has its dialog.
  peer.send(requestText(peer, 'OPTIONS', call, { to: header(ok, 'To'), cseq: 2 }));
  await peer.status(200, 'OPTIONS');
  const gone = destroy(dialogs[0]);
  const bye = await peer.request('BYE');
  t.equal(tagOf(header(bye, 'From')), tagOf(header(ok, 'To')));
  t.match(bye.startLine, `BYE sip:ann@127.0.0.1:${peer.port} SIP/2.0`);
  peer.send(bye.text.replace(/^BYE .*\r\n/, 'SIP/2.0 200 OK\r\n'));
  await gone;
});

for (const bind of ['0.0.0.0', '::']) {
  void t.test(`bound to ${bind}, a call works both ways and our Contact is the address the peer reached`, async (t) => {
    const server = await startServer(t, undefined, bind);
    const dialogs: Dialog[] = [];
    await connectApp(t, server, (srf) => answering(srf, (dialog) => dialogs.push(dialog)));
    for (const peer of [await udpPeer(t, server), await tcpPeer(t, server)]) {
      const call = newCall();
      peer.send(inviteText(peer, call));
      const ok = await peer.status(200);
      t.match(header(ok, 'Contact'), `<sip:127.0.0.1:${server.sipPort}`);
      peer.send(ackText(peer, call, ok));
      peer.send(requestText(peer, 'OPTIONS', call, { to: header(ok, 'To'), cseq: 2 }));
      await peer.status(200, 'OPTIONS');
      const gone = destroy(dialogs.at(-1));
      const bye = await peer.request('BYE');
      peer.send(responseText(bye, 200, 'OK', ''));
      await gone;
    }
  });
}
