import type { ActionId } from '../core/ids.js';
import type { ActionType } from './action.js';

/** `failed`: nothing came of it; `refused`: the arguments were not what the tool takes; `timed_out`: nobody knows what came of it. */
export const TOOL_OUTCOMES = ['succeeded', 'failed', 'refused', 'timed_out'] as const;
export type ToolOutcome = (typeof TOOL_OUTCOMES)[number];

/** What became of one tool that an agent used in a call. */
export type ToolRun = {
  actionId: ActionId | undefined;
  type: ActionType | undefined;
  /** As the model called it. */
  name: string;
  /** What is secret is masked. */
  arguments: unknown;
  outcome: ToolOutcome;
  /** Why nothing came of it. */
  reason: string | undefined;
  attempts: number;
  startedAtMs: number;
  durationMs: number;
};
