import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../core/clock.js';
import type { CallId } from '../../core/ids.js';
import { keepAlive } from './keep-alive.js';
import type { LiveFeed } from './live-feed.js';
import type { LiveFeeds } from './live-feeds.js';
import { errorMessage, pongMessage } from './live-message.js';
import { CLOSE_CODES, LiveReader } from './live-reader.js';
import { FollowQuery, Ping } from './live-schema.js';
import { type SocketAccessOptions, tenantOf } from './socket-access.js';
import { refuse, type Upgradable, type Upgrade } from './upgrades.js';

export const liveSocketPath = (id: CallId): string => `/ws/calls/${id}`;

const PATH = /^\/ws\/calls\/([^/]{1,100})\/?$/;
/** Clients say `ping`, nothing longer. */
const MAX_MESSAGE_BYTES = 4096;
/** A client that says more than this in one period is a fault or an attack. */
const MAX_MESSAGES_PER_PERIOD = 100;
const MAX_CONNECTIONS = 2000;
/** How long a client may take to agree that a connection is closed. */
const CLOSE_LIMIT_MS = 2000;

type LiveSocketOptions = SocketAccessOptions & { feeds: LiveFeeds; clock: Clock };

/** Serves `/ws/calls/{id}`. */
export class LiveSocket implements Upgradable {
  readonly #options: LiveSocketOptions;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  readonly #readers = new Set<LiveReader>();

  constructor(options: LiveSocketOptions) {
    this.#options = options;
  }

  upgrade(upgrade: Upgrade): Promise<void> | undefined {
    const id = PATH.exec(upgrade.url.pathname)?.[1]?.toLowerCase() as CallId | undefined;
    return id === undefined ? undefined : this.#upgrade(upgrade, id);
  }

  /** Closes every connection; those that do not agree in time are cut. */
  close(): void {
    for (const reader of this.#readers) reader.close('shutting_down');
    this.#sockets.close();
  }

  async #upgrade(upgrade: Upgrade, id: CallId): Promise<void> {
    const { request, url, socket, head } = upgrade;
    const query = FollowQuery.safeParse({ after: url.searchParams.get('after') ?? undefined });
    const tenant = await tenantOf(upgrade, id, 'calls:read', this.#options);
    if (typeof tenant === 'number') {
      refuse(socket, tenant);
      return;
    }
    if (!query.success) return refuse(socket, 400);
    const feed = await this.#options.feeds.find(tenant, id);
    if (!feed) refuse(socket, 404);
    else if (this.#readers.size >= MAX_CONNECTIONS) refuse(socket, 503);
    else this.#sockets.handleUpgrade(request, socket, head, (client) => this.#connect(client, feed, query.data.after));
  }

  #connect(client: WebSocket, feed: LiveFeed, after: number | undefined): void {
    const { clock, feeds } = this.#options;
    const reader = new LiveReader({
      pendingBytes: () => client.bufferedAmount,
      send: ({ text }) => client.send(text),
      close: (ending) => {
        const { code, reason } = CLOSE_CODES[ending];
        client.close(code, reason);
        const cancel = clock.schedule(CLOSE_LIMIT_MS, () => client.terminate());
        client.on('close', cancel);
      },
    });
    this.#readers.add(reader);
    const alive = keepAlive(client, clock);
    client.on('error', () => client.terminate());
    client.on('close', () => {
      alive.stop();
      reader.closed();
      this.#readers.delete(reader);
    });
    client.on('message', (data, isBinary) => {
      if (alive.countMessage() > MAX_MESSAGES_PER_PERIOD) reader.close('too_many_messages', 'Too many messages');
      else reader.take(answerTo(data, isBinary));
    });
    reader.onClosed(feeds.follow(feed, reader, after));
  }
}

function answerTo(data: Buffer, isBinary: boolean) {
  if (isBinary) return errorMessage('Messages must be JSON text');
  try {
    if (Ping.safeParse(JSON.parse(data.toString('utf8'))).success) return pongMessage;
  } catch {
    return errorMessage('The message is not valid JSON');
  }
  return errorMessage('Unknown message type: only ping is understood');
}
