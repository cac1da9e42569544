import t from 'tap';
import { hangupReasonOf } from '../../../src/calls/hangup-reason.js';
import { readReason, writeReason } from '../../../src/sip/reason.js';

void t.test('a Reason header is read whatever its order, quotes and other protocols', async (t) => {
  const rows: [string | undefined, object | undefined][] = [
    ['SIP;cause=480;text="Gone; fishing, \\"back soon\\""', { sip: 480, text: 'Gone; fishing, "back soon"' }],
    ['Q.850 ; cause=16 ; text="Terminated"', { q850: 16, text: 'Terminated' }],
    ['q.850;cause=17;text=Busy,SIP;cause=486;text="Busy Here"', { q850: 17, sip: 486, text: 'Busy Here' }],
    ['Preemption;cause=1', undefined],
    ['SIP;cause=nonsense', undefined],
    ['', undefined],
    [undefined, undefined],
  ];
  for (const [header, reason] of rows) t.same(readReason(header), reason, header ?? 'none');
});

void t.test('what is written is read again, and breaks out of no header', async (t) => {
  const reason = { q850: 16, sip: 200, text: 'a "quoted" \\ word' };
  t.same(readReason(writeReason(reason)), reason);
  t.notMatch(writeReason({ sip: 200, text: 'x\r\nEvil: 1' }), /[\r\n]/);
  t.equal(writeReason({ q850: 102 }), 'Q.850;cause=102');
});

void t.test('the BYE of a call says why it ends', async (t) => {
  t.same(hangupReasonOf({ result: 'success', reason: 'agent_hangup' }), { q850: 16, sip: 200, text: 'agent hangup' });
  t.match(hangupReasonOf({ result: 'indeterminate', reason: 'media_timeout' }), { q850: 102, sip: 408 });
  t.match(hangupReasonOf({ result: 'server_error', reason: 'draining' }), { q850: 41, sip: 503 });
  t.match(hangupReasonOf({ result: 'upstream_error', reason: 'provider_failed' }), { q850: 41, sip: 500 });
});
