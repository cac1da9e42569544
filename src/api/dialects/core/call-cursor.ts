import type { CallPosition } from '../../../domain/ports/repositories.js';

/** A place in a list of calls as clients carry it around: nothing they should look into. */
export const cursorOf = ({ startedAtMs, serial }: CallPosition): string =>
  Buffer.from(`${startedAtMs}.${serial}`, 'latin1').toString('base64url');

/** Undefined for what is no cursor. */
export function positionOf(cursor: string): CallPosition | undefined {
  const [, startedAt, serial] = /^(\d{1,15})\.(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  return startedAt === undefined || serial === undefined ? undefined : { startedAtMs: Number(startedAt), serial: Number(serial) };
}
