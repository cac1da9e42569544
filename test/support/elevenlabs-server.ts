import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type ElevenLabsJob = {
  voice: string;
  outputFormat: string | null;
  body: Record<string, unknown>;
  aborted: Promise<boolean>;
};

const BODY_FIELDS: Readonly<Record<string, string>> = {
  text: 'string',
  model_id: 'string',
  language_code: 'string',
  voice_settings: 'object',
  apply_text_normalization: 'string',
};

/**
 * The streaming endpoint of ElevenLabs on loopback, as its public reference describes it: a request that it would refuse is
 * refused here too. Speaks what `speak` writes.
 */
export class ElevenLabsServer {
  readonly jobs: ElevenLabsJob[] = [];
  readonly key = 'xi-not-a-key-of-anybody';
  readonly #server: Server;

  private constructor(speak: (response: ServerResponse, job: ElevenLabsJob) => void) {
    this.#server = createServer((request, response) => {
      this.#serve(request, response, speak).catch(() => response.destroy());
    });
  }

  static async start(speak: (response: ServerResponse, job: ElevenLabsJob) => void): Promise<ElevenLabsServer> {
    const server = new ElevenLabsServer(speak);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(
    request: IncomingMessage,
    response: ServerResponse,
    speak: (response: ServerResponse, job: ElevenLabsJob) => void,
  ): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const url = new URL(request.url ?? '', this.url);
    const voice = /^\/v1\/text-to-speech\/([^/]+)\/stream$/.exec(url.pathname)?.[1];
    if (request.method !== 'POST' || voice === undefined) return refuse(response, 404, 'not_found');
    if (request.headers['xi-api-key'] !== this.key) return refuse(response, 401, 'invalid_api_key');
    const body = JSON.parse(Buffer.concat(pieces).toString()) as Record<string, unknown>;
    const known = Object.entries(body).every(([field, value]) => typeof value === BODY_FIELDS[field]);
    const range = (value: unknown, from: number, to: number): boolean =>
      value === undefined || (typeof value === 'number' && value >= from && value <= to);
    const settings = (body['voice_settings'] ?? {}) as Record<string, unknown>;
    const fits =
      range(settings['stability'], 0, 1) && range(settings['similarity_boost'], 0, 1) && range(settings['style'], 0, 1);
    if (!known || !fits || typeof body['text'] !== 'string') return refuse(response, 422, 'unprocessable_entity');
    const aborted = new Promise<boolean>((resolve) => response.once('close', () => resolve(!response.writableFinished)));
    const job = { voice: decodeURIComponent(voice), outputFormat: url.searchParams.get('output_format'), body, aborted };
    this.jobs.push(job);
    speak(response, job);
  }
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req-1' });
  response.end(JSON.stringify({ detail: { status: code, message: 'said with the text in it' } }));
}
