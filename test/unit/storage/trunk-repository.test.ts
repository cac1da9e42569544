import t from 'tap';
import { DEFAULT_TENANT, newTrunkId, type TenantId } from '../../../src/core/ids.js';
import { openDatabase } from '../../../src/storage/database.js';
import { sampleTrunk } from '../../support/sample-trunk.js';

async function open(t: { teardown(handler: () => Promise<void>): void }) {
  const database = await openDatabase(':memory:');
  t.teardown(() => database.close());
  return database;
}

void t.test('a trunk comes back as it was put in, every field', async (t) => {
  const { trunks } = await open(t);
  const bare = sampleTrunk();
  const full = sampleTrunk({
    name: 'full',
    port: 5070,
    outboundProxy: 'sip:192.0.2.1',
    authUsername: 'auth',
    sealedPassword: 'v1.a.b.c',
    identity: {
      fromUser: '+4930123',
      fromDomain: 'pbx.example',
      displayName: 'Desk',
      assertedIdentity: '+4930123',
      preferredIdentity: 'sip:desk@pbx.example',
      userPhone: true,
      anonymous: true,
    },
    numbers: { country: 'DE', out: 'national', in: 'e164_without_plus' },
    sources: ['192.0.2.0/24'],
    pingS: 30,
    srtp: 'require',
    echoCancellation: 'off',
    noiseSuppression: 'on',
    maxConcurrentCalls: 7,
    callsPerSecond: 0.5,
    headers: { 'X-Account': '42' },
    outbound: [{ prefix: '+49', priority: 1, weight: 2 }],
    inbound: [{ called: '*', agent: 'demo' }],
    variables: [{ name: 'caller', header: 'P-Asserted-Identity', part: 'user' }],
  });
  for (const trunk of [bare, full]) {
    await trunks.insert(trunk);
    t.same(await trunks.find(DEFAULT_TENANT, trunk.id), JSON.parse(JSON.stringify(trunk)));
  }
  t.same((await trunks.findByName(DEFAULT_TENANT, 'full'))?.id, full.id);
});

void t.test('an update needs the version before it; other tenants see and change nothing', async (t) => {
  const { trunks } = await open(t);
  const other = 'other-tenant' as TenantId;
  const trunk = sampleTrunk();
  await trunks.insert(trunk);
  await trunks.update({ ...trunk, host: 'second.example', version: 2 });
  await t.rejects(trunks.update({ ...trunk, version: 2 }), { code: 'conflict' });
  await t.rejects(trunks.update({ ...trunk, tenantId: other, version: 3 }), { code: 'conflict' });
  t.equal(await trunks.find(other, trunk.id), undefined);
  t.equal(await trunks.findByName(other, trunk.name), undefined);
  t.equal(await trunks.delete(other, trunk.id), false);
  t.equal(await trunks.delete(DEFAULT_TENANT, newTrunkId()), false);
  t.match(await trunks.find(DEFAULT_TENANT, trunk.id), { host: 'second.example', version: 2 });
});

void t.test('what is switched off is not among the enabled', async (t) => {
  const { trunks } = await open(t);
  await trunks.insert(sampleTrunk({ name: 'on' }));
  await trunks.insert(sampleTrunk({ name: 'off', enabled: false }));
  t.match(await trunks.enabled(), [{ name: 'on' }]);
  t.equal((await trunks.list(DEFAULT_TENANT, { limit: 10, offset: 0 })).total, 2);
});
