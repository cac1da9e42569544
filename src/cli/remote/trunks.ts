import type { Command } from 'commander';
import type { components } from '../../client/api-types.js';
import { print, printPage, printRecord } from './output.js';
import {
  answerOf,
  asBoolean,
  asNumber,
  bodyOf,
  type FieldOptions,
  type Remote,
  remoteCommand,
  runRemote,
  withBody,
} from './remote.js';

/** What most trunks need; the rest comes with `--data`. */
const FIELDS: FieldOptions = {
  name: ['--name <text>', 'what it is called'],
  kind: ['--kind <kind>', 'static or register'],
  host: ['--host <host>', "the provider's"],
  port: ['--port <n>', 'where it listens', asNumber],
  transport: ['--transport <transport>', 'udp, tcp or tls'],
  username: ['--username <user>', 'for its registrar'],
  password: ['--password <secret>', 'for its registrar; better in --data @file'],
  enabled: ['--enabled <true|false>', 'whether it is used', asBoolean],
};

/** `offhook trunks …` */
export async function trunks(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { command, connect } = remoteCommand('trunks', 'connections to providers and PBXs', env);
  command
    .command('list')
    .description('the newest first')
    .option('--limit <n>', 'at most so many, up to 100', asNumber)
    .option('--offset <n>', 'skip so many', asNumber)
    .action(async (query: { limit?: number; offset?: number }) => {
      const remote = connect();
      const page = answerOf(await remote.client.GET('/api/v1/trunks', { params: { query } }));
      printPage(remote, page, ['id', 'name', 'kind', 'enabled', 'host', 'transport']);
    });
  command
    .command('get <id>')
    .description('one trunk, without its password')
    .action(async (id: string) => {
      const remote = connect();
      printRecord(remote, answerOf(await remote.client.GET('/api/v1/trunks/{id}', { params: { path: { id } } })).data);
    });
  command
    .command('status <id>')
    .description('whether it is registered')
    .action(async (id: string) => {
      const remote = connect();
      printRecord(remote, answerOf(await remote.client.GET('/api/v1/trunks/{id}/status', { params: { path: { id } } })).data);
    });
  changing(command, connect);
  return await runRemote(command, args);
}

function changing(command: Command, connect: () => Remote): void {
  withBody(command.command('create').description('a new trunk'), FIELDS).action(async (_options, self: Command) => {
    const remote = connect();
    const body = await bodyOf<components['schemas']['TrunkCreate']>(self, FIELDS);
    printRecord(remote, answerOf(await remote.client.POST('/api/v1/trunks', { body })).data);
  });
  withBody(command.command('update <id>').description('change what is given'), FIELDS).action(
    async (id: string, _options, self: Command) => {
      const remote = connect();
      const body = await bodyOf<components['schemas']['TrunkPatch']>(self, FIELDS);
      printRecord(remote, answerOf(await remote.client.PATCH('/api/v1/trunks/{id}', { params: { path: { id } }, body })).data);
    },
  );
  command
    .command('delete <id>')
    .description('it is used no more')
    .action(async (id: string) => {
      answerOf(await connect().client.DELETE('/api/v1/trunks/{id}', { params: { path: { id } } }));
      print(`deleted ${id}`);
    });
}
