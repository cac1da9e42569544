import * as fc from 'fast-check';
import t from 'tap';
import { isSipUser, sipUserCandidates } from '../../../src/agents/sip-user.js';

void t.test('every name, whatever is in it, has candidates that are all usable and all different', async (t) => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.constantFrom('demo', 'Echo', 'TONE', '', '---', 'İ')),
      (name) => {
        const candidates = [...sipUserCandidates(name, '0197e3b0-0000-7000-8000-0123456789ab')];
        return candidates.length > 1 && candidates.every(isSipUser) && new Set(candidates).size === candidates.length;
      },
    ),
  );
  t.same([...sipUserCandidates("Zoë's Front  Desk!", 'x')].slice(0, 2), ['zoe-s-front-desk', 'zoe-s-front-desk-2']);
  t.equal([...sipUserCandidates('echo', 'x')][0], 'echo-2', 'not a built-in agent');
  t.equal([...sipUserCandidates('a'.repeat(500), 'x')][0]?.length, 48);
});
