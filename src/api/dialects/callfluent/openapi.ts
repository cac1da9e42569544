import type { OpenAPIRegistry, RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { ActionPayload, ActionResource, NewAction } from './action-schema.js';
import { AgentPayload, AgentResource, CorsResource, CustomFieldResource } from './agent-schema.js';
import { CorsBody } from './agents-routes.js';
import { CallResource } from './call-presentation.js';
import { CallsQuery, HangUpBody } from './calls-routes.js';
import { CustomFieldBody } from './custom-field-routes.js';
import { envelope } from './envelope.js';
import { PathId } from './fields.js';
import { FileResource } from './knowledge-routes.js';
import { AgentNumbers, NumberListParams, NumberResource } from './number-list.js';

export const CALLFLUENT_BASE_PATH = '/api/agent';

/** Every route of this dialect, from the schemas that check its input. */
export function describeCallfluent(registry: OpenAPIRegistry): void {
  for (const { path, responses, ...route } of ROUTES) {
    registry.registerPath({
      ...route,
      path: `${CALLFLUENT_BASE_PATH}${path}`,
      operationId: operationIdOf(route.method, path),
      tags: ['Callfluent'],
      security: [{ bearer: [] }],
      responses: { ...FAILURES, ...responses },
    });
  }
}

const operationIdOf = (method: string, path: string): string => {
  const words = path.split(/[/{}-]+/).filter(Boolean);
  return `${method}Callfluent${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}`;
};

const json = (schema: z.ZodType) => ({ content: { 'application/json': { schema } } });
const answer = (description: string, data: z.ZodType) => ({ 200: { description, ...json(envelope(data)) } });

const Refusal = z.object({ status: z.literal(false), msg: z.string() }).meta({ id: 'CallfluentRefusal' });
const Failure = z.object({ status: z.literal(false), error: z.string() }).meta({ id: 'CallfluentFailure' });
const PERMISSION = { status: false, msg: "Your account doesn't have the permission to access that page." };
const refusal = (description: string, msg: string) => ({
  description,
  content: { 'application/json': { schema: Refusal, example: { status: false, msg } } },
});
const FAILURES: RouteConfig['responses'] = {
  400: refusal('The request has a mistake, cannot be done as things are, or a limit is reached', 'You have reached limit.'),
  403: refusal('No key of this API, or not yours, or not there', PERMISSION.msg),
  429: refusal('Too many requests', 'Rate limit exceeded'),
  500: {
    description: 'It cannot be done by the server, or not now',
    content: { 'application/json': { schema: Failure, example: { status: false, error: 'Internal server error' } } },
  },
};

const Id = z.object({ id: PathId });
const AgentList = z.array(AgentResource);
const Detail = z.object({
  agent: AgentResource.extend({ actions: z.array(ActionResource) }),
  files: z.array(FileResource),
  totalCalls: z.number().int(),
  averageDuration: z.number().meta({ description: 'Seconds, of the calls that were answered.' }),
});
const BINARY = { schema: { type: 'string', format: 'binary' } } as const;
const Form = z.object({ files: z.array(z.string().meta({ format: 'binary' })) });
const formBody = { required: true, content: { 'multipart/form-data': { schema: Form } } };
const required = (schema: z.ZodType) => ({ required: true, ...json(schema) });

type Route = Omit<RouteConfig, 'tags' | 'security'>;

const ROUTES: readonly Route[] = [
  {
    method: 'get',
    path: '/number-list/{id}/{agentType}',
    summary: 'List the numbers of the trunks of a workspace',
    request: { params: NumberListParams },
    responses: {
      200: {
        description: 'The numbers',
        ...json(envelope(z.array(NumberResource)).extend({ agentNumMap: AgentNumbers })),
      },
    },
  },
  {
    method: 'post',
    path: '/create',
    summary: 'Create an agent',
    request: { body: required(AgentPayload) },
    responses: answer('The agent', AgentResource),
  },
  {
    method: 'get',
    path: '/get-all/{id}',
    summary: 'List the agents of a workspace',
    request: { params: Id },
    responses: answer('All of them', AgentList),
  },
  {
    method: 'get',
    path: '/get-one/{id}',
    summary: 'Get an agent',
    request: { params: Id },
    responses: answer('The agent, its files, and what its calls come to', Detail),
  },
  {
    method: 'delete',
    path: '/delete/{id}',
    summary: 'Delete an agent',
    request: { params: Id },
    responses: answer('The agents that are left', AgentList),
  },
  {
    method: 'get',
    path: '/{id}/calls',
    summary: 'List the calls of an agent',
    request: { params: Id, query: CallsQuery },
    responses: answer('A page of calls', z.array(CallResource)),
  },
  {
    method: 'get',
    path: '/recording/{id}',
    summary: 'Get the recording of a call',
    request: { params: Id },
    responses: {
      200: { description: 'The file', content: { 'audio/wav': BINARY, 'audio/ogg': BINARY } },
      206: { description: 'The range asked for', content: { 'audio/wav': BINARY, 'audio/ogg': BINARY } },
    },
  },
  {
    method: 'put',
    path: '/update/{id}',
    summary: 'Change an agent',
    description: 'What the payload leaves out stays as it is.',
    request: { params: Id, body: required(z.object({ Payload: AgentPayload })) },
    responses: answer('The agent', AgentResource),
  },
  {
    method: 'put',
    path: '/knowledge/{id}',
    summary: 'Upload files for an agent to look things up in',
    description: 'Up to ten at once: all of them are kept, or none.',
    request: { params: Id, body: formBody },
    responses: answer('All agents', AgentList),
  },
  {
    method: 'delete',
    path: '/knowledge/{id}',
    summary: 'Delete a file',
    request: { params: Id },
    responses: answer('All agents', AgentList),
  },
  {
    method: 'delete',
    path: '/delete-call/{id}',
    summary: 'Delete a call that is over, with its recording',
    request: { params: Id },
    responses: answer('All agents', AgentList),
  },
  {
    method: 'post',
    path: '/hangup-call',
    summary: 'Hang up a call in progress',
    request: { body: required(HangUpBody) },
    responses: answer('All agents', AgentList),
  },
  {
    method: 'put',
    path: '/custom-field/{id}',
    summary: 'Create or change a custom field of an agent',
    request: { params: Id, body: required(CustomFieldBody) },
    responses: answer('All custom fields of the agent', z.array(CustomFieldResource)),
  },
  {
    method: 'delete',
    path: '/remove-custom-fields/{id}/{fieldId}',
    summary: 'Delete a custom field of an agent',
    request: { params: Id.extend({ fieldId: z.string() }) },
    responses: answer('The custom fields that are left', z.array(CustomFieldResource)),
  },
  {
    method: 'post',
    path: '/create-action',
    summary: 'Give an agent an action',
    request: { body: required(z.object({ payload: NewAction })) },
    responses: answer('The action', ActionResource),
  },
  {
    method: 'post',
    path: '/update-action/{id}',
    summary: 'Change an action',
    request: { params: Id, body: required(ActionPayload) },
    responses: answer('The action', ActionResource),
  },
  {
    method: 'delete',
    path: '/delete-action/{id}',
    summary: 'Take an action from its agent',
    request: { params: Id },
    responses: answer('The action that was', ActionResource),
  },
  {
    method: 'put',
    path: '/webhook-cors-origin/{id}',
    summary: 'Say which sites may use an agent from a browser',
    request: { params: Id, body: required(CorsBody) },
    responses: answer('What was said', CorsResource),
  },
];
