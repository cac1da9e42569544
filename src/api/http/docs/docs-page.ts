import { escapeHtml } from '../../../core/html.js';
import { liveHtml } from './docs-live.js';
import { anchorOf, type Operation, operationHtml } from './docs-operation.js';
import { fieldsHtml, prose } from './docs-schema.js';
import { DOCS_STYLE } from './docs-style.js';
import { isObject, type Json, objectOf, textOf } from './json.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** The OpenAPI and the AsyncAPI document for people: one page, nothing loaded from elsewhere, no script. */
export function docsPage(documents: { api: object; live: object }): string {
  const api = documents.api as Json;
  const info = objectOf(api['info']);
  const title = escapeHtml(`${textOf(info['title'])} API`);
  const groups = groupsOf(api);
  const schemas = Object.entries(objectOf(objectOf(api['components'])['schemas']));
  const links = [...groups].map(
    ([tag, operations]) =>
      `<strong><a href="#${anchor(tag)}">${escapeHtml(tag)}</a></strong>${operations.map(linkHtml).join('')}`,
  );
  const sections = [...groups].map(
    ([tag, operations]) =>
      `<h2 id="${anchor(tag)}">${escapeHtml(tag)}</h2>${operations.map((operation) => operationHtml(operation, api)).join('\n')}`,
  );
  const described = schemas.map(
    ([name, schema]) =>
      `<details class="operation"><summary><code class="path">${escapeHtml(name)}</code><span>${prose(textOf(objectOf(schema)['description']))}</span></summary><div class="anchor" id="schema-${escapeHtml(name)}"></div>${fieldsHtml(objectOf(schema))}</details>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${DOCS_STYLE}</style></head><body>
<nav><a href="#top"><b>${title}</b></a>${links.join('')}<strong><a href="#live">Live transcript</a></strong><strong><a href="#schemas">Schemas</a></strong></nav>
<main id="top"><h1>${title}</h1><p>${prose(textOf(info['description']))}</p>${INTRODUCTION}${sections.join('\n')}
<h2 id="live">Live transcript</h2>${liveHtml(documents.live as Json)}
<h2 id="schemas">Schemas</h2>${described.join('\n')}</main></body></html>`;
}

const INTRODUCTION = `<p>Send your key as <code>Authorization: Bearer va_…</code>, or as <code>?api_key=</code> where headers cannot be set.
Every answer is <code>{"success": true, "data": …, "meta": …}</code>, every refusal <code>{"success": false, "error": "…", "details": {"fields": […]}, "meta": …}</code>.
A <code>POST</code> with an <code>Idempotency-Key</code> happens once, however often it is sent.</p>
<p>The same as data: <a href="/openapi.json">openapi.json</a>, <a href="/asyncapi.json">asyncapi.json</a>. The examples take
<code>OFFHOOK_URL</code> and <code>OFFHOOK_API_KEY</code> from the environment, as the command <code>offhook</code> does.</p>`;

/** The operations by their tag, in the order of the document. */
function groupsOf(api: Json): Map<string, Operation[]> {
  const groups = new Map<string, Operation[]>();
  for (const [path, item] of Object.entries(objectOf(api['paths']))) {
    for (const method of METHODS) {
      const definition = objectOf(item)[method];
      if (!isObject(definition)) continue;
      const [tag] = Array.isArray(definition['tags']) ? definition['tags'].map(String) : [];
      const name = tag ?? 'Other';
      groups.set(name, [...(groups.get(name) ?? []), { method, path, definition }]);
    }
  }
  return groups;
}

const anchor = (tag: string): string => `group-${tag.replaceAll(/\W+/g, '-')}`;

const linkHtml = (operation: Operation): string =>
  `<a href="#${escapeHtml(anchorOf(operation))}">${prose(shorten(textOf(operation.definition['summary'])))}</a>`;

/** The first words say what it is; the rest stands with the operation. */
const shorten = (summary: string): string => /^[^,:;]{1,40}(?=[,:;]|$)/.exec(summary)?.[0] ?? `${summary.slice(0, 38)}…`;
