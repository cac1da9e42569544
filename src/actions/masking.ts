const SECRET_NAME = /pass(word|code)?$|^pin$|_pin$|secret|token|card_?number|cvv|cvc|ssn|iban|api_?key/i;
const MASK = '[masked]';
const MAX_TEXT = 500;

type Schema = Readonly<Record<string, unknown>>;

/**
 * Arguments as they may be written down: what the schema marks (`writeOnly`, or the format `password`) or what is named like a secret
 * is masked, long texts are cut.
 */
export function masked(value: unknown, schema: unknown = {}, name = ''): unknown {
  if (value === null || value === undefined) return value ?? null;
  if (isSecret(schema, name)) return MASK;
  if (typeof value === 'string') return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value;
  if (Array.isArray(value)) return value.map((item: unknown) => masked(item, (schema as Schema | undefined)?.['items'], name));
  if (typeof value !== 'object') return value;
  const properties = (schema as Schema | undefined)?.['properties'] as Schema | undefined;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, properties?.[key], key)]));
}

function isSecret(schema: unknown, name: string): boolean {
  if (SECRET_NAME.test(name)) return true;
  if (typeof schema !== 'object' || schema === null) return false;
  return (schema as Schema)['writeOnly'] === true || (schema as Schema)['format'] === 'password';
}
