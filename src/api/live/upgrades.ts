import { type IncomingMessage, type Server, ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { toError } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';

/** A request to become a WebSocket, which nothing was said to yet. */
export type Upgrade = { request: IncomingMessage; url: URL; socket: Duplex; head: Buffer };

export interface Upgradable {
  /** Undefined: it is not for this one. Otherwise it is answered, in whatever way. */
  upgrade(upgrade: Upgrade): Promise<void> | undefined;
}

/** Hands each request for a WebSocket to the first that it is for; who may not is refused with an HTTP status, before there is one. */
export function serveUpgrades(server: Server, endpoints: readonly Upgradable[], log: Logger): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Without a listener, a client that hangs up during the hand-shake would end the process.
    socket.on('error', () => socket.destroy());
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      serveAnyway(server, request, socket as Socket);
      return;
    }
    const url = URL.parse(request.url ?? '', 'http://host');
    if (!url) return refuse(socket, 404);
    for (const endpoint of endpoints) {
      const answered = endpoint.upgrade({ request, url, socket, head });
      if (!answered) continue;
      answered.catch((error: unknown) => {
        log.error({ err: toError(error) }, 'live connection failed');
        refuse(socket, 500);
      });
      return;
    }
    refuse(socket, 404);
  });
}

/** Answers with a status in place of a WebSocket. */
export function refuse(socket: Duplex, status: number): void {
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
