import { createRequire } from 'node:module';
import type { Schema, ServedDocument } from './openapi.js';

type Compiled = ((value: unknown) => boolean) & { errors?: { instancePath: string; message?: string; params: object }[] | null };
type Engine = { addSchema(schema: object, key: string): void; compile(schema: object): Compiled };

/** The JSON Schema engine of the OpenAPI validator: nothing of what makes our schemas has a hand in it. */
function newEngine(): Engine {
  const load = createRequire(import.meta.resolve('@seriousme/openapi-schema-validator'));
  const { default: Ajv2020 } = load('ajv/dist/2020.js') as { default: new (options: object) => Engine };
  const { default: addFormats } = load('ajv-formats') as { default: (engine: Engine) => void };
  const engine = new Ajv2020({ strict: false, allErrors: true });
  addFormats(engine);
  return engine;
}

/** What is wrong with a value of one of the document's schemas, a line each. Fields that are not described are wrong too. */
export function schemaChecker(document: ServedDocument): (schema: Schema, value: unknown) => string[] {
  const engine = newEngine();
  engine.addSchema(closed({ components: document.components }) as object, 'document');
  const compiled = new Map<Schema, Compiled>();
  return (schema, value) => {
    const validate = compiled.get(schema) ?? engine.compile(absolute(closed(schema)) as object);
    compiled.set(schema, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
    );
  };
}

/** The schema with every object that says nothing of further fields allowing none. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const copy: Schema = Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, name === 'example' || name === 'default' ? value : closed(value)]),
  );
  const isObject = [copy['type']].flat().includes('object') && typeof copy['properties'] === 'object';
  if (isObject && !('additionalProperties' in copy)) copy['additionalProperties'] = false;
  return copy;
}

/** References begin at the document, wherever the schema stands. */
function absolute(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(absolute);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([name, value]) => [
      name,
      name === '$ref' && typeof value === 'string' ? `document${value}` : absolute(value),
    ]),
  );
}
