import { AddressRefused } from '../core/address-guard.js';
import { toError } from '../core/errors.js';
import type { RequestTemplate } from '../domain/action.js';
import type { Values } from '../domain/placeholders.js';
import type { Templates } from './templates.js';
import { type Fetch, ToolFailure } from './tool.js';

export type Answer = { status: number; text: string; contentType: string };

const DEFAULT_MAX_BYTES = 256 * 1024;
/** Another try may meet a better moment (RFC 9110). */
const MAY_PASS: readonly number[] = [408, 425, 429, 500, 502, 503, 504];

/** Sends a request and reads its answer, whatever its status. @throws ToolFailure when there is none, or too much of it. */
export async function exchange(
  fetch: Fetch,
  url: string,
  init: RequestInit & { signal: AbortSignal },
  maxBytes = DEFAULT_MAX_BYTES,
): Promise<Answer> {
  try {
    const response = await fetch(url, init);
    const text = await textOf(response, maxBytes);
    return { status: response.status, text, contentType: response.headers.get('content-type') ?? '' };
  } catch (thrown) {
    if (thrown instanceof ToolFailure || init.signal.aborted) throw thrown;
    const error = toError(thrown);
    const refused = error instanceof AddressRefused || error instanceof TypeError;
    throw new ToolFailure('The other system cannot be reached.', { mayPass: !refused, reason: error.message, cause: error });
  }
}

/** As `exchange`, and only 2xx is a success. */
export async function exchangeOk(...[fetch, url, init, maxBytes]: Parameters<typeof exchange>): Promise<Answer> {
  const answer = await exchange(fetch, url, init, maxBytes);
  if (answer.status >= 200 && answer.status <= 299) return answer;
  throw new ToolFailure('The other system did not accept it.', {
    mayPass: MAY_PASS.includes(answer.status),
    reason: `answered ${answer.status}`,
  });
}

/** What a template asks for, filled. Without a body of its own a request that may have one carries `args` as JSON. */
export function requestOf(
  { method, url, headers, body }: RequestTemplate,
  templates: Templates,
  args: Values,
): { url: string; init: RequestInit & { headers: Headers } } {
  const filled = new Headers({ accept: 'application/json', ...templates.headers(headers, args) });
  const address = templates.url(url, args);
  if (method === 'GET' || method === 'DELETE') {
    return { url: body === undefined ? withQuery(address, url, args, method) : address, init: { method, headers: filled } };
  }
  const json = body === undefined ? args : templates.json(body, args);
  const isForm = filled.get('content-type')?.includes('application/x-www-form-urlencoded') ?? false;
  if (!filled.has('content-type')) filled.set('content-type', 'application/json');
  return { url: address, init: { method, headers: filled, body: isForm ? formOf(json) : JSON.stringify(json) } };
}

/** What the URL does not mention goes into its query. */
function withQuery(address: string, template: string, args: Values, method: string): string {
  if (method !== 'GET') return address;
  const query = Object.entries(args).filter(([name]) => !new RegExp(`\\{\\{\\s*${escaped(name)}[\\s.}]`).test(template));
  if (query.length === 0) return address;
  const added = new URLSearchParams(query.map(([name, value]): [string, string] => [name, wordsOf(value)])).toString();
  return `${address}${address.includes('?') ? '&' : '?'}${added}`;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const formOf = (json: unknown): string =>
  new URLSearchParams(Object.entries(json as Values).map(([name, value]): [string, string] => [name, wordsOf(value)])).toString();

const wordsOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));

async function textOf(response: Response, maxBytes: number): Promise<string> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    received += chunk.length;
    if (received > maxBytes)
      throw new ToolFailure('The other system answered too much.', { reason: `more than ${maxBytes} bytes` });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The JSON of an answer. @throws ToolFailure when it is none. */
export function jsonOf({ text }: Pick<Answer, 'text'>): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ToolFailure('The other system answered something that makes no sense.', { reason: 'answer is no JSON', cause });
  }
}

/** `data.items.0.name` of a JSON value; undefined when there is no such thing. */
export function pick(value: unknown, path: string): unknown {
  let found = value;
  for (const key of path.split('.').filter((part) => part !== '')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}
