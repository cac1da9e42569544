import type { AgentSettings, DtmfRule } from '../domain/agent.js';
import { type Phrases, phrasesOf } from './language/phrases.js';

/** For a line without recogniser: says so the first time, and offers what the keypad can do every time. */
export function keypadOffer(agent: AgentSettings, firstTime: boolean): string {
  const rules = Object.entries(agent.dtmfRules);
  // Keys that can be described come first; of a key with nothing but words to say, only the key can be told.
  const described = rules.filter(([, rule]) => hasDescription(rule));
  const others = rules.filter(([, rule]) => !hasDescription(rule));
  const phrases = phrasesOf(agent.language);
  const options = [...described, ...others].map(([digit, rule]) => option(digit, rule, phrases));
  const offer = options.length > 0 ? phrases.youCanPress(listed(options, phrases.or)) : phrases.noMenu;
  return firstTime ? `${phrases.cannotUnderstand} ${offer}` : offer;
}

const hasDescription = ({ intent, tool, menu, endCall, action }: DtmfRule): boolean =>
  (intent ?? tool ?? menu?.name ?? action) !== undefined || endCall === true;

function option(digit: string, rule: DtmfRule, { pound, star, forIntent, forOptOut, forEnd }: Phrases): string {
  const key = digit === '#' ? pound : digit === '*' ? star : digit;
  const wish = rule.intent ?? rule.tool ?? rule.menu?.name;
  if (wish !== undefined) return forIntent(key, wish.replace(/[-_]+/g, ' '));
  if (rule.action === 'do_not_call') return forOptOut(key);
  return rule.endCall ? forEnd(key) : key;
}

const listed = (items: readonly string[], or: string): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')}, ${or} ${items.at(-1) ?? ''}`;
