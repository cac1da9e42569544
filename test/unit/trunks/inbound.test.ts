import t from 'tap';
import { InboundRouter } from '../../../src/calls/inbound-router.js';
import { isCidr, SourceList } from '../../../src/core/source-list.js';
import type { Trunk } from '../../../src/domain/trunk.js';
import { arrivalOver, trunkOf } from '../../../src/trunks/inbound-match.js';
import { noPhones, noRoutes } from '../../support/no-routes.js';
import { sampleAgent } from '../../support/sample-records.js';
import { sampleTrunk } from '../../support/sample-trunk.js';

const inviteTo = (requestUser: string | undefined, toUser = requestUser, port = 5060, caller = 'ann') => ({
  requestUser,
  from: { uri: '', user: caller, displayName: undefined },
  to: { uri: '', user: toUser, displayName: undefined },
  source: { address: '192.0.2.10', port, transport: 'udp' },
});
/** Whom a call reaches where there is an agent for every user. */
async function reached(trunk: Trunk, ...called: Parameters<typeof inviteTo>): Promise<string | undefined> {
  const findBySipUser = async (user: string) => sampleAgent({ tenantId: trunk.tenantId, name: user });
  const router = new InboundRouter({
    routes: noRoutes,
    phones: noPhones,
    agents: { findBySipUser } as never,
    builtInAgents: { echo: false, demo: false, tone: false },
    demoAgent: sampleAgent(),
  });
  const invite = { ...inviteTo(...called), header: () => undefined };
  const { target } = await router.decide(invite, arrivalOver(trunk, invite));
  return target?.kind === 'agent' ? target.settings.name : undefined;
}

void t.test('a source list knows addresses and blocks of both families', async (t) => {
  const list = new SourceList(['192.0.2.10', '198.51.100.0/24', '2001:db8::/32', 'sip.provider.example', '::1']);
  for (const inside of ['192.0.2.10', '198.51.100.255', '2001:db8:ffff::1', '::ffff:192.0.2.10', '::1']) {
    t.ok(list.includes(inside), inside);
  }
  for (const outside of ['192.0.2.11', '198.51.101.0', '2001:db9::1', '', 'sip.provider.example', '::ffff:192.0.2.11']) {
    t.notOk(list.includes(outside), outside);
  }
  for (const bad of ['', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '::/129', '10/8', 'host', '1.2.3.4/-1'])
    t.notOk(isCidr(bad), bad);
});

void t.test(
  'a called number finds its agent by the first rule that fits: as it came, in E.164, or by its beginning',
  async (t) => {
    const trunk = sampleTrunk({
      numbers: { country: 'DE', out: 'national', in: 'national' },
      inbound: [
        { called: '+4930123456', agent: 'front-desk' },
        { called: '200', agent: 'sales' },
        { called: '+4930*', agent: 'berlin' },
      ],
    });
    t.equal(await reached(trunk, '030123456'), 'front-desk');
    t.equal(await reached(trunk, '+4930123456'), 'front-desk');
    t.equal(await reached(trunk, '004930123456'), 'front-desk');
    t.equal(await reached(trunk, '200'), 'sales');
    t.equal(await reached(trunk, '030999'), 'berlin');
    t.equal(await reached(trunk, 'demo'), 'demo', 'no rule: the user that was called');
    t.equal(await reached({ ...trunk, inbound: [...trunk.inbound, { called: '*', agent: 'rest' }] }, 'demo'), 'rest');
    t.equal(await reached(trunk, undefined, '200'), 'sales');
  },
);

void t.test('the caller is a number where it is one, in whatever form it came', async (t) => {
  const trunk = sampleTrunk({
    srtp: 'off',
    echoCancellation: 'on',
    noiseSuppression: 'on',
    numbers: { country: 'DE', out: 'national', in: 'national' },
  });
  const callerOf = (user: string): string | undefined => arrivalOver(trunk, inviteTo('x', 'x', 5060, user)).callerNumber;
  t.same(['030999888', '00442071234567', '+4930999888'].map(callerOf), ['+4930999888', '+442071234567', '+4930999888']);
  t.same(['anonymous', 'ann', '', '200'].map(callerOf), [undefined, undefined, undefined, undefined]);
  t.match(arrivalOver(trunk, inviteTo('x')).terms, {
    codecs: trunk.codecs,
    dtmf: 'rfc4733',
    country: 'DE',
    srtp: 'off',
    echoCancellation: 'on',
    noiseSuppression: 'on',
  });
});

void t.test('where the registrar calls our contact, To says who was called', async (t) => {
  const inbound = [{ called: '+4930123456', agent: 'front-desk' }];
  const trunk = sampleTrunk({ kind: 'register', username: 'account7', inbound });
  t.equal(await reached(trunk, 'account7', '+4930123456'), 'front-desk');
  t.equal(await reached(trunk, 'account7', '+49309'), '+49309');
  t.equal(await reached(trunk, '+4930123456', 'account7'), 'front-desk');
  t.equal(await reached({ ...trunk, inbound: [{ called: 'account7', agent: 'x' }] }, 'account7', '+49309'), 'x');
});

void t.test('of several accounts at one address the one that was called takes the call', async (t) => {
  const one = sampleTrunk({ name: 'one', kind: 'register', username: 'one' });
  const two = sampleTrunk({ name: 'two', kind: 'register', username: 'two' });
  const ruled = sampleTrunk({ name: 'ruled', inbound: [{ called: '+4930*', agent: 'x' }] });
  const ported = sampleTrunk({ name: 'ported', port: 5080 });
  const all = [one, two, ruled, ported];
  t.equal(trunkOf(all, inviteTo('two'))?.name, 'two');
  t.equal(trunkOf(all, inviteTo('+4930123'))?.name, 'ruled');
  t.equal(trunkOf(all, inviteTo('demo', 'demo', 5080))?.name, 'ported');
  t.equal(trunkOf(all, inviteTo('demo'))?.name, 'one', 'or else the oldest');
  t.equal(trunkOf([], inviteTo('demo')), undefined);
});
