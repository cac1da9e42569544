import { connect, createServer, type Socket } from 'node:net';
import t from 'tap';
import { systemClock } from '../../../src/core/clock.js';
import { silentLogger } from '../../../src/core/log.js';
import type { IncomingInvite } from '../../../src/domain/ports/telephony.js';
import { startSignallingServer } from '../../../src/signalling/signalling-server.js';
import { connectTelephony } from '../../../src/sip/drachtio-telephony.js';
import { loopbackAddresses } from '../../support/loopback.js';
import { header, SipPeer } from '../../support/sip-peer.js';
import { ackText, inviteText, newCall, requestText } from '../../support/sip-texts.js';

type Test = { teardown(task: () => Promise<void> | void): void };

/** A wire between application and server that can be cut. */
async function startWire(t: Test, serverPort: number): Promise<{ port: number; cut(): void }> {
  const ends = new Set<Socket>();
  const wire = createServer((near) => {
    const far = connect(serverPort, '127.0.0.1');
    for (const end of [near, far]) {
      ends.add(end);
      end.on('error', () => {});
      end.on('close', () => {
        ends.delete(end);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => wire.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const end of ends) end.destroy();
  };
  t.teardown(() => {
    cut();
    wire.close();
  });
  const address = wire.address();
  return { port: address !== null && typeof address === 'object' ? address.port : 0, cut };
}

void t.test('a lost connection ends the calls on both sides, and calls are taken again once it is back', async (t) => {
  const clock = systemClock;
  const server = await startSignallingServer({
    bind: '127.0.0.1',
    sipPort: 0,
    externalIp: undefined,
    secret: 's',
    clock,
    log: silentLogger,
  });
  t.teardown(() => server.close());
  const wire = await startWire(t, server.appPort);
  let connections = 0;
  let isBack = (): void => {};
  const back = new Promise<void>((resolve) => {
    isBack = resolve;
  });
  const log = {
    ...silentLogger,
    info: (_fields: object, message: string): void => {
      if (message.startsWith('connected')) connections += 1;
      if (connections === 2) isBack();
    },
  };
  const telephony = await connectTelephony({
    host: '127.0.0.1',
    port: wire.port,
    secret: 's',
    addresses: loopbackAddresses(),
    userAgent: 'Offhook-Test',
    log,
    clock,
  });
  t.teardown(() => telephony.close());
  const peer = await SipPeer.udp(server.sipPort);
  t.teardown(() => peer.close());
  const invites: ((invite: IncomingInvite) => void)[] = [];
  telephony.onInvite((invite) => invites.shift()?.(invite));

  const answerOne = async () => {
    const arrived = new Promise<IncomingInvite>((resolve) => invites.push(resolve));
    const call = newCall();
    peer.send(inviteText(peer, call));
    const dialog = await (await arrived).answer({ rtpPort: 20_000, rtcpPort: 20_001 }, () => {});
    const ok = await peer.status(200);
    peer.send(ackText(peer, call, ok));
    return { dialog, call, ok };
  };
  const first = await answerOne();
  const ended = new Promise((resolve) => first.dialog.onEnded(resolve));
  wire.cut();
  t.same(await ended, { by: 'signalling_lost' });
  const bye = await peer.request('BYE');
  peer.send(bye.text.replace(/^BYE .*\r\n/, 'SIP/2.0 200 OK\r\n'));

  await back;
  const second = await answerOne();
  const over = new Promise((resolve) => second.dialog.onEnded(resolve));
  peer.send(requestText(peer, 'BYE', second.call, { to: header(second.ok, 'To'), cseq: 2 }));
  await peer.status(200, 'BYE');
  t.same(await over, { by: 'remote' });
});
