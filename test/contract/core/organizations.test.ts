import t from 'tap';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import { type Answer, type HttpHarness, OTHER_TENANT, startHarness } from '../../support/http-harness.js';
import { ask, logIn } from '../../support/people.js';

const APP = 'https://app.example.com';

void t.test('who makes an organisation owns it, and works in it after switching', async (t) => {
  const api = await startHarness(t);
  const owner = await logIn(api);
  const created = await owner.call('POST', '/organizations', { name: ' Annex ', cors_origins: [APP, APP] });
  t.equal(created.status, 201);
  const annex = created.body.data;
  t.match(annex, { name: 'Annex', cors_origins: [APP], role: 'owner' });
  t.match((await owner.call('GET', '/organizations')).body, {
    data: [{ id: DEFAULT_TENANT, name: 'default', role: 'owner' }, annex],
    meta: { total: 2 },
  });
  t.equal((await owner.call('PATCH', `/organizations/${annex.id}`, { name: 'B' })).status, 409, 'not before');
  const switched = await owner.call('POST', '/auth/organization', { organization_id: annex.id.toUpperCase() });
  t.match(switched.body.data, { organization: { id: annex.id, name: 'Annex' }, role: 'owner' });
  t.equal((await owner.call('POST', '/agents', { name: 'Desk', system_prompt: 'Be brief.' })).status, 201);
  t.equal((await api.call('GET', '/agents')).body.meta.total, 0, 'not in the first one');
});

void t.test('name and origins are changed alone or together, and 400 changes nothing', async (t) => {
  const api = await startHarness(t);
  const admin = await logIn(api, { role: 'admin' });
  const patch = (body: object): Promise<Answer> => admin.call('PATCH', `/organizations/${DEFAULT_TENANT}`, body);
  t.match((await patch({ name: 'Green Valley' })).body.data, { name: 'Green Valley', cors_origins: [] });
  t.match((await patch({ cors_origins: [APP] })).body.data, { name: 'Green Valley', cors_origins: [APP] });
  for (const [body, field] of [
    [{ name: '' }, 'name'],
    [{ name: 'x'.repeat(201) }, 'name'],
    [{ cors_origins: ['*'] }, 'cors_origins.0'],
    [{ cors_origins: [APP, `${APP}/`] }, 'cors_origins.1'],
    [{ cors_origins: ['https://APP.example.com'] }, 'cors_origins.0'],
    [{ cors_origins: ['null'] }, 'cors_origins.0'],
    [{ cors_origins: Array.from({ length: 51 }, (_, n) => `https://${n}.example`) }, 'cors_origins'],
    [{ id: OTHER_TENANT }, 'id'],
  ] as const) {
    t.match(await patch(body), { status: 400, body: { details: { fields: [{ field }] } } }, JSON.stringify(body).slice(0, 60));
  }
  const { body } = await admin.call('GET', `/organizations/${DEFAULT_TENANT}`);
  t.match(body.data, { name: 'Green Valley', cors_origins: [APP] });
  t.same((await patch({ cors_origins: [] })).body.data.cors_origins, []);
});

const preflight = (api: HttpHarness, origin: string): Promise<string | null> =>
  api
    .raw('/api/v1/agents', { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'GET' } })
    .then(({ headers }) => headers.get('access-control-allow-origin'));

void t.test("a site that an organisation names may use that organisation's keys, and no other's", async (t) => {
  const api = await startHarness(t, { corsOrigins: ['https://everybodys.example'] });
  const admin = await logIn(api, { role: 'admin' });
  const get = (key: string, origin: string): Promise<Answer> =>
    ask(api, 'GET', '/agents', undefined, { origin, authorization: `Bearer ${key}` });
  const outcome = ({ status, headers }: Answer): unknown[] => [status, headers.get('access-control-allow-origin')];
  t.equal(await preflight(api, APP), null, 'not yet');
  t.same(outcome(await get(api.key, APP)), [403, null]);
  t.equal((await admin.call('PATCH', `/organizations/${DEFAULT_TENANT}`, { cors_origins: [APP] })).status, 200);

  t.equal(await preflight(api, APP), APP, 'a browser asks before there is a key to tell the tenant by');
  t.same(outcome(await get(api.key, APP)), [200, APP]);
  t.same(outcome(await get(api.otherKey, APP)), [403, null], 'the other tenant does not name it');
  t.same(outcome(await get(api.otherKey, 'https://everybodys.example')), [200, 'https://everybodys.example']);
  const wrongKey = await get('va_wrong', APP);
  t.same(outcome(wrongKey), [401, APP], 'a page may read that its key is wrong');

  const refused = await ask(
    api,
    'POST',
    '/agents',
    { name: 'A', system_prompt: 'B' },
    {
      origin: APP,
      authorization: `Bearer ${api.otherKey}`,
    },
  );
  t.equal(refused.status, 403);
  const theirs = await ask(api, 'GET', '/agents', undefined, { authorization: `Bearer ${api.otherKey}` });
  t.equal(theirs.body.meta.total, 0, 'refused before anything is done');
  await admin.call('PATCH', `/organizations/${DEFAULT_TENANT}`, { cors_origins: [] });
  t.equal(await preflight(api, APP), null);
  t.same(outcome(await get(api.key, APP)), [403, null], 'no longer');
});

void t.test('pages of our own, and what is no page, need be named by nobody; cookies are never let across', async (t) => {
  const api = await startHarness(t, { corsOrigins: ['*'] });
  const get = (headers: Record<string, string>): Promise<Answer> => ask(api, 'GET', '/agents', undefined, headers);
  t.equal((await get({ authorization: `Bearer ${api.key}` })).status, 200);
  t.equal((await get({ authorization: `Bearer ${api.key}`, origin: api.url })).status, 200);
  const { cookie } = await logIn(api);
  const crossed = await get({ cookie, origin: APP });
  t.same([crossed.status, crossed.headers.get('access-control-allow-credentials')], [403, null]);
});

void t.test('PATCH /organizations/:id sets for how many days calls and recordings are kept', async (t) => {
  const api = await startHarness(t);
  const admin = await logIn(api, { role: 'admin' });
  const patch = (retention: unknown): Promise<Answer> => admin.call('PATCH', `/organizations/${DEFAULT_TENANT}`, { retention });
  const { body } = await admin.call('GET', `/organizations/${DEFAULT_TENANT}`);
  t.same(body.data.retention, { calls_days: null, recordings_days: null }, 'the configuration says');
  t.same((await patch({ calls_days: 90, recordings_days: 30 })).body.data.retention, { calls_days: 90, recordings_days: 30 });
  t.same((await patch({ recordings_days: null })).body.data.retention, { calls_days: 90, recordings_days: null });
  const rows: [unknown, string][] = [
    [{ calls_days: 0 }, 'retention.calls_days'],
    [{ calls_days: 1.5 }, 'retention.calls_days'],
    [{ recordings_days: '30' }, 'retention.recordings_days'],
    [{ forever: true }, 'retention.forever'],
    [7, 'retention'],
  ];
  for (const [retention, field] of rows) {
    t.match(await patch(retention), { status: 400, body: { details: { fields: [{ field }] } } }, field);
  }
});
