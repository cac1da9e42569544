import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { PhoneCreate, PhonePatchBody, PhoneResource } from '../../../phones/phone-input.js';
import { failures, Id, json, many, one } from './openapi-parts.js';
import { PageQuery } from './query-schema.js';

export const PHONE_ROUTES: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/phones',
    tags: ['Phones'],
    summary: 'List phones, newest first',
    request: { query: PageQuery },
    responses: { 200: { description: 'A page of phones', ...json(many(PhoneResource)) }, ...failures(400, 401) },
  },
  {
    method: 'post',
    path: '/phones',
    tags: ['Phones'],
    summary: 'Create a phone: a telephone or softphone that registers here',
    request: { body: json(PhoneCreate) },
    responses: { 201: { description: 'The phone', ...json(one(PhoneResource)) }, ...failures(400, 401, 409, 413) },
  },
  {
    method: 'get',
    path: '/phones/{id}',
    tags: ['Phones'],
    summary: 'Get a phone with what is registered, without its password',
    request: { params: Id },
    responses: { 200: { description: 'The phone', ...json(one(PhoneResource)) }, ...failures(401, 404) },
  },
  {
    method: 'patch',
    path: '/phones/{id}',
    tags: ['Phones'],
    summary: 'Change a phone',
    description: 'Calls in progress go on as they began.',
    request: { params: Id, body: json(PhonePatchBody) },
    responses: { 200: { description: 'The changed phone', ...json(one(PhoneResource)) }, ...failures(400, 401, 404, 409, 413) },
  },
  {
    method: 'delete',
    path: '/phones/{id}',
    tags: ['Phones'],
    summary: 'Delete a phone',
    description: 'What is registered ends; calls in progress go on.',
    request: { params: Id },
    responses: {
      200: { description: 'Deleted', ...json(one(z.object({ id: z.uuid(), deleted: z.literal(true) }))) },
      ...failures(401, 404),
    },
  },
];
