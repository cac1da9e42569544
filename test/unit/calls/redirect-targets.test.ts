import t from 'tap';
import { RedirectTargets } from '../../../src/calls/redirect-targets.js';
import type { RedirectRules } from '../../../src/domain/call-setup.js';

const targets = (policy: RedirectRules['policy'], max = 3, mayCall: (uri: string) => boolean = () => true): RedirectTargets =>
  new RedirectTargets('sip:+49301@carrier.example:5060;transport=tcp', { policy, max }, mayCall);

void t.test('a redirection is refused, kept within the host, or followed, as the trunk says', async (t) => {
  const away = ['sip:a@elsewhere.example', 'sip:b@CARRIER.example:5070'];
  t.equal(targets('refuse').after(302, away), undefined);
  t.same(targets('same_host').after(302, away), { uri: 'sip:b@CARRIER.example:5070', sameHost: true });
  t.same(targets('follow').after(302, away), { uri: 'sip:a@elsewhere.example', sameHost: false });
  t.equal(new RedirectTargets('sip:a@b', undefined, () => true).after(302, away), undefined, 'refused where nobody says');
});

void t.test('contacts are tried in order, those of a contact before the rest, and none twice', async (t) => {
  const each = targets('follow', 10);
  t.match(each.after(300, ['sip:a@h', 'sip:b@h']), { uri: 'sip:a@h' });
  t.match(each.after(302, ['sip:c@h', 'sip:a@h', 'sip:+49301@carrier.example:5060;transport=tcp']), { uri: 'sip:c@h' });
  t.match(each.after(404, []), { uri: 'sip:b@h' });
  t.equal(each.after(302, ['sip:a@h', 'sip:b@h', 'sip:c@h']), undefined, 'a loop ends');
});

void t.test('there are so many and no more, and none after somebody said no', async (t) => {
  const few = targets('follow', 2);
  t.ok(few.after(302, ['sip:1@h']));
  t.ok(few.after(302, ['sip:2@h']));
  t.equal(few.after(302, ['sip:3@h']), undefined);
  for (const code of [486, 487, 600, 603]) t.equal(targets('follow').after(code, ['sip:x@h']), undefined, `${code}`);
});

void t.test('numbers that must not be called are passed over', async (t) => {
  const guarded = targets('same_host', 3, (uri) => !uri.includes('+900'));
  t.match(guarded.after(302, ['sip:+900123@carrier.example', 'sip:+49302@carrier.example']), {
    uri: 'sip:+49302@carrier.example',
  });
});
