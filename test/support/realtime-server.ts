import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** What one transcription session was asked for. */
export type TranscriptionSession = {
  authorization: string | undefined;
  update: Record<string, unknown> | undefined;
  /** 24 kHz, as it came. */
  pcm: number[];
  send(event: object | string): void;
  hangUp(): void;
  closed: Promise<void>;
};

export type RealtimeServerOptions = {
  /** The audio was committed: answers it. */
  committed: (session: TranscriptionSession) => void;
  /** Refuses the upgrade instead. */
  refuseWith?: number;
  /** For `/v1/audio/transcriptions`. */
  uploaded?: string;
};

/** The documented events of a transcription session, the upload beside it, on loopback. Events out of order end the session. */
export class RealtimeServer {
  readonly sessions: TranscriptionSession[] = [];
  uploads = 0;
  upgrades = 0;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: 1_000_000, perMessageDeflate: false });

  private constructor({ committed, refuseWith, uploaded = '' }: RealtimeServerOptions) {
    this.#server = createServer((request, response) => {
      request.resume();
      request.once('end', () => {
        this.uploads += 1;
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ text: uploaded }));
      });
    });
    this.#server.on('upgrade', (request, socket, head) => {
      this.upgrades += 1;
      const status = request.url === '/v1/realtime?intent=transcription' ? refuseWith : 404;
      if (status !== undefined) return socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
      this.#sockets.handleUpgrade(request, socket, head, (client) =>
        this.#serve(client, request.headers.authorization, committed),
      );
      return undefined;
    });
  }

  static async start(options: RealtimeServerOptions): Promise<RealtimeServer> {
    const server = new RealtimeServer(options);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  /** For `baseUrl`. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  async close(): Promise<void> {
    for (const client of this.#sockets.clients) client.terminate();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(client: WebSocket, authorization: string | undefined, committed: RealtimeServerOptions['committed']): void {
    const session: TranscriptionSession = {
      authorization,
      update: undefined,
      pcm: [],
      send: (event) => client.send(typeof event === 'string' ? event : JSON.stringify(event)),
      hangUp: () => client.terminate(),
      closed: new Promise((resolve) => client.on('close', () => resolve())),
    };
    this.sessions.push(session);
    session.send({ type: 'session.created', session: { type: 'transcription' } });
    client.on('message', (data) => {
      const event = JSON.parse(data.toString()) as { type: string; session?: Record<string, unknown>; audio?: string };
      if (event.type === 'session.update' && event.session?.['type'] === 'transcription') {
        session.update = event.session;
        session.send({ type: 'session.updated', session: event.session });
      } else if (event.type === 'input_audio_buffer.append' && session.update && event.audio) {
        const bytes = Buffer.from(event.audio, 'base64');
        for (let at = 0; at + 1 < bytes.length; at += 2) session.pcm.push(bytes.readInt16LE(at));
      } else if (event.type === 'input_audio_buffer.commit' && session.pcm.length > 0) {
        session.send({ type: 'input_audio_buffer.committed', item_id: 'item_1' });
        committed(session);
      } else client.terminate();
    });
  }
}

const EVENT = 'conversation.item.input_audio_transcription';
export const delta = (text: string) => ({ type: `${EVENT}.delta`, item_id: 'item_1', content_index: 0, delta: text });
export const completed = (transcript: unknown) => ({
  type: `${EVENT}.completed`,
  item_id: 'item_1',
  content_index: 0,
  transcript,
});
export const failed = { type: `${EVENT}.failed`, item_id: 'item_1', content_index: 0, error: { message: 'no' } };
