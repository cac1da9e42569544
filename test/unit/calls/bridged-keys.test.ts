import t from 'tap';
import { type BridgedEnd, pressFor, relayByInfo } from '../../../src/calls/transfer/bridged-keys.js';
import { FakeDialog } from './call-fixture.js';
import { FakeSession } from './fake-session.js';

function end(digits: 'rtp' | 'info') {
  const dialog = new FakeDialog([]);
  dialog.digits = digits;
  const session = new FakeSession([]);
  const bridged: BridgedEnd = { dialog: () => dialog, session };
  return { dialog, session, bridged };
}

void t.test('across a bridge, keys go by INFO to whoever takes them so; the engine does the rest', async (t) => {
  const [caller, target] = [end('rtp'), end('info')];
  let bridged = true;
  relayByInfo(caller.bridged, target.bridged, () => bridged);
  relayByInfo(target.bridged, caller.bridged, () => bridged);
  caller.session.emit({ type: 'digit', digit: '5', durationMs: 100, atMs: 0 });
  t.same(target.dialog.keysByInfo, ['5']);
  target.session.emit({ type: 'digit', digit: '6', durationMs: 100, atMs: 0 });
  t.same([caller.dialog.keysByInfo, caller.session.digits], [[], []], 'once is enough');
  pressFor(caller.bridged, '7');
  t.same(caller.session.digits, ['7']);
  bridged = false;
  caller.session.emit({ type: 'digit', digit: '8', durationMs: 100, atMs: 0 });
  t.same(target.dialog.keysByInfo, ['5'], 'not to one that is gone');
});
