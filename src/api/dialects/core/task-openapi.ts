import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { OutboundPolicyBody, OutboundPolicyResource } from '../../../tasks/call-policy-input.js';
import { failures, Id, json, many, one } from './openapi-parts.js';
import { TasksQuery } from './query-schema.js';
import { ExecutedTask, TaskCreate, TaskDetail, TaskExecute, TaskPatchBody, TaskResource } from './task-schema.js';

export const TASK_ROUTES: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/tasks/policy',
    tags: ['Tasks'],
    summary: 'Get the hours and the retry policy that hold for tasks without their own, and the limits of calls out',
    responses: { 200: { description: 'The policy', ...json(one(OutboundPolicyResource)) }, ...failures(401) },
  },
  {
    method: 'put',
    path: '/tasks/policy',
    tags: ['Tasks'],
    summary: "Set the organisation's hours, retry policy and limits of calls out",
    description: 'Hours hold from the next look at a task; a retry policy from the next attempt on.',
    request: { body: json(OutboundPolicyBody) },
    responses: { 200: { description: 'What holds now', ...json(one(OutboundPolicyResource)) }, ...failures(400, 401, 413) },
  },
  {
    method: 'get',
    path: '/tasks',
    tags: ['Tasks'],
    summary: 'List tasks, newest first',
    request: { query: TasksQuery },
    responses: { 200: { description: 'A page of tasks', ...json(many(TaskResource)) }, ...failures(400, 401) },
  },
  {
    method: 'post',
    path: '/tasks',
    tags: ['Tasks'],
    summary: 'Create a task: a call that an agent is to make',
    description:
      'With `scheduled_at` it is called at that time, or when its hours begin after it; otherwise when it is executed. 400 names ' +
      '`call_window.timezone` when hours hold and no time zone is known for the number.',
    request: { body: json(TaskCreate) },
    responses: { 201: { description: 'The task', ...json(one(TaskResource)) }, ...failures(400, 401, 404, 413) },
  },
  {
    method: 'get',
    path: '/tasks/{id}',
    tags: ['Tasks'],
    summary: 'Get a task with its agent and its calls',
    request: { params: Id },
    responses: { 200: { description: 'The task', ...json(one(TaskDetail)) }, ...failures(401, 404) },
  },
  {
    method: 'patch',
    path: '/tasks/{id}',
    tags: ['Tasks'],
    summary: 'Change a task that is pending',
    request: { params: Id, body: json(TaskPatchBody) },
    responses: { 200: { description: 'The changed task', ...json(one(TaskResource)) }, ...failures(400, 401, 404, 409, 413) },
  },
  {
    method: 'delete',
    path: '/tasks/{id}',
    tags: ['Tasks'],
    summary: 'Delete a task that is pending or failed',
    request: { params: Id },
    responses: {
      200: { description: 'Deleted', ...json(one(z.object({ id: z.uuid(), deleted: z.literal(true) }))) },
      ...failures(401, 404, 409),
    },
  },
  {
    method: 'post',
    path: '/tasks/{id}/execute',
    tags: ['Tasks'],
    summary: 'Execute a pending task: call now',
    description:
      'The task is in progress until its call has ended, then completed, failed, or pending again when its retry policy says so. ' +
      '403 when the number may not be called, 409 outside the hours in which it may be, unless these are ignored, 503 when no ' +
      'gateway is configured, calls through it keep failing, or there are as many outbound calls as there may be.',
    request: { params: Id, body: { ...json(TaskExecute), required: false } },
    responses: { 200: { description: 'The call', ...json(one(ExecutedTask)) }, ...failures(400, 401, 403, 404, 409, 503) },
  },
  {
    method: 'post',
    path: '/tasks/{id}/reset',
    tags: ['Tasks'],
    summary: 'Make a task that is not pending pending again',
    description: 'The call of a task in progress is cancelled first.',
    request: { params: Id },
    responses: { 200: { description: 'The pending task', ...json(one(TaskResource)) }, ...failures(401, 404, 409) },
  },
];
