import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import type { paths } from '../../client/api-types.js';
import { followCall } from './follow.js';
import { print, printPage, printRecord } from './output.js';
import { answerOf, asNumber, type Remote, remoteCommand, runRemote } from './remote.js';
import { entryLine } from './transcript-line.js';

type Query = NonNullable<paths['/api/v1/calls']['get']['parameters']['query']>;

/** `offhook calls …` */
export async function calls(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { command, connect } = remoteCommand('calls', 'calls in progress and on record', env);
  command
    .command('list')
    .description('the newest first')
    .option('--agent <id>', 'only of this agent')
    .option('--task <id>', 'only of this task')
    .option('--status <status>', 'initiated, in_progress, completed or failed')
    .option('--direction <direction>', 'inbound or outbound')
    .option('--number <number>', 'of either side')
    .option('--search <words>', 'in transcript and numbers')
    .option('--limit <n>', 'at most so many, up to 100', asNumber)
    .option('--offset <n>', 'skip so many', asNumber)
    .action(async ({ agent, task, ...rest }: Query & { agent?: string; task?: string }) => {
      const remote = connect();
      const ids = { ...(agent === undefined ? {} : { agent_id: agent }), ...(task === undefined ? {} : { task_id: task }) };
      const page = answerOf(await remote.client.GET('/api/v1/calls', { params: { query: { ...rest, ...ids } } }));
      const columns = [
        'id',
        'started_at',
        'direction',
        'status',
        'agent_name',
        'from_uri',
        'to_uri',
        'duration_seconds',
      ] as const;
      printPage(remote, page, columns);
    });
  command
    .command('get <id>')
    .description('one call with transcript and latencies')
    .action(async (id: string) => {
      const remote = connect();
      printRecord(remote, answerOf(await remote.client.GET('/api/v1/calls/{id}', { params: { path: { id } } })).data);
    });
  listening(command, connect);
  ending(command, connect);
  return await runRemote(command, args);
}

function listening(command: Command, connect: () => Remote): void {
  command
    .command('transcript <id>')
    .description('who said what')
    .action(async (id: string) => {
      const remote = connect();
      const { data } = answerOf(await remote.client.GET('/api/v1/calls/{id}/transcript', { params: { path: { id } } }));
      if (remote.json) printRecord(remote, data);
      else for (const entry of data.transcript) print(entryLine(entry));
    });
  command
    .command('follow <id>')
    .description('the transcript as it comes, until the call ends')
    .action(async (id: string) => followCall(connect(), id));
  command
    .command('recording <id>')
    .description('where the recording is, or with --output the recording')
    .option('-o, --output <file>', 'write it to this file')
    .action(async (id: string, { output }: { output?: string }) => {
      const remote = connect();
      const params = { path: { id } };
      if (output === undefined) {
        printRecord(remote, answerOf(await remote.client.GET('/api/v1/calls/{id}/recording', { params })).data);
        return;
      }
      const audio = answerOf(await remote.client.GET('/api/v1/calls/{id}/recording/stream', { params, parseAs: 'stream' }));
      if (audio) await pipeline(Readable.fromWeb(audio), createWriteStream(output));
      print(`written to ${output}`);
    });
}

function ending(command: Command, connect: () => Remote): void {
  command
    .command('end <id>')
    .description('hang up')
    .action(async (id: string) => {
      const remote = connect();
      printRecord(remote, answerOf(await remote.client.POST('/api/v1/calls/{id}/end', { params: { path: { id } } })).data);
    });
  command
    .command('cancel <id>')
    .description('hang up, and count it as failed')
    .action(async (id: string) => {
      const remote = connect();
      printRecord(remote, answerOf(await remote.client.POST('/api/v1/calls/{id}/cancel', { params: { path: { id } } })).data);
    });
  command
    .command('delete <id>')
    .description('with its recording, when it has ended')
    .action(async (id: string) => {
      answerOf(await connect().client.DELETE('/api/v1/calls/{id}', { params: { path: { id } } }));
      print(`deleted ${id}`);
    });
}
