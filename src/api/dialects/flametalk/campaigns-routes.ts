import { type Request, type Response, Router } from 'express';
import type { CampaignRecruiting } from '../../../campaigns/campaign-recruiting.js';
import type { CampaignService } from '../../../campaigns/campaign-service.js';
import { ContactSelectionBody, toContactSelection } from '../../../contacts/contact-input.js';
import type { Campaign } from '../../../domain/campaign.js';
import { parseInput } from '../../http/parse.js';
import { campaignIdOf } from '../../http/path-id.js';
import { keyOf, principalOf } from '../../http/request-context.js';
import { CampaignContactsQuery, CampaignCreate, CampaignPatchBody, CampaignSchedule, CampaignsQuery } from './campaign-schema.js';
import {
  presentCampaign,
  presentContact,
  presentRecruited,
  presentStatistics,
  toPatch,
  toSettings,
} from './campaign-translation.js';
import { success, successPage } from './envelope.js';
import { EmptyBody } from './fields.js';

export type CampaignsRouterOptions = { campaigns: CampaignService; recruiting: CampaignRecruiting };

export function campaignsRouter({ campaigns, recruiting }: CampaignsRouterOptions): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    const { status, ...page } = parseInput(CampaignsQuery, req.query);
    const { items, total } = await campaigns.list(principalOf(res).tenantId, { status }, page);
    res.json(successPage(items.map(presentCampaign), total, page));
  });
  router.post('/', async (req, res) => {
    const body = parseInput(CampaignCreate, req.body);
    const { tenantId } = principalOf(res);
    const chosen = body.contact_ids !== undefined || body.contact_filter !== undefined;
    const { campaign, recruited } = chosen
      ? await recruiting.create(tenantId, toSettings(body), toContactSelection(body), keyOf(res))
      : { campaign: await campaigns.create(tenantId, toSettings(body), keyOf(res)), recruited: { added: 0, skipped: [] } };
    res.status(201).json(success({ ...presentCampaign(campaign), contacts: presentRecruited(recruited) }));
  });
  router.get('/:id', async (req, res) => {
    res.json(success(presentCampaign(await campaigns.get(principalOf(res).tenantId, campaignIdOf(req)))));
  });
  router.patch('/:id', async (req, res) => {
    const patch = toPatch(parseInput(CampaignPatchBody, req.body));
    const campaign = await campaigns.patch(principalOf(res).tenantId, campaignIdOf(req), patch, keyOf(res));
    res.json(success(presentCampaign(campaign)));
  });
  router.delete('/:id', async (req, res) => {
    const id = campaignIdOf(req);
    await campaigns.delete(principalOf(res).tenantId, id);
    res.json(success({ id, deleted: true }));
  });
  for (const [action, act] of Object.entries(actionsOf(campaigns))) {
    router.post(`/:id/${action}`, async (req, res) => {
      res.json(success(presentCampaign(await act(req, res))));
    });
  }
  router.get('/:id/statistics', async (req, res) => {
    const id = campaignIdOf(req);
    res.json(success(presentStatistics(id, await campaigns.progress(principalOf(res).tenantId, id))));
  });
  router.get('/:id/contacts', async (req, res) => {
    const { limit, offset, ...filter } = parseInput(CampaignContactsQuery, req.query);
    const page = { limit, offset };
    const { items, total } = await campaigns.contacts(principalOf(res).tenantId, campaignIdOf(req), filter, page);
    res.json(successPage(items.map(presentContact), total, page));
  });
  router.post('/:id/contacts', async (req, res) => {
    const selection = toContactSelection(parseInput(ContactSelectionBody, req.body));
    const recruited = await recruiting.add(principalOf(res).tenantId, campaignIdOf(req), selection, keyOf(res));
    res.status(201).json(success(presentRecruited(recruited)));
  });
  return router;
}

type Act = (req: Request<{ id: string }>, res: Response) => Promise<Campaign>;

function actionsOf(campaigns: CampaignService): Record<'start' | 'schedule' | 'pause' | 'resume' | 'cancel', Act> {
  const plain =
    (action: 'pause' | 'resume' | 'cancel'): Act =>
    (req, res) => {
      parseInput(EmptyBody, req.body);
      return campaigns.act(principalOf(res).tenantId, campaignIdOf(req), action, { by: keyOf(res) });
    };
  return {
    start: (req, res) => {
      parseInput(EmptyBody, req.body);
      return campaigns.start(principalOf(res).tenantId, campaignIdOf(req), undefined, keyOf(res));
    },
    schedule: (req, res) => {
      const { scheduled_at: at } = parseInput(CampaignSchedule, req.body);
      return campaigns.start(principalOf(res).tenantId, campaignIdOf(req), Date.parse(at), keyOf(res));
    },
    pause: plain('pause'),
    resume: plain('resume'),
    cancel: plain('cancel'),
  };
}
