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
  system_prompt: ['--system-prompt <text>', 'who it is and what it is to do'],
  description: ['--description <text>', 'a note'],
  starting_message: ['--starting-message <text>', 'said first'],
  language: ['--language <tag>', 'such as en-US'],
  sip_user: ['--sip-user <user>', 'answers at sip:<user>@ this host'],
  enabled: ['--enabled <true|false>', 'whether it takes calls', asBoolean],
  dtmf_rules: ['--dtmf-rules <json>', 'what keys do', asJson('--dtmf-rules')],
  voice_settings: ['--voice-settings <json>', 'how it sounds', asJson('--voice-settings')],
};

/** `offhook agents …` */
export async function agents(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { command, connect } = remoteCommand('agents', 'who answers and places the calls', env);
  command
    .command('list')
    .description('the newest first')
    .option('--enabled <true|false>', 'only those that take calls, or do not', asBoolean)
    .option('--limit <n>', 'at most so many, up to 100', asNumber)
    .option('--offset <n>', 'skip so many', asNumber)
    .action(async (query: { enabled?: boolean; limit?: number; offset?: number }) => {
      const remote = connect();
      const page = answerOf(await remote.client.GET('/api/v1/agents', { params: { query } }));
      printPage(remote, page, ['id', 'name', 'enabled', 'sip_user', 'language', 'version']);
    });
  command
    .command('get <id>')
    .description('one agent')
    .action(async (id: string) => {
      const remote = connect();
      printRecord(remote, answerOf(await remote.client.GET('/api/v1/agents/{id}', { params: { path: { id } } })).data);
    });
  changing(command, connect);
  return await runRemote(command, args);
}

function changing(command: Command, connect: () => Remote): void {
  withBody(command.command('create').description('a new agent'), FIELDS).action(async (_options, self: Command) => {
    const remote = connect();
    const body = await bodyOf<components['schemas']['AgentCreate']>(self, FIELDS);
    printRecord(remote, answerOf(await remote.client.POST('/api/v1/agents', { body })).data);
  });
  withBody(command.command('update <id>').description('change what is given'), FIELDS).action(
    async (id: string, _options, self: Command) => {
      const remote = connect();
      const body = await bodyOf<components['schemas']['AgentPatch']>(self, FIELDS);
      printRecord(remote, answerOf(await remote.client.PATCH('/api/v1/agents/{id}', { params: { path: { id } }, body })).data);
    },
  );
  command
    .command('delete <id>')
    .description('if it has no task to do')
    .action(async (id: string) => {
      answerOf(await connect().client.DELETE('/api/v1/agents/{id}', { params: { path: { id } } }));
      print(`deleted ${id}`);
    });
}
