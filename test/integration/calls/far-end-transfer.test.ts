import t from 'tap';
import { GatewayRoute } from '../../../src/calls/gateway-route.js';
import { TollLedger } from '../../../src/calls/toll-ledger.js';
import { systemClock } from '../../../src/core/clock.js';
import { DEFAULT_TENANT, newTrunkId } from '../../../src/core/ids.js';
import type { Arrival } from '../../../src/domain/ports/inbound-trunks.js';
import type { Way } from '../../../src/domain/ports/outbound-route.js';
import { TrunkRoute } from '../../../src/trunks/trunk-route.js';
import { startCalls } from '../../support/calls.js';
import { FarEnd } from '../../support/far-end.js';
import { rms, sine, toneShare } from '../../support/signal.js';
import { header, type RawMessage } from '../../support/sip-peer.js';
import { inviteText, newCall } from '../../support/sip-texts.js';
import { until } from '../../support/until.js';

type Test = { teardown(task: () => Promise<void> | void): void };

const TRUNK = { id: newTrunkId(), name: 'PBX' };
const ARRIVAL: Arrival = {
  tenantId: DEFAULT_TENANT,
  trunk: TRUNK,
  wanted: ['demo'],
  callerNumber: undefined,
  variables: [{ name: 'customer', header: 'X-Customer-ID', part: 'value' }],
  maxConcurrentCalls: undefined,
  terms: {},
};

/** A PBX's user on a call with the demo agent, who may have us call others. */
async function talking(t: Test, acceptRefer = true) {
  let port = 0;
  const arrivalOf = (): Arrival => ARRIVAL;
  const headers = { 'X-Customer': '{{customer}}', 'X-Call': '{{call.id}}', 'X-Nothing': '{{nothing}}' };
  const overTrunk = (way: Way): Way => ({ ...way, terms: { headers } });
  const s = await startCalls(t, {
    trunks: { arrivalOf },
    handoverOf: () => ({ transfer: 'auto', acceptRefer }),
    route: () => {
      const route = new TrunkRoute({
        trunks: { outboundOf: () => [] },
        gateway: new GatewayRoute({ gatewayUri: `sip:{number}@127.0.0.1:${port}` }),
        guard: new TollLedger({ allowedPrefixes: ['+1'] }, systemClock),
        allowedHosts: ['127.0.0.1'],
        phones: { resolve: () => undefined, localUser: () => undefined },
        callsIn: () => 0,
        random: () => 0,
      });
      return {
        waysTo: (tenant, number) => route.waysTo(tenant, number).map(overTrunk),
        waysToUri: (tenant, uri) => route.waysToUri(tenant, uri).map(overTrunk),
      };
    },
  });
  port = s.peer.port;
  const [caller, other] = [await FarEnd.open(s.peer, 'PCMU'), await FarEnd.open(s.peer, 'PCMA')];
  t.teardown(() => Promise.all([caller.rtp.close(), other.rtp.close()]).then(() => {}));
  await caller.call('demo', ['X-Customer-ID: C-7']);
  await until(() => s.conversations[0]?.noted.includes('start') ?? false);
  const [record] = (await s.database.calls.list(DEFAULT_TENANT, {}, { limit: 1, offset: 0 })).items;
  if (!record) throw new Error('no record of the call');
  const call = () => s.database.calls.find(DEFAULT_TENANT, record.id);
  return { s, caller, other, id: record.id, call };
}

type Talk = Awaited<ReturnType<typeof talking>>;

const refer = ({ caller }: Talk, to: string, headers: readonly string[] = []): Promise<RawMessage> =>
  caller.request('REFER', [`Refer-To: ${to}`, ...headers]);

const hears = (end: FarEnd, hz: number): boolean => {
  const newest = end.rtp.heard().slice(-1_600);
  return newest.length === 1_600 && rms(newest) > 1_000 && toneShare(newest, hz, 8_000) > 0.9;
};

/** The agent speaks and listens on the line of `end`. */
async function agentTalksWith({ s }: Talk, end: FarEnd): Promise<void> {
  const media = s.conversations[0]?.deps.media;
  if (!media) throw new Error('no conversation');
  const heard = media.heard();
  await end.rtp.play(sine(440, 200, 8_000), end.mediaPort);
  await until(() => media.heard() >= heard + 1_600);
  media.playout.write(sine(880, 500, 16_000), 16_000);
  await end.rtp.until(() => hears(end, 880), 'the agent');
}

void t.test('REFER: the agent goes on with whom the far end names, who is told how it goes', async (t) => {
  const talk = await talking(t);
  const { s, caller, other, call } = talk;
  t.equal((await refer(talk, `<sip:sales@127.0.0.1:${s.peer.port}>`, ['Referred-By: <sip:ann@127.0.0.1>'])).status, 202);
  const trying = await caller.asked('NOTIFY');
  t.match(trying.body, /^SIP\/2\.0 100 /);
  t.match(header(trying, 'Event'), /^refer\b/);
  t.match(header(trying, 'Subscription-State'), /^active;expires=\d+$/);
  const invite = await other.invited();
  t.match(invite.startLine, /^INVITE sip:sales@127\.0\.0\.1/);
  t.match(header(invite, 'Referred-By'), /^<sip:ann@127\.0\.0\.1/);
  t.same([header(invite, 'X-Customer'), header(invite, 'X-Call'), header(invite, 'X-Nothing')], ['C-7', talk.id, '']);
  await other.answer(180, 'Ringing');
  t.match((await caller.asked('NOTIFY')).body, /^SIP\/2\.0 180 /);
  await agentTalksWith(talk, caller);
  await other.answer(200, 'OK');
  const done = await caller.asked('NOTIFY');
  t.match(done.body, /^SIP\/2\.0 200 /);
  t.match(header(done, 'Subscription-State'), /^terminated;reason=noresource$/);
  t.equal((await caller.hangUp()).status, 200);
  await agentTalksWith(talk, other);
  t.match(await call(), {
    status: 'in_progress',
    codec: 'PCMA',
    transfer: { kind: 'blind', method: 'refer', by: 'far_end', status: 'completed', leg: { sipCallId: other.callId } },
  });
  t.same(s.conversations[0]?.noted, ['start']);
  await other.hangUp();
  t.match(await s.nextEnded(), { termination: { reason: 'caller_hangup' } });
});

void t.test('a far end that has itself replaced and stays is hung up on; the end of the call ends both', async (t) => {
  const talk = await talking(t);
  await refer(talk, 'tel:+1-555-0199', ['Refer-Sub: false']);
  const invite = await talk.other.invited();
  t.match(invite.startLine, /^INVITE sip:\+15550199@/);
  await talk.other.answer(200, 'OK');
  await talk.caller.asked('BYE');
  t.notOk(
    talk.s.peer.received.some(({ startLine }) => startLine.startsWith('NOTIFY')),
    'which did not want to be told',
  );
  const bye = talk.other.asked('BYE');
  void talk.s.service.end(DEFAULT_TENANT, talk.id);
  await bye;
});

void t.test('when whom it names does not answer, the far end is told, and has the agent still', async (t) => {
  const talk = await talking(t);
  await refer(talk, `sip:sales@127.0.0.1:${talk.s.peer.port}`);
  await talk.caller.asked('NOTIFY');
  await talk.other.invited();
  await talk.other.answer(486, 'Busy Here');
  const told = await talk.caller.asked('NOTIFY');
  t.match(told.body, /^SIP\/2\.0 486 Busy Here/);
  t.match(header(told, 'Subscription-State'), /^terminated/);
  await agentTalksWith(talk, talk.caller);
  t.match(await talk.call(), { status: 'in_progress', transfer: { status: 'failed', sipCode: 486, reason: 'busy' } });
});

void t.test('with Replaces it takes over a dialog there', async (t) => {
  const talk = await talking(t);
  const to = `<sip:sales@127.0.0.1:${talk.s.peer.port}?Replaces=abc%40x%3Bto-tag%3D1%3Bfrom-tag%3D2>`;
  t.equal((await refer(talk, to)).status, 202);
  await talk.caller.asked('NOTIFY');
  const invite = await talk.other.invited();
  t.equal(header(invite, 'Replaces'), 'abc@x;to-tag=1;from-tag=2');
  t.match(invite.startLine, /^INVITE sip:sales@127\.0\.0\.1:\d+ SIP/);
  await talk.other.answer(603, 'Decline');
  await talk.caller.asked('NOTIFY');
  t.match((await talk.call())?.transfer, { kind: 'attended', status: 'failed', reason: 'declined' });
});

void t.test(
  'who may not have us call, and what may not be called, is refused; what is no Refer-To is a bad request',
  async (t) => {
    const talk = await talking(t);
    for (const [to, status] of [
      ['<sip:x@192.0.2.1>', 403],
      ['tel:+4930123456', 403],
      ['<sip:a@127.0.0.1>, <sip:b@127.0.0.1>', 400],
      ['<mailto:a@127.0.0.1>', 400],
      ['<sip:a@127.0.0.1;method=BYE>', 400],
      ['<sip:a@127.0.0.1?Replaces=%zz>', 400],
    ] as const) {
      t.equal((await refer(talk, to)).status, status, to);
    }
    t.equal((await talk.caller.request('REFER')).status, 400, 'none');
    t.equal((await talk.call())?.transfer, undefined);
    const closed = await talking(t, false);
    t.equal((await refer(closed, `sip:sales@127.0.0.1:${closed.s.peer.port}`)).status, 403);
  },
);

void t.test('INVITE with Replaces: the new one has the agent, the old one gets its BYE', async (t) => {
  const talk = await talking(t);
  const bye = talk.caller.asked('BYE');
  await talk.other.call('demo', [`Replaces: ${talk.caller.replaces}`]);
  await bye;
  await agentTalksWith(talk, talk.other);
  t.same(talk.s.conversations.length, 1, 'the same conversation');
  await until(async () => (await talk.call())?.transfer?.method === 'replaces');
  t.match(await talk.call(), { status: 'in_progress', codec: 'PCMA', transfer: { by: 'far_end', status: 'completed' } });
  await talk.other.hangUp();
  t.match(await talk.s.nextEnded(), { termination: { reason: 'caller_hangup' } });
});

void t.test('INVITE with Replaces that fits no call, is for an early one only, or cannot be read', async (t) => {
  const talk = await talking(t);
  const { peer } = talk.s;
  const [callId, ...tags] = talk.caller.replaces.split(';');
  for (const [replaces, status] of [
    [`x${talk.caller.replaces}`, 481],
    [`${callId};to-tag=x;${tags[1]}`, 481],
    [`${talk.caller.replaces};early-only`, 486],
    [`${callId}`, 400],
    [`${talk.caller.replaces};to-tag=2`, 400],
    [`${talk.caller.replaces}, ${talk.caller.replaces}`, 400],
  ] as const) {
    peer.send(
      inviteText(peer, newCall(), { uri: 'sip:demo@127.0.0.1', headers: [`Replaces: ${replaces}`, 'Require: replaces'] }),
    );
    t.equal((await peer.next((m) => m.status >= 200 && m.method === 'INVITE', 'a final')).status, status, replaces);
  }
  await agentTalksWith(talk, talk.caller);
});
