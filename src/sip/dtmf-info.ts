/** What an INFO request brought. */
export type InfoOutcome =
  | { type: 'digit'; digit: string; durationMs: number }
  /** No body: the old way to ask whether the dialog is alive. */
  | { type: 'nothing' }
  | { type: 'refused'; status: 400 | 415 };

/** Cisco's default, which the body may override. */
const DEFAULT_DURATION_MS = 250;
const MAX_DURATION_MS = 10_000;
/** The event numbers of RFC 4733 section 3.2, which some phones send instead of the key. */
const KEYS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#', 'A', 'B', 'C', 'D'] as const;

/** Reads a key press: `application/dtmf-relay` (`Signal=5`, `Duration=160`) or `application/dtmf` (the bare key). */
export function readInfo(type: string | undefined, body: string | undefined): InfoOutcome {
  if (!body) return { type: 'nothing' };
  if (type === 'application/dtmf-relay') return readRelay(body);
  if (type === 'application/dtmf') return press(body.trim(), DEFAULT_DURATION_MS);
  return { type: 'refused', status: 415 };
}

/** A key press as `readInfo` reads it. */
export const writeRelay = (digit: string, durationMs: number): { type: string; body: string } => ({
  type: 'application/dtmf-relay',
  body: `Signal=${digit.toUpperCase()}\r\nDuration=${durationMs}\r\n`,
});

function readRelay(body: string): InfoOutcome {
  const signal = /^\s*signal\s*=\s*(\S+)\s*$/im.exec(body)?.[1];
  const duration = /^\s*duration\s*=\s*(\d{1,6})\s*$/im.exec(body)?.[1];
  return press(signal ?? '', duration === undefined ? DEFAULT_DURATION_MS : Number(duration));
}

function press(key: string, durationMs: number): InfoOutcome {
  const digit = /^1[0-5]$/.test(key) ? KEYS[Number(key)] : KEYS.find((known) => known === key.toUpperCase());
  if (digit === undefined) return { type: 'refused', status: 400 };
  return { type: 'digit', digit, durationMs: Math.min(durationMs, MAX_DURATION_MS) };
}
