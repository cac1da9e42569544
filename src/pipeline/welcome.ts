import type { AgentSettings } from '../domain/agent.js';

/** People who are called speak first; nobody begins to later than this. */
const FIRST_WORDS_WITHIN_MS = 1_200;
/** Whoever talks on for longer is greeted all the same. */
const FIRST_WORDS_LIMIT_MS = 6_000;

/** `delayMs`: while nobody speaks. `latestMs`: whoever speaks; absent: whenever they let it. */
export type Welcome = { text: string; delayMs: number; latestMs: number | undefined; binding: boolean | undefined };

/** How the agent greets; undefined: it waits for the other to speak. `calledOut`: who hears it has been called, and has the first word. */
export function welcomeOf(agent: AgentSettings, calledOut: boolean): Welcome | undefined {
  const { startingMessage: text = '', welcome: { enabled = true, delayMs = calledOut ? FIRST_WORDS_WITHIN_MS : 0 } = {} } = agent;
  if (!enabled || text.trim() === '') return undefined;
  const latestMs = calledOut ? Math.max(delayMs, FIRST_WORDS_LIMIT_MS) : undefined;
  return { text, delayMs, latestMs, binding: agent.turnTaking?.uninterruptibleWelcome };
}
