import type { OpenAPIRegistry, RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { CapabilitiesResource, SynthesizeQuery } from './voice-schema.js';

const TAG = 'Flametree';

/** The dialect's endpoints in the OpenAPI document. */
export function describeFlametree(registry: OpenAPIRegistry): void {
  registry.registerComponent('securitySchemes', 'agentToken', {
    type: 'http',
    scheme: 'bearer',
    description: 'A token of one agent: `offhook keys create <name> --dialect flametree --agent <id>`.',
  });
  for (const route of VOICE_ROUTES) registry.registerPath({ tags: [TAG], security: [{ agentToken: [] }], ...route });
}

const Agent = z.object({ agentId: z.uuid() });
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
];
