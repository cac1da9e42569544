import { type Request, type Response, Router } from 'express';
import { AppError } from '../../../core/errors.js';
import { AUDIO_RATE_HZ } from '../../../domain/ports/media.js';
import { hostOf } from '../../http/origin.js';
import { parseInput } from '../../http/parse.js';
import { callIdOf } from '../../http/path-id.js';
import { principalOf } from '../../http/request-context.js';
import type { EventStreams } from '../../live/event-stream.js';
import { listenSocketPath } from '../../live/listen-socket.js';
import type { LiveFeed } from '../../live/live-feed.js';
import type { LiveFeeds } from '../../live/live-feeds.js';
import { LIVE_MESSAGE_TYPES } from '../../live/live-message.js';
import { FollowQuery } from '../../live/live-schema.js';
import { liveSocketPath } from '../../live/live-socket.js';
import type { LiveTokens } from '../../live/live-tokens.js';
import { success } from './envelope.js';

export type LiveRouterOptions = { live: { feeds: LiveFeeds; tokens: LiveTokens; streams: EventStreams } };

/** How to follow a call as it happens; to be mounted where the calls are. */
export function liveRouter({ live: { feeds, tokens, streams } }: LiveRouterOptions): Router {
  const router = Router();

  async function find(req: Request<{ id: string }>, res: Response): Promise<LiveFeed> {
    const feed = await feeds.find(principalOf(res).tenantId, callIdOf(req));
    if (!feed) throw new AppError('call_not_found', 'no such call');
    return feed;
  }

  router.get('/:id/live', async (req, res) => {
    const { call } = await find(req, res);
    const url = socketUrl(req, liveSocketPath(call.id));
    res.json(
      success(res, {
        websocket_url: url,
        call_id: call.id,
        temp_token: tokens.issue(call.tenantId, call.id),
        connection_info: {
          url,
          auth_method: 'query_param',
          auth_param: 'api_key',
          temp_auth_param: 'session_token',
          example: `${url}?api_key=YOUR_API_KEY`,
          example_session: `${url}?session_token=TEMP_TOKEN`,
          message_format: 'json',
          message_types: LIVE_MESSAGE_TYPES,
        },
      }),
    );
  });
  router.get('/:id/listen', async (req, res) => {
    const { call } = await find(req, res);
    res.json(
      success(res, {
        call_id: call.id,
        websocket_url: socketUrl(req, listenSocketPath(call.id)),
        temp_token: tokens.issue(call.tenantId, call.id),
        encoding: 's16le',
        sample_rate_hz: AUDIO_RATE_HZ,
      }),
    );
  });
  router.get('/:id/events', async (req, res) => {
    const { after } = parseInput(FollowQuery, req.query);
    streams.serve(req, res, await find(req, res), after);
  });
  return router;
}

/** On the host by which the client reached us. */
function socketUrl(req: Request<{ id: string }>, path: string): string {
  const host = hostOf(req) ?? `localhost:${req.socket.localPort}`;
  return `${req.secure ? 'wss' : 'ws'}://${host}${path}`;
}
