import type { DtmfMenu, DtmfRule, DtmfRules } from '../../../domain/agent.js';
import type { MenuBody, RuleBody } from './dtmf-schema.js';

export const toRules = (rules: Readonly<Record<string, RuleBody>>): DtmfRules =>
  Object.fromEntries(
    Object.entries(rules).map(([digit, { end_call: endCall, menu, ...rule }]): [string, DtmfRule] => [
      digit,
      present({ ...rule, endCall, menu: menu && toMenu(menu) }),
    ]),
  );

const toMenu = ({ timeout_ms: timeoutMs, invalid_say: invalidSay, options, ...menu }: MenuBody): DtmfMenu =>
  present({ ...menu, timeoutMs, invalidSay, options: toRules(options) });

export const presentRules = (rules: DtmfRules): Record<string, RuleBody> =>
  Object.fromEntries(
    Object.entries(rules).map(([digit, { endCall, menu, ...rule }]) => [
      digit,
      present({ ...rule, end_call: endCall, menu: menu && presentMenu(menu) }),
    ]),
  );

const presentMenu = ({ timeoutMs, invalidSay, options, ...menu }: DtmfMenu): MenuBody =>
  present({ ...menu, timeout_ms: timeoutMs, invalid_say: invalidSay, options: presentRules(options) });

type Present<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** What is undefined is left out. */
const present = <T extends object>(values: T): Present<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>;
