import type { Command } from 'commander';
import type { components, paths } from '../../client/api-types.js';
import { printPage, printRecord } from './output.js';
import { answerOf, asNumber, bodyOf, type FieldOptions, remoteCommand, runRemote, withBody } from './remote.js';

const FIELDS: FieldOptions = {
  to: ['--to <number>', 'for whom, E.164 or a SIP URI'],
  text: ['--text <text>', 'what it says'],
  from: ['--from <number>', 'in whose name'],
};

type Query = NonNullable<paths['/api/v1/texts']['get']['parameters']['query']>;

/** `offhook texts …` */
export async function texts(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { command, connect } = remoteCommand('texts', 'SIP messages, in and out', env);
  command
    .command('list')
    .description('the newest first')
    .option('--contact <number>', 'only with this number or SIP URI')
    .option('--direction <direction>', 'inbound or outbound')
    .option('--status <status>', 'received, pending, sent, delivered or failed')
    .option('--call <id>', 'only in this call')
    .option('--limit <n>', 'at most so many, up to 100', asNumber)
    .option('--offset <n>', 'skip so many', asNumber)
    .action(async ({ call, ...rest }: Query & { call?: string }) => {
      const remote = connect();
      const query = { ...rest, ...(call === undefined ? {} : { call_id: call }) };
      const page = answerOf(await remote.client.GET('/api/v1/texts', { params: { query } }));
      printPage(remote, page, ['id', 'created_at', 'direction', 'contact', 'status', 'text']);
    });
  command
    .command('threads')
    .description('who was written with, the newest first')
    .option('--limit <n>', 'at most so many, up to 100', asNumber)
    .option('--offset <n>', 'skip so many', asNumber)
    .action(async (query: { limit?: number; offset?: number }) => {
      const remote = connect();
      const page = answerOf(await remote.client.GET('/api/v1/texts/threads', { params: { query } }));
      const rows = page.data.map(({ contact, texts: count, last }) => ({
        contact,
        texts: count,
        at: last.created_at,
        last: last.text,
      }));
      printPage(remote, { ...page, data: rows }, ['contact', 'texts', 'at', 'last']);
    });
  command
    .command('get <id>')
    .description('one text')
    .action(async (id: string) => {
      const remote = connect();
      printRecord(remote, answerOf(await remote.client.GET('/api/v1/texts/{id}', { params: { path: { id } } })).data);
    });
  withBody(command.command('send').description('a new text'), FIELDS).action(async (_options, self: Command) => {
    const remote = connect();
    const body = await bodyOf<components['schemas']['TextCreate']>(self, FIELDS);
    printRecord(remote, answerOf(await remote.client.POST('/api/v1/texts', { body })).data);
  });
  return await runRemote(command, args);
}
