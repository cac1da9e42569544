import t from 'tap';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import { type Answer, type HttpHarness, OTHER_TENANT, startHarness } from '../../support/http-harness.js';
import { ask, logIn, newUser, PASSWORD, type Person } from '../../support/people.js';

const DAY_MS = 86_400_000;
const invite = (by: Person, email: string, role: string): Promise<Answer> => by.call('POST', '/users/invite', { email, role });
const accept = (api: HttpHarness, token: string, password = PASSWORD, name: string | undefined = 'Jane'): Promise<Answer> =>
  ask(api, 'POST', '/auth/accept-invitation', { token, name, password });

void t.test('who is invited chooses a password, is logged in, and is a member in that role', async (t) => {
  const api = await startHarness(t, { publicUrl: 'https://voice.example.com' });
  const admin = await logIn(api, { role: 'admin' });
  const invited = await invite(admin, 'Jane@Example.com', 'operator');
  t.equal(invited.status, 201);
  const { token, link, ...shown } = invited.body.data;
  t.match(shown, { email: 'jane@example.com', role: 'operator', status: 'pending', mail: 'none' });
  t.equal(link, `https://voice.example.com/console/invitation?token=${token}`);
  const listed = await admin.call('GET', '/users/invitations');
  t.same(listed.body.data, [shown], 'without the token');

  t.match((await accept(api, token, 'short')).body.details.fields, [{ field: 'password' }]);
  const accepted = await accept(api, token);
  t.match(accepted.body.data, { user: { email: 'jane@example.com', name: 'Jane' }, role: 'operator' });
  const cookie = accepted.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  t.equal((await ask(api, 'GET', '/calls', undefined, { cookie })).status, 200);
  t.same((await admin.call('GET', '/users/invitations')).body.data, []);
  t.equal((await accept(api, token)).status, 404, 'once');
  t.equal((await ask(api, 'POST', '/auth/login', { email: 'jane@example.com', password: PASSWORD })).status, 200);
  const members = (await admin.call('GET', '/users')).body;
  t.match(members.data, [{ role: 'admin' }, { email: 'jane@example.com', name: 'Jane', role: 'operator', member_since: String }]);
  t.equal(members.meta.total, 2);
});

void t.test('of two who accept at once, one does', async (t) => {
  const api = await startHarness(t);
  const admin = await logIn(api, { role: 'admin' });
  const { token } = (await invite(admin, 'jane@example.com', 'viewer')).body.data;
  const answers = await Promise.all([accept(api, token), accept(api, token)]);
  t.same(
    answers.map(({ status }) => status).sort((a, b) => a - b),
    [200, 404],
  );
  t.equal((await admin.call('GET', '/users')).body.meta.total, 2);
});

void t.test('an invitation ends after seven days, when it is withdrawn, and when another takes its place', async (t) => {
  const api = await startHarness(t);
  const user = await newUser(api, { role: 'admin' });
  const { data: first } = (await invite(await logIn(api, user), 'jane@example.com', 'viewer')).body;
  const { data: second } = (await invite(await logIn(api, user), 'jane@example.com', 'operator')).body;
  t.equal((await accept(api, first.token)).status, 404, 'replaced');
  api.clock.advance(7 * DAY_MS);
  t.equal((await accept(api, second.token)).status, 404, 'too old');
  const admin = await logIn(api, user);
  t.match((await admin.call('GET', '/users/invitations')).body.data, [{ id: second.id, status: 'expired' }]);
  const { data: third } = (await invite(admin, 'jane@example.com', 'viewer')).body;
  t.equal((await admin.call('DELETE', `/users/invitations/${third.id}`)).status, 200);
  t.equal((await accept(api, third.token)).status, 404, 'withdrawn');
  t.equal((await accept(api, 'guess')).status, 404);
});

void t.test('a link does not open the account that somebody has already: it asks for its password', async (t) => {
  const api = await startHarness(t);
  const jane = await newUser(api, { tenant: OTHER_TENANT, role: 'viewer' });
  const admin = await logIn(api, { role: 'admin' });
  const { token } = (await invite(admin, jane.email, 'operator')).body.data;
  t.equal((await accept(api, token, 'the password of the admin')).status, 401);
  api.clock.advance(1);
  const accepted = await accept(api, token, PASSWORD, undefined);
  t.match(accepted.body.data, {
    user: { id: jane.id, name: jane.name },
    organization: { id: DEFAULT_TENANT },
    organizations: [
      { id: OTHER_TENANT, role: 'viewer' },
      { id: DEFAULT_TENANT, role: 'operator' },
    ],
  });
  t.match(await invite(admin, jane.email, 'viewer'), { status: 409, body: { error: /member/ } });
});

void t.test('400 for what is no address or no role, and nobody is invited', async (t) => {
  const api = await startHarness(t);
  const admin = await logIn(api, { role: 'admin' });
  for (const email of [
    'jane',
    'jane@',
    '@example.com',
    'a@b.example,c@d.example',
    'Jane <j@example.com>',
    'a@b\r\nBcc: c@d',
    '',
  ]) {
    t.match((await invite(admin, email, 'viewer')).body.details?.fields, [{ field: 'email' }], email);
  }
  t.match((await invite(admin, 'jane@example.com', 'king')).body.details.fields, [{ field: 'role' }]);
  t.equal((await admin.call('GET', '/users/invitations')).body.meta.total, 0);
});

void t.test('ownership is for owners to give and to take', async (t) => {
  const api = await startHarness(t);
  const [owner, admin] = [await logIn(api, { role: 'owner' }), await logIn(api, { role: 'admin' })];
  const viewer = await newUser(api, { role: 'viewer' });
  const role = (by: Person, id: string, role: string): Promise<Answer> => by.call('PATCH', `/users/${id}`, { role });
  t.equal((await role(admin, viewer.id, 'operator')).body.data.role, 'operator');
  for (const answer of [
    await role(admin, admin.id, 'owner'),
    await role(admin, owner.id, 'viewer'),
    await admin.call('DELETE', `/users/${owner.id}`),
    await invite(admin, 'new@example.com', 'owner'),
  ]) {
    t.match(answer, { status: 403, body: { error: /only owners/ } });
  }
  t.equal((await invite(owner, 'new@example.com', 'owner')).status, 201);
  t.equal((await role(owner, admin.id, 'owner')).body.data.role, 'owner');
});

void t.test('an organisation keeps an owner, even when two go at once', async (t) => {
  const api = await startHarness(t);
  const [one, two] = [await logIn(api), await logIn(api)];
  const { members } = api.identity;
  const both = await Promise.allSettled([
    members.changeRole(one.principal, two.id, 'admin'),
    members.changeRole(two.principal, one.id, 'admin'),
  ]);
  t.match(both.find((outcome) => outcome.status === 'rejected')?.reason, { code: 'conflict' });
  const [left] = [one, two].filter((_, index) => both[index]?.status === 'fulfilled');
  for (const last of [
    await left?.call('PATCH', `/users/${left.id}`, { role: 'admin' }),
    await left?.call('DELETE', `/users/${left.id}`),
  ]) {
    t.match(last, { status: 409, body: { error: /at least one owner/ } });
  }
  t.equal((await left?.call('PATCH', `/users/${left.id}`, { role: 'owner' }))?.status, 200, 'nothing changes');
});

void t.test('who is removed is out at once, and deleted when they belong nowhere else', async (t) => {
  const api = await startHarness(t);
  const owner = await logIn(api);
  const here = await newUser(api, { role: 'viewer' });
  const both = await newUser(api, { role: 'viewer' });
  await api.database.users.join(both.id, { tenantId: OTHER_TENANT, role: 'viewer', sinceMs: api.clock.nowMs() + 1 });
  const session = await logIn(api, both);
  for (const { id } of [here, both]) t.equal((await owner.call('DELETE', `/users/${id}`)).status, 200);
  t.equal((await session.call('GET', '/auth/me')).status, 401);
  t.equal(await api.database.users.find(here.id), undefined);
  const again = await ask(api, 'POST', '/auth/login', { email: both.email, password: PASSWORD });
  t.match(again.body.data, { organization: { id: OTHER_TENANT } });
  t.equal((await owner.call('DELETE', `/users/${both.id}`)).status, 404, 'only once');
});
