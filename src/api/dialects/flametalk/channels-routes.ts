import { Router } from 'express';
import type { z } from 'zod';
import { AppError } from '../../../core/errors.js';
import type { TenantId, TrunkId } from '../../../core/ids.js';
import type { Listed, Page } from '../../../domain/ports/repositories.js';
import type { Route } from '../../../domain/route.js';
import type { Trunk } from '../../../domain/trunk.js';
import type { RouteService } from '../../../routes/route-service.js';
import type { TrunkService } from '../../../trunks/trunk-service.js';
import { parseInput } from '../../http/parse.js';
import { principalOf } from '../../http/request-context.js';
import { CHANNEL_TYPES, type ChannelResource, ChannelsQuery, type ChannelType } from './channel-schema.js';
import { success, successPage } from './envelope.js';
import { isoTime } from './fields.js';

export type ChannelsRouterOptions = { trunks: TrunkService; routes: RouteService };

type Channel = { type: ChannelType; trunk: Trunk };

/** Above what a tenant may have. */
const ALL_ROUTES = { limit: 1000, offset: 0 };
const MESSAGING = 'messaging-';

/** Each trunk is one channel for calls and one for texts, in the order of the trunks. */
export function channelsRouter({ trunks, routes }: ChannelsRouterOptions): Router {
  const router = Router();

  const presented = async (tenant: TenantId, channels: readonly Channel[]) => {
    const { items } = await routes.list(tenant, ALL_ROUTES);
    return Promise.all(channels.map((channel) => present(trunks, channel, items)));
  };

  router.get('/', async (req, res) => {
    const { type, ...page } = parseInput(ChannelsQuery, req.query);
    const { tenantId } = principalOf(res);
    const { items, total } = await channelsOf(trunks, tenantId, type ? [type] : CHANNEL_TYPES, page);
    res.json(successPage(await presented(tenantId, items), total, page));
  });
  router.get('/:id', async (req, res) => {
    const id = req.params.id.toLowerCase();
    const type = id.startsWith(MESSAGING) ? 'messaging' : 'voice';
    const { tenantId } = principalOf(res);
    const trunk = await trunks.get(tenantId, id.slice(type === 'messaging' ? MESSAGING.length : 0) as TrunkId).catch(asChannel);
    const [channel] = await presented(tenantId, [{ type, trunk }]);
    res.json(success(channel));
  });
  return router;
}

function asChannel(error: unknown): never {
  if (!(error instanceof AppError) || error.code !== 'trunk_not_found') throw error;
  throw new AppError('not_found', 'no such channel', { publicMessage: 'Channel not found' });
}

/** A page of channels is cut out of the trunks that it touches. */
async function channelsOf(
  trunks: TrunkService,
  tenant: TenantId,
  types: readonly ChannelType[],
  { limit, offset }: Page,
): Promise<Listed<Channel>> {
  const first = Math.floor(offset / types.length);
  const skipped = offset % types.length;
  const touched = { limit: Math.ceil((skipped + limit) / types.length), offset: first };
  const { items, total } = await trunks.list(tenant, touched);
  const channels = items.flatMap((trunk) => types.map((type) => ({ type, trunk })));
  return { items: channels.slice(skipped, skipped + limit), total: total * types.length };
}

async function present(
  trunks: TrunkService,
  { type, trunk }: Channel,
  routes: readonly Route[],
): Promise<z.input<typeof ChannelResource>> {
  const { state, lastError } = await trunks.status(trunk.tenantId, trunk.id);
  return {
    id: type === 'messaging' ? `${MESSAGING}${trunk.id}` : trunk.id,
    type,
    name: trunk.name,
    provider: 'sip',
    host: trunk.host,
    enabled: trunk.enabled,
    status: state,
    last_error: lastError?.message ?? null,
    numbers: numbersOf(trunk, routes),
    max_concurrent_calls: type === 'voice' ? (trunk.maxConcurrentCalls ?? null) : null,
    created_at: isoTime(trunk.createdAtMs),
    updated_at: isoTime(trunk.updatedAtMs),
  };
}

function numbersOf(trunk: Trunk, routes: readonly Route[]): { number: string; agent: string }[] {
  const routed = routes.flatMap(({ enabled, match, target }) => {
    const isFor = match.trunks.length === 0 || match.trunks.includes(trunk.id) || match.trunks.includes(trunk.name);
    if (!enabled || !isFor || target.type !== 'agent') return [];
    return match.called.map((number) => ({ number, agent: target.agent }));
  });
  return [...trunk.inbound.map(({ called, agent }) => ({ number: called, agent })), ...routed];
}
