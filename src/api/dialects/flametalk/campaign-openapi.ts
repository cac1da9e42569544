import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { ContactSelectionBody } from '../../../contacts/contact-input.js';
import {
  CampaignContactResource,
  CampaignContactsQuery,
  CampaignCreate,
  CampaignPatchBody,
  CampaignResource,
  CampaignSchedule,
  CampaignsQuery,
  CreatedCampaign,
  RecruitedResource,
  StatisticsResource,
} from './campaign-schema.js';
import { Deleted, json, operation } from './openapi-parts.js';

export const CAMPAIGN_OPERATIONS: readonly RouteConfig[] = [
  operation('get /campaigns', 'List campaigns, newest first', { answers: CampaignResource, list: true, query: CampaignsQuery }),
  operation('post /campaigns', 'Create a campaign, with contacts if you like', {
    description: 'It is a draft until it is started. Who is on the do-not-call list or may not be called is left out, and told.',
    status: 201,
    answers: CreatedCampaign,
    body: json(CampaignCreate),
    fails: [404],
  }),
  operation('get /campaigns/{id}', 'Get a campaign', { answers: CampaignResource }),
  operation('patch /campaigns/{id}', 'Change a campaign', {
    answers: CampaignResource,
    body: json(CampaignPatchBody),
    fails: [409],
  }),
  operation('delete /campaigns/{id}', 'Delete a draft, or a campaign that is over', { answers: Deleted, fails: [409] }),
  operation('post /campaigns/{id}/start', 'Start a campaign now', { answers: CampaignResource }),
  operation('post /campaigns/{id}/schedule', 'Start a campaign at a time', {
    answers: CampaignResource,
    body: json(CampaignSchedule),
  }),
  operation('post /campaigns/{id}/pause', 'Pause a campaign that runs or is scheduled', { answers: CampaignResource }),
  operation('post /campaigns/{id}/resume', 'Let a paused campaign go on', { answers: CampaignResource }),
  operation('post /campaigns/{id}/cancel', 'Cancel a campaign for good', { answers: CampaignResource }),
  operation('get /campaigns/{id}/statistics', 'See how far a campaign has come', { answers: StatisticsResource }),
  operation('get /campaigns/{id}/contacts', 'List its contacts with what came of them', {
    answers: CampaignContactResource,
    list: true,
    query: CampaignContactsQuery,
  }),
  operation('post /campaigns/{id}/contacts', 'Add contacts of the address book', {
    status: 201,
    answers: RecruitedResource,
    body: json(ContactSelectionBody),
  }),
];
