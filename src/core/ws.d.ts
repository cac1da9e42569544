/** What is used of `ws`, which brings no types of its own. */
declare module 'ws' {
  import type { EventEmitter } from 'node:events';
  import type { IncomingMessage } from 'node:http';
  import type { Duplex } from 'node:stream';

  export class WebSocket extends EventEmitter {
    static readonly OPEN: 1;
    constructor(
      address: string,
      options?: { headers?: Record<string, string>; perMessageDeflate?: boolean; maxPayload?: number; handshakeTimeout?: number },
    );
    constructor(
      address: string,
      protocols: string | string[],
      options?: { headers?: Record<string, string>; ca?: Buffer; perMessageDeflate?: boolean },
    );
    readonly protocol: string;
    readonly readyState: 0 | 1 | 2 | 3;
    /** Bytes that were given to `send` and that the operating system has not taken yet. */
    readonly bufferedAmount: number;
    send(data: string | Buffer, done?: (error?: Error) => void): void;
    send(data: Uint8Array, options: { binary?: boolean; fin?: boolean }): void;
    ping(): void;
    pause(): void;
    resume(): void;
    close(code?: number, reason?: string): void;
    terminate(): void;
    on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): this;
    on(event: 'close', listener: (code: number, reason: Buffer) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
    on(event: 'open' | 'ping' | 'pong', listener: () => void): this;
    on(event: 'unexpected-response', listener: (request: unknown, response: IncomingMessage) => void): this;
  }

  export class WebSocketServer extends EventEmitter {
    constructor(options: {
      noServer: true;
      maxPayload: number;
      perMessageDeflate: false;
      handleProtocols?: (offered: Set<string>) => string | false;
    });
    readonly clients: Set<WebSocket>;
    handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, done: (client: WebSocket) => void): void;
    close(): void;
  }
}
