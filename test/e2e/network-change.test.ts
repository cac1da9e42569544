import { spawn, spawnSync } from 'node:child_process';
import t from 'tap';
import { eventually, OffhookProcess } from '../support/offhook-process.js';
import { granting, TestRegistrar } from '../support/registrar.js';
import { header } from '../support/sip-peer.js';

/** Set where this file runs itself again, in a network of its own whose addresses it may change. */
const INSIDE = 'OFFHOOK_TEST_OWN_NETWORK';
const IN_OWN_NETWORK = ['unshare', '-rn'];
/** The runner's own limit is not known inside. */
const LIMIT_MS = 200_000;
const REGISTRAR = '198.18.0.9';
/** On the same network. The server has the first, then the second; the registrar's own stands after them in the system's list. */
const [BEFORE, AFTER] = ['198.18.0.2', '198.18.0.3'];

function ip(...args: string[]): void {
  const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`);
}

function move(from: string | undefined, to: string): void {
  if (from !== undefined) {
    ip('addr', 'del', `${from}/16`, 'dev', 'lo');
    ip('addr', 'del', `${REGISTRAR}/32`, 'dev', 'lo');
  }
  ip('addr', 'add', `${to}/16`, 'dev', 'lo');
  ip('addr', 'add', `${REGISTRAR}/32`, 'dev', 'lo');
}

if (process.env[INSIDE] === undefined) {
  const possible = spawnSync(IN_OWN_NETWORK[0] ?? '', [...IN_OWN_NETWORK.slice(1), 'ip', 'link', 'set', 'lo', 'up']).status === 0;
  const skip = possible ? {} : { skip: 'no network of its own can be made here (unshare -rn, ip)' };
  void t.test('another address of the machine, in a network of its own', skip, async (t) => {
    const [program, ...args] = [...IN_OWN_NETWORK, 'env', '-u', 'NODE_OPTIONS', `${INSIDE}=1`, process.execPath];
    const child = spawn(program, [...args, '--enable-source-maps', process.argv[1] ?? ''], { stdio: ['ignore', 'pipe', 'pipe'] });
    t.teardown(() => void child.kill('SIGKILL'));
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    const code = await new Promise((resolve) => child.once('close', resolve));
    t.equal(code, 0, output);
    t.match(output, /^ok 1 - registers again at once/m);
  });
} else {
  ip('link', 'set', 'lo', 'up');
  move(undefined, BEFORE);
  void t.test('registers again at once, from where it is now, and takes back where it was', async (t) => {
    t.setTimeout(LIMIT_MS);
    const registrar = await TestRegistrar.start(t, undefined, REGISTRAR);
    registrar.answer = (register) => granting(register, 3600);
    const server = await OffhookProcess.start(t, {
      env: { OFFHOOK_BIND: '0.0.0.0' },
      config: {
        trunks: [{ name: 'pbx', kind: 'register', host: REGISTRAR, port: registrar.peer.port, username: 'echo', password: 'p' }],
      },
    });
    const contact = (address: string): string => `<sip:echo@${address}:${server.sipPort}>`;
    const registered = (as: string) =>
      eventually(() => registrar.asked.find((register) => header(register, 'Contact') === as), `REGISTER of ${as}`);
    await registered(contact(BEFORE));
    move(BEFORE, AFTER);
    const again = await registered(contact(AFTER));
    t.equal(header(again, 'Call-ID'), header(registrar.asked[0] ?? again, 'Call-ID'));
    t.match(header(again, 'Via'), `${AFTER}:${server.sipPort};`);
    await registered(`${contact(BEFORE)};expires=0`);
  });
}
