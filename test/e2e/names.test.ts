import t from 'tap';
import { type DnsRecord, DnsServer } from '../support/dns-server.js';
import { FarEnd } from '../support/far-end.js';
import { eventually } from '../support/offhook-process.js';
import { granting, TestRegistrar } from '../support/registrar.js';
import { startTestServer } from '../support/server.js';
import { clearShare, sine } from '../support/signal.js';
import { header } from '../support/sip-peer.js';

const NUMBER = '+49301234567';
const srv = (name: string, port: number, priority: number, weight = 0): DnsRecord => ({
  type: 'SRV',
  name,
  port,
  priority,
  weight,
});
const naptr = (service: string, replacement: string, order: number): DnsRecord => ({
  type: 'NAPTR',
  service,
  replacement,
  order,
  preference: 1,
});
const a = (address: string): DnsRecord => ({ type: 'A', address });

/** A server whose trunks are named in a zone of the test, and the two servers that the names lead to. */
async function start(t: Parameters<typeof TestRegistrar.start>[0]) {
  const first = await TestRegistrar.start(t);
  const second = await TestRegistrar.start(t, undefined, '127.0.0.2');
  const dns = await DnsServer.start(t, {
    'trunk.test': [naptr('SIPS+D2T', '_sips._tcp.trunk.test', 10), naptr('SIP+D2U', '_sip._udp.trunk.test', 20)],
    // Its secure service is announced, and not there.
    '_sip._udp.trunk.test': [srv('two.trunk.test', second.peer.port, 20), srv('one.trunk.test', first.peer.port, 10)],
    '_sip._udp.pool.test': [srv('one.trunk.test', first.peer.port, 10, 0), srv('two.trunk.test', second.peer.port, 10, 100)],
    'one.trunk.test': [a('127.0.0.1')],
    'two.trunk.test': [a('127.0.0.2')],
  });
  const server = await startTestServer({ sip: { port: 0, dnsServers: [dns.address], unknownSources: 'reject' } });
  t.teardown(() => server.close());
  const post = async <T>(path: string, body: object = {}): Promise<T> => {
    const answer = await server.api(`/api/v1${path}`, { method: 'POST', body: JSON.stringify(body) });
    return ((await answer.json()) as { data: T }).data;
  };
  const makeTrunk = (host: string, more: object): Promise<{ id: string }> =>
    post('/trunks', { name: host, kind: 'register', host, username: 'u', password: 'p', ...more });
  return { first, second, dns, server, post, makeTrunk };
}

void t.test(
  'NAPTR, SRV and A lead a trunk to its servers: the second stands in for the first, for registration and calls',
  async (t) => {
    const { first, second, dns, post, makeTrunk } = await start(t);
    const out: string[] = [];
    first.answer = () => {
      out.push('first refuses');
      return { status: 503, headers: ['Retry-After: 1'] };
    };
    second.answer = (register) => {
      out.push('second accepts');
      return granting(register, 3600);
    };
    const inbound = [{ called: '*', agent: 'echo' }];
    await makeTrunk('trunk.test', { transport: 'auto', inbound, outbound: [{ prefix: '+49' }] });
    await eventually(() => out[1], 'a registration');
    t.same(out, ['first refuses', 'second accepts']);
    t.ok(dns.asked.includes('NAPTR trunk.test') && dns.asked.includes('SRV _sip._udp.trunk.test'));
    t.match(first.asked[0]?.startLine, 'REGISTER sip:trunk.test SIP/2.0');

    first.answer = (register) => {
      out.push('first accepts');
      return granting(register, 3600);
    };
    // Long before the hour is over.
    await eventually(() => out.find((event) => event === 'first accepts'), 'the way home');

    const caller = await FarEnd.open(second.peer);
    t.teardown(() => caller.rtp.close());
    await caller.call('u');
    await caller.rtp.play(sine(440, 900, 8000), caller.mediaPort);
    await caller.rtp.until(() => caller.rtp.audioPackets().length >= 25, 'audio comes back');
    t.ok(clearShare(caller.rtp.heard().subarray(-2400), 440, 8000) > 0.5, 'who stood in may still call, and is heard');
    await caller.hangUp();

    const agent = await post<{ id: string }>('/agents', { name: 'Caller', system_prompt: 'x', starting_message: 'Hello there.' });
    const task = await post<{ id: string }>('/tasks', { agent_id: agent.id, name: 'Call', to_number: NUMBER });
    const callee = await FarEnd.open(second.peer);
    t.teardown(() => callee.rtp.close());
    await post(`/tasks/${task.id}/execute`);
    const tried = await first.peer.request('INVITE');
    const invite = await callee.invited();
    t.equal(header(invite, 'Call-ID'), header(tried, 'Call-ID'), 'the first says nothing, the second has the call');
    await callee.answer(200, 'OK');
    await callee.rtp.more(10);
    await callee.hangUp();
  },
);

void t.test('of servers with one priority the heavier is asked first', async (t) => {
  const { first, second, makeTrunk } = await start(t);
  const out: string[] = [];
  second.answer = () => {
    out.push('heavy');
    return { status: 503 };
  };
  first.answer = (register) => {
    out.push('light');
    return granting(register, 3600);
  };
  await makeTrunk('pool.test', { transport: 'udp' });
  await eventually(() => out[1], 'a registration');
  t.same(out, ['heavy', 'light']);
});
