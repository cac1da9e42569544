import t from 'tap';
import { type HttpHarness, startHarness } from '../../support/http-harness.js';
import { ask, logIn, newUser, PASSWORD } from '../../support/people.js';

/** As a browser sends the form. */
const submit = (api: HttpHarness, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
  api.raw('/console/invitation', { method: 'POST', headers: { origin: api.url, ...headers }, body: new URLSearchParams(fields) });

async function invited(api: HttpHarness, email = 'jane@example.com'): Promise<{ token: string; path: string }> {
  const admin = await logIn(api, { role: 'admin' });
  const { token, link } = (await admin.call('POST', '/users/invite', { email, role: 'viewer' })).body.data;
  return { token, path: new URL(link).pathname + new URL(link).search };
}

void t.test('the link leads to a form, the form to a membership and a session', async (t) => {
  const api = await startHarness(t);
  const { token, path } = await invited(api);
  const page = await api.raw(path);
  t.equal(page.status, 200);
  t.equal(page.headers.get('referrer-policy'), 'same-origin', 'a page that names no referrer sends no origin with its form');
  t.match(page.headers.get('content-security-policy'), "form-action 'self'");
  const html = await page.text();
  t.match(html, /Join default[\s\S]*jane@example\.com[\s\S]*Choose a password/);
  t.match(html, `name="token" value="${token}"`);
  t.notMatch(html, /<script|https?:\/\//);

  const short = await submit(api, { token, name: '"><b>Jane', password: 'short' });
  t.equal(short.status, 400);
  t.match(await short.text(), /The password must have at least 12 characters[\s\S]*value="&quot;&gt;&lt;b&gt;Jane"/);
  const accepted = await submit(api, { token, name: 'Jane', password: PASSWORD });
  t.equal(accepted.status, 200);
  t.match(await accepted.text(), 'Welcome to default');
  const cookie = accepted.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  t.match((await ask(api, 'GET', '/auth/me', undefined, { cookie })).body.data, { user: { name: 'Jane' }, role: 'viewer' });
  t.equal((await api.raw(path)).status, 404, 'the link works once');
});

void t.test('who has an account says its password, and may try again', async (t) => {
  const api = await startHarness(t);
  const jane = await newUser(api, { role: 'viewer', tenant: '00000000-0000-7000-8000-000000000002' as never });
  const { token, path } = await invited(api, jane.email);
  t.match(await (await api.raw(path)).text(), 'The password of your account');
  const wrong = await submit(api, { token, password: 'not the password' });
  t.equal(wrong.status, 401);
  t.match(await wrong.text(), /Wrong e-mail address or password[\s\S]*<form/);
  t.equal((await submit(api, { token, password: PASSWORD })).status, 200);
});

void t.test('a form of another site, and one with nothing in it, do nothing', async (t) => {
  const api = await startHarness(t);
  const { token } = await invited(api);
  const fields = { token, name: 'Eve', password: PASSWORD };
  for (const origin of ['https://evil.example', 'null']) t.equal((await submit(api, fields, { origin })).status, 403, origin);
  t.equal((await submit(api, {})).status, 400);
  t.equal((await submit(api, { ...fields, token: 'guess' })).status, 404);
  t.equal((await api.raw('/console/invitation')).status, 400);
  t.equal((await api.raw(`/console/invitation?token=${'x'.repeat(300)}`)).status, 400);
  t.equal((await submit(api, fields)).status, 200, 'the invitation still holds');
});
