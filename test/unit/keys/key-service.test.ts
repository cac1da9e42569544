import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { DEFAULT_TENANT, newApiKeyId, type TenantId } from '../../../src/core/ids.js';
import { KeyService } from '../../../src/keys/key-service.js';
import { openDatabase } from '../../../src/storage/database.js';

async function serviceOn(t: { teardown(handler: () => Promise<void>): void }, dataDir = ':memory:', adminKey?: string) {
  const database = await openDatabase(dataDir);
  t.teardown(() => database.close());
  const clock = new FakeClock();
  return { clock, keys: database.keys, service: new KeyService({ keys: database.keys, clock, adminKey }) };
}

void t.test('a key is shown once, authenticates its tenant, and stops when it is revoked', async (t) => {
  const { service } = await serviceOn(t);
  const { key, record } = await service.create(DEFAULT_TENANT, ' ci ');
  t.match(key, /^va_[A-Za-z0-9_-]{43}$/);
  t.equal(record.prefix, key.slice(0, 11));
  t.equal(record.name, 'ci');
  t.same(await service.authenticate(key), { tenantId: DEFAULT_TENANT, keyId: record.id });
  for (const wrong of ['', key.slice(0, -1), `${key}A`, key.toLowerCase(), record.hash])
    t.equal(await service.authenticate(wrong), undefined);
  await t.rejects(service.revoke('other' as TenantId, record.id), { code: 'key_not_found' });
  await service.revoke(DEFAULT_TENANT, record.id);
  t.equal(await service.authenticate(key), undefined);
  await t.rejects(service.revoke(DEFAULT_TENANT, record.id), { code: 'key_not_found' }, 'only once');
  await t.rejects(service.revoke(DEFAULT_TENANT, newApiKeyId()), { code: 'key_not_found' });
  t.match(await service.list(DEFAULT_TENANT), [{ id: record.id, revokedAtMs: Number }]);
});

void t.test('neither a key nor the key of the configuration is anywhere in the files', async (t) => {
  const dataDir = t.testdir();
  const adminKey = 'va_bootstrap_0123456789';
  const { service } = await serviceOn(t, dataDir, adminKey);
  const { key, record } = await service.create(DEFAULT_TENANT, 'ci');
  t.same(await service.authenticate(adminKey), { tenantId: DEFAULT_TENANT, keyId: undefined });
  const written = ['offhook.db', 'offhook.db-wal'].map((name) => readFileSync(join(dataDir, name), 'latin1')).join('');
  t.ok(written.includes(record.hash), 'these are the files');
  t.notOk(written.includes(key));
  t.notOk(written.includes(adminKey));
});

void t.test('last use is written once a minute, however many requests there are', async (t) => {
  const { service, keys, clock } = await serviceOn(t);
  const { key } = await service.create(DEFAULT_TENANT, 'ci');
  let writes = 0;
  const touch = keys.touch.bind(keys);
  keys.touch = (id, atMs) => {
    writes += 1;
    return touch(id, atMs);
  };
  for (let i = 0; i < 10; i += 1) await service.authenticate(key);
  t.equal(writes, 1);
  clock.advance(60_000);
  await service.authenticate(key);
  t.equal(writes, 2);
  t.match(await service.list(DEFAULT_TENANT), [{ lastUsedAtMs: clock.nowMs() }]);
});

void t.test('a name is needed, and not a novel', async (t) => {
  const { service } = await serviceOn(t);
  for (const name of ['', '   ', 'x'.repeat(201)])
    await t.rejects(service.create(DEFAULT_TENANT, name), { code: 'invalid_request' });
});
