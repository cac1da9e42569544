import type { OpenAPIRegistry, RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { FollowQuery } from '../../live/live-schema.js';
import { ACTION_ROUTES } from './action-openapi.js';
import { AgentCreate, AgentPatchBody, AgentResource } from './agent-schema.js';
import { AGENT_VERSION_ROUTES } from './agent-version-openapi.js';
import { BAN_ROUTES } from './ban-openapi.js';
import { CallsQuery } from './call-query-schema.js';
import { CallDetail, CallSummary, EndedCall, LiveResource, PeaksQuery, PeaksResource, RecordingResource } from './call-schema.js';
import { CAMPAIGN_ROUTES } from './campaigns/campaign-openapi.js';
import { COMMAND_ROUTES } from './command-openapi.js';
import { CONTACT_ROUTES } from './contact-openapi.js';
import { DO_NOT_CALL_ROUTES } from './do-not-call-openapi.js';
import { DOCUMENT_ROUTES } from './documents-openapi.js';
import { GUIDANCE_ROUTES } from './guidance-openapi.js';
import { AUTH_ROUTES } from './identity/auth-openapi.js';
import { MANAGEMENT_ROUTES } from './identity/management-openapi.js';
import { describeSecurity, securityOf } from './identity/session-security.js';
import { LATENCY_ROUTES } from './latency-routes.js';
import { registerCommon, withCommon, withIdempotencyKey, withPermission } from './limits-openapi.js';
import { MEMORY_ROUTES } from './memories/memories-openapi.js';
import { failures, Id, json, many, manyByCursor, one } from './openapi-parts.js';
import { PARTICIPANT_ROUTES } from './participant-openapi.js';
import { PHONE_ROUTES } from './phone-openapi.js';
import { AgentsQuery } from './query-schema.js';
import { REPORT_ROUTES } from './report-openapi.js';
import { ROUTE_ROUTES } from './route-openapi.js';
import { SESSION_ROUTES } from './sessions/sessions-openapi.js';
import { SUBSCRIPTION_ROUTES } from './subscription-openapi.js';
import { TASK_ROUTES } from './task-openapi.js';
import { TEXT_ROUTES } from './texts-openapi.js';
import { TRUNK_ROUTES } from './trunk-openapi.js';
import { WEBHOOK_ROUTES } from './webhook-openapi.js';

export const CORE_BASE_PATH = '/api/v1';

/** Every route of this dialect, from the schemas that check its input. */
export function describeCore(registry: OpenAPIRegistry): void {
  describeSecurity(registry);
  registerCommon(registry);
  for (const route of ROUTES) {
    const described = withCommon(withIdempotencyKey(withPermission(route)));
    registry.registerPath({ ...described, path: `${CORE_BASE_PATH}${route.path}`, security: securityOf(route) });
  }
}

const BINARY = { schema: { type: 'string', format: 'binary' } } as const;
const RECORDING_CONTENT = { 'audio/wav': BINARY, 'audio/ogg': BINARY };

const AGENT_ROUTES: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/agents',
    tags: ['Agents'],
    summary: 'List agents, newest first',
    request: { query: AgentsQuery },
    responses: { 200: { description: 'A page of agents', ...json(many(AgentResource)) }, ...failures(400, 401) },
  },
  {
    method: 'post',
    path: '/agents',
    tags: ['Agents'],
    summary: 'Create an agent',
    request: { body: json(AgentCreate) },
    responses: { 201: { description: 'The agent', ...json(one(AgentResource)) }, ...failures(400, 401, 409, 413) },
  },
  {
    method: 'get',
    path: '/agents/{id}',
    tags: ['Agents'],
    summary: 'Get an agent',
    request: { params: Id },
    responses: { 200: { description: 'The agent', ...json(one(AgentResource)) }, ...failures(401, 404) },
  },
  {
    method: 'patch',
    path: '/agents/{id}',
    tags: ['Agents'],
    summary: 'Change an agent',
    description: 'Calls in progress keep the version they began with; with `deployment: manual` those that begin later do too.',
    request: { params: Id, body: json(AgentPatchBody) },
    responses: { 200: { description: 'The changed agent', ...json(one(AgentResource)) }, ...failures(400, 401, 404, 409, 413) },
  },
  {
    method: 'delete',
    path: '/agents/{id}',
    tags: ['Agents'],
    summary: 'Delete an agent',
    description: 'Only if it has no task that is pending or in progress.',
    request: { params: Id },
    responses: {
      200: { description: 'Deleted', ...json(one(z.object({ id: z.uuid(), deleted: z.literal(true) }))) },
      ...failures(401, 404, 409),
    },
  },
];

const CALL_ROUTES: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/calls',
    tags: ['Calls'],
    summary: 'List calls, newest first',
    description: 'All filters that are given must hold.',
    request: { query: CallsQuery },
    responses: { 200: { description: 'A page of calls', ...json(manyByCursor(CallSummary)) }, ...failures(400, 401) },
  },
  {
    method: 'get',
    path: '/calls/{id}',
    tags: ['Calls'],
    summary: 'Get a call with its transcript, the latencies of its turns, and its report',
    request: { params: Id },
    responses: { 200: { description: 'The call', ...json(one(CallDetail)) }, ...failures(401, 404) },
  },
  {
    method: 'delete',
    path: '/calls/{id}',
    tags: ['Calls'],
    summary: 'Delete an ended call with its transcript, report and recording',
    description: 'What webhooks have not told of it yet is not told any more.',
    request: { params: Id },
    responses: {
      200: { description: 'Deleted', ...json(one(z.object({ id: z.uuid(), deleted: z.literal(true) }))) },
      ...failures(401, 404, 409),
    },
  },
  {
    method: 'get',
    path: '/calls/{id}/recording',
    tags: ['Calls'],
    summary: 'Get the URL of the recording of an ended call',
    request: { params: Id },
    responses: { 200: { description: 'Where it is', ...json(one(RecordingResource)) }, ...failures(401, 404, 409) },
  },
  {
    method: 'get',
    path: '/calls/{id}/recording/peaks',
    tags: ['Calls'],
    summary: 'Get the waveform of the recording',
    request: { params: Id, query: PeaksQuery },
    responses: { 200: { description: 'Its peaks', ...json(one(PeaksResource)) }, ...failures(400, 401, 404, 409) },
  },
  {
    method: 'get',
    path: '/calls/{id}/recording/stream',
    tags: ['Calls'],
    summary: 'Stream the recording: stereo, caller left, agent right',
    description: 'WAV; Ogg Opus once it was made smaller, where `recordings.format` of the configuration says so.',
    request: { params: Id, headers: z.object({ range: z.string().optional() }) },
    responses: {
      200: { description: 'The file', content: RECORDING_CONTENT },
      206: { description: 'The range asked for', content: RECORDING_CONTENT },
      ...failures(401, 404, 409, 416),
    },
  },
  {
    method: 'get',
    path: '/calls/{id}/live',
    tags: ['Calls'],
    summary: 'Get what is needed to follow the call on a WebSocket',
    description:
      'Connect to `websocket_url` with `?api_key=` or with `?session_token=` and the `temp_token`, which opens this call alone for five minutes. ' +
      'A connection is told first what has been: `connected`, then the status and the transcript so far. The server closes it after the last status. ' +
      'A wrong, expired or foreign key or token is refused with 401 at the hand-shake, an unknown call with 404.',
    request: { params: Id },
    responses: { 200: { description: 'Where to connect', ...json(one(LiveResource)) }, ...failures(401, 404) },
  },
  {
    method: 'get',
    path: '/calls/{id}/events',
    tags: ['Calls'],
    summary: 'Follow the call as server-sent events: the messages of the WebSocket',
    request: { params: Id, query: FollowQuery, headers: z.object({ 'last-event-id': z.string().optional() }) },
    responses: {
      200: { description: 'One message per event', content: { 'text/event-stream': { schema: { type: 'string' } } } },
      204: { description: 'Everything was sent: the call is over, and `Last-Event-ID` is that of its last event' },
      ...failures(400, 401, 404, 503),
    },
  },
  {
    method: 'post',
    path: '/calls/{id}/end',
    tags: ['Calls'],
    summary: 'Hang up a call in progress',
    request: { params: Id },
    responses: { 200: { description: 'The ended call', ...json(one(EndedCall)) }, ...failures(401, 404, 409, 503) },
  },
  {
    method: 'post',
    path: '/calls/{id}/cancel',
    tags: ['Calls'],
    summary: 'Cancel an active call, which then counts as failed',
    request: { params: Id },
    responses: { 200: { description: 'The failed call', ...json(one(EndedCall)) }, ...failures(401, 404, 409, 503) },
  },
];

const ROUTES: readonly RouteConfig[] = [
  ...AGENT_ROUTES,
  ...AGENT_VERSION_ROUTES,
  ...DOCUMENT_ROUTES,
  ...TASK_ROUTES,
  ...CALL_ROUTES,
  ...CAMPAIGN_ROUTES,
  ...CONTACT_ROUTES,
  ...DO_NOT_CALL_ROUTES,
  ...BAN_ROUTES,
  ...COMMAND_ROUTES,
  ...GUIDANCE_ROUTES,
  ...PARTICIPANT_ROUTES,
  ...LATENCY_ROUTES,
  ...REPORT_ROUTES,
  ...ACTION_ROUTES,
  ...TRUNK_ROUTES,
  ...ROUTE_ROUTES,
  ...PHONE_ROUTES,
  ...TEXT_ROUTES,
  ...SESSION_ROUTES,
  ...MEMORY_ROUTES,
  ...WEBHOOK_ROUTES,
  ...SUBSCRIPTION_ROUTES,
  ...AUTH_ROUTES,
  ...MANAGEMENT_ROUTES,
];
