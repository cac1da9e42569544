import type { Command } from 'commander';
import type { components, paths } from '../../client/api-types.js';
import { print, printPage, printRecord } from './output.js';
import {
  answerOf,
  asJson,
  asList,
  asNumber,
  bodyOf,
  type FieldOptions,
  type Remote,
  remoteCommand,
  runRemote,
  withBody,
} from './remote.js';

const CHANGEABLE: FieldOptions = {
  name: ['--name <text>', 'what it is called'],
  to_number: ['--to <number>', 'whom to call, E.164 such as +15550123'],
  description: ['--description <text>', 'a note'],
  starting_message: ['--starting-message <text>', "said first instead of the agent's own"],
  context_data: ['--context <json>', 'fills {{placeholders}}', asJson('--context')],
  priority: ['--priority <n>', 'the highest is called first', asNumber],
  scheduled_at: ['--at <time>', 'when to call, ISO 8601; else when it is executed'],
  webhook_url: ['--webhook-url <url>', 'told what becomes of it'],
  webhook_events: ['--webhook-events <list>', 'of what, separated by commas', asList],
};
const FIELDS: FieldOptions = { agent_id: ['--agent <id>', 'who calls'], ...CHANGEABLE };

type Query = NonNullable<paths['/api/v1/tasks']['get']['parameters']['query']>;

/** `offhook tasks …` */
export async function tasks(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { command, connect } = remoteCommand('tasks', 'calls that are to be made', env);
  command
    .command('list')
    .description('the newest first')
    .option('--agent <id>', 'only of this agent')
    .option('--status <status>', 'pending, in_progress, completed or failed')
    .option('--limit <n>', 'at most so many, up to 100', asNumber)
    .option('--offset <n>', 'skip so many', asNumber)
    .action(async ({ agent, ...rest }: Query & { agent?: string }) => {
      const remote = connect();
      const query = { ...rest, ...(agent === undefined ? {} : { agent_id: agent }) };
      const page = answerOf(await remote.client.GET('/api/v1/tasks', { params: { query } }));
      printPage(remote, page, ['id', 'name', 'to_number', 'status', 'priority', 'scheduled_at', 'call_id', 'failure_reason']);
    });
  command
    .command('get <id>')
    .description('one task with its agent')
    .action(async (id: string) => {
      const remote = connect();
      printRecord(remote, answerOf(await remote.client.GET('/api/v1/tasks/{id}', { params: { path: { id } } })).data);
    });
  changing(command, connect);
  doing(command, connect);
  return await runRemote(command, args);
}

function changing(command: Command, connect: () => Remote): void {
  withBody(command.command('create').description('a new task'), FIELDS).action(async (_options, self: Command) => {
    const remote = connect();
    const body = await bodyOf<components['schemas']['TaskCreate']>(self, FIELDS);
    printRecord(remote, answerOf(await remote.client.POST('/api/v1/tasks', { body })).data);
  });
  withBody(command.command('update <id>').description('change a pending task'), CHANGEABLE).action(
    async (id: string, _options, self: Command) => {
      const remote = connect();
      const body = await bodyOf<components['schemas']['TaskPatch']>(self, CHANGEABLE);
      printRecord(remote, answerOf(await remote.client.PATCH('/api/v1/tasks/{id}', { params: { path: { id } }, body })).data);
    },
  );
  command
    .command('delete <id>')
    .description('a task that is pending or failed')
    .action(async (id: string) => {
      answerOf(await connect().client.DELETE('/api/v1/tasks/{id}', { params: { path: { id } } }));
      print(`deleted ${id}`);
    });
}

function doing(command: Command, connect: () => Remote): void {
  command
    .command('execute <id>')
    .description('call now')
    .action(async (id: string) => {
      const remote = connect();
      printRecord(remote, answerOf(await remote.client.POST('/api/v1/tasks/{id}/execute', { params: { path: { id } } })).data);
    });
  command
    .command('reset <id>')
    .description('make it pending again')
    .action(async (id: string) => {
      const remote = connect();
      printRecord(remote, answerOf(await remote.client.POST('/api/v1/tasks/{id}/reset', { params: { path: { id } } })).data);
    });
}
