import type { OpenAPIRegistry, RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import {
  AgentCreate,
  AgentResource,
  AgentUpdate,
  AudioBody,
  CallCreate,
  CallResource,
  PersonaBody,
  PlayedResource,
  RawQuery,
  RespondBody,
  RespondedResource,
  RouteBody,
} from './schema.js';
import { Answer, HookCreate, HookResource, IncomingForm, IncomingText, NewHookResource } from './text-schema.js';

const TAG = 'Overview';

/** The dialect's endpoints in the OpenAPI document. */
export function describeOverview(registry: OpenAPIRegistry): void {
  registry.registerComponent('securitySchemes', 'overviewToken', {
    type: 'http',
    scheme: 'bearer',
    description: 'An access token: `offhook keys create <name> --dialect overview`.',
  });
  for (const route of ROUTES) registry.registerPath({ tags: [TAG], security: [{ overviewToken: [] }], ...route });
}

const Call = z.object({ callId: z.uuid() });
const Agent = z.object({ agentId: z.uuid() });
const BINARY = { schema: { type: 'string', format: 'binary' } } as const;

const Failure = z
  .object({
    message: z.string(),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'Of 400: every field at fault.' }),
  })
  .meta({ id: 'OverviewFailure' });

const FAILURES: Readonly<Record<number, string>> = {
  400: 'The request was invalid',
  401: 'No token, or one that holds no more',
  403: 'Understood, and refused',
  404: 'No such call or agent',
  409: 'Not possible in the present state',
  413: 'The body is too large',
  415: 'The body has an encoding that is not supported',
  429: 'More than 100 requests in a minute',
  500: 'An error on our side',
  503: 'The call cannot be placed now',
};

const json = (schema: z.ZodType) => ({ content: { 'application/json': { schema } } });
const ok = (schema: z.ZodType) => ({ 200: { description: 'Success', ...json(schema) } });
/** Beside these, what any request can be answered with. */
const failures = (...statuses: number[]) =>
  Object.fromEntries(
    [400, 401, 413, 415, 429, ...statuses].map((status) => [
      status,
      { description: FAILURES[status] ?? 'Error', ...json(Failure) },
    ]),
  );

const Hook = z.object({ id: z.uuid() });

const ROUTES: readonly RouteConfig[] = [
  {
    method: 'post',
    path: '/calls',
    summary: 'Initiate a new call',
    request: { body: json(CallCreate) },
    responses: { ...ok(CallResource), ...failures(403, 404, 500, 503) },
  },
  {
    method: 'get',
    path: '/calls/{callId}',
    summary: 'How a call stands',
    request: { params: Call },
    responses: { ...ok(CallResource), ...failures(404) },
  },
  {
    method: 'put',
    path: '/calls/{callId}/hangup',
    summary: 'End an active call',
    request: { params: Call },
    responses: { ...ok(CallResource), ...failures(404, 409) },
  },
  {
    method: 'post',
    path: '/calls/{callId}/respond',
    summary: 'Have the agent say something now',
    request: { params: Call, body: json(RespondBody) },
    responses: { ...ok(RespondedResource), ...failures(404, 409) },
  },
  {
    method: 'put',
    path: '/calls/{callId}/audio',
    summary: 'Inject audio into an active call',
    description:
      'WAV, MP3, MP4, Ogg or WebM, told by its content, or raw samples with `format=raw`: as the body, as the part `audio` of a form, in base64, or ' +
      'from a URL. Two minutes and 12 MB at most. It is mixed into what the caller hears and interrupts nobody.',
    request: {
      params: Call,
      query: RawQuery,
      body: {
        content: {
          ...json(AudioBody).content,
          'audio/wav': BINARY,
          'audio/mpeg': BINARY,
          'application/octet-stream': BINARY,
          'multipart/form-data': {
            schema: { type: 'object', required: ['audio'], properties: { audio: { type: 'string', format: 'binary' } } },
          },
        },
      },
    },
    responses: { ...ok(PlayedResource), ...failures(404, 409) },
  },
  {
    method: 'put',
    path: '/calls/{callId}/route',
    summary: 'Route an ongoing call to a different endpoint',
    description:
      'Answers when it is settled what came of it. A number or a SIP URI: that stands in `transfer`, and the agent has the caller back where it ' +
      'failed. Another agent goes on with the call at once: `agentId` and `passedOn` tell.',
    request: { params: Call, body: json(RouteBody) },
    responses: { ...ok(CallResource), ...failures(403, 404, 409) },
  },
  {
    method: 'post',
    path: '/agents',
    summary: 'Create a new voice agent',
    request: { body: json(AgentCreate) },
    responses: { ...ok(AgentResource), ...failures() },
  },
  {
    method: 'get',
    path: '/agents/{agentId}',
    summary: 'An agent',
    request: { params: Agent },
    responses: { ...ok(AgentResource), ...failures(404) },
  },
  {
    method: 'put',
    path: '/agents/{agentId}',
    summary: 'Update an existing agent',
    request: { params: Agent, body: json(AgentUpdate) },
    responses: { ...ok(AgentResource), ...failures(404) },
  },
  {
    method: 'post',
    path: '/agents/{agentId}/persona',
    summary: "Create or update an agent's persona",
    request: { params: Agent, body: json(PersonaBody) },
    responses: { ...ok(AgentResource), ...failures(404) },
  },
  {
    method: 'post',
    path: '/texts/webhooks',
    summary: 'Make a place where a provider of SMS brings the texts that an agent answers',
    request: { body: json(HookCreate) },
    responses: { ...ok(NewHookResource), ...failures(404, 409) },
  },
  {
    method: 'get',
    path: '/texts/webhooks',
    summary: 'All of these places',
    responses: { ...ok(z.array(HookResource)), ...failures() },
  },
  {
    method: 'delete',
    path: '/texts/webhooks/{id}',
    summary: 'Close such a place',
    request: { params: Hook },
    responses: { ...ok(z.object({ id: z.uuid(), deleted: z.literal(true) })), ...failures(404) },
  },
  {
    method: 'post',
    path: '/texts/inbound/{id}',
    summary: 'Receive and respond to a text',
    description:
      'For providers of SMS, which need no token: a form is signed as `X-Twilio-Signature` (HMAC-SHA1 over the URL and the fields) and answered ' +
      'with TwiML, JSON is signed as our own webhooks are (`X-Offhook-Timestamp`, `X-Offhook-Signature`) and answered with JSON.',
    security: [],
    request: {
      params: Hook,
      body: { content: { ...json(IncomingText).content, 'application/x-www-form-urlencoded': { schema: IncomingForm } } },
    },
    responses: {
      200: {
        description: "The agent's answer",
        content: { ...json(Answer).content, 'text/xml': { schema: { type: 'string' } } },
      },
      ...failures(403, 404, 503),
    },
  },
];
