import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { DEFAULT_TENANT, newApiKeyId, type TenantId } from '../../../src/core/ids.js';
import { DIALECTS, KEY_MARKS } from '../../../src/domain/api-key.js';
import { KeyService } from '../../../src/keys/key-service.js';
import { openDatabase } from '../../../src/storage/database.js';
import { sampleAgent } from '../../support/sample-records.js';

async function serviceOn(t: { teardown(handler: () => Promise<void>): void }, dataDir = ':memory:', adminKey?: string) {
  const database = await openDatabase(dataDir);
  t.teardown(() => database.close());
  const clock = new FakeClock();
  const { keys, agents } = database;
  return { clock, keys, agents, service: new KeyService({ keys, agents, clock, adminKey }) };
}

void t.test('a key is shown once, authenticates its tenant, and stops when it is revoked', async (t) => {
  const { service } = await serviceOn(t);
  const { key, record } = await service.create(DEFAULT_TENANT, ' ci ');
  t.match(key, /^va_[A-Za-z0-9_-]{43}$/);
  t.equal(record.prefix, key.slice(0, 11));
  t.equal(record.name, 'ci');
  t.same(await service.authenticate(key, 'core'), { kind: 'key', tenantId: DEFAULT_TENANT, keyId: record.id, scopes: undefined });
  for (const wrong of ['', key.slice(0, -1), `${key}A`, key.toLowerCase(), record.hash])
    t.equal(await service.authenticate(wrong, 'core'), undefined);
  await t.rejects(service.revoke('other' as TenantId, record.id), { code: 'key_not_found' });
  await service.revoke(DEFAULT_TENANT, record.id);
  t.equal(await service.authenticate(key, 'core'), undefined);
  await t.rejects(service.revoke(DEFAULT_TENANT, record.id), { code: 'key_not_found' }, 'only once');
  await t.rejects(service.revoke(DEFAULT_TENANT, newApiKeyId()), { code: 'key_not_found' });
  t.match(await service.list(DEFAULT_TENANT), [{ id: record.id, revokedAtMs: Number }]);
});

void t.test('a key opens the dialect that its beginning names, the one of the configuration opens each', async (t) => {
  const { service } = await serviceOn(t, ':memory:', 'bootstrap_0123456789');
  for (const dialect of DIALECTS) {
    const { key, record } = await service.create(DEFAULT_TENANT, dialect, { dialect });
    t.ok(key.startsWith(KEY_MARKS[dialect]) && key.startsWith(record.prefix));
    const { key: anew } = await service.regenerate(DEFAULT_TENANT, record.id);
    t.ok(anew.startsWith(KEY_MARKS[dialect]));
    for (const other of DIALECTS) t.equal((await service.authenticate(anew, other)) !== undefined, other === dialect, other);
    t.ok(await service.authenticate('bootstrap_0123456789', dialect));
  }
});

void t.test('a key may be for one agent, which has to be there', async (t) => {
  const { service, agents } = await serviceOn(t);
  const agent = sampleAgent();
  await t.rejects(service.create(DEFAULT_TENANT, 'token', { agentId: agent.id }), { code: 'agent_not_found' });
  await agents.insert(agent);
  const { key, record } = await service.create(DEFAULT_TENANT, 'token', { dialect: 'flametree', agentId: agent.id });
  t.match(await service.authenticate(key, 'flametree'), { keyId: record.id, agentId: agent.id });
  t.match(await service.list(DEFAULT_TENANT), [{ dialect: 'flametree', agentId: agent.id }]);
});

void t.test('neither a key nor the key of the configuration is anywhere in the files', async (t) => {
  const dataDir = t.testdir();
  const adminKey = 'va_bootstrap_0123456789';
  const { service } = await serviceOn(t, dataDir, adminKey);
  const { key, record } = await service.create(DEFAULT_TENANT, 'ci');
  t.same(await service.authenticate(adminKey, 'core'), {
    kind: 'key',
    tenantId: DEFAULT_TENANT,
    keyId: undefined,
    scopes: undefined,
  });
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
  for (let i = 0; i < 10; i += 1) await service.authenticate(key, 'core');
  t.equal(writes, 1);
  clock.advance(60_000);
  await service.authenticate(key, 'core');
  t.equal(writes, 2);
  t.match(await service.list(DEFAULT_TENANT), [{ lastUsedAtMs: clock.nowMs() }]);
});

void t.test('a name is needed, and not a novel', async (t) => {
  const { service } = await serviceOn(t);
  for (const name of ['', '   ', 'x'.repeat(201)])
    await t.rejects(service.create(DEFAULT_TENANT, name), { code: 'invalid_request' });
});

void t.test('a key may do what it was made for, in whatever order that was said', async (t) => {
  const { service } = await serviceOn(t);
  const { key, record } = await service.create(DEFAULT_TENANT, 'ci', { scopes: ['calls:read', 'agents:write', 'calls:read'] });
  t.same(record.scopes, ['agents:write', 'calls:read']);
  t.match(await service.authenticate(key, 'core'), { scopes: ['agents:write', 'calls:read'] });
  for (const scopes of [[], [''], ['agents'], ['agents:read', 'agents:delete'], ['*']])
    await t.rejects(service.create(DEFAULT_TENANT, 'ci', { scopes }), { code: 'invalid_request', faults: [{ field: 'scopes' }] });
});

void t.test('a key stops at the moment it expires, and is used no more after', async (t) => {
  const { service, clock } = await serviceOn(t);
  const { key } = await service.create(DEFAULT_TENANT, 'ci', { expiresAtMs: clock.nowMs() + 120_000 });
  clock.advance(119_999);
  t.ok(await service.authenticate(key, 'core'));
  const lastUsedAtMs = clock.nowMs();
  clock.advance(1);
  t.equal(await service.authenticate(key, 'core'), undefined);
  clock.advance(60_000);
  t.equal(await service.authenticate(key, 'core'), undefined);
  t.match(await service.list(DEFAULT_TENANT), [{ lastUsedAtMs }]);
  for (const expiresAtMs of [clock.nowMs(), 0, -1, Number.NaN, Number.POSITIVE_INFINITY])
    await t.rejects(service.create(DEFAULT_TENANT, 'ci', { expiresAtMs }), { code: 'invalid_request' });
});

void t.test('regenerating puts another secret in place of the old one, and changes nothing else', async (t) => {
  const { service, clock } = await serviceOn(t);
  const expiresAtMs = clock.nowMs() + 1000;
  const first = await service.create(DEFAULT_TENANT, 'ci', { scopes: ['calls:read'], expiresAtMs });
  await t.rejects(service.regenerate('other' as TenantId, first.record.id), { code: 'key_not_found' });
  t.ok(await service.authenticate(first.key, 'core'), 'another tenant cannot take it away');
  const second = await service.regenerate(DEFAULT_TENANT, first.record.id);
  t.equal(await service.authenticate(first.key, 'core'), undefined);
  t.same(await service.list(DEFAULT_TENANT), [second.record]);
  t.same(second.record, { ...first.record, prefix: second.key.slice(0, 11), hash: second.record.hash, lastUsedAtMs: undefined });
  t.same(await service.authenticate(second.key, 'core'), {
    kind: 'key',
    tenantId: DEFAULT_TENANT,
    keyId: first.record.id,
    scopes: ['calls:read'],
  });
  clock.advance(1000);
  await t.rejects(service.regenerate(DEFAULT_TENANT, first.record.id), { code: 'invalid_request' }, 'it would have expired');
  const third = await service.regenerate(DEFAULT_TENANT, first.record.id, { expiresAtMs: clock.nowMs() + 1 });
  t.ok(await service.authenticate(third.key, 'core'));
  await service.revoke(DEFAULT_TENANT, first.record.id);
  await t.rejects(service.regenerate(DEFAULT_TENANT, first.record.id), { code: 'key_not_found' }, 'revoked is for good');
});

void t.test('limits are told when they are set and whenever the key is used, of a revoked key too', async (t) => {
  const { keys, agents, clock } = await serviceOn(t);
  const told: unknown[] = [];
  const service = new KeyService({ keys, agents, clock, onLimits: (id, limits) => void told.push([id, limits]) });
  const { key, record } = await service.create(DEFAULT_TENANT, 'ci', { limits: { callsPerHour: 5 } });
  await service.authenticate(key, 'core');
  const limits = { allowedPrefixes: ['+49'], callsPerDay: 0 };
  t.match(await service.setLimits(DEFAULT_TENANT, record.id, limits), { id: record.id, limits });
  t.same(told.splice(0), [
    [record.id, { callsPerHour: 5 }],
    [record.id, limits],
  ]);
  // As another program does it.
  await keys.setLimits(DEFAULT_TENANT, record.id, undefined);
  await service.authenticate(key, 'core');
  t.same(told.splice(0), [[record.id, undefined]]);
  await service.regenerate(DEFAULT_TENANT, record.id);
  await service.revoke(DEFAULT_TENANT, record.id);
  await service.setLimits(DEFAULT_TENANT, record.id, limits);
  t.same(await keys.limits(), [{ id: record.id, limits }]);
  await t.rejects(service.setLimits('other' as TenantId, record.id, undefined), { code: 'key_not_found' });
  for (const bad of [{ callsPerHour: -1 }, { callsPerDay: 1.5 }, { callsPerDay: Number.NaN }, { allowedPrefixes: ['49'] }])
    await t.rejects(service.setLimits(DEFAULT_TENANT, record.id, bad), { code: 'invalid_request' }, JSON.stringify(bad));
  t.same(await keys.limits(), [{ id: record.id, limits }]);
});
