import { spawnSync } from 'node:child_process';
import t from 'tap';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import { Passwords } from '../../../src/identity/passwords.js';
import { openDatabase } from '../../../src/storage/database.js';

const CLI = new URL('../../../src/cli.js', import.meta.url).href;

/** The command as its own process, on a data directory of its own. */
function offhook(dataDir: string, args: string[], input = ''): { status: number | null; stdout: string; stderr: string } {
  const script = `(await import(${JSON.stringify(CLI)})).main(process.argv.slice(1))`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script, '--', 'users', ...args], {
    encoding: 'utf8',
    input,
    env: { PATH: process.env.PATH, OFFHOOK_DATA_DIR: dataDir },
  });
}

/** Whether the stored password of `email` is this one. */
async function opens(dataDir: string, email: string, password: string): Promise<boolean> {
  const database = await openDatabase(dataDir);
  const user = await database.users.findByEmail(email);
  await database.close();
  return await new Passwords().matches(password, user?.passwordHash);
}

void t.test('the first owner is made with a password that is shown once, or with one from standard input', async (t) => {
  const dataDir = t.testdir();
  const made = offhook(dataDir, ['create', 'Jane@Example.com', '--name', 'Jane']);
  t.equal(made.status, 0, made.stderr);
  t.match(made.stdout, /^[\w-]{24}\n$/, 'the password alone');
  t.ok(await opens(dataDir, 'jane@example.com', made.stdout.trim()));
  const given = offhook(dataDir, ['create', 'bob@example.com', '--role', 'viewer', '--password-stdin'], 'bob has a long one\n');
  t.equal(given.status, 0, given.stderr);
  t.equal(given.stdout, '', 'a password that is given is not repeated');
  t.notMatch(given.stderr, 'long one');
  t.ok(await opens(dataDir, 'bob@example.com', 'bob has a long one'));
  const list = offhook(dataDir, ['list']).stdout;
  t.match(list, /bob@example\.com {2}viewer {2}default {2}bob@example\.com\n.*jane@example\.com {2}owner {2}default {2}Jane\n/);
});

void t.test('a forgotten password is replaced, and the sessions of before end', async (t) => {
  const dataDir = t.testdir();
  const old = offhook(dataDir, ['create', 'jane@example.com']).stdout.trim();
  const changed = offhook(dataDir, ['password', 'jane@example.com']);
  t.equal(changed.status, 0, changed.stderr);
  t.same(
    [await opens(dataDir, 'jane@example.com', old), await opens(dataDir, 'jane@example.com', changed.stdout.trim())],
    [false, true],
  );
});

void t.test('what cannot be meant is refused in one line, and makes nobody', async (t) => {
  const dataDir = t.testdir();
  for (const [args, reason, input] of [
    [['create', 'no-address'], /must be an e-mail address/],
    [['create', 'a@b.example', '--role', 'king'], /takes one of owner, admin, operator, viewer/],
    [['create', 'a@b.example', '--organization', 'nowhere'], new RegExp(`no such organization \\(${DEFAULT_TENANT} default\\)`)],
    [['create', 'a@b.example', '--password-stdin'], /at least 12 characters/, 'short\n'],
    [['password', 'nobody@b.example'], /there is no user nobody@b\.example/],
    [['nothing'], /usage/],
  ] as [string[], RegExp, string?][]) {
    const { status, stdout, stderr } = offhook(dataDir, args, input);
    t.equal(status, 1, args.join(' '));
    t.match(stderr, reason);
    t.equal(stdout, '');
  }
  t.equal(offhook(dataDir, ['list']).stdout, '');
  offhook(dataDir, ['create', 'jane@example.com']);
  t.match(offhook(dataDir, ['create', 'jane@example.com']).stderr, /exists/, 'nor the same one twice');
});
