import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { AddressRefused, addressesAllowedFor, guardedLookup } from '../core/address-guard.js';
import type { Clock } from '../core/clock.js';
import { toError } from '../core/errors.js';

export type SendOptions = {
  clock: Clock;
  /** Lets deliveries go to addresses that are not public, and to this machine over plain HTTP. */
  allowPrivate: boolean;
  timeoutMs: number;
  /** Certificate authorities instead of the usual ones. */
  ca?: string | undefined;
};

export type Outgoing = { url: string; headers: Readonly<Record<string, string>>; body: string; signal: AbortSignal };

/** `hopeless`: another attempt would end the same. */
export type SendResult = { statusCode: number | undefined; error: string | undefined; hopeless: boolean; durationMs: number };

/** Nobody reads the answer; more than this of it is not waited for. */
const MAX_ANSWER_BYTES = 16 * 1024;

/** Sends one POST. Never rejects. Only 2xx is a success; redirects are not followed, since they lead where nobody was asked about. */
export async function sendWebhook(outgoing: Outgoing, options: SendOptions): Promise<SendResult> {
  const { clock } = options;
  const startMs = clock.monotonicMs();
  const result = (statusCode: number | undefined, error?: string, hopeless = false): SendResult => ({
    statusCode,
    error,
    hopeless,
    durationMs: clock.monotonicMs() - startMs,
  });
  try {
    const statusCode = await post(outgoing, options);
    return result(statusCode, statusCode >= 200 && statusCode <= 299 ? undefined : `answered ${statusCode}`);
  } catch (thrown) {
    const error = toError(thrown);
    return result(undefined, error.message || error.name, error instanceof AddressRefused);
  }
}

function post(outgoing: Outgoing, options: SendOptions): Promise<number> {
  const url = new URL(outgoing.url);
  const allowed = addressesAllowedFor(url, options.allowPrivate);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // Literal addresses are connected to without being looked up.
  if (isIP(host) !== 0 && !allowed(host)) throw new AddressRefused('the address is not public');
  const settings: RequestOptions & { ca?: string } = {
    method: 'POST',
    agent: false,
    lookup: guardedLookup(allowed),
    signal: outgoing.signal,
    headers: { ...outgoing.headers, 'Content-Length': String(Buffer.byteLength(outgoing.body)) },
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  };
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? httpsRequest(url, settings) : httpRequest(url, settings);
    const cancel = options.clock.schedule(options.timeoutMs, () =>
      request.destroy(new Error(`no answer within ${options.timeoutMs} ms`)),
    );
    request.on('response', (response) => {
      resolve(response.statusCode ?? 0);
      drain(response);
    });
    request.on('error', reject);
    request.on('close', cancel);
    request.end(outgoing.body);
  });
}

/** Lets a polite server finish its answer, and cuts off one that goes on. */
function drain(response: IncomingMessage): void {
  let received = 0;
  response.on('data', (bytes: Buffer) => {
    received += bytes.length;
    if (received > MAX_ANSWER_BYTES) response.destroy();
  });
  response.on('error', () => {});
}
