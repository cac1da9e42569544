/** Longer ones are refused where they are stored, which bounds what one comparison costs. */
export const MAX_PATTERN_LENGTH = 200;

/**
 * Whether the whole of `text` fits a pattern: `*` stands for any characters or none, `?` for one, and `\` takes that meaning from
 * what follows it.
 *
 * No regular expression: the worst case is the product of the two lengths, whoever wrote them.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  const tokens = tokensOf(pattern);
  let at = 0;
  let token = 0;
  /** Where to go on when what follows the last `*` does not fit here. */
  let retry: { token: number; at: number } | undefined;
  while (at < text.length) {
    const wanted = tokens[token];
    if (wanted === ANY_RUN) {
      token += 1;
      retry = { token, at };
    } else if (wanted !== undefined && (wanted === ANY_ONE || wanted === text[at])) {
      token += 1;
      at += 1;
    } else if (retry) {
      retry.at += 1;
      ({ token, at } = retry);
    } else {
      return false;
    }
  }
  return tokens.slice(token).every((rest) => rest === ANY_RUN);
}

/** A pattern that only this text fits. */
export const literalPattern = (text: string): string => text.replace(/[\\*?]/g, '\\$&');

const ANY_RUN = Symbol('*');
const ANY_ONE = Symbol('?');

function tokensOf(pattern: string): (string | symbol)[] {
  const tokens: (string | symbol)[] = [];
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index] ?? '';
    if (character === '\\' && index + 1 < pattern.length) {
      index += 1;
      tokens.push(pattern[index] ?? '');
    } else tokens.push(character === '*' ? ANY_RUN : character === '?' ? ANY_ONE : character);
  }
  return tokens;
}
