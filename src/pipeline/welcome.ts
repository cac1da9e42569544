import type { AgentSettings } from '../domain/agent.js';

export type Welcome = { text: string; delayMs: number; binding: boolean | undefined };

/** How the agent greets; undefined: it waits for the caller to speak. */
export function welcomeOf(agent: AgentSettings): Welcome | undefined {
  const { startingMessage: text = '', welcome: { enabled = true, delayMs = 0 } = {}, turnTaking } = agent;
  if (!enabled || text.trim() === '') return undefined;
  return { text, delayMs, binding: turnTaking?.uninterruptibleWelcome };
}
