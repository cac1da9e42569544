import { Validator } from '@seriousme/openapi-schema-validator';
import t from 'tap';
import { isCore } from '../../support/client-types.js';
import { startHarness } from '../../support/http-harness.js';
import { jsonContents, operationsOf, servedDocument } from '../../support/openapi.js';
import { schemaChecker } from '../../support/schema-checker.js';

void t.test(
  'an independent validator finds no fault with the OpenAPI document, and every reference leads somewhere',
  async (t) => {
    const document = await servedDocument(await startHarness(t));
    const validator = new Validator();
    const result = await validator.validate(structuredClone(document));
    t.same(result.errors ?? [], []);
    t.ok(result.valid);
    t.equal(validator.version, '3.1');
    t.doesNotThrow(() => validator.resolveRefs());
  },
);

void t.test('every JSON body has an example that its schema allows and that leaves nothing undescribed', async (t) => {
  const document = await servedDocument(await startHarness(t));
  const check = schemaChecker(document);
  for (const operation of operationsOf(document)) {
    for (const { where, media } of jsonContents(operation)) {
      t.ok('example' in media, `${operation.name} ${where} has an example`);
      t.same(check(media.schema, media.example), [], `${operation.name} ${where}`);
    }
  }
});

void t.test('every operation tells its name, group, request id, limits, refusals and what body it takes', async (t) => {
  const document = await servedDocument(await startHarness(t));
  const operations = operationsOf(document).filter(({ path }) => isCore(path));
  t.ok(operations.length > 20);
  t.equal(new Set(operations.map(({ definition }) => definition.operationId)).size, operations.length, 'names are unique');
  for (const { name, method, path, definition } of operations) {
    t.equal(definition.tags?.length, 1, `${name} is in one group`);
    t.ok(definition.summary, name);
    t.ok(
      definition.parameters?.some((parameter) => parameter.$ref === '#/components/parameters/RequestId'),
      name,
    );
    for (const status of ['400', '401', '429', '500']) t.ok(definition.responses[status], `${name} ${status}`);
    for (const [status, { headers = {} }] of Object.entries(definition.responses)) {
      for (const header of ['X-Request-Id', 'X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset']) {
        t.ok(headers[header], `${name} ${status} ${header}`);
      }
    }
    const placeholders = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    const described = definition.parameters?.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name);
    t.same(described, placeholders, `${name} describes its path`);
    if (method === 'post' && !path.startsWith('/api/v1/auth/')) {
      t.ok(
        definition.parameters?.some((parameter) => parameter.name === 'Idempotency-Key'),
        name,
      );
      t.ok(definition.responses['409']?.headers?.['Retry-After'], name);
    }
    for (const [status, { content }] of Object.entries(definition.responses)) {
      if (status < '400') continue;
      t.same(
        content?.['application/json']?.schema,
        { $ref: '#/components/schemas/Failure' },
        `${name} ${status} in the envelope`,
      );
    }
    const optional = path.endsWith('/execute');
    if (definition.requestBody) t.equal(definition.requestBody.required, !optional, `${name} needs its body`);
  }
});
