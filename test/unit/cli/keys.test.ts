import { spawnSync } from 'node:child_process';
import t from 'tap';

const CLI = new URL('../../../src/cli.js', import.meta.url).href;

/** The command as its own process, on a data directory of its own. */
function offhook(dataDir: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const script = `(await import(${JSON.stringify(CLI)})).main(process.argv.slice(1))`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script, '--', 'keys', ...args], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, OFFHOOK_DATA_DIR: dataDir },
  });
}

void t.test('a key is made with its terms, listed with them, regenerated and revoked', async (t) => {
  const dataDir = t.testdir();
  const created = offhook(dataDir, 'create', 'ci', '--scopes', 'calls:read, agents:read', '--expires', '2999-12-31');
  t.equal(created.status, 0, created.stderr);
  t.match(created.stdout, /^va_[\w-]{43}\n$/, 'the key alone');
  const id = /key (\S+) created/.exec(created.stderr)?.[1] ?? '';
  const list = (): string => offhook(dataDir, 'list').stdout;
  t.match(list(), new RegExp(`^${id} .*active.*until 2999-12-31T00:00:00.000Z  never used  agents:read,calls:read  ci\n$`));
  t.notMatch(list(), created.stdout.trim());
  const regenerated = offhook(dataDir, 'regenerate', id);
  t.match(regenerated.stdout, /^va_[\w-]{43}\n$/);
  t.not(regenerated.stdout, created.stdout);
  t.match(list(), /agents:read,calls:read {2}ci\n$/);
  t.equal(offhook(dataDir, 'revoke', id).status, 0);
  t.match(list(), /revoked/);
  t.equal(offhook(dataDir, 'regenerate', id).status, 1);
});

void t.test('limits are given to a key, and taken away again', async (t) => {
  const dataDir = t.testdir();
  const { stderr } = offhook(dataDir, 'create', 'ci', '--calls-per-hour', '10', '--prefixes', '+49, +43');
  const id = /key (\S+) created/.exec(stderr)?.[1] ?? '';
  const list = (): string => offhook(dataDir, 'list').stdout;
  t.match(list(), /all {2}\{"allowedPrefixes":\["\+49","\+43"\],"callsPerHour":10\} {2}ci\n$/);
  t.match(offhook(dataDir, 'limit', id, '--calls-per-day', '5').stdout, /all {2}\{"callsPerDay":5\} {2}ci\n$/);
  t.equal(offhook(dataDir, 'limit', id).status, 0);
  t.match(list(), /all {2}ci\n$/);
});

void t.test('what cannot be meant is refused in one line, and makes no key', async (t) => {
  const dataDir = t.testdir();
  for (const [args, reason] of [
    [['create', 'x', '--scopes', 'agents'], /scopes must be one or more of agents:read/],
    [['create', 'x', '--expires', '2001-01-01'], /must be a time to come/],
    [['create', 'x', '--expires', 'tomorrow'], /takes a date/],
    [['create', 'x', '--scope', 'agents:read'], /Unknown option/],
    [['create', 'x', '--calls-per-day', 'many'], /callsPerDay must be a whole number/],
    [['create', 'x', '--prefixes', '49'], /allowedPrefixes must be \+/],
    [['create', 'x', '--organization', 'nowhere'], /no such organization/],
    [['nothing'], /usage/],
  ] as const) {
    const { status, stdout, stderr } = offhook(dataDir, ...args);
    t.equal(status, 1, args.join(' '));
    t.match(stderr, reason);
    t.equal(stdout, '');
  }
  t.equal(offhook(dataDir, 'list').stdout, '');
});
