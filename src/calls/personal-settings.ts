import type { AgentSettings, DtmfRules } from '../domain/agent.js';

export type PersonalWords = {
  /** Said first instead of the agent's own. */
  startingMessage?: string | undefined;
  /** Fills `{{name}}` and `{{order.id}}` in the agent's texts. */
  contextData?: Readonly<Record<string, unknown>> | undefined;
};

const PLACEHOLDER = /\{\{\s*([^{}\s]{1,200})\s*\}\}/g;

/**
 * The agent as it behaves on one call. A placeholder that has no value is left alone, since a script's own slots are written
 * the same way; in the starting message, which has none, it is left out rather than read to the callee.
 */
export function personalSettings(agent: AgentSettings, { startingMessage, contextData = {} }: PersonalWords): AgentSettings {
  const fill = (text: string): string => fillIn(text, contextData, undefined);
  const greeting = startingMessage ?? agent.startingMessage;
  return {
    name: agent.name,
    language: agent.language,
    voiceSettings: agent.voiceSettings,
    knowledge: agent.knowledge,
    providers: agent.providers,
    doNotCall: agent.doNotCall?.say === undefined ? agent.doNotCall : { ...agent.doNotCall, say: fill(agent.doNotCall.say) },
    systemPrompt: fill(agent.systemPrompt),
    startingMessage: greeting === undefined ? undefined : fillIn(greeting, contextData, '').trim(),
    dtmfRules: filledRules(agent.dtmfRules, fill),
    script: agent.script && {
      intents: agent.script.intents.map((intent) => ({ ...intent, reply: fill(intent.reply) })),
      fallback: fill(agent.script.fallback),
    },
  };
}

function fillIn(text: string, values: Readonly<Record<string, unknown>>, absent: string | undefined): string {
  return text.replace(PLACEHOLDER, (placeholder, path: string) => wordsOf(lookUp(values, path)) ?? absent ?? placeholder);
}

/** `a.b` is a key of that name, or else `b` in the object `a`. Only what was sent counts, nothing that objects have by nature. */
function lookUp(values: unknown, path: string): unknown {
  if (typeof values !== 'object' || values === null) return undefined;
  if (Object.hasOwn(values, path)) return (values as Record<string, unknown>)[path];
  const dot = path.indexOf('.');
  if (dot < 0 || !Object.hasOwn(values, path.slice(0, dot))) return undefined;
  return lookUp((values as Record<string, unknown>)[path.slice(0, dot)], path.slice(dot + 1));
}

function wordsOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null) return '';
  return value === undefined ? undefined : JSON.stringify(value);
}

const filledRules = (rules: DtmfRules, fill: (text: string) => string): DtmfRules =>
  Object.fromEntries(
    Object.entries(rules).map(([digit, rule]) => [digit, rule.say === undefined ? rule : { ...rule, say: fill(rule.say) }]),
  );
