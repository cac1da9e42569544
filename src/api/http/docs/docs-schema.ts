import { escapeHtml } from '../../../core/html.js';
import { isObject, type Json, listOf, objectOf, textOf } from './json.js';

/** Deeper fields are found under their own schema. */
const MAX_DEPTH = 3;

/** Backticks become code; everything else is as it is. */
export const prose = (text: string): string => escapeHtml(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');

export const nameOfRef = (reference: unknown): string => textOf(reference).split('/').at(-1) ?? '';

/** The type in a few words, linked where it is a schema of its own. */
export function typeHtml(schema: Json): string {
  if (schema['$ref'] !== undefined) {
    const name = escapeHtml(nameOfRef(schema['$ref']));
    return `<a href="#schema-${name}">${name}</a>`;
  }
  const choices = [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])];
  if (choices.length > 0) return choices.map(typeHtml).join(' or ');
  if ('const' in schema) return `<code>${escapeHtml(JSON.stringify(schema['const']))}</code>`;
  if (Array.isArray(schema['enum']))
    return schema['enum'].map((value) => `<code>${escapeHtml(String(value))}</code>`).join(' | ');
  if (schema['type'] === 'array') return `list of ${typeHtml(objectOf(schema['items']))}`;
  const types = [schema['type'] ?? 'any'].flat().map(String);
  const format = textOf(schema['format']);
  return escapeHtml(types.map((type) => (type === 'string' && format ? format : type)).join(' or '));
}

/** The limits that the server holds to. */
function limitsHtml(schema: Json): string {
  const said: string[] = [];
  const { minimum, maximum, maxLength, maxItems } = schema as Record<string, number | undefined>;
  const { pattern } = schema;
  if (minimum !== undefined || maximum !== undefined) said.push(`${minimum ?? '…'} to ${maximum ?? '…'}`);
  if (maxLength !== undefined) said.push(`up to ${maxLength} characters`);
  if (maxItems !== undefined) said.push(`up to ${maxItems} items`);
  if (typeof pattern === 'string') said.push(`like <code>${escapeHtml(pattern)}</code>`);
  if ('default' in schema) said.push(`default <code>${escapeHtml(JSON.stringify(schema['default']))}</code>`);
  return said.length > 0 ? ` <span class="limits">${said.join(', ')}</span>` : '';
}

export const row = (name: string, required: boolean, schema: Json, description = textOf(schema['description'])): string =>
  `<tr><td><code>${escapeHtml(name)}</code>${required ? ' <b title="required">*</b>' : ''}</td>` +
  `<td class="type">${typeHtml(schema)}</td><td>${prose(description)}${limitsHtml(schema)}</td></tr>`;

/** A line for each field, those within it below with their path: `script.intents[].name`. */
export function fieldsHtml(schema: Json): string {
  const rows = rowsOf(schema, '', 0);
  if (rows.length > 0) return `<table class="fields">${rows.join('')}</table>`;
  return `<p class="type">${typeHtml(schema)}${limitsHtml(schema)}</p>`;
}

function rowsOf(schema: Json, path: string, depth: number): string[] {
  const { properties, required, additionalProperties: further, items } = schema;
  if (depth > MAX_DEPTH) return [];
  if (isObject(items)) return rowsOf(items, `${path}[]`, depth);
  const names = Array.isArray(required) ? required : [];
  const own = Object.entries(objectOf(properties)).flatMap(([name, value]) => {
    const property = objectOf(value);
    const at = path === '' ? name : `${path}.${name}`;
    return [row(at, names.includes(name), property), ...rowsOf(property, at, depth + 1)];
  });
  const others = isObject(further) ? rowsOf(further, `${path}.*`, depth + 1) : [];
  return [...own, ...others];
}
