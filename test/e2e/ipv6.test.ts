import { networkInterfaces } from 'node:os';
import t from 'tap';
import { DnsServer } from '../support/dns-server.js';
import { FarEnd } from '../support/far-end.js';
import { eventually, OffhookProcess } from '../support/offhook-process.js';
import { TestRegistrar } from '../support/registrar.js';
import { clearShare, sine } from '../support/signal.js';
import { header, SipPeer } from '../support/sip-peer.js';

const HERE = '::1';
const has = Object.values(networkInterfaces()).some((entries) => entries?.some(({ address }) => address === HERE));
const options = has ? {} : { skip: 'this machine has no IPv6 loopback' };
const NUMBER = '+49301234567';

/** Says 440 Hz and listens: the share of it in what comes back. */
async function echoShare(phone: FarEnd): Promise<number> {
  await phone.rtp.play(sine(440, 900, 8000), phone.mediaPort);
  await phone.rtp.until(() => phone.rtp.audioPackets().length >= 25, 'audio comes back');
  return clearShare(phone.rtp.heard().subarray(-2400), 440, 8000);
}

void t.test('OFFHOOK_BIND=::1: registers, is called, and calls, with audio, over IPv6 alone', options, async (t) => {
  const registrar = await TestRegistrar.start(t, undefined, HERE);
  const { port } = registrar.peer;
  const dns = await DnsServer.start(t, {
    'six.test': [
      { type: 'A', address: '192.0.2.6' },
      { type: 'AAAA', address: HERE },
    ],
  });
  const inbound = [{ called: '*', agent: 'echo' }];
  const line = { kind: 'register', port, username: 'line', password: 'p', inbound };
  const server = await OffhookProcess.start(t, {
    env: { OFFHOOK_BIND: HERE },
    config: {
      sip: { dnsServers: [dns.address], unknownSources: 'reject' },
      trunks: [
        { name: 'literal', ...line, host: HERE },
        { name: 'named', ...line, username: 'named', host: 'six.test', outbound: [{ prefix: '+49' }] },
      ],
    },
  });
  t.match(server.stdout, `offhook ready sip=[::1]:${server.sipPort} http=[::1]:`);

  const registered = (host: string) =>
    eventually(() => registrar.asked.find(({ startLine }) => startLine === `REGISTER sip:${host}:${port} SIP/2.0`), host);
  const literal = await registered('[::1]');
  t.equal(header(literal, 'Contact'), `<sip:line@[::1]:${server.sipPort}>`);
  t.match(header(literal, 'Via'), `SIP/2.0/UDP [::1]:${server.sipPort};`);
  t.equal(header(literal, 'To'), '<sip:line@[::1]>');
  t.equal(header(await registered('six.test'), 'Contact'), `<sip:named@[::1]:${server.sipPort}>`, 'the address that is reached');

  const overTcp = await SipPeer.tcp(server.sipPort, HERE);
  t.teardown(() => overTcp.close());
  for (const peer of [registrar.peer, overTcp]) {
    const phone = await FarEnd.open(peer);
    t.teardown(() => phone.rtp.close());
    const ok = await phone.call('line');
    t.match(ok.body, /^c=IN IP6 ::1\r$/m);
    t.ok((await echoShare(phone)) > 0.5, `called over ${peer.transport}`);
    await phone.hangUp();
  }

  const home = await FarEnd.open(registrar.peer);
  t.teardown(() => home.rtp.close());
  await home.call('line', [], home.sdp.replaceAll('IP6 ::1', 'IP6 fd00::99'));
  t.ok((await echoShare(home)) > 0.5, 'who names an address nobody reaches is heard, and hears, where its audio comes from');
  await home.hangUp();

  const agent = await server.post('/agents', { name: 'Caller', system_prompt: 'x', starting_message: 'Hello there.' });
  const { data } = (await agent.json()) as { data: { id: string } };
  const task = await server.post('/tasks', { agent_id: data.id, name: 'Call', to_number: NUMBER });
  const callee = await FarEnd.open(registrar.peer);
  t.teardown(() => callee.rtp.close());
  await server.post(`/tasks/${((await task.json()) as { data: { id: string } }).data.id}/execute`);
  const invite = await callee.invited();
  t.match(invite.startLine, `INVITE sip:${NUMBER}@six.test:${port} SIP/2.0`);
  t.match(invite.body, /^c=IN IP6 ::1\r$/m);
  t.match(header(invite, 'Contact'), `@[::1]:${server.sipPort}>`);
  await callee.answer(200, 'OK');
  await callee.rtp.more(10);
  await callee.hangUp();
  await eventually(async () => {
    const calls = await server.data<{ status: string }[]>('/calls');
    return calls.length === 4 && calls.every(({ status }) => status === 'completed') ? calls : undefined;
  }, 'the end of all calls');
});
