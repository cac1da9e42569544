import type { Command } from 'commander';
import type { components, paths } from '../../client/api-types.js';
import { print, printPage, printRecord } from './output.js';
import { answerOf, asNumber, bodyOf, type FieldOptions, remoteCommand, runRemote, withBody } from './remote.js';

const FIELDS: FieldOptions = {
  reason: ['--reason <text>', 'why'],
  expires_at: ['--expires <time>', 'until when, ISO 8601; else for ever'],
};

type Query = NonNullable<paths['/api/v1/do-not-call']['get']['parameters']['query']>;

/** `offhook do-not-call …` */
export async function doNotCall(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { command, connect } = remoteCommand('do-not-call', 'numbers that are not called or written to', env);
  command
    .command('list')
    .description('the newest first')
    .option('--search <digits>', 'in numbers')
    .option('--source <source>', 'api, csv, caller_voice, caller_dtmf or import')
    .option('--limit <n>', 'at most so many, up to 100', asNumber)
    .option('--offset <n>', 'skip so many', asNumber)
    .action(async (query: Query) => {
      const remote = connect();
      const page = answerOf(await remote.client.GET('/api/v1/do-not-call', { params: { query } }));
      printPage(remote, page, ['number', 'source', 'reason', 'created_at', 'expires_at']);
    });
  command
    .command('get <number>')
    .description('whether it is listed, and why')
    .action(async (number: string) => {
      const remote = connect();
      const options = { params: { path: { number } } };
      printRecord(remote, answerOf(await remote.client.GET('/api/v1/do-not-call/{number}', options)).data);
    });
  withBody(command.command('add <number>').description('call it no more'), FIELDS).action(
    async (number: string, _options, self: Command) => {
      const remote = connect();
      const more = await bodyOf<Omit<components['schemas']['DoNotCallCreate'], 'number'>>(self, FIELDS);
      printRecord(remote, answerOf(await remote.client.POST('/api/v1/do-not-call', { body: { ...more, number } })).data);
    },
  );
  command
    .command('delete <number>')
    .description('it may be called again')
    .action(async (number: string) => {
      answerOf(await connect().client.DELETE('/api/v1/do-not-call/{number}', { params: { path: { number } } }));
      print(`deleted ${number}`);
    });
  return await runRemote(command, args);
}
