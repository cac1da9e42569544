import type { Clock } from '../core/clock.js';
import { AppError, toError } from '../core/errors.js';
import type { Expectation } from '../domain/expectation.js';
import type { ToolOutcome } from '../domain/tool-run.js';
import { type Attempt, type Tool, type ToolAnswer, ToolFailure } from './tool.js';

/** What came of one try; `message` is for the model, `reason` for the record. */
export type AttemptEnd =
  | { outcome: 'succeeded'; answer: ToolAnswer }
  | {
      outcome: Exclude<ToolOutcome, 'succeeded'>;
      message: string;
      reason: string;
      /** Another try may succeed, and does no harm. */
      mayPass: boolean;
      /** What the caller is to be asked for again. */
      expect?: Expectation | undefined;
      error: Error;
    };

const UNCERTAIN = 'It took too long. Nobody knows whether it was done.';

/** One try of a tool, within the limit of its action. Never rejects. */
export async function attempt(tool: Tool, { args, key }: Omit<Attempt, 'signal'>, clock: Clock): Promise<AttemptEnd> {
  const abort = new AbortController();
  const { signal } = abort;
  const limitMs = tool.action.timeoutMs;
  let cancel = (): void => {};
  const limit = new Promise<never>((_, reject) => {
    if (tool.untimed) return;
    cancel = clock.schedule(limitMs, () => {
      const late = new TimedOut(`no answer within ${limitMs} ms`);
      reject(late);
      abort.abort(late);
    });
  });
  try {
    return { outcome: 'succeeded', answer: await Promise.race([tool.run({ args, signal, key }), limit]) };
  } catch (error) {
    return failureOf(toError(error), tool);
  } finally {
    cancel();
  }
}

class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

function failureOf(error: Error, tool: Tool): AttemptEnd {
  if (error instanceof TimedOut) {
    const { message: reason } = error;
    return { outcome: 'timed_out', message: UNCERTAIN, reason, mayPass: tool.repeatable ?? false, error };
  }
  if (error instanceof ToolFailure) {
    const { message, mayPass, refused, reason = message, expect } = error;
    return { outcome: refused ? 'refused' : 'failed', message, reason, mayPass, expect, error };
  }
  const message = error instanceof AppError ? (error.publicMessage ?? 'It did not work.') : 'It did not work.';
  return { outcome: 'failed', message, reason: error.message, mayPass: false, error };
}
