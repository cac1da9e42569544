/** The documents are data here: read as it stands, whatever made it. */
export type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
export const objectOf = (value: unknown): Json => (isObject(value) ? value : {});
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
export const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** What a local reference such as `#/components/headers/X` leads to; anything else is itself. */
export function resolve(node: Json, document: Json): Json {
  if (typeof node['$ref'] !== 'string') return node;
  return objectOf(
    node['$ref']
      .split('/')
      .slice(1)
      .reduce<unknown>((found, step) => objectOf(found)[step], document),
  );
}
