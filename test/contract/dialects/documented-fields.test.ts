import { readFileSync } from 'node:fs';
import t from 'tap';
import { startHarness } from '../../support/http-harness.js';
import { type Operation, operationsOf, type Schema, type ServedDocument, servedDocument } from '../../support/openapi.js';
import { DOCUMENTED, IDLE } from './documented-fields.js';

const COUNTS = readFileSync(new URL('../../../../docs/dialects.md', import.meta.url), 'utf8');

const written = ({ name }: Operation): string => name.replaceAll(/\{\w+\}/g, '{}');

/** The names of all properties of `schema`, and of what it refers to. */
function namesIn(schema: unknown, document: ServedDocument, seen = new Set<unknown>()): Set<string> {
  const names = new Set<string>();
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null || seen.has(part)) return;
    seen.add(part);
    const { $ref, properties } = part as { $ref?: string; properties?: Record<string, Schema> };
    if ($ref !== undefined) visit(document.components.schemas[$ref.split('/').at(-1) ?? '']);
    for (const name of Object.keys(properties ?? {})) names.add(name);
    for (const value of Object.values(part)) visit(value);
  };
  visit(schema);
  return names;
}

function takenBy({ definition }: Operation, document: ServedDocument): Set<string> {
  const parameters = (definition.parameters ?? []).map(({ $ref, name }) =>
    $ref === undefined ? name : document.components.parameters[$ref.split('/').at(-1) ?? '']?.name,
  );
  return new Set([...parameters.flatMap((name) => name ?? []), ...namesIn(definition.requestBody, document)]);
}

const fieldsOf = (text = ''): string[] => text.split(/\s+/).filter((name) => name !== '');

void t.test('every endpoint and field that the documents name is served, and docs/dialects.md counts them', async (t) => {
  const document = await servedDocument(await startHarness(t));
  const operations = new Map(operationsOf(document).map((operation) => [written(operation), operation]));
  for (const [dialect, endpoints] of Object.entries(DOCUMENTED)) {
    const fields = new Map<string, boolean>();
    let served = 0;
    for (const { endpoint, takes, gives } of endpoints) {
      const operation = operations.get(endpoint);
      if (t.ok(operation, `${endpoint} is served`)) served += 1;
      if (!operation) continue;
      for (const [named, known] of [
        [takes, takenBy(operation, document)],
        [gives, namesIn(operation.definition.responses['200'] ?? operation.definition.responses['201'], document)],
      ] as const) {
        for (const field of fieldsOf(named)) {
          t.ok(known.has(field), `${endpoint}: ${field}`);
          fields.set(field, (fields.get(field) ?? true) && known.has(field));
        }
      }
    }
    const idle = IDLE[dialect as keyof typeof IDLE].length;
    const acting = [...fields.values()].filter(Boolean).length - idle;
    const row = `| ${dialect} | ${served} / ${endpoints.length} | ${acting} / ${fields.size} |`;
    t.ok(COUNTS.includes(row), `docs/dialects.md has ${row}`);
  }
});
