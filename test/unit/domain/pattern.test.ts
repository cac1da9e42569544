import * as fc from 'fast-check';
import t from 'tap';
import { literalPattern, matchesPattern } from '../../../src/domain/pattern.js';

void t.test('a pattern fits the whole of a text', async (t) => {
  const fits: [string, string][] = [
    ['+4930*', '+4930123456'],
    ['+4930*', '+4930'],
    ['*', ''],
    ['**', 'x'],
    ['+49????', '+491234'],
    ['*desk*', 'front-desk-2'],
    ['a*b*c', 'abbcbc'],
    ['\\*98', '*98'],
    ['\\??', '?x'],
    ['a\\', 'a\\'],
    ['', ''],
  ];
  for (const [pattern, text] of fits) t.ok(matchesPattern(pattern, text), `${pattern} ${text}`);
  const others: [string, string][] = [
    ['+4930', '+49301'],
    ['+49????', '+49123'],
    ['\\*98', 'x98'],
    ['a*b*c', 'abbcb'],
    ['', 'x'],
    ['?', ''],
    ['.*', 'x'],
  ];
  for (const [pattern, text] of others) t.notOk(matchesPattern(pattern, text), `${pattern} ${text}`);
});

void t.test('it fits what the regular expression of the same meaning fits', async () => {
  const letters = fc.array(fc.constantFrom('a', 'b', '*', '?', '\\'), { maxLength: 12 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(letters, letters, (pattern, text) => {
      const source = pattern.replace(/\\?./gs, (part) => {
        if (part === '*') return '.*';
        if (part === '?') return '.';
        return (part.length === 2 ? part[1]! : part).replace(/[\\*?]/, '\\$&');
      });
      return matchesPattern(pattern, text) === new RegExp(`^${source}$`, 's').test(text);
    }),
    { numRuns: 2000 },
  );
  fc.assert(fc.property(fc.string(), fc.string(), (a, b) => matchesPattern(literalPattern(a), b) === (a === b)));
  fc.assert(fc.property(fc.string(), (a) => matchesPattern(literalPattern(a), a)));
});

void t.test('no pattern takes long, whoever wrote it', { timeout: 20_000 }, async (t) => {
  t.notOk(matchesPattern(`${'*a'.repeat(100)}b`, 'a'.repeat(2000)));
});
