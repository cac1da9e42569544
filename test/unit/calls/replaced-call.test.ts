import t from 'tap';
import { type Replaceable, replacedCall } from '../../../src/calls/transfer/replaced-call.js';
import { newTrunkId } from '../../../src/core/ids.js';
import { sampleCall } from '../../support/sample-records.js';

const PBX = { id: newTrunkId(), name: 'PBX' };
const ID = { callId: 'a@b', localTag: 'ours', remoteTag: 'theirs' };
const REPLACES = 'a@b;to-tag=ours;from-tag=theirs';
const from = (address: string) => ({ source: { address, port: 5060, transport: 'udp' } });

const candidate = (changes: Partial<Replaceable> & { trunk?: typeof PBX }): { replaceable: Replaceable } => {
  const { trunk, ...rest } = changes;
  const call = { ...sampleCall(), trunk, sipPeer: 'udp:[2001:db8::1]:5060' };
  return { replaceable: { call, early: [], id: undefined, over: false, ...rest } };
};

void t.test('who may take which call over, and what all others get (RFC 3891 section 3)', async (t) => {
  const early = [{ ...ID, address: '192.0.2.1' }];
  const here = from('192.0.2.1');
  const rows: [
    what: string,
    header: string,
    changes: Parameters<typeof candidate>[0],
    from: ReturnType<typeof from>,
    status: number | 'taken',
  ][] = [
    ['rings', REPLACES, { early }, here, 'taken'],
    ['rings, early only', `${REPLACES};early-only`, { early }, here, 'taken'],
    ['rings elsewhere', REPLACES, { early }, from('192.0.2.2'), 481],
    ['does not ring by our INVITE', REPLACES, {}, here, 481],
    ['answered', REPLACES, { id: ID }, from('2001:db8::1'), 'taken'],
    ['answered, from another address', REPLACES, { id: ID }, here, 481],
    ['answered, early only', `${REPLACES};early-only`, { id: ID }, from('2001:db8::1'), 486],
    ['over', REPLACES, { id: ID, over: true }, from('2001:db8::1'), 603],
    ['over, and none of theirs', REPLACES, { id: ID, over: true }, here, 481],
    ['over another trunk', REPLACES, { id: ID, trunk: { id: newTrunkId(), name: 'other' } }, from('2001:db8::1'), 481],
    ['over their trunk', REPLACES, { id: ID, trunk: PBX }, here, 'taken'],
    ['the wrong way round', 'a@b;to-tag=theirs;from-tag=ours', { id: ID }, from('2001:db8::1'), 481],
    ['no dialog', 'a@b', { id: ID }, from('2001:db8::1'), 400],
  ];
  for (const [what, header, changes, invite, expected] of rows) {
    const call = candidate(changes);
    const answer = replacedCall(header, invite, { trunk: PBX }, [candidate({}), call]);
    t.equal(answer, expected === 'taken' ? call : expected, what);
  }
});
