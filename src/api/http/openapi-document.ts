import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import type { Dialect } from './dialect.js';
import { addExamples } from './openapi-examples.js';

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

/** The API as OpenAPI 3.1, made from the schemas that check its input. */
export function openApiDocument(dialects: readonly Pick<Dialect, 'describe'>[]): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  for (const dialect of dialects) dialect.describe(registry);
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Offhook',
      version: '1',
      description: 'Self-hosted voice agents on SIP. Times are ISO 8601 in UTC; fields that end in `_ms` are milliseconds.',
    },
    servers: [{ url: '/' }],
  });
  makePatternsPortable(document);
  return addExamples(document);
}

/**
 * The generator writes an expression with flags as `…/i`, which a JSON Schema takes for a slash. `u` is what JSON Schema means anyhow;
 * no other flag can be said in it, so such a pattern is left to the server.
 */
function makePatternsPortable(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  const schema = node as { pattern?: unknown };
  const [, source, flags] = (typeof schema.pattern === 'string' && /^(.*)(?<!\\)\/([a-z]+)$/s.exec(schema.pattern)) || [];
  if (flags === 'u') schema.pattern = source;
  else if (flags !== undefined) delete schema.pattern;
  for (const value of Object.values(node)) makePatternsPortable(value);
}
