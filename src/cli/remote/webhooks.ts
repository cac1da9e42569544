import type { Command } from 'commander';
import type { paths } from '../../client/api-types.js';
import { printPage, printRecord } from './output.js';
import { answerOf, asNumber, type Remote, remoteCommand, runRemote } from './remote.js';

type Query = NonNullable<paths['/api/v1/webhooks/deliveries']['get']['parameters']['query']>;

/** `offhook webhooks …` */
export async function webhooks(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { command, connect } = remoteCommand('webhooks', 'what became of the webhooks', env);
  command
    .command('deliveries')
    .description('the newest first')
    .option('--state <state>', 'pending, delivered or dead')
    .option('--limit <n>', 'at most so many, up to 100', asNumber)
    .option('--offset <n>', 'skip so many', asNumber)
    .action(async (query: Query) => {
      const remote = connect();
      const page = answerOf(await remote.client.GET('/api/v1/webhooks/deliveries', { params: { query } }));
      printPage(remote, page, ['id', 'created_at', 'event_type', 'state', 'attempts', 'call_id', 'url']);
    });
  single(command, connect);
  return await runRemote(command, args);
}

function single(command: Command, connect: () => Remote): void {
  command
    .command('get <id>')
    .description('a delivery with its payload and log')
    .action(async (id: string) => {
      const remote = connect();
      printRecord(
        remote,
        answerOf(await remote.client.GET('/api/v1/webhooks/deliveries/{id}', { params: { path: { id } } })).data,
      );
    });
  command
    .command('replay <id>')
    .description('try a dead delivery anew')
    .action(async (id: string) => {
      const remote = connect();
      const options = { params: { path: { id } } };
      printRecord(remote, answerOf(await remote.client.POST('/api/v1/webhooks/deliveries/{id}/replay', options)).data);
    });
  command
    .command('secret')
    .description('what signs them')
    .action(async () => {
      const remote = connect();
      printRecord(remote, answerOf(await remote.client.GET('/api/v1/webhooks/secret')).data);
    });
}
