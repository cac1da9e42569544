import { escapeHtml } from '../../core/html.js';
import type { OpenApiDocument } from './openapi-document.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
type Json = Record<string, unknown>;

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8882; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
details { border: 1px solid var(--line); border-radius: 6px; margin: .5rem 0; padding: .4rem .8rem; }
summary { cursor: pointer; } code, .path { font-family: ui-monospace, monospace; font-size: .92em; }
.method { display: inline-block; min-width: 4.5em; font-weight: 600; text-transform: uppercase; }
table { border-collapse: collapse; width: 100%; margin: .4rem 0; } td, th { border-top: 1px solid var(--line); padding: .25rem .5rem; text-align: left; vertical-align: top; }
pre { background: var(--soft); border-radius: 6px; padding: .6rem; overflow: auto; }`;

/** The OpenAPI document for people: one page, nothing loaded from elsewhere, no script. */
export function docsPage(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = (item as Json)[method];
      return isObject(operation) ? [operationHtml(method, path, operation)] : [];
    }),
  );
  const schemas = Object.entries(document.components?.schemas ?? {}).map(
    ([name, schema]) =>
      `<details id="${escapeHtml(name)}"><summary><code>${escapeHtml(name)}</code></summary>${schemaHtml(schema)}</details>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(document.info.title)} API</title><style>${STYLE}</style></head><body>
<h1>${escapeHtml(document.info.title)} API</h1><p>${escapeHtml(document.info.description ?? '')}</p>
<p>Send your key as <code>Authorization: Bearer va_…</code>, or as <code>?api_key=</code> where headers cannot be set.
The same as data: <a href="/openapi.json">openapi.json</a>.</p>
<h2>Endpoints</h2>${operations.join('\n')}<h2>Schemas</h2>${schemas.join('\n')}</body></html>`;
}

function operationHtml(method: string, path: string, operation: Json): string {
  const parameters = listOf(operation.parameters).map((parameter) => {
    const schema = isObject(parameter.schema) ? parameter.schema : {};
    const description = textOf(parameter.description) || textOf(schema.description);
    return `<tr><td><code>${escapeHtml(textOf(parameter.name))}</code></td><td>${escapeHtml(textOf(parameter.in))}</td><td>${escapeHtml(typeOf(schema))}</td><td>${escapeHtml(description)}</td></tr>`;
  });
  const responses = Object.entries(isObject(operation.responses) ? operation.responses : {}).map(
    ([status, response]) =>
      `<tr><td>${escapeHtml(status)}</td><td>${escapeHtml(isObject(response) ? textOf(response.description) : '')}</td></tr>`,
  );
  const body = bodySchemaOf(operation);
  return `<details><summary><span class="method">${method}</span> <span class="path">${escapeHtml(path)}</span> – ${escapeHtml(textOf(operation.summary))}</summary>
<p>${escapeHtml(textOf(operation.description))}</p>
${parameters.length > 0 ? `<table><tr><th>Parameter</th><th>In</th><th>Type</th><th></th></tr>${parameters.join('')}</table>` : ''}
${body ? `<p>Body: <code>${escapeHtml(typeOf(body))}</code></p>` : ''}
<table><tr><th>Status</th><th></th></tr>${responses.join('')}</table></details>`;
}

function schemaHtml(schema: unknown): string {
  const { properties, required } = isObject(schema) ? schema : {};
  if (!isObject(properties)) return `<pre>${escapeHtml(JSON.stringify(schema, undefined, 2))}</pre>`;
  const rows = Object.entries(properties).map(([name, value]) => {
    const property = isObject(value) ? value : {};
    const mark = Array.isArray(required) && required.includes(name) ? ' <strong>*</strong>' : '';
    return `<tr><td><code>${escapeHtml(name)}</code>${mark}</td><td>${escapeHtml(typeOf(property))}</td><td>${escapeHtml(textOf(property.description))}</td></tr>`;
  });
  return `<table>${rows.join('')}</table>`;
}

function bodySchemaOf(operation: Json): Json | undefined {
  let node: unknown = operation;
  for (const step of ['requestBody', 'content', 'application/json', 'schema']) node = isObject(node) ? node[step] : undefined;
  return isObject(node) ? node : undefined;
}

function typeOf(schema: Json): string {
  if (typeof schema.$ref === 'string') return schema.$ref.split('/').at(-1) ?? '';
  if (Array.isArray(schema.enum)) return schema.enum.map(String).join(' | ');
  if (schema.type === 'array') return `${isObject(schema.items) ? typeOf(schema.items) : ''}[]`;
  const type = Array.isArray(schema.type) ? schema.type.map(String).join(' | ') : textOf(schema.type);
  const format = textOf(schema.format);
  return format ? `${type} (${format})` : type;
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
