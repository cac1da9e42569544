import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import t from 'tap';
import { startTestServer } from '../support/server.js';

const run = promisify(execFile);
const server = await startTestServer();
t.teardown(() => server.close());
// Its own parser cuts the last digit off a port of five, so it names that apart.
const sipsak = (...args: string[]) => run('sipsak', [...args, '-r', String(server.sipPort), '-s', 'sip:echo@127.0.0.1']);

void t.test('sipsak asks with OPTIONS whether we are there', async (t) => {
  const { stdout } = await sipsak('-vv');
  t.match(stdout, /SIP\/2\.0 200 OK[\s\S]*Allow: INVITE/);
});

void t.test('sipsak floods with OPTIONS, and is answered afterwards as before', async (t) => {
  await sipsak('-F', '-e', '300');
  const { stdout } = await sipsak('-vv');
  t.match(stdout, /SIP\/2\.0 200 OK/);
});
