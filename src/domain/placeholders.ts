/** What fills placeholders: `{{name}}`, and `{{order.id}}` of an object in it. */
export type Values = Readonly<Record<string, unknown>>;

const PLACEHOLDER = /\{\{\s*([^{}\s]{1,200})\s*\}\}/g;

/** `absent` takes the place of a value that is not there, or the placeholder stays; `write` turns the words of a value into what stands in the text; `before` is the text up to there, as it was. */
export function fillPlaceholders(
  text: string,
  values: Values,
  absent: string | undefined | ((name: string) => string | undefined),
  write: (words: string, before: string) => string = (words) => words,
): string {
  return text.replace(PLACEHOLDER, (placeholder, path: string, offset: number) => {
    const words = wordsOf(lookUp(values, path));
    if (words !== undefined) return write(words, text.slice(0, offset));
    return (typeof absent === 'function' ? absent(path) : absent) ?? placeholder;
  });
}

export const hasPlaceholders = (text: string): boolean => text.search(PLACEHOLDER) >= 0;

/** `a.b` is a key of that name, or else `b` in the object `a`. Only what was sent counts, nothing that objects have by nature. */
function lookUp(values: unknown, path: string): unknown {
  if (typeof values !== 'object' || values === null) return undefined;
  if (Object.hasOwn(values, path)) return (values as Record<string, unknown>)[path];
  const dot = path.indexOf('.');
  if (dot < 0 || !Object.hasOwn(values, path.slice(0, dot))) return undefined;
  return lookUp((values as Record<string, unknown>)[path.slice(0, dot)], path.slice(dot + 1));
}

function wordsOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null) return '';
  return value === undefined ? undefined : JSON.stringify(value);
}
