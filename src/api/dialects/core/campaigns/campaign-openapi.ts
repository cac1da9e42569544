import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { ContactSelectionBody } from '../../../../contacts/contact-input.js';
import { failures, Id, json, many, one } from '../openapi-parts.js';
import {
  AddContactsQuery,
  CampaignCreate,
  CampaignPatchBody,
  CampaignResource,
  CampaignStart,
  CampaignsQuery,
  ContactResource,
  ContactsAdded,
  ContactsCreate,
  ContactsQuery,
  ProgressResource,
  RecruitedResource,
} from './campaign-schema.js';

const tags = ['Campaigns'];
const campaign = (description: string) => ({ description, ...json(one(CampaignResource)) });

const CSV = {
  schema: { type: 'string' as const },
  example: 'phone,name,appointment\n+442071234567,Ann Smith,Monday at nine\n+15550123,John Doe,Friday at noon\n',
};

const action = (name: string, summary: string, description: string, done: string): RouteConfig => ({
  method: 'post',
  path: `/campaigns/{id}/${name}`,
  tags,
  summary,
  description,
  request: { params: Id },
  responses: { 200: campaign(done), ...failures(401, 404, 409) },
});

export const CAMPAIGN_ROUTES: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/campaigns',
    tags,
    summary: 'List campaigns, newest first',
    request: { query: CampaignsQuery },
    responses: { 200: { description: 'A page of campaigns', ...json(many(CampaignResource)) }, ...failures(400, 401) },
  },
  {
    method: 'post',
    path: '/campaigns',
    tags,
    summary: 'Create a campaign: one agent calls many people',
    description:
      'It is a draft until it is started. Each contact becomes a task when a line is free for it, with the priority, hours, retries and ' +
      'webhook of the campaign; what is left out is the default of the organisation, as for tasks.',
    request: { body: json(CampaignCreate) },
    responses: { 201: campaign('The draft'), ...failures(400, 401, 404, 413) },
  },
  {
    method: 'get',
    path: '/campaigns/{id}',
    tags,
    summary: 'Get a campaign',
    request: { params: Id },
    responses: { 200: campaign('The campaign'), ...failures(401, 404) },
  },
  {
    method: 'patch',
    path: '/campaigns/{id}',
    tags,
    summary: 'Change a campaign',
    description:
      'While it runs only `name`, `description` and `max_concurrent`; as a draft, scheduled or paused everything; when it is over nothing. ' +
      'Contacts who have a task already are called with what it began with.',
    request: { params: Id, body: json(CampaignPatchBody) },
    responses: { 200: campaign('The changed campaign'), ...failures(400, 401, 404, 409, 413) },
  },
  {
    method: 'delete',
    path: '/campaigns/{id}',
    tags,
    summary: 'Delete a campaign and its contacts',
    description: 'Only a draft, or one that is completed or cancelled. Its tasks and calls stay.',
    request: { params: Id },
    responses: {
      200: { description: 'Deleted', ...json(one(z.object({ id: z.uuid(), deleted: z.literal(true) }))) },
      ...failures(401, 404, 409),
    },
  },
  {
    method: 'post',
    path: '/campaigns/{id}/start',
    tags,
    summary: 'Start a campaign, now or at a time',
    description:
      'A draft, or one that is scheduled; it needs a contact. It is completed by itself when nobody is left to be called. While its agent ' +
      'is disabled nobody is called.',
    request: { params: Id, body: json(CampaignStart) },
    responses: { 200: campaign('Running, or scheduled'), ...failures(400, 401, 404, 409, 413) },
  },
  action(
    'pause',
    'Pause a campaign that runs or is scheduled',
    'Nobody is called any more from this moment on; calls in progress go on.',
    'The paused campaign',
  ),
  action(
    'resume',
    'Let a paused campaign go on',
    'Where it was; attempts that have fallen due meanwhile come first.',
    'Running again',
  ),
  action(
    'cancel',
    'Cancel a campaign for good',
    'Contacts who wait are cancelled, and their tasks fail with `campaign_cancelled`; calls in progress go on, without another attempt.',
    'The cancelled campaign',
  ),
  {
    method: 'get',
    path: '/campaigns/{id}/progress',
    tags,
    summary: 'See how far a campaign has come',
    request: { params: Id },
    responses: { 200: { description: 'Its counts', ...json(one(ProgressResource)) }, ...failures(401, 404) },
  },
  {
    method: 'get',
    path: '/campaigns/{id}/contacts',
    tags,
    summary: 'List contacts with what came of them, in the order they were added',
    request: { params: Id, query: ContactsQuery },
    responses: { 200: { description: 'A page of contacts', ...json(many(ContactResource)) }, ...failures(400, 401, 404) },
  },
  {
    method: 'post',
    path: '/campaigns/{id}/contacts',
    tags,
    summary: 'Add contacts, as JSON or CSV',
    description:
      'Up to 10,000 at a time, unless the campaign is over. CSV has a header row: a column `number`, `phone` or `to_number`, if you like one ' +
      '`name`, and every other column is a variable by its name; spaces, dashes, dots and parentheses in numbers are left out. A number ' +
      'that is invalid, stands twice, is a contact already or is on the do-not-call list is named with its place, and nobody is added; ' +
      'with `partial=true` the others are.',
    request: {
      params: Id,
      query: AddContactsQuery,
      body: { content: { ...json(ContactsCreate).content, 'text/csv': CSV } },
    },
    responses: { 201: { description: 'What was taken', ...json(one(ContactsAdded)) }, ...failures(400, 401, 404, 409, 413) },
  },
  {
    method: 'post',
    path: '/campaigns/{id}/contacts/selection',
    tags,
    summary: 'Add contacts of the address book',
    description:
      'By their ids, or all for whom a filter holds; 10,000 at most. Name, number, e-mail address and custom fields are taken over as they are ' +
      'now. Who is a contact of the campaign already, is on the do-not-call list or may not be called is left out, and told.',
    request: { params: Id, body: json(ContactSelectionBody) },
    responses: { 201: { description: 'Who was added', ...json(one(RecruitedResource)) }, ...failures(400, 401, 404, 409, 413) },
  },
  {
    method: 'delete',
    path: '/campaigns/{id}/contacts/{contactId}',
    tags,
    summary: 'Remove a contact that nobody has called yet',
    request: { params: z.object({ id: z.uuid(), contactId: z.uuid() }) },
    responses: {
      200: { description: 'Removed', ...json(one(z.object({ id: z.uuid(), deleted: z.literal(true) }))) },
      ...failures(401, 404),
    },
  },
];
