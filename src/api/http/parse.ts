import type { z } from 'zod';
import { AppError, type FieldFault } from '../../core/errors.js';

const MAX_FAULTS = 20;
const MAX_NAME_LENGTH = 100;

/** @throws AppError `invalid_request` with every fault of `input`, each naming its field; values are never repeated. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const faults = faultsOf(parsed.error).slice(0, MAX_FAULTS);
  throw new AppError('invalid_request', `invalid input: ${faults.map((fault) => fault.field).join(', ')}`, { faults });
}

/** What is wrong, each by its field. */
export const faultsOf = (error: z.ZodError): FieldFault[] => error.issues.flatMap(faultsOfIssue);

function faultsOfIssue(issue: z.core.$ZodIssue): FieldFault[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: fieldName([...path, key]), message: 'is not a field of this resource' }));
  }
  // Zod words the key of a record as part of the message's subject, which the field says already.
  return [{ field: fieldName(path), message: issue.code === 'invalid_key' ? 'is not an allowed key' : issue.message }];
}

/** Keys come from outside and may be a megabyte long. */
function fieldName(path: readonly string[]): string {
  const name = path.join('.');
  if (name === '') return 'body';
  return name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name;
}
