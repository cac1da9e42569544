import t from 'tap';
import { numbersOf } from '../../../src/trunks/trunk-numbers.js';
import { sampleTrunk } from '../../support/sample-trunk.js';

void t.test('the numbers that trunks tell of: each once, in E.164, and whether calls to it come in', async (t) => {
  const { identity } = sampleTrunk();
  const registered = sampleTrunk({
    kind: 'register',
    username: '4930100',
    numbers: { country: 'DE', out: 'e164', in: 'e164_without_plus' },
    identity: { ...identity, fromUser: '4930100', assertedIdentity: '4930199' },
  });
  const peer = sampleTrunk({
    username: '+4930300',
    inbound: [
      { called: '+4930200', agent: 'desk' },
      { called: '+49302*', agent: 'desk' },
      { called: 'desk', agent: 'desk' },
    ],
    identity: { ...identity, preferredIdentity: '+4930200' },
  });
  t.same(numbersOf([registered, peer]), [
    { number: '+4930100', trunkId: registered.id, comesIn: true },
    { number: '+4930200', trunkId: peer.id, comesIn: true },
    { number: '+4930199', trunkId: registered.id, comesIn: false },
  ]);
  t.same(numbersOf([]), []);
});
