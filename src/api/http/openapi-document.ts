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
  return addExamples(document);
}
