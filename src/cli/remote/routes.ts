import type { Command } from 'commander';
import type { components } from '../../client/api-types.js';
import { print, printPage, printRecord } from './output.js';
import {
  answerOf,
  asBoolean,
  asJson,
  asNumber,
  bodyOf,
  type FieldOptions,
  type Remote,
  remoteCommand,
  runRemote,
  withBody,
} from './remote.js';

const FIELDS: FieldOptions = {
  name: ['--name <text>', 'what it is called'],
  priority: ['--priority <n>', 'the lowest decides', asNumber],
  match: ['--match <json>', 'which calls: called, callers, trunks, anonymous, headers, schedule', asJson('--match')],
  target: ['--target <json>', 'where they go, such as {"type":"agent","agent":"front-desk"}', asJson('--target')],
  variables: ['--variables <json>', 'what headers tell the agent', asJson('--variables')],
  enabled: ['--enabled <true|false>', 'whether it counts', asBoolean],
};

const CALL: FieldOptions = {
  called: ['--called <number>', 'number or user that is called'],
  caller: ['--caller <number>', 'who calls; left out, nobody says so'],
  trunk: ['--trunk <name>', 'over which trunk; over none when left out'],
  at: ['--at <time>', 'when, ISO 8601; else now'],
};

/** `offhook routes …` */
export async function routes(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { command, connect } = remoteCommand('routes', 'where calls that come in go', env);
  command
    .command('list')
    .description('in the order in which they decide')
    .option('--limit <n>', 'at most so many, up to 100', asNumber)
    .option('--offset <n>', 'skip so many', asNumber)
    .action(async (query: { limit?: number; offset?: number }) => {
      const remote = connect();
      const page = answerOf(await remote.client.GET('/api/v1/routes', { params: { query } }));
      printPage(remote, page, ['id', 'priority', 'name', 'enabled', 'match', 'target']);
    });
  command
    .command('get <id>')
    .description('one route')
    .action(async (id: string) => {
      const remote = connect();
      printRecord(remote, answerOf(await remote.client.GET('/api/v1/routes/{id}', { params: { path: { id } } })).data);
    });
  withBody(command.command('test').description('where a call would go, and why'), CALL).action(
    async (_options, self: Command) => {
      const remote = connect();
      const body = await bodyOf<components['schemas']['RouteTestCall']>(self, CALL);
      printRecord(remote, answerOf(await remote.client.POST('/api/v1/routes/test', { body })).data);
    },
  );
  changing(command, connect);
  return await runRemote(command, args);
}

function changing(command: Command, connect: () => Remote): void {
  withBody(command.command('create').description('a new route'), FIELDS).action(async (_options, self: Command) => {
    const remote = connect();
    const body = await bodyOf<components['schemas']['RouteCreate']>(self, FIELDS);
    printRecord(remote, answerOf(await remote.client.POST('/api/v1/routes', { body })).data);
  });
  withBody(command.command('update <id>').description('change what is given'), FIELDS).action(
    async (id: string, _options, self: Command) => {
      const remote = connect();
      const body = await bodyOf<components['schemas']['RoutePatch']>(self, FIELDS);
      printRecord(remote, answerOf(await remote.client.PATCH('/api/v1/routes/{id}', { params: { path: { id } }, body })).data);
    },
  );
  command
    .command('delete <id>')
    .description('it decides nothing more')
    .action(async (id: string) => {
      answerOf(await connect().client.DELETE('/api/v1/routes/{id}', { params: { path: { id } } }));
      print(`deleted ${id}`);
    });
}
