import t from 'tap';
import { isCore } from '../../support/client-types.js';
import { type Answer, startHarness } from '../../support/http-harness.js';

const limitsOf = ({ headers }: Pick<Answer, 'headers'>): (number | null)[] =>
  ['limit', 'remaining'].map((name) => {
    const value = headers.get(`x-ratelimit-${name}`);
    return value === null ? null : Number(value);
  });

void t.test('every answer says how many requests are left, failures too', async (t) => {
  const api = await startHarness(t, { rateLimitPerMinute: 5 });
  t.same(limitsOf(await api.call('GET', '/agents')), [5, 4]);
  t.same(limitsOf(await api.call('POST', '/agents', {})), [5, 3], '400');
  t.same(limitsOf(await api.call('GET', '/nothing')), [5, 2], '404');
  const { headers } = await api.call('GET', '/calls');
  const inSeconds = Number(headers.get('x-ratelimit-reset')) - api.clock.nowMs() / 1000;
  t.ok(inSeconds > 0 && inSeconds <= 61, `the window ends in ${inSeconds} s`);
});

void t.test('429 with Retry-After for one request too many, of that key alone', async (t) => {
  const api = await startHarness(t, { rateLimitPerMinute: 2 });
  await api.call('GET', '/agents');
  await api.call('GET', '/agents');
  const refused = await api.call('POST', '/agents', { name: 'x', system_prompt: 'y' });
  t.equal(refused.status, 429);
  t.match(refused.body, { success: false, error: 'Rate limit exceeded', meta: { request_id: String } });
  t.same(limitsOf(refused), [2, 0]);
  const waitS = Number(refused.headers.get('retry-after'));
  t.ok(waitS >= 1 && waitS <= 60, `${waitS} s`);
  t.equal((await api.raw(`/console/calls/x?api_key=${api.key}`)).status, 429, 'the pages count too');
  const other = await api.call('GET', '/agents', undefined, { authorization: `Bearer ${api.otherKey}` });
  t.same([other.status, ...limitsOf(other)], [200, 2, 1], 'another key has its own');
});

void t.test('whoever guesses keys is stopped, and good keys of the same address are not', async (t) => {
  const api = await startHarness(t, { rateLimitPerMinute: 2 });
  const guess = (): Promise<Answer> => api.call('GET', '/agents', undefined, { authorization: 'Bearer va_guess' });
  t.same([(await guess()).status, (await guess()).status, (await guess()).status], [401, 401, 429]);
  t.equal((await api.call('GET', '/agents')).status, 200);
});

void t.test('every answer carries the headers that keep browsers from doing harm', async (t) => {
  const api = await startHarness(t);
  for (const path of ['/api/v1/agents', '/docs', '/openapi.json', '/healthz', '/nothing']) {
    const { headers } = await api.raw(path);
    t.match(headers.get('content-security-policy'), /default-src 'none';.*frame-ancestors 'none'/, path);
    t.equal(headers.get('x-content-type-options'), 'nosniff');
    t.equal(headers.get('x-frame-options'), 'DENY');
    t.equal(headers.get('referrer-policy'), 'no-referrer');
    t.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
    t.equal(headers.get('cache-control'), 'no-store');
    t.equal(headers.get('x-powered-by'), null);
  }
});

void t.test('without configuration no other site is let in', async (t) => {
  const api = await startHarness(t);
  const headers = { origin: 'https://app.example.com', authorization: `Bearer ${api.key}` };
  t.equal((await api.raw('/api/v1/agents', { headers })).headers.get('access-control-allow-origin'), null);
  const preflight = await api.raw('/api/v1/agents', { method: 'OPTIONS', headers: { origin: 'https://app.example.com' } });
  t.equal(preflight.headers.get('access-control-allow-origin'), null);
});

void t.test('a site of the configuration may ask, read the headers and do so without a key first', async (t) => {
  const api = await startHarness(t, { corsOrigins: ['https://app.example.com', 'https://two.example.com'] });
  const preflight = (origin: string) =>
    api.raw('/api/v1/agents', { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });
  const allowed = await preflight('https://app.example.com');
  t.equal(allowed.status, 204);
  t.equal(allowed.headers.get('access-control-allow-origin'), 'https://app.example.com');
  t.match(allowed.headers.get('access-control-allow-methods'), 'PATCH');
  t.match(allowed.headers.get('access-control-allow-headers'), /Authorization.*Idempotency-Key/);
  t.equal(allowed.headers.get('access-control-allow-credentials'), null);
  t.match(allowed.headers.get('vary'), 'Origin');
  for (const foreign of ['https://app.example.com.evil.test', 'http://app.example.com', 'null']) {
    t.equal((await preflight(foreign)).headers.get('access-control-allow-origin'), null, foreign);
  }
  const { status, headers } = await api.call('GET', '/agents', undefined, { origin: 'https://two.example.com' });
  t.equal(status, 200);
  t.equal(headers.get('access-control-allow-origin'), 'https://two.example.com');
  t.match(headers.get('access-control-expose-headers'), 'X-RateLimit-Remaining');
  const refused = await api.raw('/api/v1/agents', { headers: { origin: 'https://app.example.com' } });
  t.same([refused.status, refused.headers.get('access-control-allow-origin')], [401, 'https://app.example.com']);
});

void t.test('the OpenAPI document tells of the limit on every route', async (t) => {
  const api = await startHarness(t);
  type Operation = { responses: Record<string, { headers?: Record<string, unknown> }> };
  const document = (await (await api.raw('/openapi.json')).json()) as { paths: Record<string, Record<string, Operation>> };
  const core = Object.entries(document.paths).filter(([path]) => isCore(path));
  const operations = core.flatMap(([, item]) => Object.values(item));
  t.ok(operations.length > 10);
  for (const { responses } of operations) {
    t.ok(responses['429']?.headers?.['Retry-After']);
    t.ok(Object.values(responses).every((response) => response.headers?.['X-RateLimit-Remaining']));
  }
});
