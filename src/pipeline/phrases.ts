import type { AgentSettings, DtmfRule } from '../domain/agent.js';

/** What every agent says when its own words do not help. */
export const PHRASES = {
  notUnderstood: "Sorry, I didn't catch that.",
  silence: 'Are you still there?',
  silenceGoodbye: 'I cannot hear you, so I will hang up now. Goodbye.',
  apology: 'I am sorry, something went wrong on my side. Could you say that again?',
  apologyGoodbye: 'I am sorry, I have technical trouble. Please call again later. Goodbye.',
  goodbye: 'Goodbye.',
  optedOut: 'All right, we will not call you again.',
  numberUnknown: 'I cannot see your number, so I cannot take it off our list.',
  notAnOption: 'That is not one of the choices.',
  cannotUnderstand: 'I can hear you, but I cannot understand speech on this call.',
} as const;

/** For a line without recogniser: says so the first time, and offers what the keypad can do every time. */
export function keypadOffer(agent: AgentSettings, firstTime: boolean): string {
  const rules = Object.entries(agent.dtmfRules);
  // Keys that can be described come first; of a key with nothing but words to say, only the key can be told.
  const described = rules.filter(([, rule]) => hasDescription(rule));
  const others = rules.filter(([, rule]) => !hasDescription(rule));
  const options = [...described, ...others].map(([digit, rule]) => option(digit, rule));
  const offer = options.length > 0 ? `You can press ${listed(options)}.` : 'This agent has no keypad menu.';
  return firstTime ? `${PHRASES.cannotUnderstand} ${offer}` : offer;
}

const hasDescription = ({ intent, tool, menu, endCall, action }: DtmfRule): boolean =>
  (intent ?? tool ?? menu?.name ?? action) !== undefined || endCall === true;

function option(digit: string, rule: DtmfRule): string {
  const key = digit === '#' ? 'the pound key' : digit === '*' ? 'the star key' : digit;
  const wish = rule.intent ?? rule.tool ?? rule.menu?.name;
  if (wish !== undefined) return `${key} for ${wish.replace(/[-_]+/g, ' ')}`;
  if (rule.action === 'do_not_call') return `${key} not to be called again`;
  return rule.endCall ? `${key} to end the call` : key;
}

const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')}, or ${items.at(-1) ?? ''}`;
