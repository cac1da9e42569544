import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { parseSipUri } from '../../../src/signalling/message/uri.js';
import { Avoided } from '../../../src/signalling/transport/avoided.js';
import type { Dns, Naptr, Srv } from '../../../src/signalling/transport/dns.js';
import { byWeight, resolveTargets, transportOf } from '../../../src/signalling/transport/resolver.js';

type Zone = { a?: Record<string, string[]>; srv?: Record<string, Srv[]>; naptr?: Record<string, Naptr[]> };

const known = <T>(zone: Record<string, T[]> | undefined, name: string): Promise<T[]> =>
  zone?.[name] ? Promise.resolve(zone[name]) : Promise.reject(new Error(`ENOTFOUND ${name}`));

const dnsOf = ({ a, srv, naptr }: Zone): Dns => ({
  addresses: (name) => known(a, name),
  services: (name) => known(srv, name),
  pointers: (name) => known(naptr, name),
});

const record = (name: string, port: number, priority = 10, weight = 0): Srv => ({ name, port, priority, weight });

async function targets(text: string, zone: Zone): Promise<string[]> {
  const uri = parseSipUri(text);
  const transport = uri && transportOf(uri);
  if (!transport) throw new Error('bad test');
  const free = !uri.params.has('transport');
  const found = await resolveTargets(uri, { transport, free }, dnsOf(zone), () => 0);
  return found.map((t) => `${t.transport} ${t.address}:${t.port}${t.serverName === undefined ? '' : ` ${t.serverName}`}`);
}

const SERVERS = { 'one.example': ['192.0.2.1'], 'two.example': ['192.0.2.2', '192.0.2.22'], 'example.com': ['192.0.2.9'] };

void t.test('NAPTR names the transport and where its servers are, in its order', async (t) => {
  const naptr = {
    'example.com': [
      { service: 'SIP+D2U', replacement: '_sip._udp.example.com', order: 20, preference: 1 },
      { service: 'SIPS+D2T', replacement: '_sips._tcp.example.com', order: 10, preference: 2 },
      { service: 'SIP+D2T', replacement: '_sip._tcp.example.com', order: 10, preference: 5 },
      { service: 'SIP+D2W', replacement: '_sip._ws.example.com', order: 1, preference: 1 },
    ],
  };
  const srv = {
    '_sip._udp.example.com': [record('one.example', 5060)],
    '_sips._tcp.example.com': [record('two.example', 5061)],
  };
  t.same(await targets('sip:example.com', { a: SERVERS, srv, naptr }), [
    'tls 192.0.2.2:5061 example.com',
    'tls 192.0.2.22:5061 example.com',
    'udp 192.0.2.1:5060',
  ]);
  t.same(await targets('sips:example.com', { a: SERVERS, srv, naptr }), [
    'tls 192.0.2.2:5061 example.com',
    'tls 192.0.2.22:5061 example.com',
  ]);
});

void t.test('without NAPTR the SRV records of each transport are asked for, with a transport only its own', async (t) => {
  const srv = {
    '_sip._tcp.example.com': [record('one.example', 5070)],
    '_sip._udp.example.com': [record('two.example', 5080, 20), record('one.example', 5080, 10)],
  };
  t.same(await targets('sip:example.com', { a: SERVERS, srv }), [
    'udp 192.0.2.1:5080',
    'udp 192.0.2.2:5080',
    'udp 192.0.2.22:5080',
    'tcp 192.0.2.1:5070',
  ]);
  t.same(await targets('sip:example.com;transport=tcp', { a: SERVERS, srv }), ['tcp 192.0.2.1:5070']);
});

void t.test('a port, an address or no SRV record at all leads to the host itself', async (t) => {
  const srv = { '_sip._udp.example.com': [record('one.example', 5080)] };
  t.same(await targets('sip:example.com:5099', { a: SERVERS, srv }), ['udp 192.0.2.9:5099']);
  t.same(await targets('sip:[2001:db8::7]', {}), ['udp 2001:db8::7:5060']);
  t.same(await targets('sips:two.example', { a: SERVERS }), [
    'tls 192.0.2.2:5061 two.example',
    'tls 192.0.2.22:5061 two.example',
  ]);
  t.same(await targets('sip:nowhere.example', {}), []);
});

void t.test('a service that is decidedly not there leads nowhere', async (t) => {
  t.same(await targets('sip:example.com;transport=tcp', { a: SERVERS, srv: { '_sip._tcp.example.com': [record('', 0)] } }), []);
});

void t.test('weights share the load, priorities come first', (t) => {
  const records = [record('backup', 1, 20, 100), record('big', 1, 10, 3), record('small', 1, 10, 1), record('none', 1, 10, 0)];
  const firsts = new Map<string, number>();
  for (let i = 0; i < 400; i += 1) {
    const order = byWeight(records, () => (i + 0.5) / 400).map(({ name }) => name);
    t.equal(order.at(-1), 'backup');
    firsts.set(order[0] ?? '', (firsts.get(order[0] ?? '') ?? 0) + 1);
  }
  t.same(Object.fromEntries(firsts), { big: 300, small: 100 });
  t.end();
});

void t.test('who fails is tried last for a minute, then two, until it works again', (t) => {
  const clock = new FakeClock();
  const avoided = new Avoided(clock);
  const [a, b] = ['192.0.2.1', '192.0.2.2'].map((address) => ({ transport: 'udp' as const, address, port: 5060 }));
  if (!a || !b) throw new Error('bad test');
  avoided.failed(a);
  t.same(avoided.last([a, b]), [b, a]);
  clock.advance(60_000);
  t.same(avoided.last([a, b]), [a, b]);
  avoided.failed(a);
  clock.advance(119_000);
  t.same(avoided.last([a, b]), [b, a]);
  avoided.worked(a);
  t.same(avoided.last([a, b]), [a, b]);
  avoided.failed(b, 5000);
  clock.advance(5000);
  t.same(avoided.last([b, a]), [b, a], 'no longer than it asked for itself');
  t.end();
});
