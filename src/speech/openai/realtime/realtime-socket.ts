import { WebSocket } from 'ws';
import type { AppError } from '../../../core/errors.js';
import { type ProviderFault, providerFailed } from '../../provider-error.js';
import { isRecord } from '../tool-calls.js';

export type RealtimeSocketOptions = Pick<ProviderFault, 'provider' | 'stage'> & {
  apiKey: string | undefined;
  /** As of the other services: up to and including the version. */
  baseUrl: string;
  /** What kind of session: the query of its address. */
  query: string;
  connectWithinMs: number;
  maxMessageBytes: number;
  /** Sent before everything else. */
  first: () => object;
  onEvent: (event: Readonly<Record<string, unknown>>) => void;
  /** Once, however it ended, unless we ended it. */
  onFailed: (error: AppError) => void;
  /** The server has no such endpoint, or wants no more of us. */
  onRefused: (statusCode: number) => void;
};

/** The WebSocket of one realtime session: JSON events both ways. What is sent before it is open waits. */
export class RealtimeSocket {
  readonly #options: RealtimeSocketOptions;
  readonly #socket: WebSocket;
  #waiting: string[] | undefined = [];
  #over = false;

  constructor(options: RealtimeSocketOptions) {
    this.#options = options;
    const { apiKey, baseUrl, query, connectWithinMs: handshakeTimeout, maxMessageBytes: maxPayload } = options;
    const url = `${baseUrl.replace(/^http/, 'ws').replace(/\/+$/, '')}/realtime?${query}`;
    const headers: Record<string, string> = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
    this.#socket = new WebSocket(url, { headers, perMessageDeflate: false, maxPayload, handshakeTimeout });
    this.#socket.on('open', () => this.#begin());
    this.#socket.on('message', (data: Buffer) => this.#onMessage(data));
    this.#socket.on('error', () => this.fail('unreachable'));
    this.#socket.on('close', () => this.fail('interrupted'));
    this.#socket.on('unexpected-response', (_request, { statusCode = 0 }) => {
      if (!this.#over) options.onRefused(statusCode);
      this.fail('refused', statusCode);
    });
  }

  /** Nothing more goes over it. */
  get over(): boolean {
    return this.#over;
  }

  send(event: object): void {
    if (this.#over) return;
    const message = JSON.stringify(event);
    if (this.#waiting) this.#waiting.push(message);
    else if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(message);
  }

  /** Ends it with this as the reason. The first counts. */
  fail(reason: ProviderFault['reason'], statusCode?: number): void {
    if (this.#over) return;
    const { provider, stage, onFailed } = this.#options;
    this.close();
    onFailed(providerFailed({ provider, stage, reason, retryable: true, statusCode, requestId: undefined }));
  }

  /** Idempotent. */
  close(): void {
    this.#over = true;
    this.#waiting = undefined;
    // Nobody is owed a farewell, and one that never comes must not keep the socket.
    this.#socket.terminate();
  }

  #begin(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    this.send(this.#options.first());
    for (const message of waiting) this.#socket.send(message);
  }

  #onMessage(data: Buffer): void {
    if (this.#over) return;
    let event: unknown;
    try {
      event = JSON.parse(data.toString());
    } catch {
      event = undefined;
    }
    if (isRecord(event)) this.#options.onEvent(event);
    else this.fail('malformed');
  }
}
