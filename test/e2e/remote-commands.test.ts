import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import {
  type CallResource,
  type EntryResource,
  eventually,
  OffhookProcess,
  temporaryDirectory,
} from '../support/offhook-process.js';
import { TEST_KEY } from '../support/server.js';

const server = await OffhookProcess.start(t);
const url = `http://127.0.0.1:${server.readyLine?.httpPort}`;

type Outcome = { code: number | null; stdout: string; stderr: string };

async function offhook(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  const started = OffhookProcess.spawn(t, { args, env: { OFFHOOK_URL: url, OFFHOOK_API_KEY: TEST_KEY, ...env } });
  const { code } = await started.ended();
  return { code, stdout: started.stdout, stderr: started.stderr };
}

/** The data of a command that must succeed. */
async function json<Data>(...args: string[]): Promise<Data> {
  const { code, stdout, stderr } = await offhook([...args, '--json']);
  if (code !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return JSON.parse(stdout) as Data;
}

type Agent = { id: string; name: string; enabled: boolean; system_prompt: string; starting_message: string };
type Task = { id: string; status: string; priority: number; context_data: object };

void t.test('agents and tasks are made, listed, changed and deleted from the command line', async (t) => {
  const agent = await json<Agent>('agents', 'create', '--name', 'Desk', '--system-prompt', 'Be brief.', '--enabled', 'true');
  t.match(agent, { name: 'Desk', enabled: true, system_prompt: 'Be brief.' });
  t.match((await offhook(['agents', 'list'])).stdout, new RegExp(`^ID .*ENABLED.*\n${agent.id} +Desk +true`));
  const changes = ['--enabled', 'false', '--data', '{"starting_message":"Hi","name":"Not this"}', '--name', 'Front'];
  t.match(await json('agents', 'update', agent.id, ...changes), { enabled: false, starting_message: 'Hi', name: 'Front' });
  t.match((await offhook(['agents', 'get', agent.id])).stdout, /^name +Front$/m);

  const made = ['--agent', agent.id, '--name', 'Call', '--to', '+15550123', '--context', '{"order":"7"}'];
  const task = await json<Task>('tasks', 'create', ...made);
  t.match(task, { status: 'pending', context_data: { order: '7' } });
  t.match(await json('tasks', 'update', task.id, '--priority', '5'), { priority: 5 });
  t.match(await json('tasks', 'list', '--agent', agent.id, '--status', 'pending'), [{ id: task.id }]);
  const executed = await offhook(['tasks', 'execute', task.id]);
  t.equal(executed.code, 1);
  t.match(executed.stderr, /^offhook: .*\(\d{3}\)\n$/, 'disabled agent, or no gateway: in one line');
  t.equal((await offhook(['tasks', 'reset', task.id])).code, 1);
  t.equal((await offhook(['tasks', 'delete', task.id])).stdout, `deleted ${task.id}\n`);
  t.equal((await offhook(['agents', 'delete', agent.id])).stdout, `deleted ${agent.id}\n`);
  t.match(await offhook(['agents', 'get', agent.id]), { code: 1, stdout: '', stderr: 'offhook: Agent not found (404)\n' });
});

void t.test('a call is followed while it lasts, then its transcript and recording are fetched', async (t) => {
  const caller = OffhookProcess.spawn(t, {
    args: ['call', `sip:demo@127.0.0.1:${server.sipPort}`, '--press', '2', '--press', '#'],
  });
  const [call] = await eventually(async () => {
    const running = await server.data<CallResource[]>('/calls');
    return running.length > 0 ? running : undefined;
  }, 'the call');
  const id = call?.id ?? '';
  const followed = await offhook(['calls', 'follow', id]);
  t.same([followed.code, followed.stderr], [0, '']);
  t.match(followed.stdout, /^ +\d+\.\d s {2}agent {2}\S/m);
  t.match(followed.stdout, /^-- completed, agent_hangup\n$/m);
  await caller.ended();
  const { transcript } = await json<{ transcript: EntryResource[] }>('calls', 'transcript', id);
  t.ok(transcript.length >= 2);
  for (const { message } of transcript) t.ok(followed.stdout.includes(message), `followed: ${message}`);
  t.equal((await offhook(['calls', 'transcript', id])).stdout, followed.stdout.replaceAll(/^-- .*\n/gm, ''));
  t.match(await json('calls', 'list', '--status', 'completed'), [{ id }]);
  t.match((await offhook(['calls', 'get', id])).stdout, /^end_reason +agent_hangup$/m);
  const file = join(temporaryDirectory(t), 'call.wav');
  const { size_bytes: sizeBytes } = await json<{ size_bytes: number }>('calls', 'recording', id);
  t.equal((await offhook(['calls', 'recording', id, '--output', file])).code, 0);
  const audio = readFileSync(file);
  t.same([audio.length, audio.subarray(0, 4).toString()], [sizeBytes, 'RIFF']);
  t.match(await offhook(['calls', 'end', id]), { code: 1, stderr: /already ended \(409\)/ });
});

void t.test('webhooks and trunks can be looked at', async (t) => {
  t.match(await json('webhooks', 'secret'), { algorithm: 'hmac-sha256' });
  t.same(await json('webhooks', 'deliveries', '--state', 'dead'), []);
  const trunk = await json<{ id: string }>('trunks', 'create', '--name', 'PBX', '--kind', 'static', '--host', '192.0.2.10');
  t.match((await offhook(['trunks', 'list'])).stdout, /PBX/);
  t.match(await json('trunks', 'status', trunk.id), { state: String });
  t.equal((await offhook(['trunks', 'delete', trunk.id])).code, 0);
});

void t.test('phones and routes are made, changed, tried and deleted', async (t) => {
  const phone = await json<{ id: string }>(
    'phones',
    'create',
    '--username',
    'desk',
    '--password',
    'correct-horse',
    '--max-contacts',
    '2',
  );
  t.match(phone, { username: 'desk', max_contacts: 2, registered: false, password: undefined });
  t.match((await offhook(['phones', 'list'])).stdout, new RegExp(`^ID .*REGISTERED\n${phone.id} +desk +- +true +false\n$`));
  t.match(await json('phones', 'update', phone.id, '--display-name', 'Front desk'), { display_name: 'Front desk' });
  t.equal((await offhook(['phones', 'delete', phone.id])).stdout, `deleted ${phone.id}\n`);

  const wanted = ['--match', '{"called":["+4930*"]}', '--target', '{"type":"reject","status":603}'];
  const route = await json<{ id: string }>('routes', 'create', '--name', 'closed', '--priority', '5', ...wanted);
  t.match(await json('routes', 'test', '--called', '+4930123'), { route: { id: route.id } });
  t.match(await json('routes', 'update', route.id, '--enabled', 'false'), { enabled: false, priority: 5 });
  t.match(await json('routes', 'list'), [{ id: route.id, enabled: false }]);
  t.equal((await offhook(['routes', 'delete', route.id])).stdout, `deleted ${route.id}\n`);
});

void t.test('campaigns get contacts, but none that must not be called, nor are they written to', async (t) => {
  const agent = await json<Agent>('agents', 'create', '--name', 'Caller', '--system-prompt', 'Be brief.');
  const campaign = await json<{ id: string }>(
    'campaigns',
    'create',
    '--agent',
    agent.id,
    '--name',
    'Spring',
    '--max-concurrent',
    '2',
  );
  const { id } = campaign;
  t.match(campaign, { status: 'draft', max_concurrent: 2 });
  t.match(await json('do-not-call', 'add', '+15550199', '--reason', 'asked'), { number: '+15550199', source: 'api' });
  t.match(await json('campaigns', 'add-contact', id, '--number', '+15550198', '--variables', '{"a":1}'), { added: 1 });
  const many = '{"contacts":[{"number":"+15550199"}]}';
  t.match((await offhook(['campaigns', 'add-contact', id, '--data', many])).stderr, /\(\d{3}\)\n {2}contacts/);
  const [contact] = await json<{ id: string }[]>('campaigns', 'contacts', id);
  t.match(contact, { number: '+15550198', variables: { a: 1 } });
  t.match(await json('campaigns', 'progress', id), { contacts: 1 });
  t.equal((await offhook(['campaigns', 'remove-contact', id, contact?.id ?? ''])).code, 0);
  t.equal((await offhook(['campaigns', 'delete', id])).stdout, `deleted ${id}\n`);

  t.match((await offhook(['texts', 'send', '--to', '+15550199', '--text', 'Hello'])).stderr, /^offhook: .*\(\d{3}\)/);
  t.same([await json('texts', 'list'), await json('texts', 'threads')], [[], []]);
  t.equal((await offhook(['do-not-call', 'delete', '+15550199'])).stdout, 'deleted +15550199\n');
  t.same(await json('do-not-call', 'list'), []);
});

void t.test('what is wrong is said on standard error with exit code 1, and names the field', async (t) => {
  const body = ['--agent', '00000000-0000-7000-8000-000000000000', '--name', ' '];
  for (const [args, expected, env] of [
    [
      ['tasks', 'create', ...body, '--to', '0123'],
      /^offhook: Validation error \(400\)\n {2}name: .*\n {2}to_number: .*E\.164.*\n$/,
    ],
    [['tasks', 'create', '--context', '{'], /^offhook: --context is not valid JSON\n$/],
    [['tasks', 'create', '--data', '[]'], /^offhook: --data takes a JSON object\n$/],
    [['agents', 'list', '--limit', 'many'], /^offhook: Validation error \(400\)\n {2}limit: /],
    [['agents', 'get'], /^offhook: missing required argument 'id'\n$/],
    [['calls', 'list', '--state', 'x'], /^offhook: unknown option '--state'/],
    [['calls', 'nothing'], /^offhook: unknown command 'nothing'/],
    [['agents', 'list', '--key', 'va_wrong'], /^offhook: Invalid or missing API key \(401\)\n$/],
    [['agents', 'list'], /^offhook: no API key: pass --key/, { OFFHOOK_API_KEY: '', OFFHOOK_ADMIN_KEY: '' }],
    [['agents', 'list', '--url', 'nonsense'], /^offhook: --url takes/],
    [['agents', 'list', '--url', `http://127.0.0.1:${server.sipPort}`], /^offhook: cannot reach http:.*\n$/],
  ] as [string[], RegExp, Record<string, string>?][]) {
    const { code, stdout, stderr } = await offhook(args, env);
    t.same([code, stdout], [1, ''], args.join(' '));
    t.match(stderr, expected);
  }
  t.equal((await offhook(['nonsense'])).code, 2);
  t.match(await offhook(['help']), { code: 0, stdout: /agents.*list \| get/ });
  t.match(await offhook(['tasks', '--help']), { code: 0, stdout: /execute <id> +call now/ });
});
