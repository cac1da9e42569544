import { stringify } from 'yaml';
import type { Config } from './schema.js';

const SECRETS: ReadonlySet<string> = new Set(['apiKey', 'adminKey', 'secret', 'password', 'key', 'keys']);
const REDACTED = '[redacted]';

/** The configuration in force as YAML, with secrets replaced and passwords taken out of URLs. */
export function printConfig(config: Config): string {
  return stringify(redact(config)).trimEnd();
}

function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value === 'string') return withoutPassword(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => [key, SECRETS.has(key) ? REDACTED : redact(inner)]),
  );
}

/** `https://user:password@host` and `?api_key=…` are secrets in a place of no secret's name. */
function withoutPassword(text: string): string {
  if (!/^[a-z]+:\/\//i.test(text) || !URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.password === '' && url.username === '' && url.search === '') return text;
  if (url.username !== '') url.username = REDACTED;
  if (url.password !== '') url.password = REDACTED;
  if (url.search !== '') url.search = REDACTED;
  return decodeURIComponent(url.href);
}
