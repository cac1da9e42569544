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

const FIELDS: FieldOptions = {
  username: ['--username <user>', 'registers as sip:<user>@ this host, and is called so'],
  password: ['--password <secret>', 'with which it registers; better in --data @file'],
  display_name: ['--display-name <text>', 'who it is'],
  number: ['--number <number>', 'by which agents and records know it, E.164'],
  enabled: ['--enabled <true|false>', 'whether it may register and call', asBoolean],
  max_contacts: ['--max-contacts <n>', 'devices at a time', asNumber],
  call_proof: ['--call-proof <proof>', 'digest, or binding: where it is registered is proof enough'],
  srtp: ['--srtp <policy>', "off, accept or require, instead of the server's"],
};

/** `offhook phones …` */
export async function phones(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { command, connect } = remoteCommand('phones', 'telephones that register here', env);
  command
    .command('list')
    .description('the newest first')
    .option('--limit <n>', 'at most so many, up to 100', asNumber)
    .option('--offset <n>', 'skip so many', asNumber)
    .action(async (query: { limit?: number; offset?: number }) => {
      const remote = connect();
      const page = answerOf(await remote.client.GET('/api/v1/phones', { params: { query } }));
      printPage(remote, page, ['id', 'username', 'number', 'enabled', 'registered']);
    });
  command
    .command('get <id>')
    .description('one phone with where it is registered, without its password')
    .action(async (id: string) => {
      const remote = connect();
      printRecord(remote, answerOf(await remote.client.GET('/api/v1/phones/{id}', { params: { path: { id } } })).data);
    });
  changing(command, connect);
  return await runRemote(command, args);
}

function changing(command: Command, connect: () => Remote): void {
  withBody(command.command('create').description('a new phone'), FIELDS).action(async (_options, self: Command) => {
    const remote = connect();
    const body = await bodyOf<components['schemas']['PhoneCreate']>(self, FIELDS);
    printRecord(remote, answerOf(await remote.client.POST('/api/v1/phones', { body })).data);
  });
  withBody(command.command('update <id>').description('change what is given'), FIELDS).action(
    async (id: string, _options, self: Command) => {
      const remote = connect();
      const body = await bodyOf<components['schemas']['PhonePatch']>(self, FIELDS);
      printRecord(remote, answerOf(await remote.client.PATCH('/api/v1/phones/{id}', { params: { path: { id } }, body })).data);
    },
  );
  command
    .command('delete <id>')
    .description('it is registered no more')
    .action(async (id: string) => {
      answerOf(await connect().client.DELETE('/api/v1/phones/{id}', { params: { path: { id } } }));
      print(`deleted ${id}`);
    });
}
