import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import t from 'tap';
import { newCallId } from '../../../src/core/ids.js';
import { DIALECTS, type DialectName } from '../../../src/domain/api-key.js';
import { DATABASE_FILE } from '../../../src/storage/database.js';
import { type HttpHarness, startHarness } from '../../support/http-harness.js';
import { type Operation, operationsOf, servedDocument } from '../../support/openapi.js';

type Guest = Exclude<DialectName, 'core'>;

/** How each says no, whatever the mistake. */
const REFUSALS = {
  flametalk: { success: false, error: { code: String, message: String } },
  flametree: { detail: String },
  callfluent: { status: false, msg: String },
  overview: { message: String },
} satisfies Record<Guest, object>;
const UNKNOWN_KEY: Readonly<Record<Guest, number>> = { flametalk: 401, flametree: 401, callfluent: 403, overview: 401 };

/** In the order of the paths: flametree has one below that of core. */
const ROOTS: readonly (readonly [RegExp, Guest])[] = [
  [/^\/v1\//, 'flametalk'],
  [/^\/(chatbot|api\/v1\/public)\//, 'flametree'],
  [/^\/api\/agent\//, 'callfluent'],
  [/^\/(calls|agents|texts)(\/|$)/, 'overview'],
];

/** All that the document tells of the dialects beside core, so that no new endpoint is forgotten; nothing has the ids in their paths. */
async function endpointsOf(api: HttpHarness): Promise<(Operation & { dialect: Guest; asked: string })[]> {
  return operationsOf(await servedDocument(api)).flatMap((operation) => {
    const dialect = ROOTS.find(([root]) => root.test(operation.path))?.[1];
    const id = dialect === 'callfluent' ? '99' : newCallId();
    return dialect ? [{ ...operation, dialect, asked: operation.path.replaceAll(/\{\w+\}/g, id) }] : [];
  });
}

/** Rows by table; what is kept of requests themselves does not count. */
function rowsOf({ dataDir }: HttpHarness): Record<string, number> {
  const sqlite = new Sqlite(join(dataDir, DATABASE_FILE), { readonly: true });
  const named =
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'idempotency_records'";
  const tables = sqlite.prepare(named).pluck().all() as string[];
  const rows = tables.map((name) => [name, sqlite.prepare(`SELECT count(*) FROM "${name}"`).pluck().get() as number] as const);
  sqlite.close();
  return Object.fromEntries(rows);
}

void t.test('every endpoint refuses the keys of the other dialects in its own words', async (t) => {
  const api = await startHarness(t);
  const keys = new Map(await Promise.all(DIALECTS.map(async (dialect) => [dialect, await api.newKey({ dialect })] as const)));
  const endpoints = await endpointsOf(api);
  for (const dialect of Object.keys(REFUSALS))
    t.ok(
      endpoints.some((one) => one.dialect === dialect),
      `${dialect} is in the document`,
    );
  for (const { name, method, dialect, asked } of endpoints) {
    // Whoever brings texts has no key: they are signed.
    if (asked.startsWith('/texts/inbound/')) continue;
    for (const [owner, key] of keys) {
      if (owner === dialect) continue;
      const response = await api.raw(asked, { method: method.toUpperCase(), headers: { authorization: `Bearer ${key}` } });
      t.equal(response.status, UNKNOWN_KEY[dialect], `${name} with a key of ${owner}`);
      t.match(await response.json(), REFUSALS[dialect], name);
    }
  }
});

const LARGE = JSON.stringify({ name: 'x'.repeat(1_100_000) });
const CUT_FORM = '--x\r\ncontent-disposition: form-data; name="files"; filename="a.txt"\r\n\r\ncut of';
/** What is no body of any endpoint, with its type. */
const BROKEN: readonly (readonly [string, string])[] = [
  ['{"name": "cut of', 'application/json'],
  ['"text"', 'application/json'],
  ['[]', 'application/json'],
  ['{"name": {"name": {}}}', 'application/json'],
  ['{}', 'application/json; charset=klingon'],
  [LARGE, 'application/json'],
  ['<name/>', 'text/xml'],
  [CUT_FORM, 'multipart/form-data; boundary=x'],
  ['', 'multipart/form-data'],
];

void t.test('every endpoint refuses bodies that are none in its own words, and nothing of them is stored', async (t) => {
  const api = await startHarness(t);
  const keys = new Map(await Promise.all(DIALECTS.map(async (dialect) => [dialect, await api.newKey({ dialect })] as const)));
  const endpoints = (await endpointsOf(api)).filter(({ definition }) => definition.requestBody !== undefined);
  const before = rowsOf(api);
  for (const { name, method, dialect, asked } of endpoints) {
    for (const [body, type] of BROKEN) {
      // Each may ask overview a hundred times a minute.
      const key = dialect === 'overview' ? await api.newKey({ dialect }) : keys.get(dialect);
      const response = await api.raw(asked, {
        method: method.toUpperCase(),
        body,
        headers: { authorization: `Bearer ${key}`, 'content-type': type },
      });
      const what = `${name} with ${type} ${body.slice(0, 20)}`;
      t.ok(response.status >= 400 && response.status < 500, `${what}: ${response.status}`);
      t.match(await response.json(), REFUSALS[dialect], what);
    }
  }
  const { api_keys: _before, ...stored } = before;
  const { api_keys: _after, ...kept } = rowsOf(api);
  t.same(kept, stored);
});
