import { Router } from 'express';
import type { z } from 'zod';
import type { CampaignRecruiting } from '../../../../campaigns/campaign-recruiting.js';
import type { CampaignService } from '../../../../campaigns/campaign-service.js';
import { ContactSelectionBody, toContactSelection } from '../../../../contacts/contact-input.js';
import { AppError, type FieldFault } from '../../../../core/errors.js';
import type { ApiKeyId, CampaignContactId, CampaignId, TenantId } from '../../../../core/ids.js';
import type { CampaignContactDraft } from '../../../../domain/campaign.js';
import { parseInput } from '../../../http/parse.js';
import { campaignIdOf } from '../../../http/path-id.js';
import { keyOf, principalOf } from '../../../http/request-context.js';
import { success, successPage } from '../envelope.js';
import {
  AddContactsQuery,
  CampaignCreate,
  CampaignPatchBody,
  CampaignStart,
  CampaignsQuery,
  type ContactsAdded,
  ContactsQuery,
} from './campaign-schema.js';
import {
  presentCampaign,
  presentContact,
  presentProgress,
  presentRecruited,
  toCampaignPatch,
  toCampaignSettings,
} from './campaign-translation.js';
import { contactsOf, UNWANTED_MESSAGES } from './contact-intake.js';

const MAX_FAULTS = 20;
const MAX_REJECTIONS = 1000;

export function campaignsRouter({
  campaigns,
  recruiting,
}: {
  campaigns: CampaignService;
  recruiting: CampaignRecruiting;
}): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    const { status, ...page } = parseInput(CampaignsQuery, req.query);
    const { items, total } = await campaigns.list(principalOf(res).tenantId, { status }, page);
    res.json(successPage(res, items.map(presentCampaign), total, page));
  });
  router.post('/', async (req, res) => {
    const settings = toCampaignSettings(parseInput(CampaignCreate, req.body));
    res.status(201).json(success(res, presentCampaign(await campaigns.create(principalOf(res).tenantId, settings, keyOf(res)))));
  });
  router.get('/:id', async (req, res) => {
    res.json(success(res, presentCampaign(await campaigns.get(principalOf(res).tenantId, campaignIdOf(req)))));
  });
  router.patch('/:id', async (req, res) => {
    const patch = toCampaignPatch(parseInput(CampaignPatchBody, req.body));
    res.json(
      success(res, presentCampaign(await campaigns.patch(principalOf(res).tenantId, campaignIdOf(req), patch, keyOf(res)))),
    );
  });
  router.delete('/:id', async (req, res) => {
    const id = campaignIdOf(req);
    await campaigns.delete(principalOf(res).tenantId, id);
    res.json(success(res, { id, deleted: true }));
  });
  router.post('/:id/start', async (req, res) => {
    const { starts_at: startsAt } = parseInput(CampaignStart, req.body ?? {});
    const startsAtMs = startsAt ? Date.parse(startsAt) : undefined;
    res.json(
      success(res, presentCampaign(await campaigns.start(principalOf(res).tenantId, campaignIdOf(req), startsAtMs, keyOf(res)))),
    );
  });
  for (const action of ['pause', 'resume', 'cancel'] as const) {
    router.post(`/:id/${action}`, async (req, res) => {
      res.json(
        success(
          res,
          presentCampaign(await campaigns.act(principalOf(res).tenantId, campaignIdOf(req), action, { by: keyOf(res) })),
        ),
      );
    });
  }
  router.get('/:id/progress', async (req, res) => {
    res.json(success(res, presentProgress(await campaigns.progress(principalOf(res).tenantId, campaignIdOf(req)))));
  });
  router.get('/:id/contacts', async (req, res) => {
    const { limit, offset, ...filter } = parseInput(ContactsQuery, req.query);
    const page = { limit, offset };
    const { items, total } = await campaigns.contacts(principalOf(res).tenantId, campaignIdOf(req), filter, page);
    res.json(successPage(res, items.map(presentContact), total, page));
  });
  router.post('/:id/contacts', async (req, res) => {
    const { partial } = parseInput(AddContactsQuery, req.query);
    const who = { tenant: principalOf(res).tenantId, by: keyOf(res) };
    const added = await addContacts(campaigns, who, campaignIdOf(req), req.body, partial);
    res.status(201).json(success(res, added));
  });
  router.post('/:id/contacts/selection', async (req, res) => {
    const selection = toContactSelection(parseInput(ContactSelectionBody, req.body));
    const recruited = await recruiting.add(principalOf(res).tenantId, campaignIdOf(req), selection, keyOf(res));
    res.status(201).json(success(res, presentRecruited(recruited)));
  });
  router.delete('/:id/contacts/:contactId', async (req, res) => {
    const contactId = req.params.contactId.toLowerCase() as CampaignContactId;
    await campaigns.deleteContact(principalOf(res).tenantId, campaignIdOf(req), contactId);
    res.json(success(res, { id: contactId, deleted: true }));
  });
  return router;
}

async function addContacts(
  campaigns: CampaignService,
  { tenant, by }: { tenant: TenantId; by: ApiKeyId | undefined },
  id: CampaignId,
  body: unknown,
  partial: boolean,
): Promise<z.input<typeof ContactsAdded>> {
  await campaigns.get(tenant, id);
  const entries = contactsOf(body);
  const rejections: z.input<typeof ContactsAdded>['rejections'] = [];
  const faults: FieldFault[] = [];
  const drafts: CampaignContactDraft[] = [];
  const fields: string[] = [];
  for (const entry of entries) {
    if ('draft' in entry) {
      drafts.push(entry.draft);
      fields.push(entry.numberField);
      continue;
    }
    faults.push(...entry.faults);
    const [{ field: at, message } = { field: entry.numberField, message: 'is invalid' }] = entry.faults;
    rejections.push({ at, number: entry.number ?? null, reason: 'invalid', message });
  }
  const { wanted, unwanted } = await campaigns.check(tenant, id, drafts, by);
  for (const { index, reason } of unwanted) {
    const at = fields[index] ?? '';
    const message = UNWANTED_MESSAGES[reason];
    faults.push({ field: at, message });
    rejections.push({ at, number: drafts[index]?.number ?? null, reason, message });
  }
  if (!partial && faults.length > 0) {
    throw new AppError('invalid_request', 'contacts cannot all be taken', { faults: faults.slice(0, MAX_FAULTS) });
  }
  if (wanted.length > 0) await campaigns.addContacts(tenant, id, wanted, by);
  return { added: wanted.length, rejected: rejections.length, rejections: rejections.slice(0, MAX_REJECTIONS) };
}
