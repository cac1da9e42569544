import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { AddressRefused, addressesAllowedFor, guardedLookup } from '../core/address-guard.js';

export type GuardOptions = {
  /** Lets requests go to addresses that are not public, and to this machine over plain HTTP. */
  allowPrivate: boolean;
};

/** Statuses whose answers have no body (RFC 9110); a `Response` does not take one for them. */
const WITHOUT_BODY: readonly number[] = [101, 204, 205, 304];
/** A server that sends its headers drop by drop holds nothing of ours for longer. */
const SOCKET_TIMEOUT_MS = 70_000;

/**
 * `fetch` for addresses that tenants have written down: names that lead to what is not public are refused by the very look-up of the
 * connection, redirects are not followed, and nothing of this process (cookies, credentials) goes along.
 */
export function guardedFetch({ allowPrivate }: GuardOptions): (input: string | URL, init?: RequestInit) => Promise<Response> {
  return async (input, init = {}) => {
    const url = new URL(input);
    const allowed = addressesAllowedFor(url, allowPrivate);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    // Literal addresses are connected to without being looked up.
    if (isIP(host) !== 0 && !allowed(host)) throw new AddressRefused('the address is not public');
    const body = await bodyOf(init.body);
    const headers = Object.fromEntries(new Headers(init.headers));
    const options: RequestOptions = {
      method: init.method ?? 'GET',
      agent: false,
      lookup: guardedLookup(allowed),
      timeout: SOCKET_TIMEOUT_MS,
      ...(init.signal ? { signal: init.signal } : {}),
      headers: { ...headers, ...(body === undefined ? {} : { 'content-length': String(body.length) }) },
    };
    return await answerOf(url.protocol === 'https:' ? httpsRequest(url, options) : httpRequest(url, options), body);
  };
}

function answerOf(request: ClientRequest, body: Buffer | undefined): Promise<Response> {
  return new Promise((resolve, reject) => {
    request.on('response', (message) => {
      try {
        resolve(toResponse(message));
      } catch (error) {
        message.destroy();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', reject);
    request.end(body);
  });
}

function toResponse(message: IncomingMessage): Response {
  const status = message.statusCode ?? 0;
  const headers = new Headers();
  for (let i = 0; i < message.rawHeaders.length; i += 2) headers.append(message.rawHeaders[i]!, message.rawHeaders[i + 1]!);
  if (WITHOUT_BODY.includes(status)) {
    message.resume();
    return new Response(null, { status, headers });
  }
  return new Response(Readable.toWeb(message) as ReadableStream<Uint8Array>, { status, headers });
}

async function bodyOf(body: RequestInit['body']): Promise<Buffer | undefined> {
  if (body === null || body === undefined) return undefined;
  return Buffer.from(await new Response(body).arrayBuffer());
}
