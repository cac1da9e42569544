import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

/** Longer ones are no parameters of a tool. */
export const MAX_SCHEMA_CHARACTERS = 20_000;

function newAjv(): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: false, logger: false });
  formats.default(ajv, { mode: 'fast' });
  // A pattern of somebody else's can take forever on the right text, and everybody's calls would wait for it.
  for (const keyword of ['pattern', 'patternProperties']) ajv.removeKeyword(keyword);
  return ajv;
}

/** What is wrong with a JSON Schema, or undefined. */
export function schemaFault(schema: unknown): string | undefined {
  try {
    newAjv().compile(schema as object);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'is no JSON Schema';
  }
}

/** Checks values against JSON Schemas; each schema is compiled once. */
export class SchemaChecker {
  readonly #ajv = newAjv();
  readonly #compiled = new Map<object, ValidateFunction>();

  /** What is wrong with the value, in words that a model understands; empty when nothing is. */
  faults(schema: object, value: unknown): string[] {
    const validate = this.#compiled.get(schema) ?? this.#ajv.compile(schema);
    this.#compiled.set(schema, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message = 'is wrong' }) => `${instancePath || 'arguments'} ${message}`);
  }
}
