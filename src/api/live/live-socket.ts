import { type IncomingMessage, type Server, ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../core/clock.js';
import { toError } from '../../core/errors.js';
import type { CallId, TenantId } from '../../core/ids.js';
import type { Logger } from '../../core/log.js';
import { hasScope } from '../../domain/api-key.js';
import type { KeyService } from '../../keys/key-service.js';
import type { LiveFeed } from './live-feed.js';
import type { LiveFeeds } from './live-feeds.js';
import { errorMessage, pongMessage } from './live-message.js';
import { CLOSE_CODES, LiveReader } from './live-reader.js';
import { Ping } from './live-schema.js';
import type { LiveTokens } from './live-tokens.js';

export const liveSocketPath = (id: CallId): string => `/ws/calls/${id}`;

const PATH = /^\/ws\/calls\/([^/]{1,100})\/?$/;
const MAX_KEY_LENGTH = 512;
/** Clients say `ping`, nothing longer. */
const MAX_MESSAGE_BYTES = 4096;
/** A client that says more than this in one period is a fault or an attack. */
const MAX_MESSAGES_PER_PERIOD = 100;
/** Routers forget connections that are silent for minutes; a far side that answers no ping for a whole period is gone. */
const PING_PERIOD_MS = 30_000;
const MAX_CONNECTIONS = 2000;
/** How long a client may take to agree that a connection is closed. */
const CLOSE_LIMIT_MS = 2000;

type LiveSocketOptions = { feeds: LiveFeeds; tokens: LiveTokens; keys: KeyService; clock: Clock; log: Logger };

/** Serves `/ws/calls/{id}` on `server`. Who may not is refused with an HTTP status, before there is a WebSocket. */
export class LiveSocket {
  readonly #options: LiveSocketOptions;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  readonly #readers = new Set<LiveReader>();

  constructor(server: Server, options: LiveSocketOptions) {
    this.#options = options;
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // Without a listener, a client that hangs up during the hand-shake would end the process.
      socket.on('error', () => socket.destroy());
      if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
        serveAnyway(server, request, socket as Socket);
        return;
      }
      this.#upgrade(request, socket, head).catch((error: unknown) => {
        options.log.error({ err: toError(error) }, 'live connection failed');
        refuse(socket, 500);
      });
    });
  }

  /** Closes every connection; those that do not agree in time are cut. */
  close(): void {
    for (const reader of this.#readers) reader.close('shutting_down');
    this.#sockets.close();
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const url = URL.parse(request.url ?? '', 'http://host');
    const id = PATH.exec(url?.pathname ?? '')?.[1]?.toLowerCase() as CallId | undefined;
    if (!url || id === undefined) {
      refuse(socket, 404);
      return;
    }
    const tenant = await this.#tenantOf(request, url.searchParams, id);
    if (typeof tenant === 'number') {
      refuse(socket, tenant);
      return;
    }
    const feed = await this.#options.feeds.find(tenant, id);
    if (!feed) refuse(socket, 404);
    else if (this.#readers.size >= MAX_CONNECTIONS) refuse(socket, 503);
    else this.#sockets.handleUpgrade(request, socket, head, (client) => this.#connect(client, feed));
  }

  /** A key goes before a token: it is what holds longer. Resolves with the status of the refusal where there is no tenant. */
  async #tenantOf(request: IncomingMessage, query: URLSearchParams, call: CallId): Promise<TenantId | 401 | 403> {
    const bearer = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
    const key = bearer ?? query.get('api_key');
    if (key !== null) {
      const principal = key.length > MAX_KEY_LENGTH ? undefined : await this.#options.keys.authenticate(key);
      if (!principal) return 401;
      return hasScope(principal, 'calls:read') ? principal.tenantId : 403;
    }
    const token = query.get('session_token');
    return (token === null ? undefined : this.#options.tokens.redeem(token, call)) ?? 401;
  }

  #connect(client: WebSocket, feed: LiveFeed): void {
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
    reader.onClosed(feeds.follow(feed, reader));
  }
}

/** Pings the far side, cuts it off when it does not answer, and counts what it says between two pings. */
function keepAlive(client: WebSocket, clock: Clock): { stop(): void; countMessage(): number } {
  let answered = true;
  let messages = 0;
  const beat = (): void => {
    if (!answered) {
      client.terminate();
      return;
    }
    answered = false;
    messages = 0;
    if (client.readyState === 1) client.ping();
    cancel = clock.schedule(PING_PERIOD_MS, beat);
  };
  let cancel = clock.schedule(PING_PERIOD_MS, beat);
  client.on('pong', () => {
    answered = true;
  });
  return {
    stop: () => cancel(),
    countMessage: () => {
      answered = true;
      messages += 1;
      return messages;
    },
  };
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

/**
 * Some HTTP clients offer HTTP/2 (`Upgrade: h2c`) with whatever they ask. That may be ignored (RFC 9110 section 7.8), but once
 * somebody listens for upgrades, Node.js takes these requests out of the ordinary way; their bodies are lost.
 */
function serveAnyway(server: Server, request: IncomingMessage, socket: Socket): void {
  if (Number(request.headers['content-length'] ?? 0) > 0 || request.headers['transfer-encoding'] !== undefined) {
    refuse(socket, 400);
    return;
  }
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.on('finish', () => {
    response.detachSocket(socket);
    socket.end();
  });
  server.emit('request', request, response);
}

function refuse(socket: Duplex, status: number): void {
  const body = JSON.stringify({ success: false, error: STATUS_CODES[status] });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(status === 401 ? ['WWW-Authenticate: Bearer'] : []),
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
