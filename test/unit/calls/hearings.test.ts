import t from 'tap';
import { Hearings, heardIn } from '../../../src/calls/conference/hearings.js';
import type { ParticipantMode } from '../../../src/domain/participant.js';
import type { Hearing, SessionRef } from '../../../src/domain/ports/media.js';

/** Lines that know whom they hear by name, with `*` behind it for what somebody is told. */
function linesOf(names: readonly string[]) {
  const nameOf = ({ slot }: SessionRef, what: Hearing = 'said'): string => `${names[slot]}${what === 'told' ? '*' : ''}`;
  const heard = new Map<string, Set<string>>(names.map((name) => [name, new Set()]));
  const calls: string[] = [];
  const lines = names.map((name, slot) => ({
    slot,
    generation: 1,
    hear: (other: SessionRef, what?: Hearing): void => {
      calls.push(`${name} + ${nameOf(other, what)}`);
      heard.get(name)?.add(nameOf(other, what));
    },
    unhear: (other: SessionRef, what?: Hearing): void => {
      calls.push(`${name} - ${nameOf(other, what)}`);
      heard.get(name)?.delete(nameOf(other, what));
    },
  }));
  const present = (): Record<string, string[]> => Object.fromEntries([...heard].map(([name, all]) => [name, [...all].sort()]));
  return { lines, calls, present };
}

void t.test('who hears whom: talkers by all, whisperers by the colleague and by who listens, listeners by nobody', (t) => {
  const { lines, calls, present } = linesOf(['caller', 'colleague', 'ann', 'bob', 'cy', 'dee']);
  const [farEnd, target, ann, bob, cy, dee] = lines;
  if (!farEnd || !ann || !bob || !cy || !dee) throw new Error('six were made');
  const joined = (modes: readonly ParticipantMode[]) =>
    [ann, bob, cy, dee].flatMap((line, index) => {
      const mode = modes[index];
      return mode ? [{ line, mode }] : [];
    });
  const hearings = new Hearings();
  const everyone = joined(['talk', 'whisper', 'listen', 'whisper']);

  hearings.set(heardIn({ farEnd, target: undefined, joined: everyone, hushed: false }));
  t.same(
    present(),
    {
      caller: ['ann'],
      colleague: [],
      ann: ['caller', 'caller*'],
      bob: ['ann', 'caller', 'caller*', 'dee'],
      cy: ['ann', 'bob', 'caller', 'caller*', 'dee'],
      dee: ['ann', 'bob', 'caller', 'caller*'],
    },
    'beside an agent',
  );

  hearings.set(heardIn({ farEnd, target, joined: everyone, hushed: false }));
  t.same(
    present(),
    {
      caller: ['ann'],
      colleague: ['ann', 'bob', 'dee'],
      ann: ['caller', 'caller*', 'colleague'],
      bob: ['ann', 'caller', 'caller*', 'colleague', 'dee'],
      cy: ['ann', 'bob', 'caller', 'caller*', 'colleague', 'dee'],
      dee: ['ann', 'bob', 'caller', 'caller*', 'colleague'],
    },
    'beside a colleague',
  );

  hearings.set(heardIn({ farEnd, target, joined: everyone, hushed: true }));
  t.same(
    present(),
    {
      caller: ['ann'],
      colleague: ['ann', 'bob', 'dee'],
      ann: [],
      bob: ['ann', 'dee'],
      cy: ['ann', 'bob', 'dee'],
      dee: ['ann', 'bob'],
    },
    'while what is said is nobody’s to overhear',
  );

  hearings.set(heardIn({ farEnd, target: undefined, joined: [], hushed: false }));
  t.ok(
    Object.values(present()).every((heard) => heard.length === 0),
    'nobody is left',
  );
  const before = calls.length;
  hearings.set([]);
  t.equal(calls.length, before, 'and nothing is said twice');
  t.end();
});
