import t, { type Test } from 'tap';
import { newCallId } from '../../../src/core/ids.js';
import { isScope, SCOPES, type Scope } from '../../../src/domain/api-key.js';
import { ROLES, type Role } from '../../../src/domain/identity.js';
import { isCore } from '../../support/client-types.js';
import { type HttpHarness, OTHER_TENANT, startHarness } from '../../support/http-harness.js';
import { ask, logIn, newUser } from '../../support/people.js';
import { ENDPOINTS, type Endpoint } from './endpoints.js';

/** What operators may change; everything else they only read. */
const OPERATORS_CHANGE = ['calls', 'tasks', 'do-not-call', 'campaigns', 'contacts', 'texts', 'sessions'];

/** As the documentation says it, beside the code that decides. */
function roleMay(role: Role, { needs, needsToo }: Endpoint): boolean {
  if (needs === 'public' || needs === 'session') return true;
  if (needs === 'owner') return role === 'owner';
  if (role === 'owner' || role === 'admin') return true;
  return [needs, needsToo ?? needs].every(
    (permission) =>
      permission.endsWith(':read') || (role === 'operator' && OPERATORS_CHANGE.includes(permission.split(':')[0] ?? '')),
  );
}

/** With an id that nobody has: who may is answered first. */
const TABLE = Object.entries(ENDPOINTS).map(([name, endpoint]) => {
  const [method = '', template = ''] = name.split(' ');
  return { name, method, path: template.replaceAll(/\{\w+\}/g, newCallId()), endpoint };
});
type Row = (typeof TABLE)[number];
const bodyFor = (method: string, { body }: Endpoint): object | undefined => (method === 'GET' ? undefined : (body ?? {}));
const refused = (status: number): boolean => status === 401 || status === 403;

void t.test('the table names every endpoint that is described, and no other', async (t) => {
  const api = await startHarness(t);
  const document = (await (await api.raw('/openapi.json')).json()) as { paths: Record<string, object> };
  const described = Object.entries(document.paths)
    .filter(([path]) => isCore(path))
    .flatMap(([path, item]) => Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replace('/api/v1', '')}`));
  t.same(described.sort(), Object.keys(ENDPOINTS).sort());
});

void t.test('401 on every endpoint for nobody, save where sessions begin', async (t) => {
  const api = await startHarness(t);
  for (const { name, method, path, endpoint } of TABLE) {
    const answer = await ask(api, method, path, bodyFor(method, endpoint));
    if (endpoint.needs === 'public') t.equal(answer.status, 400, name);
    else t.same([answer.status, answer.body.success], [401, false], name);
  }
});

void t.test('a key opens an endpoint by its scope alone, and none that people look after', async (t) => {
  const api = await startHarness(t);
  const keys = new Map<string, string>();
  const keyWith = async (scopes: readonly Scope[]): Promise<string> => {
    const known = keys.get(scopes.join());
    if (known !== undefined) return known;
    const made = await api.newKey({ scopes });
    keys.set(scopes.join(), made);
    return made;
  };
  const tryWith = async (
    { method, path, endpoint }: Row,
    scopes: readonly Scope[],
  ): Promise<{ status: number; error: string }> => {
    const headers = { authorization: `Bearer ${await keyWith(scopes)}` };
    const { status, body } = await ask(api, method, path, bodyFor(method, endpoint), headers);
    return { status, error: body.error };
  };
  for (const row of TABLE) {
    const { name } = row;
    const { needs, needsToo } = row.endpoint;
    if (needs === 'public') continue;
    if (!isScope(needs)) {
      t.match(await tryWith(row, SCOPES), { status: 403, error: /^API keys are not accepted here/ }, name);
      continue;
    }
    const all = SCOPES.filter((scope) => scope === needs || scope === needsToo);
    t.notOk(refused((await tryWith(row, all)).status), `${name} with ${all.join()}`);
    for (const missing of all) {
      const answer = await tryWith(
        row,
        SCOPES.filter((scope) => scope !== missing),
      );
      const error = `Insufficient permissions: needs the scope ${missing}`;
      t.same(answer, { status: 403, error }, `${name} without ${missing}`);
    }
  }
});

for (const role of ROLES) {
  void t.test(`what ${role}s may`, async (t) => {
    const api = await startHarness(t);
    const user = await newUser(api, { role });
    for (const { name, method, path, endpoint } of TABLE) {
      const person = await logIn(api, user);
      const { status, body } = await person.call(method, path, bodyFor(method, endpoint));
      if (roleMay(role, endpoint)) t.notOk(refused(status), `${name}: ${status}`);
      else t.match([status, body.error], [403, /^Insufficient permissions: /], name);
    }
  });
}

void t.test('no endpoint does anything for a session without its token, with another one, or from another site', async (t) => {
  const api = await startHarness(t);
  const user = await newUser(api);
  const person = await logIn(api, user);
  const other = await logIn(api, user);
  const forged: Record<string, string>[] = [
    { 'x-csrf-token': '' },
    { 'x-csrf-token': other.csrf },
    { origin: 'https://evil.example' },
    { origin: 'null' },
  ];
  for (const { name, method, path, endpoint } of TABLE) {
    if (endpoint.needs === 'public' || method === 'GET') continue;
    for (const headers of forged) {
      const { status } = await person.call(method, path, bodyFor(method, endpoint), headers);
      t.equal(status, 403, `${name} with ${JSON.stringify(headers)}`);
    }
  }
  t.equal((await person.call('GET', '/auth/me')).status, 200, 'still logged in');
});

void t.test('what the description says everybody needs is what they need', async (t) => {
  const api = await startHarness(t);
  type Operation = { security: Record<string, unknown>[]; responses: Record<string, { description: string }> };
  const document = (await (await api.raw('/openapi.json')).json()) as { paths: Record<string, Record<string, Operation>> };
  for (const [name, { needs }] of Object.entries(ENDPOINTS)) {
    const [method = '', path = ''] = name.split(' ');
    const operation = document.paths[`/api/v1${path}`]?.[method.toLowerCase()];
    const schemes = operation?.security.flatMap((alternative) => Object.keys(alternative)) ?? [];
    t.equal(schemes.includes('bearer'), isScope(needs), `${name}: keys`);
    t.equal(schemes.includes('session'), needs !== 'public', `${name}: sessions`);
    t.equal(schemes.includes('csrf'), needs !== 'public' && method !== 'GET', `${name}: token`);
    if (isScope(needs)) t.match(operation?.responses['403']?.description, `\`${needs}\``, name);
  }
});

void t.test('a method that is not there is refused as one that writes', async (t) => {
  const api = await startHarness(t);
  const viewer = await logIn(api, { role: 'viewer' });
  t.equal((await viewer.call('PUT', '/agents/x', {})).status, 403);
  t.equal((await viewer.call('PUT', '/users/x', {})).status, 403);
});

void t.test('roles hold for the organisation one works in, from the moment they change', async (t) => {
  const api = await startHarness(t);
  const user = await newUser(api, { role: 'viewer' });
  await api.database.users.join(user.id, { tenantId: OTHER_TENANT, role: 'admin', sinceMs: api.clock.nowMs() + 1 });
  const person = await logIn(api, user);
  const create = async (): Promise<number> => (await person.call('POST', '/agents', { name: 'A', system_prompt: 'B' })).status;
  t.equal(await create(), 403);
  await changeRole(api, t, user.id);
  t.equal(await create(), 201, 'promoted');
  t.equal((await person.call('POST', '/auth/organization', { organization_id: OTHER_TENANT })).body.data.role, 'admin');
  t.same((await person.call('GET', '/agents')).body.data, [], 'none of the first organisation');
  t.equal(await create(), 201);
  t.equal((await person.call('GET', '/agents')).body.meta.total, 1);
});

async function changeRole(api: HttpHarness, t: Test, id: string): Promise<void> {
  const owner = await logIn(api);
  t.equal((await owner.call('PATCH', `/users/${id}`, { role: 'admin' })).status, 200);
}
