import type { OutboundRule, Trunk } from '../domain/trunk.js';

/** The trunks that take a number, in the order in which they are to be tried: longest prefix, lowest priority, weight by chance. */
export function trunksFor<T extends { trunk: Trunk }>(trunks: readonly T[], number: string, random: () => number): T[] {
  return trunks
    .flatMap((one) => {
      const rule = bestRule(one.trunk.outbound, number);
      // Of what is left each draw takes one by its weight; sorting by these keys comes to the same (Efraimidis and Spirakis).
      return rule ? [{ one, rule, draw: -Math.log(1 - random()) / rule.weight }] : [];
    })
    .sort((a, b) => b.rule.prefix.length - a.rule.prefix.length || a.rule.priority - b.rule.priority || a.draw - b.draw)
    .map(({ one }) => one);
}

/** The rule that speaks for a trunk: its longest prefix, of several of that length the one that goes first. */
const bestRule = (rules: readonly OutboundRule[], number: string): OutboundRule | undefined =>
  rules
    .filter(({ prefix }) => number.startsWith(prefix))
    .sort((a, b) => b.prefix.length - a.prefix.length || a.priority - b.priority)[0];
