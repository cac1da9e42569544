import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import { SecretBox } from '../../../src/core/secret-box.js';
import type { Trunk } from '../../../src/domain/trunk.js';
import { openDatabase } from '../../../src/storage/database.js';
import { TrunkCreate } from '../../../src/trunks/trunk-input.js';
import { TrunkService } from '../../../src/trunks/trunk-service.js';

const BODY = { name: 'Provider', kind: 'register', host: 'a.example', username: 'u', password: 'one' };
const PAGE = { limit: 10, offset: 0 };

const passwordOf = (key: number, { id, sealedPassword }: Trunk): string | undefined =>
  sealedPassword && new SecretBox(Buffer.alloc(32, key)).open(sealedPassword, id);

async function start(t: { teardown(handler: () => Promise<void>): void }) {
  const database = await openDatabase(':memory:');
  t.teardown(() => database.close());
  const changed: string[] = [];
  const serviceWith = (key: number) =>
    new TrunkService({
      trunks: database.trunks,
      box: new SecretBox(Buffer.alloc(32, key)),
      clock: new FakeClock(),
      active: {
        changed: (_id, trunk) => changed.push(`${trunk?.name} ${trunk?.version}`),
        isTaken: () => false,
        statusOf: () => ({ state: 'ready', lastError: undefined, expiresAtMs: undefined, nextAttemptAtMs: undefined }),
      },
    });
  return { serviceWith, changed };
}

void t.test('trunks of the configuration are made, changed where they differ, and else left alone', async (t) => {
  const { serviceWith, changed } = await start(t);
  const service = serviceWith(1);
  const other = TrunkCreate.parse({ name: 'Other', kind: 'static', host: '192.0.2.1' });
  await service.create(DEFAULT_TENANT, other);
  await service.import(DEFAULT_TENANT, [TrunkCreate.parse(BODY)]);
  await service.import(DEFAULT_TENANT, [TrunkCreate.parse(BODY)]);
  t.same(changed, ['Other 1', 'Provider 1'], 'the same file again changes nothing');
  await service.import(DEFAULT_TENANT, [TrunkCreate.parse({ ...BODY, password: 'two' })]);
  await service.import(DEFAULT_TENANT, [TrunkCreate.parse({ ...BODY, password: 'two', host: 'b.example' })]);
  t.same(changed.slice(2), ['Provider 2', 'Provider 3']);
  const { items } = await service.list(DEFAULT_TENANT, PAGE);
  t.same(
    items.map((trunk) => [trunk.name, trunk.host, passwordOf(1, trunk)]),
    [
      ['Provider', 'b.example', 'two'],
      ['Other', '192.0.2.1', undefined],
    ],
  );
});

void t.test('a lost key is mended by the next start with the file', async (t) => {
  const { serviceWith } = await start(t);
  await serviceWith(1).import(DEFAULT_TENANT, [TrunkCreate.parse(BODY)]);
  const after = serviceWith(2);
  const read = async () => (await after.list(DEFAULT_TENANT, PAGE)).items[0]!;
  const unreadable = await read();
  t.throws(() => passwordOf(2, unreadable), { code: 'internal' });
  await after.import(DEFAULT_TENANT, [TrunkCreate.parse(BODY)]);
  t.equal(passwordOf(2, await read()), 'one');
});

void t.test('what breaks a rule is said with the name of the trunk, and without its password', async (t) => {
  const { serviceWith } = await start(t);
  const body = TrunkCreate.parse({ ...BODY, username: null });
  await t.rejects(serviceWith(1).import(DEFAULT_TENANT, [body]), { message: /^trunk Provider of the configuration: username/ });
});
