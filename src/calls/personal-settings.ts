import { type AgentSettings, type DtmfMenu, type DtmfRules, SCRIPT_SLOTS } from '../domain/agent.js';
import { wallClock } from '../domain/agent-clock.js';
import { fillPlaceholders } from '../domain/placeholders.js';

export type PersonalWords = {
  /** Said first instead of the agent's own. */
  startingMessage?: string | undefined;
  /** Fills `{{name}}` and `{{order.id}}` in the agent's texts; goes before the agent's own. */
  contextData?: Readonly<Record<string, unknown>> | undefined;
};

/** The agent as it behaves on one call. */
export type PersonalAgent = {
  settings: AgentSettings;
  /** The starting message is for this call alone. */
  personalGreeting: boolean;
  /** Names in its texts that nothing is known of. */
  unknown: readonly string[];
};

type Fill = (text: string) => string;

/**
 * Fills what is known when the call begins, `{{current_time}}` and `{{current_date}}` by the agent's clock among it. What is not
 * is left out rather than read to the far end, with two exceptions in what is said later: slots of a script, and custom fields,
 * which may be collected by then.
 */
export function personalAgent(agent: AgentSettings, words: PersonalWords, nowMs: number): PersonalAgent {
  const clock = () => wallClock(nowMs, agent.timezone, agent.language);
  const values = {
    get current_date() {
      return clock().date;
    },
    get current_time() {
      return clock().time;
    },
    ...agent.contextData,
    ...words.contextData,
  };
  const unknown = new Set<string>();
  const leavingOut = (name: string): string => {
    unknown.add(name);
    return '';
  };
  const later = new Set(agent.customFields?.map((field) => field.name));
  const scripted = new Set<string>([...later, ...SCRIPT_SLOTS]);
  const fill: Fill = (text) => fillPlaceholders(text, values, leavingOut);
  const fillSaid: Fill = (text) => fillPlaceholders(text, values, (name) => (later.has(name) ? undefined : leavingOut(name)));
  const isScripted = (name: string): boolean => scripted.has(name) || name.split('.', 1)[0] === 'result';
  const fillScript: Fill = (text) => fillPlaceholders(text, values, (name) => (isScripted(name) ? undefined : leavingOut(name)));

  const greeting = words.startingMessage ?? agent.startingMessage;
  const startingMessage = greeting === undefined ? undefined : fill(greeting).trim();
  const { doNotCall, turnTaking, persona, voicemail } = agent;
  const settings: AgentSettings = {
    ...agent,
    doNotCall: doNotCall?.say === undefined ? doNotCall : { ...doNotCall, say: fillSaid(doNotCall.say) },
    turnTaking:
      turnTaking?.idleMessage === undefined ? turnTaking : { ...turnTaking, idleMessage: fillSaid(turnTaking.idleMessage) },
    persona: persona && filledTexts(persona, fill),
    voicemail: voicemail?.text === undefined ? voicemail : { ...voicemail, text: fill(voicemail.text) },
    systemPrompt: fill(agent.systemPrompt),
    startingMessage,
    dtmfRules: filledRules(agent.dtmfRules, fillSaid),
    script: agent.script && {
      intents: agent.script.intents.map(({ failureReply, ...intent }) => ({
        ...intent,
        reply: fillScript(intent.reply),
        ...(failureReply !== undefined && { failureReply: fillScript(failureReply) }),
      })),
      fallback: fillScript(agent.script.fallback),
    },
  };
  return { settings, personalGreeting: startingMessage !== agent.startingMessage, unknown: [...unknown] };
}

const filledTexts = <T extends object>(texts: T, fill: Fill): T =>
  Object.fromEntries(
    Object.entries(texts).map(([name, text]: [string, unknown]) => [name, typeof text === 'string' ? fill(text) : text]),
  ) as T;

const filledRules = (rules: DtmfRules, fill: Fill): DtmfRules =>
  Object.fromEntries(
    Object.entries(rules).map(([digit, { say, menu, ...rule }]) => [
      digit,
      { ...rule, ...(say !== undefined && { say: fill(say) }), ...(menu && { menu: filledMenu(menu, fill) }) },
    ]),
  );

const filledMenu = ({ prompt, invalidSay, options, ...menu }: DtmfMenu, fill: Fill): DtmfMenu => ({
  ...menu,
  prompt: fill(prompt),
  ...(invalidSay !== undefined && { invalidSay: fill(invalidSay) }),
  options: filledRules(options, fill),
});
