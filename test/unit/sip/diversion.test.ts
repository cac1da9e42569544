import t from 'tap';
import { readDiversions } from '../../../src/sip/diversion.js';
import { contactsOf } from '../../../src/sip/sip-headers.js';
import type { SrfMessage } from '../../../src/sip/srf-types.js';

const message = (headers: Record<string, string>): SrfMessage => ({ get: (name: string) => headers[name] }) as SrfMessage;
const diversions = (headers: Record<string, string>): string[] =>
  readDiversions(message(headers)).map(({ uri, user, reason }) => `${uri} ${user} ${reason}`);

void t.test('Diversion: the newest first, with its reason (RFC 5806)', async (t) => {
  t.same(diversions({ diversion: '"B, ob" <sip:bob@pbx;user=phone>;reason=No-Answer;counter=1, <tel:+49301>;privacy=full' }), [
    'sip:bob@pbx;user=phone bob no-answer',
    'tel:+49301 undefined undefined',
  ]);
  t.same(diversions({ diversion: '<sip:a@b>;note="x;reason=fake";reason="user-busy"' }), ['sip:a@b a user-busy']);
  for (const rubbish of ['', 'x', '<http://a>', '<sip:>', ',,,', '<sip:a b@c>']) {
    t.same(diversions({ diversion: rubbish }), [], rubbish);
  }
});

void t.test('History-Info: who left the call to the next one, and why (RFC 7044, RFC 4458)', async (t) => {
  const header = [
    '<sip:sales@pbx?Reason=SIP%3Bcause%3D302>;index=1',
    '<sip:bob@pbx?Reason=SIP%3Bcause%3D486&Privacy=none>;index=1.1;mp=1',
    '<sip:bob@192.0.2.1>;index=1.1.1;rc=1.1',
    '<sip:agent@us;cause=408>;index=1.2;mp=1.1',
  ].join(', ');
  t.same(diversions({ 'history-info': header }), [
    'sip:bob@192.0.2.1 bob no-answer',
    'sip:bob@pbx bob user-busy',
    'sip:sales@pbx sales unconditional',
  ]);
  t.same(diversions({ 'history-info': '<sip:agent@us>;index=1, <sip:agent@192.0.2.9>;index=1.1;rc=1' }), [], 'only routed');
  t.same(diversions({ 'history-info': '<sip:a@b>;index=1' }), []);
  t.same(
    diversions({ 'history-info': '<sip:z@b>;index=1.10, <sip:y@b?Reason=SIP%3Bcause%3D480>;index=1.9' }),
    ['sip:y@b y deflection'],
    'indexes are numbers',
  );
});

void t.test('Diversion goes before History-Info, and a list without end has one', async (t) => {
  t.same(
    diversions({ diversion: '<sip:a@b>', 'history-info': '<sip:c@d?Reason=SIP%3Bcause%3D486>;index=1, <sip:e@f>;index=1.1' }),
    ['sip:a@b a undefined'],
  );
  t.equal(diversions({ diversion: Array(1000).fill('<sip:a@b>').join(',') }).length, 20);
});

void t.test('the contacts of a redirection come by their q, those that are no SIP URIs not at all', async (t) => {
  const contact = '<sip:low@h>;q=0.2, "X, Y" <sips:high@h;transport=tls>;q=0.9, sip:bare@h;q=0.5, <tel:+49301>, <sip:first@h>, *';
  t.same(contactsOf(message({ contact })), ['sip:first@h', 'sips:high@h;transport=tls', 'sip:bare@h', 'sip:low@h']);
  t.same(contactsOf(message({})), []);
});
