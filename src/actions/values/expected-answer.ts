import type { CollectedField, ValueType } from '../../domain/action.js';
import type { Expectation } from '../../domain/expectation.js';

const KINDS: Readonly<Partial<Record<ValueType, Expectation['kind']>>> = {
  name: 'name',
  spelled: 'name',
  email: 'email',
  phone: 'digits',
  date: 'date',
  boolean: 'yes_no',
};

/** How a caller pauses who is asked for this; undefined where they pause as ever. */
export function expectedAnswer({ type, options }: CollectedField): Expectation | undefined {
  if (options?.length) return { kind: 'choice', choices: options };
  const kind = KINDS[type];
  return kind && { kind };
}

/** Whether the question names the field, by its label or by its name. */
export function names(question: string, { name, label }: CollectedField): boolean {
  const asked = ` ${plain(question)} `;
  return [label, name].some((called) => called !== undefined && plain(called) !== '' && asked.includes(` ${plain(called)} `));
}

/** `Policy_number?` is `policy number`. */
const plain = (text: string): string =>
  (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).join(' ');
