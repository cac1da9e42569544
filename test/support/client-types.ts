import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { CORE_BASE_PATH } from '../../src/api/dialects/core/openapi.js';
import type { Schema, ServedDocument } from './openapi.js';

/** Where the generated types lie, from the top of the checkout. */
export const CLIENT_TYPES_FILE = 'src/client/api-types.d.ts';

const HEAD = '// Generated from the OpenAPI document by `node test/client.mjs`. Not to be edited.\n\n';
/** Words and examples change without changing a type. */
const SAYS_NO_TYPE = new Set(['description', 'summary', 'example', 'examples', 'tags', 'security', 'headers']);

/** What lies below `public` is another dialect's. */
export const isCore = (path: string): boolean =>
  path.startsWith(`${CORE_BASE_PATH}/`) && !path.startsWith(`${CORE_BASE_PATH}/public/`);

/** TypeScript types of the native dialect, for `openapi-fetch`. */
export async function clientTypes(document: ServedDocument): Promise<string> {
  const paths = Object.entries(document.paths).filter(([path]) => isCore(path));
  const used = schemasUnder(Object.fromEntries(paths), document.components.schemas);
  const reduced = {
    openapi: document.openapi,
    info: { title: 'Offhook', version: '1' },
    paths: typesOnly(Object.fromEntries(paths.map(([path, item]) => [path, withOneRefusal(item)]))),
    components: {
      schemas: typesOnly(Object.fromEntries(Object.entries(document.components.schemas).filter(([name]) => used.has(name)))),
      parameters: document.components.parameters,
    },
  };
  return HEAD + astToString(await openapiTS(reduced as OpenAPI3, { alphabetize: true, defaultNonNullable: false, silent: true }));
}

/** Refusals all have the same body: said once, they leave the file a third of its length. */
function withOneRefusal(item: ServedDocument['paths'][string]): object {
  return Object.fromEntries(
    Object.entries(item).map(([method, { responses, ...definition }]) => {
      const good = Object.entries(responses).filter(([status]) => status < '400');
      const refusal = responses['401'] ?? {};
      return [method, { ...definition, responses: { ...Object.fromEntries(good), default: refusal } }];
    }),
  );
}

/** The names of all schemas that `node` refers to, and that those refer to. */
function schemasUnder(node: unknown, schemas: Record<string, Schema>): Set<string> {
  const found = new Set<string>();
  const pending: unknown[] = [node];
  while (pending.length > 0) {
    for (const [, name = ''] of JSON.stringify(pending.pop()).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (found.has(name)) continue;
      found.add(name);
      pending.push(schemas[name]);
    }
  }
  return found;
}

function typesOnly(node: unknown, isNames = false): unknown {
  if (Array.isArray(node)) return node.map((item) => typesOnly(item));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      // Below `properties` a field of ours may be called `description`.
      .filter(([name]) => isNames || !SAYS_NO_TYPE.has(name))
      .map(([name, value]) => [name, typesOnly(value, !isNames && name === 'properties')]),
  );
}
