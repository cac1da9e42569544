import type { OpenApiDocument } from './openapi-document.js';

type Json = Record<string, unknown>;
type Schemas = Readonly<Record<string, unknown>>;

/** What a string of a format looks like. */
const FORMATS: Readonly<Record<string, string>> = {
  uuid: '0194bd3a-7c00-7000-8000-000000000001',
  'date-time': '2026-01-31T12:00:00.000Z',
  date: '2026-01-31',
  uri: 'https://your-app.example/',
  'uri-reference': '/',
  email: 'jane@example.com',
};
/** Recursive schemas have to end somewhere. */
const MAX_DEPTH = 12;

/** Gives each JSON body of the document an example made of the examples in its schemas, where it has none of its own. */
export function addExamples(document: OpenApiDocument): OpenApiDocument {
  const schemas: Schemas = document.components?.schemas ?? {};
  for (const media of jsonBodies(document.paths)) media['example'] ??= exampleOf(media['schema'], schemas);
  return document;
}

/** A value that the schema allows, as telling as its `example`s make it. */
export function exampleOf(schema: unknown, schemas: Schemas, depth = 0): unknown {
  if (!isObject(schema) || depth > MAX_DEPTH) return null;
  const given = ['example', 'const', 'default'].find((name) => name in schema);
  if (given !== undefined) return schema[given];
  if (typeof schema['$ref'] === 'string') return exampleOf(schemas[schema['$ref'].split('/').at(-1) ?? ''], schemas, depth + 1);
  for (const name of ['examples', 'enum']) if (Array.isArray(schema[name])) return (schema[name] as unknown[])[0];
  for (const name of ['anyOf', 'oneOf']) {
    if (Array.isArray(schema[name])) return exampleOf((schema[name] as unknown[])[0], schemas, depth + 1);
  }
  if (Array.isArray(schema['allOf'])) {
    return Object.assign({}, ...(schema['allOf'] as unknown[]).map((part) => exampleOf(part, schemas, depth + 1)));
  }
  return ofType(schema, schemas, depth);
}

function ofType(schema: Json, schemas: Schemas, depth: number): unknown {
  const types = [schema['type']].flat();
  const type = types.find((name) => name !== 'null') ?? 'null';
  // Text nobody gave an example of says less than null does.
  if (types.includes('null') && type === 'string' && schema['format'] === undefined) return null;
  switch (type) {
    case 'object':
      return ofProperties(schema, schemas, depth);
    case 'array':
      return [exampleOf(schema['items'], schemas, depth + 1)];
    case 'string':
      return FORMATS[String(schema['format'])] ?? 'text';
    case 'number':
    case 'integer':
      return Math.max(1, Number(schema['minimum'] ?? 1));
    case 'boolean':
      return true;
    default:
      return null;
  }
}

function ofProperties(schema: Json, schemas: Schemas, depth: number): Json {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, exampleOf(value, schemas, depth + 1)]));
}

/** Every `application/json` of requests and responses, wherever it stands. */
function jsonBodies(node: unknown): Json[] {
  if (!isObject(node)) return [];
  return Object.entries(node).flatMap(([name, value]) =>
    name === 'application/json' && isObject(value) ? [value] : jsonBodies(value),
  );
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
