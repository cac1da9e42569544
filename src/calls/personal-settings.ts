import type { AgentSettings, DtmfRules } from '../domain/agent.js';
import { fillPlaceholders } from '../domain/placeholders.js';

export type PersonalWords = {
  /** Said first instead of the agent's own. */
  startingMessage?: string | undefined;
  /** Fills `{{name}}` and `{{order.id}}` in the agent's texts. */
  contextData?: Readonly<Record<string, unknown>> | undefined;
};

/**
 * The agent as it behaves on one call. A placeholder that has no value is left alone, since a script's own slots are written
 * the same way; in the starting message, which has none, it is left out rather than read to the callee.
 */
export function personalSettings(agent: AgentSettings, { startingMessage, contextData = {} }: PersonalWords): AgentSettings {
  const fill = (text: string): string => fillPlaceholders(text, contextData, undefined);
  const greeting = startingMessage ?? agent.startingMessage;
  return {
    ...agent,
    doNotCall: agent.doNotCall?.say === undefined ? agent.doNotCall : { ...agent.doNotCall, say: fill(agent.doNotCall.say) },
    systemPrompt: fill(agent.systemPrompt),
    startingMessage: greeting === undefined ? undefined : fillPlaceholders(greeting, contextData, '').trim(),
    dtmfRules: filledRules(agent.dtmfRules, fill),
    script: agent.script && {
      intents: agent.script.intents.map((intent) => ({ ...intent, reply: fill(intent.reply) })),
      fallback: fill(agent.script.fallback),
    },
  };
}

const filledRules = (rules: DtmfRules, fill: (text: string) => string): DtmfRules =>
  Object.fromEntries(
    Object.entries(rules).map(([digit, rule]) => [digit, rule.say === undefined ? rule : { ...rule, say: fill(rule.say) }]),
  );
