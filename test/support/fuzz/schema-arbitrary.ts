import * as fc from 'fast-check';
import type { Schema } from '../openapi.js';

type Schemas = Readonly<Record<string, Schema>>;

const MAX_DEPTH = 6;
/** Long enough to pass for text, short enough that thousands of requests stay quick. */
const MAX_LENGTH = 40;

/** Stands for an id of a kind (`agents`) that the server has given out; which one is known only when the request is sent. */
export const knownId = (kind: string): fc.Arbitrary<string> => fc.nat(9).map((index) => `@${kind}:${index}@`);
export const KNOWN_ID = /@(\w+):(\d+)@/g;

/** Values that the schema allows, as far as a schema can say what is allowed. */
export function valid(schema: Schema, schemas: Schemas, depth = 0, name = ''): fc.Arbitrary<unknown> {
  if (schema['format'] === 'uuid') return fc.oneof({ weight: 9, arbitrary: knownId(name.replace(/_id$/, 's')) }, fc.uuid());
  const made = fromSchema(schema, schemas, depth);
  if (!('example' in schema)) return made;
  // What no schema can say, such as that a language must exist, is true of the example.
  return fc.oneof({ weight: 5, arbitrary: fc.constant(schema['example']) }, made);
}

function fromSchema(schema: Schema, schemas: Schemas, depth: number): fc.Arbitrary<unknown> {
  const { $ref: reference, enum: values, anyOf, oneOf } = schema;
  if (typeof reference === 'string') return valid(schemas[reference.split('/').at(-1) ?? ''] ?? {}, schemas, depth);
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(values)) return fc.constantFrom(...(values as unknown[]));
  const choices = (anyOf ?? oneOf) as Schema[] | undefined;
  if (choices) return fc.oneof(...choices.map((choice) => valid(choice, schemas, depth + 1)));
  const types = schema['type'] === undefined ? [] : ([schema['type']].flat() as string[]);
  if (types.length === 0 || depth > MAX_DEPTH) return fc.jsonValue({ maxDepth: 1 });
  return fc.oneof(...types.map((type) => ofType(type, schema, schemas, depth)));
}

function ofType(type: string, schema: Schema, schemas: Schemas, depth: number): fc.Arbitrary<unknown> {
  switch (type) {
    case 'string':
      return text(schema);
    case 'integer':
      return fc.integer(bounds(schema, -(2 ** 31), 2 ** 31 - 1));
    case 'number':
      return fc.double({ ...bounds(schema, -1e9, 1e9), noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(valid((schema['items'] ?? {}) as Schema, schemas, depth + 1), { maxLength: 3 });
    case 'object':
      return object(schema, schemas, depth);
    default:
      return fc.constant(null);
  }
}

const bounds = (schema: Schema, min: number, max: number): { min: number; max: number } => ({
  min: Number(schema['minimum'] ?? min),
  max: Math.max(Number(schema['minimum'] ?? min), Number(schema['maximum'] ?? max)),
});

function text({ format, pattern, maxLength, minLength = 0 }: Schema): fc.Arbitrary<string> {
  if (format === 'date-time') {
    const day = { min: new Date('1999-01-01T00:00:00Z'), max: new Date('2999-01-01T00:00:00Z'), noInvalidDate: true };
    return fc.date(day).map((date) => date.toISOString());
  }
  if (format === 'uri') return fc.webUrl({ validSchemes: ['https'] });
  if (format === 'email') return fc.emailAddress();
  if (typeof pattern === 'string') return matching(pattern);
  const limit = Math.min(Number(maxLength ?? MAX_LENGTH), MAX_LENGTH);
  return fc.string({
    unit: fc.constantFrom('grapheme', 'grapheme-ascii') as never,
    minLength: Math.min(Number(minLength), limit),
    maxLength: limit,
  });
}

/** The library knows no classes of Unicode properties; what has them gets any text, which is then refused or not. */
function matching(pattern: string): fc.Arbitrary<string> {
  try {
    return fc.stringMatching(new RegExp(pattern, 'u'));
  } catch {
    return fc.string({ unit: 'grapheme', minLength: 1, maxLength: MAX_LENGTH });
  }
}

function object(schema: Schema, schemas: Schemas, depth: number): fc.Arbitrary<object> {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
  const model = Object.fromEntries(properties.map(([name, property]) => [name, valid(property, schemas, depth + 1, name)]));
  const required = ((schema['required'] ?? []) as string[]).filter((name) => name in model);
  const fixed = fc.record(model, { requiredKeys: required });
  const more = schema['additionalProperties'];
  if (typeof more !== 'object' || more === null) return fixed;
  const further = fc.dictionary(fc.string({ maxLength: 8 }), valid(more as Schema, schemas, depth + 1), { maxKeys: 3 });
  return fc.tuple(further, fixed).map(([extra, known]) => ({ ...extra, ...known }));
}
