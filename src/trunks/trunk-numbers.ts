import type { TrunkId } from '../core/ids.js';
import { isE164 } from '../domain/phone-number.js';
import type { Trunk } from '../domain/trunk.js';
import { readNumber } from './number-format.js';

/** A number that a trunk tells us of, in E.164. */
export type TrunkNumber = {
  number: string;
  trunkId: TrunkId;
  /** Calls to it come in; others are only shown by calls that go out. */
  comesIn: boolean;
};

/** Each number once, those that calls come in on before those that are only shown. */
export function numbersOf(trunks: readonly Trunk[]): TrunkNumber[] {
  const found = new Map<string, TrunkNumber>();
  for (const comesIn of [true, false]) {
    for (const trunk of trunks) {
      for (const number of comesIn ? calledOver(trunk) : shownBy(trunk)) {
        if (!found.has(number)) found.set(number, { number, trunkId: trunk.id, comesIn });
      }
    }
  }
  return [...found.values()];
}

/** Its own, where it is known there by one, and those that rules are made for. */
const calledOver = (trunk: Trunk): string[] => {
  const own = trunk.kind === 'static' ? undefined : trunk.username;
  return inE164(trunk, [own, ...trunk.inbound.map(({ called }) => called)]);
};

const shownBy = (trunk: Trunk): string[] => {
  const { fromUser, assertedIdentity, preferredIdentity } = trunk.identity;
  return inE164(trunk, [fromUser, assertedIdentity, preferredIdentity]);
};

const inE164 = ({ numbers }: Trunk, texts: readonly (string | undefined)[]): string[] =>
  texts.flatMap((text) => (text === undefined ? [] : [readNumber(text, numbers)])).filter(isE164);
