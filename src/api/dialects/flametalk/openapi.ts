import type { OpenAPIRegistry, RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import {
  ContactCreate,
  ContactPatchBody,
  ContactResource,
  ContactsImport,
  ContactsImported,
  ContactsImportQuery,
} from '../../../contacts/contact-input.js';
import {
  AgentCreate,
  AgentDeploy,
  AgentPatchBody,
  AgentResource,
  AgentRollback,
  AgentSummary,
  AgentsQuery,
  AgentVersionResource,
} from './agent-schema.js';
import { CallCreate, CallResource, CallsQuery, ReportResource, TranscriptResource } from './call-schema.js';
import { CAMPAIGN_OPERATIONS } from './campaign-openapi.js';
import { ChannelResource, ChannelsQuery } from './channel-schema.js';
import { ContactsQuery } from './contacts-routes.js';
import { PageQuery } from './fields.js';
import { Deleted, json, operation } from './openapi-parts.js';
import {
  DeliveriesQuery,
  DeliveryDetail,
  DeliveryResource,
  WebhookCreate,
  WebhookPatchBody,
  WebhookResource,
  WebhookTested,
  WebhookWithSecret,
} from './webhook-schema.js';

export const FLAMETALK_BASE_PATH = '/v1';

const SECURITY = 'flametalkKey';

/** Every route of this dialect, from the schemas that check its input. */
export function describeFlametalk(registry: OpenAPIRegistry): void {
  registry.registerComponent('securitySchemes', SECURITY, {
    type: 'http',
    scheme: 'bearer',
    description: 'A key that begins with `sk_live_`, made with `offhook keys create --dialect flametalk`.',
  });
  for (const route of OPERATIONS) {
    registry.registerPath({ ...route, path: `${FLAMETALK_BASE_PATH}${route.path}`, security: [{ [SECURITY]: [] }] });
  }
}

const AGENTS: readonly RouteConfig[] = [
  operation('get /agents', 'List agents, newest first', { answers: AgentSummary, list: true, query: AgentsQuery }),
  operation('post /agents', 'Create an agent', {
    description: 'Its first version is deployed; changes are a draft until they are deployed too.',
    status: 201,
    answers: AgentResource,
    body: json(AgentCreate),
  }),
  operation('get /agents/{id}', 'Get an agent', { answers: AgentResource }),
  operation('patch /agents/{id}', 'Change the draft of an agent', {
    description: '`description`, `enabled` and `sip_user` are of no version and hold at once.',
    answers: AgentResource,
    body: json(AgentPatchBody),
    fails: [409],
  }),
  operation('delete /agents/{id}', 'Delete an agent', { answers: Deleted, fails: [409] }),
  operation('get /agents/{id}/versions', 'List versions, newest first', {
    answers: AgentVersionResource,
    list: true,
    query: PageQuery,
  }),
  operation('post /agents/{id}/deploy', 'Have calls go by a version', {
    answers: AgentResource,
    body: { ...json(AgentDeploy), required: false },
  }),
  operation('post /agents/{id}/rollback', 'Have calls go by an earlier version again', {
    answers: AgentResource,
    body: { ...json(AgentRollback), required: false },
  }),
];

const BINARY = { schema: { type: 'string', format: 'binary' } } as const;
const RECORDING = { 'audio/wav': BINARY, 'audio/ogg': BINARY };

const CALLS: readonly RouteConfig[] = [
  operation('get /calls', 'List calls, newest first', { answers: CallResource, list: true, query: CallsQuery }),
  operation('post /calls', 'Call somebody now', {
    status: 201,
    answers: CallResource,
    body: json(CallCreate),
    fails: [404, 503],
  }),
  operation('get /calls/{id}', 'Get a call', { answers: CallResource }),
  operation('delete /calls/{id}', 'Delete an ended call with its transcript, report and recording', {
    answers: Deleted,
    fails: [409],
  }),
  operation('get /calls/{id}/transcript', 'Get the transcript of a call', { answers: TranscriptResource }),
  operation('get /calls/{id}/report', 'Get the report of an ended call', { answers: ReportResource, fails: [409, 503] }),
  withRecording(
    operation('get /calls/{id}/recording', 'Download the recording: stereo, caller left, agent right', {
      answers: z.string(),
      fails: [409, 416],
    }),
  ),
  operation('post /calls/{id}/end', 'Hang up a call in progress', { answers: CallResource, fails: [503] }),
];

/** The file itself in place of an envelope. */
function withRecording(route: RouteConfig): RouteConfig {
  const file = { description: 'The file', content: RECORDING };
  return { ...route, responses: { ...route.responses, 200: file, 206: { ...file, description: 'The range asked for' } } };
}

const CSV = {
  schema: { type: 'string' as const },
  example: 'phone,name,email,tags,appointment\n+442071234567,Ann Smith,ann@example.com,newsletter;vip,Monday at nine\n',
};

const CONTACTS: readonly RouteConfig[] = [
  operation('get /contacts', 'List and search contacts, newest first', {
    answers: ContactResource,
    list: true,
    query: ContactsQuery,
  }),
  operation('post /contacts', 'Create a contact', { status: 201, answers: ContactResource, body: json(ContactCreate) }),
  operation('post /contacts/import', 'Import contacts, as JSON or CSV', {
    description:
      'CSV has a header row: `phone`, if you like `name`, `email`, `tags` (with `;` between them) and `do_not_call`; every other column is a ' +
      'custom field by its name. All are taken in or none; with `partial=true` those that can be.',
    status: 201,
    answers: ContactsImported,
    query: ContactsImportQuery,
    body: { content: { ...json(ContactsImport).content, 'text/csv': CSV } },
  }),
  operation('get /contacts/{id}', 'Get a contact', { answers: ContactResource }),
  operation('patch /contacts/{id}', 'Change a contact', {
    answers: ContactResource,
    body: json(ContactPatchBody),
    fails: [409],
  }),
  operation('delete /contacts/{id}', 'Delete a contact', { answers: Deleted }),
];

const CHANNELS: readonly RouteConfig[] = [
  operation('get /channels', 'List channels', { answers: ChannelResource, list: true, query: ChannelsQuery }),
  operation('get /channels/{id}', 'Get a channel', { answers: ChannelResource }),
];

const WEBHOOKS: readonly RouteConfig[] = [
  operation('get /webhooks', 'List webhooks, newest first', { answers: WebhookResource, list: true, query: PageQuery }),
  operation('post /webhooks', 'Register a webhook', {
    description: 'Its secret is shown this once.',
    status: 201,
    answers: WebhookWithSecret,
    body: json(WebhookCreate),
  }),
  operation('get /webhooks/{id}', 'Get a webhook', { answers: WebhookResource }),
  operation('patch /webhooks/{id}', 'Change a webhook', {
    answers: WebhookResource,
    body: json(WebhookPatchBody),
    fails: [409],
  }),
  operation('delete /webhooks/{id}', 'Delete a webhook with its deliveries', { answers: Deleted }),
  operation('post /webhooks/{id}/rotate-secret', 'Give a webhook a new secret', {
    description: 'The old one signs beside it for 24 hours.',
    answers: WebhookWithSecret,
  }),
  operation('post /webhooks/{id}/test', 'Send a test event now', { answers: WebhookTested }),
  operation('get /webhooks/{id}/deliveries', 'List deliveries, newest first', {
    answers: DeliveryResource,
    list: true,
    query: DeliveriesQuery,
  }),
  operation('get /webhooks/{id}/deliveries/{deliveryId}', 'Get a delivery with its log', { answers: DeliveryDetail }),
  operation('post /webhooks/{id}/deliveries/{deliveryId}/retry', 'Send a dead delivery again', { answers: DeliveryDetail }),
];

const OPERATIONS: readonly RouteConfig[] = [...AGENTS, ...CALLS, ...CONTACTS, ...CAMPAIGN_OPERATIONS, ...CHANNELS, ...WEBHOOKS];
