import { mock } from 'node:test';
import type { Response } from 'express';
import t from 'tap';
import { RequestLimit } from '../../../src/api/http/rate-limit.js';

/** As much of a response as is needed; the wall clock is that of the library, which the tests turn. */
function response(): { res: Response; headers: Map<string, unknown> } {
  const headers = new Map<string, unknown>();
  const stub = { locals: { nowMs: () => Date.now() }, setHeader: (name: string, value: unknown) => headers.set(name, value) };
  return { res: stub as unknown as Response, headers };
}

void t.test('a minute after the first request there is a new window, whatever was refused in between', async (t) => {
  mock.timers.enable({ apis: ['Date', 'setTimeout'], now: 1_700_000_000_000 });
  t.teardown(() => mock.timers.reset());
  const limit = new RequestLimit(2);
  const ask = async (): Promise<string> => {
    const { res, headers } = response();
    const refused = await limit.count(res, 'k').then(
      () => false,
      (error: unknown) => (error as { code: string }).code,
    );
    return [refused, headers.get('X-RateLimit-Remaining'), headers.get('X-RateLimit-Reset'), headers.get('Retry-After')].join(
      ' ',
    );
  };
  t.equal(await ask(), 'false 1 1700000060 ');
  mock.timers.tick(20_000);
  t.equal(await ask(), 'false 0 1700000060 ');
  t.equal(await ask(), 'rate_limited 0 1700000060 40');
  mock.timers.tick(39_999);
  t.equal(await ask(), 'rate_limited 0 1700000060 1');
  mock.timers.tick(1);
  t.equal(await ask(), 'false 1 1700000120 ');
});
