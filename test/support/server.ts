import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp } from '../../src/app.js';
import { loadConfig } from '../../src/config/load.js';
import type { App, AppHooks } from '../../src/running-app.js';

export const TEST_KEY = 'va_test_key_that_only_tests_know';

/** Tests share their machine with others, and are not about how busy it is. */
export const NEVER_OVERLOADED = { shed: false };

export type TestServer = App & {
  dataDir: string;
  api(path: string, init?: { method?: string; body?: string }): Promise<Response>;
};

/** A real drachtio-server, where the environment names one; it must listen for SIP on OFFHOOK_SIP_PORT of 127.0.0.1. */
function realDrachtio(): { drachtio?: { host: string; port: number; secret: string } } {
  const { OFFHOOK_DRACHTIO: address, OFFHOOK_DRACHTIO_SECRET: secret = '' } = process.env;
  if (address === undefined) return {};
  const [host = '', port = '9022'] = address.split(':');
  return { drachtio: { host, port: Number(port), secret } };
}

/** The whole server on loopback, free ports and a data directory of its own; stopped and removed by `close`. */
export async function startTestServer(
  overrides: Record<string, unknown> = {},
  hooks: AppHooks = {},
): Promise<TestServer & { close(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'offhook-test-'));
  const config = loadConfig(
    {},
    {
      overrides: {
        dataDir,
        bind: '127.0.0.1',
        sip: { port: 0 },
        // A test may ask again and again whether something has happened.
        http: { port: 0, rateLimitPerMinute: 1_000_000 },
        adminKey: TEST_KEY,
        log: { level: 'silent' },
        overload: NEVER_OVERLOADED,
        ...realDrachtio(),
        ...overrides,
      },
    },
  );
  const app = await startApp(config, hooks);
  return {
    ...app,
    sipPort: app.sipPort || Number(process.env['OFFHOOK_SIP_PORT'] ?? 5060),
    dataDir,
    api: (path, init: { method?: string; body?: string } = {}) =>
      fetch(`http://127.0.0.1:${app.httpPort}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${TEST_KEY}`, 'content-type': 'application/json' },
      }),
    close: async () => {
      await app.stop(0);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
