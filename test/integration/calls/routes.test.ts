import t from 'tap';
import { systemClock } from '../../../src/core/clock.js';
import { DEFAULT_TENANT, newRouteId } from '../../../src/core/ids.js';
import type { SpeechCatalog, SynthesisRequest } from '../../../src/domain/ports/speech.js';
import { ANY_CALL, type RouteMatch, type RouteTarget } from '../../../src/domain/route.js';
import { RouteTable } from '../../../src/routes/route-table.js';
import { startCalls } from '../../support/calls.js';
import { RtpPeer } from '../../support/rtp-peer.js';
import { clearShare, sine } from '../../support/signal.js';
import { header, type RawMessage } from '../../support/sip-peer.js';
import { ackText, inviteText, newCall } from '../../support/sip-texts.js';
import type { TestTelephony } from '../../support/telephony.js';

type Test = Parameters<typeof startCalls>[0];

const HZ = 440;
/** Every clause sounds for half a second. */
const tts = {
  name: 'tone',
  async *synthesize(request: SynthesisRequest) {
    spoken.push(request.text);
    yield { pcm: sine(HZ, 500, 16_000), rateHz: 16_000 };
  },
};
const spoken: string[] = [];

async function startRouted(t: Test, target: RouteTarget, match: Partial<RouteMatch> = {}) {
  const route = {
    id: newRouteId(),
    tenantId: DEFAULT_TENANT,
    name: 'only',
    enabled: true,
    priority: 1,
    version: 1,
    createdAtMs: 0,
    updatedAtMs: 0,
    match: { ...ANY_CALL, ...match },
    target,
    variables: [{ name: 'customer', header: 'X-Customer', part: 'value' as const }],
  };
  const speech = { suiteFor: () => ({ tts }), warm: async () => {} } as unknown as SpeechCatalog;
  return startCalls(t, { speech, routes: new RouteTable({ routes: { enabledOf: async () => [route] }, clock: systemClock }) });
}

async function invite(s: TestTelephony, rtp: RtpPeer, status: number, headers: string[] = []): Promise<RawMessage> {
  const call = newCall();
  const body = `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${rtp.port} RTP/AVP 0\r\n`;
  s.peer.send(inviteText(s.peer, call, { uri: 'sip:+4930123456@127.0.0.1', headers, body }));
  const response = await s.peer.status(status);
  s.peer.send(ackText(s.peer, call, response, status === 200 ? {} : { branch: call.branch }));
  return response;
}

async function rtpPeer(t: Test): Promise<RtpPeer> {
  const rtp = await RtpPeer.open();
  t.teardown(() => rtp.close());
  return rtp;
}

void t.test('an announcement is heard to its end, whatever comes meanwhile, and then hung up', async (t) => {
  const text = 'Dear {{customer}}, we are closed today. Please call again tomorrow, between nine and five.';
  const s = await startRouted(t, { type: 'announcement', text, agent: undefined }, { called: ['+4930*'] });
  const rtp = await rtpPeer(t);
  await invite(s, rtp, 200, ['X-Customer: Zoe']);
  const bye = await s.peer.request('BYE');
  s.peer.send(bye.text.replace(/^BYE .*\r\n/, 'SIP/2.0 200 OK\r\n'));
  const call = await s.nextEnded();
  t.match(call, { status: 'completed', agentName: 'announcement', variables: { customer: 'Zoe' } });
  t.match(call.termination, { result: 'success', reason: 'agent_hangup' });
  const said = text.replace('{{customer}}', 'Zoe');
  t.equal(spoken.splice(0).join(' '), said);
  t.match(await s.database.calls.transcript(call.id), [{ speaker: 'agent', text: said, heardText: said, interrupted: false }]);
  const tone = rtp.heard().filter((sample) => Math.abs(sample) > 500).length;
  t.ok(tone > 6000, `${tone} loud samples: both sentences sounded for half a second`);
  t.ok(clearShare(rtp.heard().slice(0, 4000), HZ, 8000) > 0.6);
  t.same(await s.database.calls.find(DEFAULT_TENANT, call.id), call, 'and the record says the same');
});

void t.test('who hangs up during an announcement has heard its beginning', async (t) => {
  const text = 'One sentence is here. Another sentence is there. And the third one, which nobody hears.';
  const s = await startRouted(t, { type: 'announcement', text, agent: undefined });
  const rtp = await rtpPeer(t);
  await invite(s, rtp, 200);
  await rtp.until(() => rtp.heard().filter((sample) => Math.abs(sample) > 500).length > 1000, 'it has begun');
  const [active] = await s.database.calls.unfinished();
  const ending = s.service.end(DEFAULT_TENANT, active!.id);
  const bye = await s.peer.request('BYE');
  s.peer.send(bye.text.replace(/^BYE .*\r\n/, 'SIP/2.0 200 OK\r\n'));
  await ending;
  const [entry] = await s.database.calls.transcript(active!.id);
  t.match(entry, { text, interrupted: true });
  t.ok(text.startsWith(entry?.heardText ?? 'x') && entry?.heardText !== text, entry?.heardText ?? 'nothing');
});

void t.test('a redirection names where to call instead; a rejection has the status that the route says', async (t) => {
  const s = await startRouted(t, { type: 'redirect', to: 'sip:desk@pbx.example;transport=tcp' });
  const rtp = await rtpPeer(t);
  const moved = await invite(s, rtp, 302);
  t.equal(header(moved, 'Contact'), '<sip:desk@pbx.example;transport=tcp>');
  t.match(await s.nextEnded(), {
    status: 'completed',
    termination: { result: 'success', reason: 'redirected' },
    sipCode: 302,
    sipReason: 'Moved Temporarily',
    endedBy: 'system',
    agentName: '+4930123456',
  });
  const n = await startRouted(t, { type: 'redirect', to: '+49301' });
  t.equal(header(await invite(n, rtp, 302), 'Contact'), '<tel:+49301>');
  const r = await startRouted(t, { type: 'reject', status: 486 });
  await invite(r, rtp, 486);
  t.match(await r.nextEnded(), { status: 'failed', termination: { result: 'client_error', reason: 'rejected' }, sipCode: 486 });
});
