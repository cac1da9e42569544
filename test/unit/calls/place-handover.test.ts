import t from 'tap';
import { handPlaceOver, type Party, placeIsHandedOver } from '../../../src/calls/transfer/place-handover.js';
import { FakeClock } from '../../../src/core/clock.js';
import { newTrunkId } from '../../../src/core/ids.js';
import type { DialogEnd, ReferProgress } from '../../../src/domain/ports/telephony.js';
import type { TransferPolicy } from '../../../src/domain/transfer.js';

const PBX = { id: newTrunkId(), name: 'PBX' };
const OTHER = { id: newTrunkId(), name: 'Carrier' };

const party = (refer: boolean, replaces: boolean, trunk: Party['trunk']): Party => ({
  trunk,
  dialog: { takes: { refer, replaces }, takeoverUri: 'sip:x@y?Replaces=z', refer: () => Promise.resolve(202), onEnded: () => {} },
});

void t.test('the place is handed over where both can and share a trunk, or where nothing else is wanted', async (t) => {
  const rows: [policy: TransferPolicy, farEnd: Party, target: Party, expected: boolean][] = [
    ['auto', party(true, true, PBX), party(false, true, PBX), true],
    ['auto', party(true, true, undefined), party(true, true, undefined), true],
    ['auto', party(false, true, PBX), party(true, true, PBX), false],
    ['auto', party(true, false, PBX), party(true, true, PBX), false],
    ['auto', party(true, true, PBX), party(true, false, PBX), false],
    ['auto', party(true, true, PBX), party(true, true, OTHER), false],
    ['auto', party(true, true, PBX), party(true, true, undefined), false],
    ['bridge', party(true, true, PBX), party(true, true, PBX), false],
    ['refer', party(false, false, PBX), party(false, false, OTHER), true],
  ];
  for (const [policy, farEnd, target, expected] of rows) {
    t.equal(placeIsHandedOver(policy, farEnd, target), expected, `${policy} ${JSON.stringify([farEnd, target])}`);
  }
});

function begin() {
  const clock = new FakeClock(0);
  const abort = new AbortController();
  let tell: (progress: ReferProgress) => void = () => {};
  let leave: () => void = () => {};
  const farEnd = {
    ...party(true, true, PBX).dialog,
    refer: (uri: string, onProgress: (progress: ReferProgress) => void): Promise<number> => {
      if (uri !== 'sip:x@y?Replaces=z') throw new Error(uri);
      tell = onProgress;
      return Promise.resolve(202);
    },
  };
  const target = {
    ...party(true, true, PBX).dialog,
    onEnded: (listener: (end: DialogEnd) => void) => void (leave = () => listener({ by: 'remote' })),
  };
  const outcome = handPlaceOver(farEnd, target, { clock, signal: abort.signal }, () => {});
  return { clock, outcome, abort, tell: (progress: ReferProgress) => tell(progress), leave: () => leave() };
}
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

void t.test('a target that leaves is waited for to be told of, but not for long; nothing is left of the wait', async (t) => {
  const silent = begin();
  await settle();
  silent.leave();
  silent.clock.advance(10_000);
  t.same(await silent.outcome, { sipCode: undefined, succeeded: false, refused: false });
  t.equal(silent.clock.pendingTimers, 0);

  const told = begin();
  await settle();
  told.leave();
  told.clock.advance(9_999);
  told.tell({ sipCode: 200, final: true });
  t.same(await told.outcome, { sipCode: 200, succeeded: true, refused: false });
  t.equal(told.clock.pendingTimers, 0);

  const first = begin();
  await settle();
  first.tell({ sipCode: 200, final: true });
  await first.outcome;
  first.leave();
  t.equal(first.clock.pendingTimers, 0, 'as we hang up on it');
});

void t.test('a far end that reports nothing is given up on, and a wait can be ended', async (t) => {
  const silent = begin();
  await settle();
  silent.clock.advance(40_000);
  t.match(await silent.outcome, { succeeded: false });
  const ended = begin();
  ended.abort.abort();
  t.match(await ended.outcome, { succeeded: false });
  t.equal(ended.clock.pendingTimers, 0);
});
