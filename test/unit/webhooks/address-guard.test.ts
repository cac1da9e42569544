import t from 'tap';
import { guardedLookup, isLoopback, isPublicAddress } from '../../../src/core/address-guard.js';

void t.test('addresses that are not of the public internet are known as such, in every notation', async (t) => {
  for (const address of [
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.255.255.254', '169.254.169.254', '172.16.0.1', '172.31.255.255'],
    ...['192.0.0.8', '192.0.2.1', '192.168.1.1', '198.18.0.1', '198.51.100.7', '203.0.113.9', '224.0.0.1', '255.255.255.255'],
    ...['::', '::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:a9fe:a9fe', '::127.0.0.1', '64:ff9b::a00:1', 'fc00::1'],
    ...['fd00:ec2::254', 'fe80::1', 'fec0::1', 'ff02::1', '2001:db8::1', '2001::1', '2002:7f00:1::', '100::1', '3fff::1'],
    ...['', 'localhost', '1.2.3', 'not an address'],
  ]) {
    t.notOk(isPublicAddress(address), address);
  }
  for (const address of ['1.1.1.1', '8.8.8.8', '172.32.0.1', '192.169.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1']) {
    t.ok(isPublicAddress(address), address);
  }
  for (const address of ['127.0.0.1', '127.9.9.9', '::1']) t.ok(isLoopback(address), address);
  for (const address of ['128.0.0.1', '::2', '10.0.0.1']) t.notOk(isLoopback(address), address);
});

void t.test('a name is judged by what it resolves to', async (t) => {
  const resolve = (allowed: (address: string) => boolean): Promise<unknown> =>
    new Promise((done) => {
      guardedLookup(allowed)('localhost', {}, (error, address) => done(error ?? address));
    });
  t.match(await resolve(isPublicAddress), { name: 'AddressRefused' });
  t.match(await resolve(() => true), /^(127\.0\.0\.1|::1)$/);
});
