import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import t from 'tap';
import { isScope } from '../../../src/domain/api-key.js';
import { type HttpHarness, OTHER_TENANT, startHarness } from '../../support/http-harness.js';
import { ask, logIn } from '../../support/people.js';
import { ENDPOINTS, FIXTURES } from './endpoints.js';

type Asker = { who: string; ask(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> };

/** Everything the database holds, of every tenant. */
function everything({ dataDir }: HttpHarness): Record<string, unknown[]> {
  const sqlite = new Sqlite(join(dataDir, 'offhook.db'), { readonly: true });
  const tables = (sqlite.pragma('table_list') as { name: string; type: string }[]).filter(({ type }) => type === 'table');
  const rows = tables.map(({ name }) => [name, sqlite.prepare(`SELECT * FROM "${name}"`).all()] as const);
  sqlite.close();
  return Object.fromEntries(rows);
}

/** Those who may do everything in a tenant: by a key and by a session. */
async function askers(api: HttpHarness, key: string, tenant?: typeof OTHER_TENANT): Promise<Asker[]> {
  const owner = await logIn(api, tenant === undefined ? {} : { tenant });
  const headers = { authorization: `Bearer ${key}` };
  return [
    { who: 'key', ask: (method, path, body) => ask(api, method, path, body, headers) },
    { who: 'session', ask: (method, path, body) => owner.call(method, path, body) },
  ];
}

void t.test("another tenant's ids are found on no endpoint, and nothing changes", async (t) => {
  const api = await startHarness(t);
  const strangers = await askers(api, api.otherKey, OTHER_TENANT);
  const owners = await askers(api, api.key);
  // When a key was used last is written down at its first use.
  for (const { ask } of [...strangers, ...owners]) t.equal((await ask('GET', '/agents')).status, 200);
  for (const [name, { needs, of, body }] of Object.entries(ENDPOINTS)) {
    const [method = '', template = ''] = name.split(' ');
    if (!template.includes('{')) continue;
    if (!of) {
      t.fail(`${name} does not say whose id it takes`);
      continue;
    }
    const ids = (await FIXTURES[of](api)).split('|');
    const path = template.replace(/\{\w+\}/g, (placeholder) => ids.shift() ?? placeholder);
    for (const { who, ask } of strangers.filter((asker) => asker.who === 'session' || isScope(needs))) {
      const before = everything(api);
      const answer = await ask(method, path, body);
      t.match(answer, { status: 404, body: { success: false } }, `${name} by ${who}`);
      t.same(everything(api), before, `${name} by ${who} changes nothing`);
    }
    const stranger = await strangers[1]?.ask(method, path, body);
    const own = await owners[1]?.ask(method, path, body);
    t.notSame(outcomeOf(own), outcomeOf(stranger), `${name} answers its own tenant otherwise`);
  }
});

void t.test("no list shows anything of another tenant's", async (t) => {
  const api = await startHarness(t);
  const ids = new Map<string, string>();
  for (const [kind, make] of Object.entries(FIXTURES)) ids.set(kind, await make(api));
  const strangers = await askers(api, api.otherKey, OTHER_TENANT);
  const [, owner] = await askers(api, api.key);
  const seen = new Set<string>();
  for (const [name, { needs }] of Object.entries(ENDPOINTS)) {
    if (!name.startsWith('GET ') || name.includes('{')) continue;
    const path = name.slice('GET '.length);
    for (const { who, ask } of strangers.filter((asker) => asker.who === 'session' || isScope(needs))) {
      const answer = await ask('GET', path);
      // Bans are the server's: to other organisations than the one that runs it there are none.
      t.equal(answer.status, path === '/bans' ? 404 : 200, `${name} by ${who}`);
      for (const [kind, id] of ids) t.notOk(JSON.stringify(answer.body).includes(id), `${name} by ${who} shows no ${kind}`);
    }
    const shown = JSON.stringify((await owner?.ask('GET', path))?.body);
    for (const [kind, id] of ids) if (shown.includes(id)) seen.add(kind);
  }
  // What lies below something else has its lists there.
  const listed = [...ids].filter(([, id]) => !id.includes('|')).map(([kind]) => kind);
  t.same([...seen].sort(), listed.sort(), 'the lists of the tenant itself show each of them');
});

void t.test("another tenant's agent is given no work", async (t) => {
  const api = await startHarness(t);
  const draft = { agent_id: await FIXTURES.agent(api), name: 'Call back', to_number: '+442071234567' };
  for (const { who, ask } of await askers(api, api.otherKey, OTHER_TENANT)) {
    t.equal((await ask('POST', '/tasks', draft)).status, 404, who);
  }
  t.equal((await api.call('GET', '/tasks')).body.meta.total, 0);
});

const outcomeOf = (answer: { status: number; body: unknown } | undefined): unknown => [
  answer?.status,
  (answer?.body as { error?: string } | undefined)?.error,
];
