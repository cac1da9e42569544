import t from 'tap';
import { GatewayRoute } from '../../../src/calls/gateway-route.js';
import { TollLedger } from '../../../src/calls/toll-ledger.js';
import { FakeClock } from '../../../src/core/clock.js';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import type { OutboundRoute } from '../../../src/domain/ports/outbound-route.js';
import type { Trunk } from '../../../src/domain/trunk.js';
import { TrunkRoute } from '../../../src/trunks/trunk-route.js';
import { sampleTrunk } from '../../support/sample-trunk.js';

const ALL = [{ prefix: '+', priority: 100, weight: 1 }];
const GATEWAY: OutboundRoute = {
  waysTo: (_, number) => [{ uri: `sip:${number}@gateway.example`, from: undefined, line: { key: 'gateway' } }],
  waysToUri: () => [],
};

function route(trunks: { trunk: Trunk; up?: boolean }[], options: { gateway?: OutboundRoute; callsIn?: number } = {}) {
  return new TrunkRoute({
    trunks: {
      outboundOf: (tenant) =>
        trunks
          .filter(({ trunk }) => trunk.tenantId === tenant)
          .map(({ trunk, up = true }) => ({ trunk, up, credentials: { username: 'u', password: 'p' } })),
    },
    gateway: options.gateway,
    guard: new TollLedger({ allowedPrefixes: ['+49', '+1'] }, new FakeClock()),
    allowedHosts: ['friend.example'],
    phones: { localUser: () => undefined, resolve: () => undefined },
    callsIn: () => options.callsIn ?? 0,
    random: () => 0.5,
  });
}
const linesTo = (one: TrunkRoute, number = '+4930'): string[] => one.waysTo(DEFAULT_TENANT, number).map(({ uri }) => uri);

void t.test('trunks go first, the gateway last; what is down is passed over', async (t) => {
  const [a, b] = [sampleTrunk({ host: 'a.example', outbound: ALL }), sampleTrunk({ host: 'b.example', outbound: ALL })];
  const both = ['sip:+4930@a.example', 'sip:+4930@b.example'];
  t.same(linesTo(route([{ trunk: a }, { trunk: b }])), both);
  t.same(linesTo(route([{ trunk: a }, { trunk: b }], { gateway: GATEWAY })), [...both, 'sip:+4930@gateway.example']);
  t.same(linesTo(route([{ trunk: a, up: false }, { trunk: b }])), both.slice(1));
  t.same(linesTo(route([{ trunk: a, up: false }], { gateway: GATEWAY })), ['sip:+4930@gateway.example']);
});

void t.test('a way has the limits, the credentials and the name of its trunk', async (t) => {
  const trunk = sampleTrunk({ outbound: ALL, callsPerSecond: 0.5, maxConcurrentCalls: 10, failoverCodes: [503] });
  t.match(route([{ trunk }], { callsIn: 3 }).waysTo(DEFAULT_TENANT, '+4930')[0], {
    line: { key: `trunk ${trunk.id}`, callsPerSecond: 0.5, maxConcurrent: 7 },
    trunk: { id: trunk.id, name: trunk.name },
    terms: { credentials: { username: 'u', password: 'p' } },
    failoverCodes: [503],
  });
  t.equal(route([{ trunk }], { callsIn: 12 }).waysTo(DEFAULT_TENANT, '+4930')[0]?.line.maxConcurrent, 0);
});

void t.test('the number of the agent that calls is shown, whichever way it goes', async (t) => {
  const trunk = sampleTrunk({ outbound: ALL, username: 'account' });
  const gateway = new GatewayRoute({ gatewayUri: 'sip:{number}@gateway.example', from: 'sip:us@here.example' });
  const agent = { line: { direction: 'outbound', number: '+4930999' } } as const;
  const shown = (placing?: object) =>
    route([{ trunk }], { gateway })
      .waysTo(DEFAULT_TENANT, '+4930', placing)
      .map(({ from }) => from?.uri);
  t.same(shown({ agent }), ['sip:+4930999@192.0.2.10', 'sip:+4930999@here.example']);
  t.same(shown({ agent: {} }), ['sip:account@192.0.2.10', 'sip:us@here.example']);
  t.same(shown(), ['sip:account@192.0.2.10', 'sip:us@here.example']);
});

void t.test('why there is no way: not allowed, none configured, none that takes it, all down', async (t) => {
  const germany = sampleTrunk({ outbound: [{ prefix: '+49', priority: 1, weight: 1 }] });
  const codeOf = (one: TrunkRoute, number: string): string => {
    try {
      one.waysTo(DEFAULT_TENANT, number);
    } catch (error) {
      return (error as { code: string }).code;
    }
    return 'a way';
  };
  t.equal(codeOf(route([{ trunk: germany }], { gateway: GATEWAY }), '+33123'), 'destination_not_allowed');
  t.equal(codeOf(route([]), '+4930'), 'outbound_not_configured');
  t.equal(codeOf(route([{ trunk: sampleTrunk() }]), '+4930'), 'outbound_not_configured', 'a trunk for calls in only');
  t.equal(codeOf(route([{ trunk: germany }]), '+1555'), 'forbidden');
  t.equal(codeOf(route([{ trunk: germany, up: false }]), '+4930'), 'signalling_unavailable');
  t.equal(codeOf(route([{ trunk: germany }]), '+4930'), 'a way');
  const foreign = { ...germany, tenantId: 'other' as typeof germany.tenantId };
  t.equal(codeOf(route([{ trunk: foreign }]), '+4930'), 'outbound_not_configured', "another tenant's trunk is none");
});

void t.test('a SIP URI goes over the trunk whose host it names, a number there under the guard of numbers', (t) => {
  const trunk = sampleTrunk({ host: 'pbx.example', outbound: ALL, numbers: { country: 'DE', out: 'e164', in: 'national' } });
  const one = route([{ trunk }]);
  const uris = (uri: string): string[] => one.waysToUri(DEFAULT_TENANT, uri).map((way) => way.uri);
  t.match(one.waysToUri(DEFAULT_TENANT, 'sip:sales@PBX.example;transport=tcp')[0], {
    uri: 'sip:sales@PBX.example;transport=tcp',
    trunk: { id: trunk.id },
    terms: { credentials: { username: 'u' } },
  });
  t.same(uris('sip:1001@pbx.example'), ['sip:1001@pbx.example'], 'an extension');
  t.same(uris('sip:030123456@pbx.example'), ['sip:+4930123456@pbx.example'], 'a number as it is dialled there');
  for (const [uri, code] of [
    ['sip:+33123456789@pbx.example', 'destination_not_allowed'],
    ['sip:0033123456789@pbx.example', 'destination_not_allowed'],
    ['sip:99999999999999999@pbx.example', 'forbidden'],
  ] as const) {
    t.throws(() => one.waysToUri(DEFAULT_TENANT, uri), { code }, uri);
  }
  t.match(one.waysToUri(DEFAULT_TENANT, 'sip:x@friend.example:5070')[0], {
    trunk: undefined,
    line: { key: 'host friend.example' },
  });
  for (const uri of ['sip:x@other.example', 'sip:x@friend.example.evil', 'sip:friend.example@evil', 'mailto:x@friend.example']) {
    t.throws(() => one.waysToUri(DEFAULT_TENANT, uri), { code: 'forbidden' }, uri);
  }
  t.throws(() => route([{ trunk, up: false }]).waysToUri(DEFAULT_TENANT, 'sip:sales@pbx.example'), { code: 'forbidden' });
  t.end();
});
