import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { OwnAddresses, type OwnAddressOptions } from '../../../src/core/own-addresses.js';

const own = (options: Partial<OwnAddressOptions>): OwnAddresses =>
  new OwnAddresses(new FakeClock(), { bind: '10.0.0.5', externalIp: undefined, ...options });

void t.test('without an external address everybody is told the bound one', (t) => {
  for (const peer of ['10.1.1.1', '198.51.100.7', '127.0.0.1']) t.equal(own({}).advertisedTo(peer), '10.0.0.5');
  t.end();
});

void t.test('a public external address is for peers outside, private networks see our own', (t) => {
  const addresses = own({ externalIp: '203.0.113.7' });
  t.equal(addresses.advertisedTo('198.51.100.7'), '203.0.113.7');
  t.equal(addresses.advertisedTo('::ffff:198.51.100.7'), '203.0.113.7');
  for (const peer of ['10.9.9.9', '192.168.1.2', '172.20.0.1', '100.64.3.3', '127.0.0.1', '::ffff:10.9.9.9']) {
    t.equal(addresses.advertisedTo(peer), '10.0.0.5', peer);
  }
  t.end();
});

void t.test('where the external address is private itself, only the networks that are named see our own', (t) => {
  t.equal(own({ externalIp: '192.168.1.10' }).advertisedTo('192.168.1.50'), '192.168.1.10');
  const named = own({ externalIp: '192.168.1.10', localNetworks: ['10.0.0.0/8'] });
  t.equal(named.advertisedTo('192.168.1.50'), '192.168.1.10');
  t.equal(named.advertisedTo('10.2.3.4'), '10.0.0.5');
  t.equal(own({ externalIp: '203.0.113.7', localNetworks: [] }).advertisedTo('10.2.3.4'), '203.0.113.7');
  t.end();
});

void t.test('a peer of the other family is not told an address it cannot use', (t) => {
  t.equal(own({ bind: '2001:db8::5', externalIp: '203.0.113.7' }).advertisedTo('2001:db8:1::1'), '2001:db8::5');
  const dual = own({ bind: '::', externalIp: '203.0.113.7' });
  t.equal(dual.advertisedTo('::1'), '::1');
  t.equal(dual.advertisedTo('198.51.100.7'), '203.0.113.7');
  t.end();
});

void t.test('what a peer sees of us is what it alone is told, until it sees something else', (t) => {
  const addresses = own({});
  addresses.learn('198.51.100.7', { address: '203.0.113.7', port: 40_000 });
  t.equal(addresses.advertisedTo('::ffff:198.51.100.7'), '203.0.113.7');
  t.same(addresses.seenBy('198.51.100.7'), { address: '203.0.113.7', port: 40_000 });
  t.equal(addresses.advertisedTo('198.51.100.8'), '10.0.0.5');
  addresses.learn('198.51.100.7', { address: '10.0.0.5', port: 5060 });
  t.equal(addresses.advertisedTo('198.51.100.7'), '10.0.0.5');
  t.equal(addresses.seenBy('198.51.100.7'), undefined, 'no NAT, nothing to tell');
  const configured = own({ externalIp: '203.0.113.1' });
  configured.learn('198.51.100.7', { address: '203.0.113.7', port: 5060 });
  t.equal(configured.advertisedTo('198.51.100.7'), '203.0.113.7', 'the configured one is old');
  t.end();
});

void t.test('a private network that sees another private address of ours changes nothing, nor does the other family', (t) => {
  const addresses = own({});
  addresses.learn('172.17.0.2', { address: '172.17.0.1', port: 5060 });
  addresses.learn('198.51.100.7', { address: '2001:db8::7', port: 5060 });
  t.equal(addresses.advertisedTo('172.17.0.2'), '10.0.0.5');
  t.equal(addresses.advertisedTo('198.51.100.7'), '10.0.0.5');
  addresses.learn('pbx.example', { address: '203.0.113.7', port: 5060 });
  t.equal(addresses.advertisedTo('pbx.example'), '203.0.113.7', 'a name is a peer too');
  t.end();
});
