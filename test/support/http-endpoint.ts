import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export type SeenHttp = { method: string; path: string; query: URLSearchParams; headers: IncomingHttpHeaders; body: string };
/** Left out, 200 and no body; `json` makes both body and type. `hang` never answers. */
export type HttpReply = { status?: number; json?: unknown; body?: string; headers?: Record<string, string>; hang?: boolean };

/** An HTTP server on a free port of this machine that writes down what it is asked, and answers as `answer` says. */
export async function startHttpEndpoint(
  t: { teardown(task: () => Promise<void>): void },
  answer: (request: SeenHttp) => HttpReply | Promise<HttpReply>,
): Promise<{ url: string; requests: SeenHttp[] }> {
  const requests: SeenHttp[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => void pieces.push(piece));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const seen = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: Buffer.concat(pieces).toString('utf8'),
      };
      requests.push(seen);
      void Promise.resolve(answer(seen)).then(({ status = 200, json, body, headers = {}, hang = false }) => {
        if (hang) return;
        const type: Record<string, string> = json === undefined ? {} : { 'content-type': 'application/json' };
        response.writeHead(status, { ...type, ...headers }).end(json === undefined ? body : JSON.stringify(json));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** Whether others know the time zone by this name, which is one of a place and no distance from UTC. */
export function isZone(name: string): boolean {
  return name === 'UTC' || Intl.supportedValuesOf('timeZone').includes(name) || /^Etc\/GMT[+-]\d{1,2}$/.test(name);
}
