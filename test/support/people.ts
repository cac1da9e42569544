import { DEFAULT_TENANT, newUserId, type TenantId, type UserId } from '../../src/core/ids.js';
import type { Role, User } from '../../src/domain/identity.js';
import type { SessionPrincipal } from '../../src/domain/principal.js';
import { Passwords } from '../../src/identity/passwords.js';
import { csrfTokenOf } from '../../src/identity/tokens.js';
import type { Answer, HttpHarness } from './http-harness.js';

export const PASSWORD = 'correct horse battery staple';
const HASH = new Passwords({ cost: 4 }).hash(PASSWORD);
let people = 0;

/** A browser in which somebody is logged in. */
export type Person = {
  id: UserId;
  email: string;
  principal: SessionPrincipal;
  /** What the browser sends, and what its page says beside it. */
  cookie: string;
  csrf: string;
  /** A request of the page: with the cookie, and with the token where something may change. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
};

type Belonging = { role?: Role; tenant?: TenantId; email?: string };

/** A user with `PASSWORD`, not by way of the API: what tests need is somebody who is there already. */
export async function newUser(
  api: HttpHarness,
  { role = 'owner', tenant = DEFAULT_TENANT, email }: Belonging = {},
): Promise<User> {
  people += 1;
  const user: User = {
    id: newUserId(),
    email: email ?? `person-${people}@example.com`,
    name: `Person ${people}`,
    passwordHash: await HASH,
    createdAtMs: api.clock.nowMs(),
  };
  await api.database.users.join(user, { tenantId: tenant, role, sinceMs: api.clock.nowMs() });
  return user;
}

/** Another session of somebody, or the first one of somebody new. */
export async function logIn(api: HttpHarness, who: User | Belonging = {}): Promise<Person> {
  const user = 'id' in who ? who : await newUser(api, who);
  const [first] = await api.database.users.organizationsOf(user.id);
  if (!first) throw new Error('belongs to nobody');
  const { token, principal } = await api.identity.sessions.open(user, first.organization.id, first.role);
  const cookie = `offhook_session=${token}`;
  const csrf = csrfTokenOf(token);
  return {
    id: user.id,
    email: user.email,
    principal,
    cookie,
    csrf,
    call: (method, path, body, headers = {}) => ask(api, method, path, body, { cookie, 'x-csrf-token': csrf, ...headers }),
  };
}

/** A request with these headers alone. */
export async function ask(
  api: HttpHarness,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await api.raw(`/api/v1${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}
