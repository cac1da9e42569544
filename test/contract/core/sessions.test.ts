import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { DEFAULT_TENANT, newUserId } from '../../../src/core/ids.js';
import { createLogger } from '../../../src/observability/logger.js';
import { type Answer, type HttpHarness, OTHER_TENANT, startHarness } from '../../support/http-harness.js';
import { ask, logIn, newUser, PASSWORD } from '../../support/people.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NEW_PASSWORD = 'a different horse, a better staple';

const login = (api: HttpHarness, email: string, password = PASSWORD, headers: Record<string, string> = {}): Promise<Answer> =>
  ask(api, 'POST', '/auth/login', { email, password }, headers);

/** What the browser would send from now on. */
const cookieOf = (answer: Answer): string => answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
const statusOf = async (api: HttpHarness, cookie: string): Promise<number> =>
  (await ask(api, 'GET', '/auth/me', undefined, { cookie })).status;

void t.test('a login sets a cookie no script reads and no other site sends, and tells the CSRF token', async (t) => {
  const api = await startHarness(t);
  const user = await newUser(api, { role: 'operator', email: 'jane@example.com' });
  const answer = await login(api, ' Jane@Example.COM ');
  t.equal(answer.status, 200);
  const [cookie = ''] = answer.headers.getSetCookie();
  t.match(cookie, /^offhook_session=[\w-]{43}; Path=\/; Expires=[^;]+ GMT; HttpOnly; SameSite=Lax$/);
  t.match(answer.body.data, {
    user: { id: user.id, email: 'jane@example.com', name: user.name },
    organization: { id: DEFAULT_TENANT, name: 'default' },
    role: 'operator',
    organizations: [{ id: DEFAULT_TENANT, role: 'operator' }],
    csrf_token: /^[\w-]{43}$/,
  });
  t.notOk(cookie.includes(answer.body.data.csrf_token), 'which is not in the cookie');
  const me = await ask(api, 'GET', '/auth/me', undefined, { cookie: cookieOf(answer) });
  t.same(me.body.data, answer.body.data);
  t.equal((await ask(api, 'GET', '/agents', undefined, { cookie: cookieOf(answer) })).status, 200);
});

void t.test('the cookie is Secure where the public address is HTTPS', async (t) => {
  const api = await startHarness(t, { publicUrl: 'https://voice.example.com/' });
  const { email } = await newUser(api);
  const answer = await login(api, email, PASSWORD, { origin: 'https://voice.example.com' });
  t.match(answer.headers.getSetCookie()[0], /; HttpOnly; Secure; SameSite=Lax/);
  const headers = { cookie: cookieOf(answer), 'x-csrf-token': answer.body.data.csrf_token, origin: 'https://voice.example.com' };
  t.equal((await ask(api, 'POST', '/auth/logout', {}, headers)).status, 200, 'our own page, by the proxy');
});

void t.test('401 in the same words for an unknown address, a wrong password and one too long to be any', async (t) => {
  const api = await startHarness(t);
  const { email } = await newUser(api);
  const answers = [
    await login(api, 'nobody@example.com'),
    await login(api, email, 'wrong'),
    await login(api, email, `${PASSWORD}${'x'.repeat(200)}`),
    await login(api, 'no address', ''),
  ];
  for (const answer of answers) {
    t.match(answer, { status: 401, body: { success: false, error: 'Wrong e-mail address or password' } });
    t.same(answer.headers.getSetCookie(), []);
  }
  t.equal((await ask(api, 'POST', '/auth/login', { email })).status, 400);
  t.equal((await ask(api, 'POST', '/auth/login', { email, password: PASSWORD, more: 1 })).status, 400);
});

void t.test(
  '429 with Retry-After for the eleventh guess at an account, right or not, guesses made at once included',
  async (t) => {
    const api = await startHarness(t);
    const { email } = await newUser(api);
    const other = await newUser(api);
    const guesses = await Promise.all(Array.from({ length: 12 }, (_, index) => login(api, email, `guess ${index}`)));
    t.same(
      guesses.map(({ status }) => status).sort((a, b) => a - b),
      [...Array.from({ length: 10 }, () => 401), 429, 429],
    );
    const refused = await login(api, email);
    t.equal(refused.status, 429, 'though it is right');
    const waitS = Number(refused.headers.get('retry-after'));
    t.ok(waitS > 800 && waitS <= 900, `${waitS} s`);
    t.equal((await login(api, other.email)).status, 200, 'others get in');
  },
);

void t.test('429 for an address that tries many accounts', async (t) => {
  const api = await startHarness(t);
  const { email } = await newUser(api);
  for (let n = 0; n < 100; n += 1) t.equal((await login(api, `guess-${n}@example.com`, 'guess')).status, 401);
  t.equal((await login(api, email)).status, 429);
});

void t.test('a right password forgives the wrong ones before it', async (t) => {
  const api = await startHarness(t);
  const { email } = await newUser(api);
  for (let round = 0; round < 3; round += 1) {
    for (let n = 0; n < 9; n += 1) t.equal((await login(api, email, 'guess')).status, 401);
    t.equal((await login(api, email)).status, 200);
  }
});

void t.test('a login takes the place of the session the browser had', async (t) => {
  const api = await startHarness(t);
  const { email } = await newUser(api);
  const planted = cookieOf(await login(api, email));
  const answer = await login(api, email, PASSWORD, { cookie: planted });
  t.not(cookieOf(answer), planted);
  t.same([await statusOf(api, planted), await statusOf(api, cookieOf(answer))], [401, 200]);
});

void t.test('a session ends with logout, after twelve hours of nothing, and after seven days of anything', async (t) => {
  const api = await startHarness(t);
  const user = await newUser(api);
  const left = await logIn(api, user);
  const out = await left.call('POST', '/auth/logout');
  t.equal(out.status, 200);
  t.match(out.headers.getSetCookie()[0], /^offhook_session=; .*Expires=Thu, 01 Jan 1970/);
  t.equal(await statusOf(api, left.cookie), 401);

  const [idle, busy] = [await logIn(api, user), await logIn(api, user)];
  for (let hours = 0; hours < 7 * 24 - 1; hours += 1) {
    api.clock.advance(HOUR_MS);
    if (hours === 10) t.equal(await statusOf(api, idle.cookie), 200, 'eleven hours later');
    t.equal(await statusOf(api, busy.cookie), 200);
  }
  t.equal(await statusOf(api, idle.cookie), 401);
  api.clock.advance(HOUR_MS);
  t.equal(await statusOf(api, busy.cookie), 401);
});

void t.test('a changed password ends every session but gives the one that changed it another', async (t) => {
  const api = await startHarness(t);
  const user = await newUser(api);
  const [here, elsewhere] = [await logIn(api, user), await logIn(api, user)];
  const change = (current: string, next: string): Promise<Answer> =>
    here.call('POST', '/auth/change-password', { current_password: current, new_password: next });
  t.match(await change('wrong', NEW_PASSWORD), { status: 403, body: { error: 'The present password is wrong' } });
  for (const bad of ['short', 'ä'.repeat(37)]) {
    t.match(await change(PASSWORD, bad), { status: 400, body: { details: { fields: [{ field: 'new_password' }] } } });
  }
  t.equal(await statusOf(api, elsewhere.cookie), 200, 'nothing has happened yet');
  const changed = await change(PASSWORD, NEW_PASSWORD);
  t.equal(changed.status, 200);
  t.same(
    [await statusOf(api, here.cookie), await statusOf(api, elsewhere.cookie), await statusOf(api, cookieOf(changed))],
    [401, 401, 200],
  );
  t.same([(await login(api, user.email)).status, (await login(api, user.email, NEW_PASSWORD)).status], [401, 200]);
});

void t.test('guesses at the present password are counted too', async (t) => {
  const api = await startHarness(t);
  const person = await logIn(api);
  const guess = (): Promise<Answer> =>
    person.call('POST', '/auth/change-password', { current_password: 'guess', new_password: NEW_PASSWORD });
  for (let n = 0; n < 10; n += 1) t.equal((await guess()).status, 403);
  t.equal((await guess()).status, 429);
});

void t.test('a login of another site, and with a form, is none', async (t) => {
  const api = await startHarness(t);
  const { email } = await newUser(api);
  t.equal((await login(api, email, PASSWORD, { origin: 'https://evil.example' })).status, 403);
  const form = await api.raw('/api/v1/auth/login', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `email=${encodeURIComponent(email)}&password=${encodeURIComponent(PASSWORD)}`,
  });
  t.equal(form.status, 400);
});

void t.test('a key goes before a cookie, and a wrong key is not made good by one', async (t) => {
  const api = await startHarness(t);
  const viewer = await logIn(api, { role: 'viewer' });
  const create = (headers: Record<string, string>): Promise<Answer> =>
    ask(api, 'POST', '/agents', { name: 'A', system_prompt: 'B' }, { cookie: viewer.cookie, ...headers });
  t.equal((await create({ authorization: `Bearer ${api.key}` })).status, 201, 'without a token, since no browser adds a key');
  t.equal((await create({ authorization: 'Bearer va_wrong', 'x-csrf-token': viewer.csrf })).status, 401);
  t.equal((await create({ authorization: 'Basic x', 'x-csrf-token': viewer.csrf })).status, 401);
});

void t.test('somebody works in the organisation they choose', async (t) => {
  const api = await startHarness(t);
  const user = await newUser(api, { role: 'viewer' });
  await api.database.users.join(user.id, { tenantId: OTHER_TENANT, role: 'admin', sinceMs: api.clock.nowMs() + 1 });
  const choose = (id: string): Promise<Answer> =>
    ask(api, 'POST', '/auth/login', { email: user.email, password: PASSWORD, organization_id: id });
  t.match((await choose(OTHER_TENANT)).body.data, { organization: { id: OTHER_TENANT }, role: 'admin' });
  t.equal((await choose(newUserId())).status, 403);
  const person = await logIn(api, user);
  t.equal((await person.call('POST', '/auth/organization', { organization_id: newUserId() })).status, 404);
  t.match((await person.call('GET', '/auth/me')).body.data, { organization: { id: DEFAULT_TENANT }, role: 'viewer' });
});

void t.test('the limit of requests holds for a user, through all their sessions', async (t) => {
  const api = await startHarness(t, { rateLimitPerMinute: 2 });
  const user = await newUser(api);
  const [one, two] = [await logIn(api, user), await logIn(api, user)];
  t.equal((await one.call('GET', '/agents')).headers.get('x-ratelimit-remaining'), '1');
  t.equal((await two.call('GET', '/agents')).status, 200);
  t.equal((await one.call('GET', '/agents')).status, 429);
  t.equal((await api.call('GET', '/agents')).status, 200, 'keys have their own');
});

void t.test('sessions open pages as well, by their role', async (t) => {
  const api = await startHarness(t);
  const { cookie } = await logIn(api, { role: 'viewer' });
  t.equal((await api.raw('/console/calls/x', { headers: { cookie } })).status, 404, 'no such call');
  t.equal((await api.raw('/console/calls/x')).status, 401);
});

void t.test('no password, token or cookie is in the database, nor is the session of a user who is gone', async (t) => {
  const api = await startHarness(t);
  const owner = await logIn(api);
  const user = await newUser(api, { role: 'viewer' });
  const person = await logIn(api, user);
  const written = ['offhook.db', 'offhook.db-wal'].map((name) => readFileSync(join(api.dataDir, name), 'latin1')).join('');
  t.ok(written.includes(user.email), 'these are the files');
  for (const secret of [PASSWORD, person.cookie.split('=')[1] ?? '', person.csrf]) t.notOk(written.includes(secret));
  t.equal((await owner.call('DELETE', `/users/${user.id}`)).status, 200);
  t.equal(await statusOf(api, person.cookie), 401);
  api.clock.advance(DAY_MS);
  t.equal((await login(api, user.email)).status, 401);
});

void t.test('no password, token, cookie or key is in the log, whatever goes wrong', async (t) => {
  const lines: string[] = [];
  const stream = { write: (line: string) => void lines.push(line) };
  const api = await startHarness(t, { log: createLogger('debug', stream) });
  const user = await newUser(api);
  const opened = await login(api, user.email);
  const person = await logIn(api, user);
  await login(api, user.email, 'a guess at the password');
  const { token, link } = (await person.call('POST', '/users/invite', { email: 'jane@example.com', role: 'viewer' })).body.data;
  const { key } = (await person.call('POST', '/api-keys', { name: 'CRM' })).body.data;
  await person.call('POST', '/auth/change-password', { current_password: 'a guess at the password', new_password: NEW_PASSWORD });
  await ask(api, 'POST', '/auth/accept-invitation', { token, name: '', password: NEW_PASSWORD });
  await api.raw(`/console/invitation?token=${token}x`);
  await person.call('POST', '/agents', {}, { 'x-csrf-token': 'a guess at the token' });
  api.database.users.members = () => Promise.reject(new Error(`failed with ${key}`));
  api.database.users.findByEmail = () => Promise.reject(new Error('broken'));
  t.equal((await person.call('GET', '/users')).status, 500);
  t.equal((await login(api, user.email)).status, 500);
  t.equal((await person.call('POST', '/users/invite', { email: 'a@example.com', role: 'viewer' })).status, 500);
  const log = lines.join('');
  for (const logged of ['wrong e-mail or password', 'csrf token missing or wrong', 'request failed', 'failed with [redacted]']) {
    t.match(log, logged);
  }
  const secrets = [PASSWORD, NEW_PASSWORD, 'a guess at', token, link, key, person.csrf, person.cookie, cookieOf(opened)];
  for (const secret of [...secrets, user.passwordHash]) t.notOk(log.includes(secret), secret.slice(0, 12));
});
