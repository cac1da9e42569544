import * as fc from 'fast-check';
import type { Media, Operation, Parameter, ServedDocument } from '../openapi.js';
import { hostileBytes, hostileText, spoiled } from './hostile.js';
import { knownId, valid } from './schema-arbitrary.js';

/** A request as it is to be sent; ids that are not known before then are written `@agents:n@`. */
export type FuzzRequest = { method: string; path: string; headers: Record<string, string>; body: Buffer | undefined };

/** Requests of one operation, from such as ought to succeed to such as nobody should send. */
export function requestsOf({ method, path, definition }: Operation, document: ServedDocument): fc.Arbitrary<FuzzRequest> {
  const parameters = (definition.parameters ?? []).map((parameter) => resolved(parameter, document));
  const named = (place: string): Parameter[] => parameters.filter((parameter) => parameter.in === place);
  const body = definition.requestBody?.content?.['application/json'];
  return fc
    .record({
      path: pathOf(path, named('path')),
      query: queryOf(named('query'), document),
      headers: headersOf(named('header')),
      body: method === 'get' ? fc.constant(undefined) : bodyOf(body, document),
    })
    .map((made) => ({
      method: method.toUpperCase(),
      path: made.query === '' ? made.path : `${made.path}?${made.query}`,
      headers: { ...(made.body ? { 'content-type': 'application/json' } : {}), ...made.headers },
      body: made.body,
    }));
}

const resolved = (parameter: Parameter, document: ServedDocument): Parameter =>
  parameter.$ref === undefined ? parameter : (document.components.parameters[parameter.$ref.split('/').at(-1) ?? ''] ?? {});

/** Mostly ids that exist. An empty one would be another operation. */
function pathOf(path: string, parameters: readonly Parameter[]): fc.Arbitrary<string> {
  const hostile = fc.oneof(
    hostileText.filter((text) => text !== '' && text.length < 8000).map(percentEncoded),
    fc.constantFrom('%ff', '%', '%zz', '..', '.'),
  );
  const kinds = [...path.matchAll(/([\w-]+)\/\{/g)].map((match) => match[1] ?? '');
  const idOf = (kind = ''): fc.Arbitrary<string> =>
    fc.oneof({ weight: 8, arbitrary: knownId(kind) }, { weight: 1, arbitrary: fc.uuid() }, { weight: 1, arbitrary: hostile });
  return fc
    .tuple(...parameters.map((_, index) => idOf(kinds[index])))
    .map((ids) => parameters.reduce((made, { name }, index) => made.replace(`{${name}}`, () => ids[index] ?? ''), path));
}

function queryOf(parameters: readonly Parameter[], document: ServedDocument): fc.Arbitrary<string> {
  const one = ({ name = '', schema = {} }: Parameter): fc.Arbitrary<string[]> => {
    const good = valid(schema, document.components.schemas, 0, name).map((value) => [`${name}=${percentEncoded(String(value))}`]);
    const bad = hostileText.filter((text) => text.length < 8000).map((text) => [`${name}=${percentEncoded(text)}`]);
    const odd = fc.constantFrom<string[]>([`${name}[]=1`], [`${name}[a]=1`], [name], [`${name}=1`, `${name}=2`], [`${name}=%ff`]);
    return fc.oneof(
      { weight: 6 + 3 * parameters.length, arbitrary: fc.constant<string[]>([]) },
      { weight: 5, arbitrary: good },
      { weight: 1, arbitrary: bad },
      { weight: 1, arbitrary: odd },
    );
  };
  const unknown = fc.constantFrom<string[]>([], [], [], ['__proto__=1'], ['nothing=1&&=&%']);
  return fc.tuple(...parameters.map(one), unknown).map((parts) => parts.flat().join('&'));
}

const VISIBLE = fc.string({ unit: 'grapheme-ascii', maxLength: 20 }).map((text) => text.trim());

function headersOf(parameters: readonly Parameter[]): fc.Arbitrary<Record<string, string>> {
  const one = ({ name = '' }: Parameter): fc.Arbitrary<[string, string][]> => {
    const known: Record<string, string[]> = {
      range: ['bytes=0-', 'bytes=0-9', 'bytes=-5', 'bytes=9-2', 'bytes=999999999-', 'bytes=a-b', 'items=1', 'bytes=0-1,3-4'],
      'last-event-id': ['ended', '0'],
      'idempotency-key': ['a', 'b', '', 'x'.repeat(255), 'x'.repeat(256), 'a b'],
    };
    const value = fc.oneof(fc.constantFrom(...(known[name.toLowerCase()] ?? ['x'])), VISIBLE);
    return fc.option(value, { nil: undefined, freq: 4 }).map((text) => (text === undefined ? [] : [[name, text]]));
  };
  const odd = fc.constantFrom<[string, string][]>(
    ...Array.from({ length: 60 }, (): [string, string][] => []),
    [['authorization', 'Bearer va_wrong']],
    [['authorization', 'Basic eDp5']],
    [['authorization', '']],
    [['content-type', 'text/plain']],
    [['content-type', 'application/json; charset=utf-16']],
    [['content-encoding', 'gzip']],
    [['content-encoding', 'rot13']],
    [['accept', 'text/html']],
    [['host', 'a b"<']],
    [['if-none-match', '*']],
    [['if-modified-since', 'never']],
  );
  return fc.tuple(...parameters.map(one), odd).map((parts) => Object.fromEntries(parts.flat()));
}

function bodyOf(media: Media | undefined, document: ServedDocument): fc.Arbitrary<Buffer | undefined> {
  const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value) ?? '');
  if (!media) return fc.oneof({ weight: 8, arbitrary: fc.constant(undefined) }, fc.constant(json({})), hostileBytes);
  const good = fc.oneof(
    { weight: 3, arbitrary: valid(media.schema, document.components.schemas) },
    { weight: 1, arbitrary: fc.constant(withKnownIds(media.example)) },
  );
  return fc.oneof(
    { weight: 8, arbitrary: good.map(json) },
    { weight: 8, arbitrary: good.chain(spoiled).map(json) },
    { weight: 1, arbitrary: hostileBytes },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

/** The example with ids that exist in its `agent_id` and the like. */
const withKnownIds = (example: unknown): unknown =>
  Object.fromEntries(
    Object.entries(example ?? {}).map(([name, value]) => [
      name,
      name.endsWith('_id') && typeof value === 'string' ? `@${name.slice(0, -3)}s:0@` : value,
    ]),
  );

/** Half a surrogate pair cannot be encoded; it is sent as the three bytes that UTF-8 would have for it. */
const percentEncoded = (text: string): string =>
  text.replaceAll(/[^A-Za-z0-9_@:-]/gu, (character) => {
    const bytes = /^\p{Surrogate}$/u.test(character) ? Buffer.from([0xed, 0xa0, 0x80]) : Buffer.from(character, 'utf8');
    return [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  });
