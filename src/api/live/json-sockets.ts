import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../core/clock.js';
import { keepAlive } from './keep-alive.js';
import { CLOSE_CODES, type LiveEnding } from './live-reader.js';
import { refuse, type Upgrade } from './upgrades.js';

/** From here on, what is soon replaced is left out. */
const LAGGING_BYTES = 64 * 1024;
/** Whoever is this far behind is let go: memory is for calls. */
const LOST_BYTES = 1024 * 1024;
const MAX_MESSAGE_BYTES = 128 * 1024;
/** A client that says more than this in one period of half a minute is a fault or an attack. */
const MAX_MESSAGES_PER_PERIOD = 100;
const MAX_CONNECTIONS = 2000;
/** How long a client may take to agree that a connection is closed. */
const CLOSE_LIMIT_MS = 2000;

/** One connection. Nothing that is said to a closed one is an error. */
export interface JsonPeer {
  /** `passing`: whoever lags may go without. */
  tell(message: object, passing?: boolean): void;
  close(ending: Exclude<LiveEnding, 'call_ended'> | 'over'): void;
}

export type PeerListener = {
  /** Text that the client sent; what is no text never arrives. */
  said(text: string): void;
  /** The connection is gone. */
  left(): void;
};

/** WebSockets on which both sides say JSON, with an end to how far a reader may fall behind. */
export class JsonSockets {
  readonly #clock: Clock;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  readonly #peers = new Set<JsonPeer>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Makes a WebSocket of it and lets `met` say what is done with it; refuses it where there is no room for more. */
  accept({ request, socket, head }: Upgrade, met: (peer: JsonPeer) => PeerListener): void {
    if (this.#peers.size >= MAX_CONNECTIONS) return refuse(socket, 503);
    this.#sockets.handleUpgrade(request, socket, head, (client) => this.#connect(client, met));
  }

  /** Closes every connection; those that do not agree in time are cut. */
  close(): void {
    for (const peer of this.#peers) peer.close('shutting_down');
    this.#sockets.close();
  }

  #connect(client: WebSocket, met: (peer: JsonPeer) => PeerListener): void {
    const alive = keepAlive(client, this.#clock);
    const peer: JsonPeer = {
      tell: (message, passing = false) => {
        if (!this.#peers.has(peer)) return;
        if (client.bufferedAmount > LOST_BYTES) return peer.close('too_slow');
        if (passing && client.bufferedAmount > LAGGING_BYTES) return;
        client.send(JSON.stringify(message));
      },
      close: (ending) => {
        if (!this.#peers.delete(peer)) return;
        const { code, reason } = ending === 'over' ? { code: 1000, reason: 'over' } : CLOSE_CODES[ending];
        client.close(code, reason);
        const cancel = this.#clock.schedule(CLOSE_LIMIT_MS, () => client.terminate());
        client.on('close', cancel);
      },
    };
    this.#peers.add(peer);
    const listener = met(peer);
    client.on('error', () => client.terminate());
    client.on('close', () => {
      alive.stop();
      this.#peers.delete(peer);
      listener.left();
    });
    client.on('message', (data, isBinary) => {
      if (!this.#peers.has(peer)) return;
      if (alive.countMessage() > MAX_MESSAGES_PER_PERIOD) peer.close('too_many_messages');
      else if (!isBinary) listener.said(data.toString('utf8'));
    });
  }
}
