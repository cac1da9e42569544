import t from 'tap';
import { FarEnd } from '../support/far-end.js';
import { TestRegistrar } from '../support/registrar.js';
import { startTestServer } from '../support/server.js';
import { header, SipPeer } from '../support/sip-peer.js';
import { until } from '../support/until.js';

void t.test(
  'nat: auto: what comes over the trunk is answered with what its registrar sees of us, others with our own',
  async (t) => {
    const registrar = await TestRegistrar.start(t, undefined, '127.0.0.2');
    registrar.seenAs = { address: '203.0.113.77', port: 40_000 };
    const server = await startTestServer();
    t.teardown(() => server.close());
    const trunk = { name: 'nat', kind: 'register', host: '127.0.0.2', port: registrar.peer.port, username: 'echo', nat: 'auto' };
    const made = await server.api('/api/v1/trunks', { method: 'POST', body: JSON.stringify({ ...trunk, password: 'p' }) });
    t.equal(made.status, 201);
    await until(() => registrar.asked.some((register) => header(register, 'Contact') === '<sip:echo@203.0.113.77:40000>'));
    const stranger = await SipPeer.udp(server.sipPort);
    t.teardown(() => stranger.close());
    for (const [peer, host, port] of [
      [registrar.peer, '203.0.113.77', 40_000],
      [stranger, '127.0.0.1', server.sipPort],
    ] as const) {
      const phone = await FarEnd.open(peer);
      t.teardown(() => phone.rtp.close());
      const ok = await phone.call('echo');
      t.match(header(ok, 'Contact'), `${host}:${port}>`);
      t.match(ok.body, `c=IN IP4 ${host}\r\n`);
      await phone.hangUp();
    }
  },
);
