import { type WebSocket, WebSocketServer } from 'ws';
import type { z } from 'zod';
import type { Clock } from '../../core/clock.js';
import { AppError, type ErrorCode } from '../../core/errors.js';
import type { CallId } from '../../core/ids.js';
import type { Logger } from '../../core/log.js';
import type { CallControl, OverheardLine } from '../../domain/ports/call-control.js';
import { AUDIO_RATE_HZ } from '../../domain/ports/media.js';
import { ListenQuery } from '../dialects/core/command-schema.js';
import { keepAlive } from './keep-alive.js';
import { type SocketAccessOptions, tenantOf } from './socket-access.js';
import { refuse, type Upgradable, type Upgrade } from './upgrades.js';

export const listenSocketPath = (id: CallId): string => `/api/v1/calls/${id}/listen`;

const PATH = /^\/api\/v1\/calls\/([^/]{1,100})\/listen\/?$/;
/** A third of a second at the highest rate. */
const MAX_MESSAGE_BYTES = 32 * 1024;
/** Packets of 10 ms, twice as fast as time. */
const MAX_MESSAGES_PER_PERIOD = 6_000;
const MAX_CONNECTIONS = 100;
/** Whoever is four seconds of both sides behind is let go. */
const LOST_BYTES = 256 * 1024;
/** How long a client may take to agree that a connection is closed. */
const CLOSE_LIMIT_MS = 2_000;

const CLOSE_CODES = {
  call_ended: { code: 1000, reason: 'call ended' },
  shutting_down: { code: 1001, reason: 'server is shutting down' },
  not_pcm: { code: 1003, reason: 'messages must be 16-bit PCM' },
  only_listens: { code: 1008, reason: 'connected without talk' },
  too_many_listeners: { code: 1013, reason: 'as many listen as may' },
  too_many_messages: { code: 1008, reason: 'too many messages' },
  too_slow: { code: 1013, reason: 'too slow' },
} as const;
type Ending = keyof typeof CLOSE_CODES;

type Query = z.output<typeof ListenQuery>;

const REFUSALS: Partial<Record<ErrorCode, number>> = { call_not_found: 404, conflict: 409, call_already_ended: 409 };

type ListenSocketOptions = SocketAccessOptions & { callControl: CallControl; clock: Clock; log: Logger };

/** Serves `/api/v1/calls/{id}/listen`: what passes on a call's line as PCM and, with `talk`, what is said from here to one side of it or both. */
export class ListenSocket implements Upgradable {
  readonly #options: ListenSocketOptions;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  readonly #open = new Map<WebSocket, (ending: Ending) => void>();

  constructor(options: ListenSocketOptions) {
    this.#options = options;
  }

  upgrade(upgrade: Upgrade): Promise<void> | undefined {
    const id = PATH.exec(upgrade.url.pathname)?.[1]?.toLowerCase() as CallId | undefined;
    return id === undefined ? undefined : this.#upgrade(upgrade, id);
  }

  /** Closes every connection; those that do not agree in time are cut. */
  close(): void {
    for (const end of this.#open.values()) end('shutting_down');
    this.#sockets.close();
  }

  async #upgrade(upgrade: Upgrade, id: CallId): Promise<void> {
    const { request, url, socket, head } = upgrade;
    const { callControl, log } = this.#options;
    const query = ListenQuery.safeParse(Object.fromEntries(url.searchParams));
    const scope = query.data?.talk === undefined ? 'calls:read' : 'calls:write';
    const tenant = await tenantOf(upgrade, id, scope, this.#options);
    if (typeof tenant === 'number') return refuse(socket, tenant);
    if (!query.success) return refuse(socket, 400);
    let line: OverheardLine;
    try {
      line = await callControl.overhear(tenant, id);
    } catch (error) {
      return refuse(socket, (error instanceof AppError ? REFUSALS[error.code] : undefined) ?? 500);
    }
    if (this.#open.size >= MAX_CONNECTIONS) return refuse(socket, 503);
    this.#sockets.handleUpgrade(request, socket, head, (client) => {
      log.info({ callId: id, talk: query.data.talk ?? null }, 'call overheard');
      this.#connect(client, id, line, query.data);
    });
  }

  #connect(client: WebSocket, id: CallId, line: OverheardLine, { channels, talk, rate }: Query): void {
    const { clock } = this.#options;
    let leave = (): void => {};
    const end = (ending: Ending): void => {
      leave();
      if (!this.#open.delete(client)) return;
      const { code, reason } = CLOSE_CODES[ending];
      client.close(code, reason);
      const cancel = clock.schedule(CLOSE_LIMIT_MS, () => client.terminate());
      client.on('close', cancel);
    };
    this.#open.set(client, end);
    const alive = keepAlive(client, clock);
    client.on('error', () => client.terminate());
    client.on('close', () => {
      alive.stop();
      this.#open.delete(client);
      leave();
    });
    client.on('message', (data: Buffer, isBinary: boolean) => {
      if (alive.countMessage() > MAX_MESSAGES_PER_PERIOD) return end('too_many_messages');
      if (!isBinary || data.length % 2 !== 0) return end('not_pcm');
      if (talk === undefined) return end('only_listens');
      line.speak(samplesOf(data), Number(rate), talk);
    });
    client.send(JSON.stringify(welcome(id, { channels, talk, rate })));
    try {
      leave = line.listen({
        audio: (pairs) => {
          if (client.bufferedAmount > LOST_BYTES) end('too_slow');
          else client.send(bytesOf(channels === '2' ? pairs : mixed(pairs)));
        },
        ended: () => end('call_ended'),
      });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      end('too_many_listeners');
    }
  }
}

const welcome = (id: CallId, { channels, talk, rate }: Query) => ({
  type: 'listening',
  data: {
    call_id: id,
    encoding: 's16le',
    sample_rate_hz: AUDIO_RATE_HZ,
    channels: Number(channels),
    talk: talk === undefined ? null : { to: talk, encoding: 's16le', sample_rate_hz: Number(rate), channels: 1 },
  },
});

/** Both sides in one. */
const mixed = (pairs: Int16Array): Int16Array =>
  Int16Array.from({ length: pairs.length / 2 }, (_, i) =>
    Math.max(-32_768, Math.min(32_767, (pairs[2 * i] ?? 0) + (pairs[2 * i + 1] ?? 0))),
  );

const bytesOf = ({ buffer, byteOffset, byteLength }: Int16Array): Buffer => Buffer.from(buffer, byteOffset, byteLength);

function samplesOf(data: Buffer): Int16Array {
  const samples = new Int16Array(data.length / 2);
  data.copy(bytesOf(samples));
  return samples;
}
