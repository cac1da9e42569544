import { operationsOf, type ServedDocument } from './openapi.js';
import { schemaChecker } from './schema-checker.js';

export type AnswerCheck = (operation: string, answer: { status: number; headers: Headers; text: string }) => string[];

/**
 * What of an answer the document does not promise, a line each; `operation` is such as `get /api/v1/agents/{id}`.
 * An answer that is no JSON is checked for its status, headers and content type.
 */
export function answerChecker(document: ServedDocument): AnswerCheck {
  const check = schemaChecker(document);
  const operations = new Map(operationsOf(document).map(({ method, path, definition }) => [`${method} ${path}`, definition]));
  return (operation, { status, headers, text }) => {
    const response = operations.get(operation)?.responses[String(status)];
    if (!response) return [`status ${status} is not documented: ${text.slice(0, 500)}`];
    const faults = Object.keys(response.headers ?? {})
      .filter((name) => ALWAYS_SENT.test(name) && !headers.has(name))
      .map((name) => `header ${name} is missing`);
    const type = headers.get('content-type')?.split(';')[0] ?? '';
    const media = response.content?.[type];
    if (!response.content) return text === '' ? faults : [...faults, 'a body that is not documented'];
    if (!media) return [...faults, `content type ${type} is not documented for ${status}`];
    return type === 'application/json' ? [...faults, ...check(media.schema, JSON.parse(text))] : faults;
  };
}

/** The other headers stand only with some of the answers of a status. */
const ALWAYS_SENT = /^X-(Request-Id|RateLimit-.*)$|^WWW-Authenticate$/;
