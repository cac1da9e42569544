import t from 'tap';
import { DIALECTS, type DialectName } from '../../../src/domain/api-key.js';
import { startHarness } from '../../support/http-harness.js';

/** A path of each dialect that only its own keys open. */
const PATHS: Readonly<Record<DialectName, string>> = {
  core: '/api/v1/agents',
  flametalk: '/v1/agents',
  flametree: '/chatbot/01920000-0000-7000-8000-000000000000/capabilities',
  callfluent: '/api/agent/get-all/1',
  overview: '/calls/01920000-0000-7000-8000-000000000000',
};
/** How each says that a key opens nothing here. */
const REFUSALS: Readonly<Record<DialectName, { status: number; body: object }>> = {
  core: { status: 401, body: { success: false, error: 'Invalid or missing API key' } },
  flametalk: { status: 401, body: { success: false, error: { code: 'UNAUTHORIZED', message: 'Invalid or missing API key' } } },
  flametree: { status: 401, body: { detail: 'Invalid or missing API key' } },
  callfluent: { status: 403, body: { status: false, msg: "Your account doesn't have the permission to access that page." } },
  overview: { status: 401, body: { message: 'Invalid or missing API key' } },
};

void t.test('no key, and the key of another dialect, are refused in the words of the one that was asked', async (t) => {
  const api = await startHarness(t);
  const keys = await Promise.all(DIALECTS.map(async (dialect) => [dialect, await api.newKey({ dialect })] as const));
  for (const asked of DIALECTS) {
    const foreign = keys.filter(([dialect]) => dialect !== asked).map(([, key]) => ({ authorization: `Bearer ${key}` }));
    for (const headers of [{}, ...foreign]) {
      const response = await api.raw(PATHS[asked], { headers });
      t.equal(response.status, REFUSALS[asked].status, asked);
      t.match(await response.json(), REFUSALS[asked].body);
    }
    const own = keys.find(([dialect]) => dialect === asked)?.[1];
    const response = await api.raw(PATHS[asked], { headers: { authorization: `Bearer ${own}` } });
    t.not(response.status, 401, `${asked} takes its own`);
  }
});

void t.test('only the core dialect takes a key in the address', async (t) => {
  const api = await startHarness(t);
  for (const dialect of DIALECTS) {
    const response = await api.raw(`${PATHS[dialect]}?api_key=${await api.newKey({ dialect })}`);
    t.equal(response.status, dialect === 'core' ? 200 : REFUSALS[dialect].status, dialect);
  }
});
