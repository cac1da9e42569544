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

const FIELDS: FieldOptions = {
  agent_id: ['--agent <id>', 'who calls'],
  name: ['--name <text>', 'what it is called'],
  description: ['--description <text>', 'a note'],
  starting_message: ['--starting-message <text>', "said first instead of the agent's own"],
  priority: ['--priority <n>', 'the highest is called first', asNumber],
  max_concurrent: ['--max-concurrent <n>', 'calls at a time', asNumber],
  call_window: ['--call-window <json>', 'when its contacts may be called', asJson('--call-window')],
  retry: ['--retry <json>', 'what is tried again, and when', asJson('--retry')],
  webhook_url: ['--webhook-url <url>', 'told what becomes of its calls'],
  webhook_events: ['--webhook-events <list>', 'of what, separated by commas', asList],
};

const CONTACT: FieldOptions = {
  number: ['--number <number>', 'E.164'],
  name: ['--name <text>', 'who it is'],
  variables: ['--variables <json>', 'fills {{placeholders}}', asJson('--variables')],
};

type Query = NonNullable<paths['/api/v1/campaigns']['get']['parameters']['query']>;

/** `offhook campaigns …` */
export async function campaigns(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { command, connect } = remoteCommand('campaigns', 'one agent calls many', env);
  command
    .command('list')
    .description('the newest first')
    .option('--status <status>', 'draft, scheduled, running, paused, completed or cancelled')
    .option('--limit <n>', 'at most so many, up to 100', asNumber)
    .option('--offset <n>', 'skip so many', asNumber)
    .action(async (query: Query) => {
      const remote = connect();
      const page = answerOf(await remote.client.GET('/api/v1/campaigns', { params: { query } }));
      printPage(remote, page, ['id', 'name', 'status', 'starts_at', 'started_at', 'ended_at']);
    });
  command
    .command('get <id>')
    .description('one campaign')
    .action(async (id: string) => {
      const remote = connect();
      printRecord(remote, answerOf(await remote.client.GET('/api/v1/campaigns/{id}', { params: { path: { id } } })).data);
    });
  command
    .command('progress <id>')
    .description('how far it has come')
    .action(async (id: string) => {
      const remote = connect();
      printRecord(
        remote,
        answerOf(await remote.client.GET('/api/v1/campaigns/{id}/progress', { params: { path: { id } } })).data,
      );
    });
  changing(command, connect);
  contacts(command, connect);
  running(command, connect);
  return await runRemote(command, args);
}

function changing(command: Command, connect: () => Remote): void {
  withBody(command.command('create').description('a new campaign'), FIELDS).action(async (_options, self: Command) => {
    const remote = connect();
    const body = await bodyOf<components['schemas']['CampaignCreate']>(self, FIELDS);
    printRecord(remote, answerOf(await remote.client.POST('/api/v1/campaigns', { body })).data);
  });
  withBody(command.command('update <id>').description('change what is given'), FIELDS).action(
    async (id: string, _options, self: Command) => {
      const remote = connect();
      const body = await bodyOf<components['schemas']['CampaignPatch']>(self, FIELDS);
      const options = { params: { path: { id } }, body };
      printRecord(remote, answerOf(await remote.client.PATCH('/api/v1/campaigns/{id}', options)).data);
    },
  );
  command
    .command('delete <id>')
    .description('with its contacts')
    .action(async (id: string) => {
      answerOf(await connect().client.DELETE('/api/v1/campaigns/{id}', { params: { path: { id } } }));
      print(`deleted ${id}`);
    });
}

function contacts(command: Command, connect: () => Remote): void {
  command
    .command('contacts <id>')
    .description('who is called, and with what outcome')
    .option('--status <status>', 'pending, queued, in_progress, completed, failed or cancelled')
    .option('--search <text>', 'in names and numbers')
    .option('--limit <n>', 'at most so many, up to 100', asNumber)
    .option('--offset <n>', 'skip so many', asNumber)
    .action(async (id: string, query: NonNullable<paths['/api/v1/campaigns/{id}/contacts']['get']['parameters']['query']>) => {
      const remote = connect();
      const page = answerOf(await remote.client.GET('/api/v1/campaigns/{id}/contacts', { params: { path: { id }, query } }));
      printPage(remote, page, ['id', 'number', 'name', 'status', 'outcome', 'calls']);
    });
  withBody(command.command('add-contact <id>').description('one more, or with --data {"contacts":[…]} many'), CONTACT).action(
    async (id: string, _options, self: Command) => {
      const remote = connect();
      const given = await bodyOf<
        components['schemas']['CampaignContactCreate'] | components['schemas']['CampaignContactsCreate']
      >(self, CONTACT);
      const body = 'contacts' in given ? given : { contacts: [given] };
      const options = { params: { path: { id } }, body };
      printRecord(remote, answerOf(await remote.client.POST('/api/v1/campaigns/{id}/contacts', options)).data);
    },
  );
  command
    .command('remove-contact <id> <contact>')
    .description('if it is not being called')
    .action(async (id: string, contactId: string) => {
      const options = { params: { path: { id, contactId } } };
      answerOf(await connect().client.DELETE('/api/v1/campaigns/{id}/contacts/{contactId}', options));
      print(`deleted ${contactId}`);
    });
}

function running(command: Command, connect: () => Remote): void {
  command
    .command('start <id>')
    .description('begin to call')
    .option('--at <time>', 'when, ISO 8601; else now')
    .action(async (id: string, { at }: { at?: string }) => {
      const remote = connect();
      const options = { params: { path: { id } }, body: at === undefined ? {} : { starts_at: at } };
      printRecord(remote, answerOf(await remote.client.POST('/api/v1/campaigns/{id}/start', options)).data);
    });
  command
    .command('pause <id>')
    .description('place no more calls for now')
    .action(async (id: string) => {
      const remote = connect();
      printRecord(remote, answerOf(await remote.client.POST('/api/v1/campaigns/{id}/pause', { params: { path: { id } } })).data);
    });
  command
    .command('resume <id>')
    .description('go on')
    .action(async (id: string) => {
      const remote = connect();
      printRecord(remote, answerOf(await remote.client.POST('/api/v1/campaigns/{id}/resume', { params: { path: { id } } })).data);
    });
  command
    .command('cancel <id>')
    .description('for good')
    .action(async (id: string) => {
      const remote = connect();
      printRecord(remote, answerOf(await remote.client.POST('/api/v1/campaigns/{id}/cancel', { params: { path: { id } } })).data);
    });
}
