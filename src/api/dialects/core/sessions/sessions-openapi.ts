import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { failures, Id, json, many, one } from '../openapi-parts.js';
import {
  FeedbackChange,
  MessageCreate,
  MessageForm,
  MessageResource,
  ModeChange,
  NoteResource,
  OperatorMessage,
  SentResource,
  SessionClose,
  SessionCreate,
  SessionPatch,
  SessionResource,
  SessionsQuery,
} from './sessions-schema.js';

const tags = ['Sessions'];
const session = (description: string) => ({ description, ...json(one(SessionResource)) });
const message = (description: string) => ({ description, ...json(one(MessageResource)) });

export const SESSION_ROUTES: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/sessions',
    tags,
    summary: 'List text conversations, newest first',
    description: 'All filters that are given must hold.',
    request: { query: SessionsQuery },
    responses: { 200: { description: 'A page of sessions', ...json(many(SessionResource)) }, ...failures(400, 401) },
  },
  {
    method: 'post',
    path: '/sessions',
    tags,
    summary: 'Begin a text conversation with an agent',
    description: 'Beyond the `daily_limit` of the agent it is stored as `daily_limit_exceeded`, and takes no messages.',
    request: { body: json(SessionCreate) },
    responses: { 201: session('The session'), ...failures(400, 401, 404, 409) },
  },
  {
    method: 'get',
    path: '/sessions/{id}',
    tags,
    summary: 'Get a text conversation',
    request: { params: Id },
    responses: { 200: session('The session'), ...failures(401, 404) },
  },
  {
    method: 'patch',
    path: '/sessions/{id}',
    tags,
    summary: 'Change what is known in a text conversation',
    request: { params: Id, body: json(SessionPatch) },
    responses: { 200: session('The session'), ...failures(400, 401, 404, 409) },
  },
  {
    method: 'delete',
    path: '/sessions/{id}',
    tags,
    summary: 'Delete a closed text conversation with all that was said and sent in it',
    request: { params: Id },
    responses: {
      200: { description: 'Deleted', ...json(one(z.object({ id: z.uuid(), deleted: z.literal(true) }))) },
      ...failures(401, 404, 409),
    },
  },
  {
    method: 'post',
    path: '/sessions/{id}/close',
    tags,
    summary: 'End a text conversation',
    request: { params: Id, body: json(SessionClose) },
    responses: { 200: session('The session'), ...failures(400, 401, 404, 409) },
  },
  {
    method: 'put',
    path: '/sessions/{id}/mode',
    tags,
    summary: 'Have a human take over, or give back to the agent',
    description: 'What the agent is about to say then is not said. After `regular` it answers what nobody has answered.',
    request: { params: Id, body: json(ModeChange) },
    responses: { 200: session('The session'), ...failures(400, 401, 404, 409) },
  },
  {
    method: 'get',
    path: '/sessions/{id}/messages',
    tags,
    summary: 'Get what was said, in order',
    request: { params: Id },
    responses: { 200: { description: 'The messages', ...json(one(z.array(MessageResource))) }, ...failures(401, 404) },
  },
  {
    method: 'post',
    path: '/sessions/{id}/messages',
    tags,
    summary: 'Say something to the agent, and get its answer',
    description:
      'As JSON, or as a form with files in the field `attachments`: up to ten of 10 MiB each. The agent reads pdf, docx, html, md, txt and csv; ' +
      'images are shown to models that take them. The message is stored even where the answer fails; whatever is said while the agent answers is answered next.',
    request: {
      params: Id,
      body: {
        content: { 'application/json': { schema: MessageCreate }, 'multipart/form-data': { schema: MessageForm } },
      },
    },
    responses: {
      201: { description: 'Message and answer', ...json(one(SentResource)) },
      ...failures(400, 401, 404, 409, 413, 503),
    },
  },
  {
    method: 'post',
    path: '/sessions/{id}/operator-messages',
    tags,
    summary: 'Say something as an operator',
    request: { params: Id, body: json(OperatorMessage) },
    responses: { 201: message('The message'), ...failures(400, 401, 404, 409) },
  },
  {
    method: 'put',
    path: '/sessions/{id}/messages/{messageId}/feedback',
    tags,
    summary: 'Note what the contact thinks of an answer',
    request: { params: Id.extend({ messageId: z.string() }), body: json(FeedbackChange) },
    responses: { 200: message('The message'), ...failures(400, 401, 404) },
  },
  {
    method: 'get',
    path: '/sessions/{id}/notes',
    tags,
    summary: 'Get the tools that the agent used, and the providers that failed it',
    request: { params: Id },
    responses: { 200: { description: 'In order', ...json(one(z.array(NoteResource))) }, ...failures(401, 404) },
  },
  {
    method: 'get',
    path: '/sessions/{id}/attachments/{attachmentId}',
    tags,
    summary: 'Download a file that was sent along',
    request: { params: Id.extend({ attachmentId: z.uuid() }) },
    responses: {
      200: {
        description: 'The file',
        content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
      },
      ...failures(401, 404),
    },
  },
  {
    method: 'get',
    path: '/sessions/{id}/events',
    tags,
    summary: 'Follow a text conversation as server-sent events',
    description:
      '`message`, `chunk` (the next piece of an answer that is being made), `thought` (what the agent says of what it is doing), `mode`, `timeout` and `closed`, ' +
      'with which the stream ends. What was said before stands in the messages.',
    request: { params: Id },
    responses: {
      200: {
        description: 'Events until the end of the session',
        content: { 'text/event-stream': { schema: { type: 'string' } } },
      },
      ...failures(401, 404, 503),
    },
  },
];
