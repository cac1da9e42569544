import t from 'tap';
import { trunksFor } from '../../../src/trunks/trunk-choice.js';
import { trunkCall } from '../../../src/trunks/trunk-dialling.js';
import { sampleTrunk } from '../../support/sample-trunk.js';

const named = (name: string, ...outbound: { prefix: string; priority?: number; weight?: number }[]) =>
  sampleTrunk({ name, outbound: outbound.map((rule) => ({ priority: 100, weight: 1, ...rule })) });
const namesFor = (trunks: ReturnType<typeof named>[], number: string, random: () => number = () => 0.5): string[] =>
  trunksFor(
    trunks.map((trunk) => ({ trunk })),
    number,
    random,
  ).map(({ trunk }) => trunk.name);

void t.test('the longest prefix goes first, then the lowest priority; who has no rule that fits is not asked', async (t) => {
  const trunks = [
    named('world', { prefix: '+' }),
    named('germany-2', { prefix: '+49', priority: 200 }),
    named('germany-1', { prefix: '+49', priority: 10 }, { prefix: '+', priority: 1 }),
    named('berlin', { prefix: '+4930' }),
    named('none'),
  ];
  t.same(namesFor(trunks, '+49301234567'), ['berlin', 'germany-1', 'germany-2', 'world']);
  t.same(namesFor(trunks, '+491711234567'), ['germany-1', 'germany-2', 'world']);
  t.same(namesFor(trunks, '+15550100'), ['germany-1', 'world']);
  t.same(namesFor(trunks.slice(1, 2), '+15550100'), []);
});

void t.test('weights share the calls of equal trunks', async (t) => {
  const trunks = [named('one', { prefix: '+', weight: 1 }), named('three', { prefix: '+', weight: 3 })];
  // The same numbers each time, so that the share is no matter of luck.
  let state = 1;
  const random = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  let first = 0;
  for (let call = 0; call < 2000; call += 1) if (namesFor(trunks, '+1', random)[0] === 'three') first += 1;
  t.ok(Math.abs(first / 2000 - 0.75) < 0.05, `${first} of 2000`);
  t.equal(namesFor(trunks, '+1', () => 0).length, 2, 'at the edge of chance, too');
});

void t.test('golden INVITEs: what each profile puts in the request', async (t) => {
  const plain = trunkCall(sampleTrunk({ host: 'sip.provider.example', username: '49301' }), '+49301234567', undefined);
  t.match(plain, {
    uri: 'sip:+49301234567@sip.provider.example',
    from: { uri: 'sip:49301@sip.provider.example', user: '49301' },
    terms: {
      proxy: 'sip:sip.provider.example;transport=udp',
      headers: {},
      contactUser: '49301',
      codecs: ['PCMU', 'PCMA', 'G722', 'opus'],
      dtmf: 'rfc4733',
    },
  });
  t.same(plain.terms.headers, {});

  const { from, terms } = trunkCall(
    sampleTrunk({ username: '49301', numbers: { country: 'DE', out: 'e164_without_plus', in: 'e164' } }),
    '+49301234567',
    undefined,
    '+49309999',
  );
  t.match(from, { uri: 'sip:49309999@192.0.2.10', user: '49309999' }, 'the number of an agent, as the trunk writes numbers');
  t.equal(terms.contactUser, '49301', 'the trunk is known by its own all the same');

  const credentials = { username: 'a', password: 'b' };
  const carrier = trunkCall(
    sampleTrunk({
      host: '192.0.2.10',
      port: 5070,
      transport: 'tcp',
      srtp: 'require',
      outboundProxy: 'sip:192.0.2.1',
      headers: { 'X-Account': '42' },
      numbers: { country: 'DE', out: 'national', in: 'national' },
      identity: {
        fromUser: '+49301',
        fromDomain: 'example.com',
        displayName: 'Desk',
        assertedIdentity: '+49302',
        preferredIdentity: 'sip:desk@pbx.example',
        userPhone: true,
        anonymous: false,
      },
    }),
    '+49301234567',
    credentials,
  );
  t.same(carrier.uri, 'sip:0301234567@192.0.2.10:5070;transport=tcp;user=phone');
  t.same(carrier.from, { uri: 'sip:+49301@example.com;user=phone', user: '+49301', displayName: 'Desk' });
  t.same(carrier.terms.headers, {
    'X-Account': '42',
    'P-Asserted-Identity': '<sip:+49302@example.com;user=phone>',
    'P-Preferred-Identity': '<sip:desk@pbx.example>',
  });
  t.match(carrier.terms, { proxy: 'sip:192.0.2.1', srtp: 'require', contactUser: '+49301', credentials });

  const trunk = sampleTrunk({ username: 'desk', host: '2001:db8::1' });
  const hidden = trunkCall(
    { ...trunk, identity: { ...trunk.identity, anonymous: true, assertedIdentity: '+49301' } },
    '+1',
    undefined,
  );
  t.equal(hidden.uri, 'sip:+1@[2001:db8::1]');
  t.same(hidden.from, { uri: 'sip:anonymous@anonymous.invalid', user: 'anonymous', displayName: 'Anonymous' });
  t.same(hidden.terms.headers, { 'P-Asserted-Identity': '<sip:+49301@[2001:db8::1]>', Privacy: 'id' });
  t.equal(hidden.terms.contactUser, 'desk', 'the registrar must know us still');
});
