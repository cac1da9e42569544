import { escapeHtml } from '../../../core/html.js';
import { fieldsHtml, nameOfRef, prose, row, typeHtml } from './docs-schema.js';
import { type Json, listOf, objectOf, resolve, textOf } from './json.js';

export type Operation = { method: string; path: string; definition: Json };

export const anchorOf = ({ method, path, definition }: Operation): string =>
  textOf(definition['operationId']) || `${method}${path.replaceAll(/\W+/g, '-')}`;

/** One operation, folded: what it takes, what it answers, and how to ask with curl. A link to what lies inside unfolds it. */
export function operationHtml(operation: Operation, document: Json): string {
  const { method, path, definition } = operation;
  const parameters = listOf(definition['parameters']).map((parameter) => resolve(parameter, document));
  const body = objectOf(objectOf(objectOf(definition['requestBody'])['content'])['application/json']);
  const description = textOf(definition['description']);
  return `<details class="operation">
<summary><span class="method ${method}">${method}</span><code class="path">${escapeHtml(path)}</code><span>${prose(textOf(definition['summary']))}</span></summary>
<div class="anchor" id="${escapeHtml(anchorOf(operation))}"></div>
${description ? `<p>${prose(description)}</p>` : ''}
${parameters.length > 0 ? `<h4>Parameters</h4>${parametersHtml(parameters)}` : ''}
${body['schema'] === undefined ? '' : `<h4>Body</h4>${bodyHtml(objectOf(body['schema']), document)}`}
<h4>Request</h4><pre>${escapeHtml(curlOf(operation, parameters, body['example']))}</pre>
<h4>Answers</h4>${answersHtml(objectOf(definition['responses']))}</details>`;
}

function parametersHtml(parameters: readonly Json[]): string {
  const rows = parameters.map((parameter) => {
    const schema = objectOf(parameter['schema']);
    const description = textOf(parameter['description']) || textOf(schema['description']);
    const where = textOf(parameter['in']);
    return row(textOf(parameter['name']), parameter['required'] === true, schema, `(${where}) ${description}`);
  });
  return `<table class="fields">${rows.join('')}</table>`;
}

function bodyHtml(schema: Json, document: Json): string {
  const name = nameOfRef(schema['$ref']);
  const link = name === '' ? '' : `<p>${typeHtml(schema)}, as <code>application/json</code>; <b>*</b> is required.</p>`;
  return link + fieldsHtml(resolve(schema, document));
}

/** What went well in full; refusals all look the same, so they are a line each. */
function answersHtml(responses: Json): string {
  return Object.entries(responses)
    .map(([status, value]) => {
      const response = objectOf(value);
      const [type, media] = Object.entries(objectOf(response['content']))[0] ?? ['', {}];
      const { schema, example } = objectOf(media);
      const title = `<b class="status s${status.charAt(0)}">${escapeHtml(status)}</b> ${prose(textOf(response['description']))}`;
      if (status >= '400' || type === '') return `<p class="answer">${title}</p>`;
      const data = objectOf(objectOf(objectOf(schema)['properties'])['data']);
      const what = type === 'application/json' ? `<code>data</code> is ${typeHtml(data)}` : `<code>${escapeHtml(type)}</code>`;
      const shown = example === undefined ? '' : `<pre>${escapeHtml(JSON.stringify(example, undefined, 2))}</pre>`;
      return `<div class="answer">${title} · ${what}${shown}</div>`;
    })
    .join('');
}

function curlOf({ method, path }: Operation, parameters: readonly Json[], example: unknown): string {
  const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `$${name.toUpperCase()}`);
  const lines = [
    `curl${method === 'get' ? '' : ` -X ${method.toUpperCase()}`} "$OFFHOOK_URL${url}"`,
    '-H "Authorization: Bearer $OFFHOOK_API_KEY"',
  ];
  if (parameters.some((parameter) => parameter['name'] === 'Idempotency-Key')) lines.push('-H "Idempotency-Key: order-12345"');
  if (example !== undefined) {
    const json = JSON.stringify(example, undefined, 2).replaceAll("'", String.raw`'\''`);
    lines.push('-H "Content-Type: application/json"', `-d '${json}'`);
  }
  return lines.join(' \\\n  ');
}
