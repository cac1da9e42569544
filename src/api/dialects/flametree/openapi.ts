import type { OpenAPIRegistry, RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { MAX_ATTACHMENTS } from '../../../domain/session.js';
import { ConversationsResource, CustomerQuery, LogResource, ReactionBody } from './conversation-schema.js';
import { MessageForm, ReplyResource, SessionClose, SessionCreate, SessionResource, SessionUpdate } from './session-schema.js';
import { CapabilitiesResource, SynthesizeQuery } from './voice-schema.js';

const TAG = 'Flametree';

/** The dialect's endpoints in the OpenAPI document. */
export function describeFlametree(registry: OpenAPIRegistry): void {
  registry.registerComponent('securitySchemes', 'agentToken', {
    type: 'http',
    scheme: 'bearer',
    description: 'A token of one agent: `offhook keys create <name> --dialect flametree --agent <id>`.',
  });
  for (const route of [...SESSION_ROUTES, ...VOICE_ROUTES, ...CONVERSATION_ROUTES]) {
    registry.registerPath({ tags: [TAG], security: [{ agentToken: [] }], ...route });
  }
}

const Agent = z.object({ agentId: z.uuid() });
const Session = Agent.extend({ sessionId: z.uuid() });
const BINARY = { schema: { type: 'string', format: 'binary' } } as const;
const SPOKEN = { 'audio/wav': BINARY, 'audio/mp4': BINARY };

const Failure = z
  .object({
    detail: z.string(),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'Of 422: every field at fault.' }),
  })
  .meta({ id: 'FlametreeFailure' });

const FAILURES: Readonly<Record<number, string>> = {
  401: 'Invalid or missing API token, or one of another agent',
  404: 'Session or resource does not exist',
  422: 'Invalid request parameters',
  503: 'Agent temporarily unavailable',
};

const json = (schema: z.ZodType) => ({ content: { 'application/json': { schema } } });
const failures = (...statuses: number[]) =>
  Object.fromEntries(
    [401, 422, ...statuses].map((status) => [status, { description: FAILURES[status] ?? 'Error', ...json(Failure) }]),
  );

const session = { 200: { description: 'The session', ...json(SessionResource) } };

const MessageWithFiles = MessageForm.extend({
  attachments: z
    .array(z.string().meta({ format: 'binary' }))
    .max(MAX_ATTACHMENTS)
    .optional(),
});

const SESSION_ROUTES: readonly RouteConfig[] = [
  {
    method: 'post',
    path: '/chatbot/{agentId}/session',
    summary: 'Start a new session',
    description: 'Over the daily limit of the agent: 503, and the session is kept with the status `daily_limit_exceeded`.',
    request: { params: Agent, body: json(SessionCreate) },
    responses: { ...session, ...failures(401, 404, 422, 503) },
  },
  {
    method: 'get',
    path: '/chatbot/{agentId}/session/{sessionId}',
    summary: 'Session metadata',
    request: { params: Session },
    responses: { ...session, ...failures(401, 404) },
  },
  {
    method: 'put',
    path: '/chatbot/{agentId}/session/{sessionId}',
    summary: 'Update session metadata',
    description: 'What is left out stays. `mode` hands the session to an operator and back.',
    request: { params: Session, body: json(SessionUpdate) },
    responses: { ...session, ...failures(401, 404, 422) },
  },
  {
    method: 'delete',
    path: '/chatbot/{agentId}/session/{sessionId}',
    summary: 'Close the session',
    request: { params: Session, query: SessionClose },
    responses: { ...session, ...failures(401, 404, 422) },
  },
  {
    method: 'post',
    path: '/chatbot/{agentId}/session/{sessionId}/run_v2',
    summary: 'Send a message, with files where there are some',
    description: 'Files are sent in the field `attachments`, at most ten of 10 MB each and 32 MB together.',
    request: { params: Session, body: { content: { 'multipart/form-data': { schema: MessageWithFiles } } } },
    responses: { 200: { description: 'What the agent answers', ...json(ReplyResource) }, ...failures(401, 404, 422, 503) },
  },
];

const CONVERSATION_ROUTES: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/api/v1/public/conversations',
    summary: 'Conversations of a customer, the newest first',
    description: 'The newest hundred. Telephone calls are of the type `sip`.',
    request: { query: CustomerQuery },
    responses: { 200: { description: 'Conversations', ...json(ConversationsResource) }, ...failures(401, 422) },
  },
  {
    method: 'get',
    path: '/api/v1/public/conversations/attachments/{attachmentId}',
    summary: 'Download an attachment',
    request: { params: z.object({ attachmentId: z.uuid() }), query: CustomerQuery },
    responses: { 200: { description: 'The file', content: { '*/*': BINARY } }, ...failures(401, 404, 422) },
  },
  {
    method: 'patch',
    path: '/api/v1/public/sessions/{sessionId}/logs/{logId}',
    summary: "A customer's reaction to what the agent said",
    description: 'Needs no token: whoever knows the session and the id of the customer may react.',
    security: [],
    request: { params: z.object({ sessionId: z.uuid(), logId: z.int() }), body: json(ReactionBody) },
    responses: { 200: { description: 'What was said, with the reaction', ...json(LogResource) }, ...failures(404, 422) },
  },
];

const VOICE_ROUTES: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/chatbot/{agentId}/capabilities',
    summary: 'What the agent can do beside writing',
    request: { params: Agent },
    responses: { 200: { description: 'Capabilities', ...json(CapabilitiesResource) }, ...failures(401, 404, 503) },
  },
  {
    method: 'post',
    path: '/chatbot/{agentId}/transcribe',
    summary: 'The words of a voice message',
    description:
      'WAV, MP4 or M4A (AAC, Opus) and WebM, told by their content; MP3 and Ogg as well. At most five minutes and 25 MB.',
    request: { params: Agent, body: { content: { 'audio/wav': BINARY, 'audio/mp4': BINARY, 'audio/webm': BINARY } } },
    responses: {
      200: { description: 'The words', content: { 'text/plain': { schema: { type: 'string' } } } },
      ...failures(401, 404, 422, 503),
    },
  },
  {
    method: 'get',
    path: '/chatbot/{agentId}/synthesize',
    summary: "A text in the agent's voice",
    request: { params: Agent, query: SynthesizeQuery },
    responses: { 200: { description: 'Audio', content: SPOKEN }, ...failures(401, 404, 422, 503) },
  },
  {
    method: 'get',
    path: '/chatbot/{agentId}/session/{sessionId}/synthesize',
    summary: 'A text in the voice and language of the session',
    request: { params: Session, query: SynthesizeQuery },
    responses: { 200: { description: 'Audio', content: SPOKEN }, ...failures(401, 404, 422, 503) },
  },
];
