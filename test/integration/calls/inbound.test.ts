import t from 'tap';
import { systemClock } from '../../../src/core/clock.js';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import type { SpeechCatalog } from '../../../src/domain/ports/speech.js';
import { startCalls } from '../../support/calls.js';
import { FakeTts } from '../../support/fake-speech.js';
import { RtpPeer } from '../../support/rtp-peer.js';
import { sampleAgent } from '../../support/sample-records.js';
import { clearShare, rms, sine } from '../../support/signal.js';
import { header, type RawMessage } from '../../support/sip-peer.js';
import { ackText, type CallTexts, inviteText, newCall, requestText } from '../../support/sip-texts.js';
import { REAL_SERVER, type TestTelephony } from '../../support/telephony.js';

type Test = { teardown(task: () => Promise<void> | void): void };
type Calls = Awaited<ReturnType<typeof startCalls>>;
type Caller = { call: CallTexts; ok: RawMessage; rtpPort: number; sdp: (extra?: string) => string };

const sdpFor = (rtp: { port: number }, extra = ''): string =>
  `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${rtp.port} RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n${extra}`;

/** Calls `user` and acknowledges the answer. */
async function dial(s: TestTelephony, rtp: RtpPeer, user: string): Promise<Caller> {
  const call = newCall();
  s.peer.send(inviteText(s.peer, call, { uri: `sip:${user}@127.0.0.1`, body: sdpFor(rtp) }));
  const ok = await s.peer.status(200);
  s.peer.send(ackText(s.peer, call, ok));
  const rtpPort = Number(/m=audio (\d+)/.exec(ok.body)?.[1]);
  return { call, ok, rtpPort, sdp: (extra) => sdpFor(rtp, extra) };
}

async function refused(s: TestTelephony, status: number, user: string, body?: string): Promise<RawMessage> {
  const call = newCall();
  s.peer.send(inviteText(s.peer, call, { uri: `sip:${user}@127.0.0.1`, ...(body === undefined ? {} : { body }) }));
  const response = await s.peer.status(status);
  s.peer.send(ackText(s.peer, call, response, { branch: call.branch }));
  return response;
}

async function reinvite(s: TestTelephony, { call, ok }: Caller, cseq: number, body: string): Promise<RawMessage> {
  s.peer.send(requestText(s.peer, 'INVITE', call, { to: header(ok, 'To'), cseq, body }));
  const response = await s.peer.status(200);
  s.peer.send(ackText(s.peer, call, response, { cseq }));
  return response;
}

async function hangUp(s: TestTelephony, { call, ok }: Caller): Promise<void> {
  s.peer.send(requestText(s.peer, 'BYE', call, { to: header(ok, 'To'), cseq: 100 }));
  await s.peer.status(200, 'BYE');
}

const answerBye = async (s: TestTelephony): Promise<void> => {
  const bye = await s.peer.request('BYE');
  s.peer.send(bye.text.replace(/^BYE .*\r\n/, 'SIP/2.0 200 OK\r\n'));
};

async function rtpPeer(t: Test): Promise<RtpPeer> {
  const rtp = await RtpPeer.open();
  t.teardown(() => rtp.close());
  return rtp;
}

void t.test('an echo call returns 440 Hz, is silent on hold, and returns 440 Hz again', async (t) => {
  const s = await startCalls(t);
  const rtp = await rtpPeer(t);
  const caller = await dial(s, rtp, 'echo');
  const hears440 = async (): Promise<number> => {
    const from = rtp.audioPackets().length;
    await rtp.play(sine(440, 1000, 8000), caller.rtpPort);
    await rtp.until(() => clearShare(rtp.heard(from), 440, 8000) > 0.6, '440 Hz comes back');
    return clearShare(rtp.heard(from), 440, 8000);
  };
  const share = await hears440();
  t.ok(share > 0.6, `share of 440 Hz ${share.toFixed(3)}`);

  const held = await reinvite(s, caller, 2, caller.sdp('a=sendonly\r\n'));
  t.match(held.body, /a=recvonly\r\n/);
  const from = rtp.audioPackets().length;
  await rtp.play(sine(440, 500, 8000), caller.rtpPort);
  t.ok(rms(rtp.heard(from).slice(1600)) < 1, 'nothing is sent to who does not listen');

  const resumed = await reinvite(s, caller, 3, caller.sdp());
  t.match(resumed.body, /a=sendrecv\r\n/);
  t.ok((await hears440()) > 0.6, 'taken back');

  await hangUp(s, caller);
  const call = await s.nextEnded();
  t.match(call, {
    status: 'completed',
    agentName: 'echo',
    codec: 'PCMU',
    termination: { reason: 'caller_hangup' },
    sipCode: 200,
  });
  t.ok((call.mediaStats?.['packetsReceived'] ?? 0) >= 100, 'every packet was counted');
  t.same(await s.database.calls.find(DEFAULT_TENANT, call.id), call, 'and the record says the same');
});

void t.test('a text in the dialog of a call is told with the call; where nobody takes texts it is refused', async (t) => {
  const texts: string[] = [];
  const s = await startCalls(t, {
    onText: (call, text) => {
      texts.push(`${call.status} ${text.text}`);
      text.answer(200);
    },
  });
  const rtp = await rtpPeer(t);
  const caller = await dial(s, rtp, 'tone');
  const say = (to: RawMessage, call: CallTexts, cseq: number, type: string): void =>
    s.peer.send(
      requestText(s.peer, 'MESSAGE', call, { to: header(to, 'To'), cseq, body: '4711', headers: [`Content-Type: ${type}`] }),
    );
  say(caller.ok, caller.call, 2, 'text/plain');
  await s.peer.status(200, 'MESSAGE');
  say(caller.ok, caller.call, 3, 'text/html');
  await s.peer.status(415, 'MESSAGE');
  t.same(texts, ['in_progress 4711']);
  await hangUp(s, caller);

  const deaf = await startCalls(t);
  const other = await dial(deaf, rtp, 'tone');
  deaf.peer.send(
    requestText(deaf.peer, 'MESSAGE', other.call, {
      to: header(other.ok, 'To'),
      cseq: 2,
      body: 'x',
      headers: ['Content-Type: text/plain'],
    }),
  );
  await deaf.peer.status(405, 'MESSAGE');
  await hangUp(deaf, other);
});

void t.test('a tone call sends 440 Hz until the API ends it with BYE', async (t) => {
  const s = await startCalls(t);
  const rtp = await rtpPeer(t);
  await dial(s, rtp, 'tone');
  await rtp.until(() => rtp.heard().length > 8000, 'a second of audio');
  t.ok(clearShare(rtp.heard().slice(-4000), 440, 8000) > 0.9);
  const [active] = await s.database.calls.unfinished();
  if (!active) throw new Error('the call is not on record');
  const [ended] = await Promise.all([s.service.end(DEFAULT_TENANT, active.id), answerBye(s)]);
  t.match(ended, { status: 'completed', termination: { result: 'success', reason: 'api_hangup' } });
  await t.rejects(s.service.end(DEFAULT_TENANT, active.id), { code: 'call_already_ended' });
});

void t.test("an agent's call brings INFO digits and holds to the conversation, and its goodbye is a BYE", async (t) => {
  const s = await startCalls(t);
  await s.database.agents.insert(sampleAgent({ sipUser: 'desk' }));
  const rtp = await rtpPeer(t);
  const caller = await dial(s, rtp, 'desk');
  t.ok(
    s.peer.received.some((m) => m.status === 180),
    'it rang',
  );
  const headers = ['Content-Type: application/dtmf-relay'];
  s.peer.send(
    requestText(s.peer, 'INFO', caller.call, {
      to: header(caller.ok, 'To'),
      cseq: 2,
      headers,
      body: 'Signal=7\r\nDuration=100\r\n',
    }),
  );
  await s.peer.status(200, 'INFO');
  await reinvite(s, caller, 3, caller.sdp('a=inactive\r\n'));
  await reinvite(s, caller, 4, caller.sdp());
  const [conversation] = s.conversations;
  conversation?.deps.record.entry({
    speaker: 'agent',
    text: 'Bye.',
    heardText: 'Bye.',
    interrupted: false,
    startMs: 0,
    endMs: 1,
  });
  conversation?.deps.hangup('goodbye');
  await answerBye(s);
  const call = await s.nextEnded();
  t.same(conversation?.noted, ['start', 'digit 7', 'hold', 'unhold', 'end']);
  t.match(call, { agentName: 'Front Desk', agentVersion: 1, termination: { result: 'success', reason: 'agent_hangup' } });
  t.match(await s.database.calls.transcript(call.id), [{ sequence: 1, text: 'Bye.' }]);
});

void t.test('a caller who cancels while it rings leaves a record', async (t) => {
  let ring = (): void => {};
  const warming = new Promise<void>((resolve) => {
    ring = resolve;
  });
  t.teardown(() => ring());
  const s = await startCalls(t, {
    speech: { suiteFor: () => ({ tts: new FakeTts(systemClock) }), warm: () => warming } as unknown as SpeechCatalog,
  });
  const call = newCall();
  s.peer.send(inviteText(s.peer, call, { uri: 'sip:demo@127.0.0.1' }));
  await s.peer.status(180);
  s.peer.send(requestText(s.peer, 'CANCEL', call, { branch: call.branch }));
  const terminated = await s.peer.status(487);
  s.peer.send(ackText(s.peer, call, terminated, { branch: call.branch }));
  t.match(await s.nextEnded(), { status: 'failed', termination: { result: 'client_error', reason: 'cancelled' }, sipCode: 487 });
});

void t.test('nobody there is 404, nothing in common 488, rubbish 400: each on the wire and on record', async (t) => {
  const s = await startCalls(t);
  await refused(s, 404, 'nobody');
  t.match(await s.nextEnded(), { sipCode: 404, agentName: 'nobody', termination: { reason: 'agent_not_found' } });
  await refused(s, 488, 'echo', sdpFor({ port: 4000 }).replace('RTP/AVP 0 101', 'RTP/AVP 18'));
  t.match(await s.nextEnded(), { sipCode: 488, termination: { reason: 'no_common_codec' } });
  await refused(s, 400, 'echo', 'v=0\r\nrubbish\r\n');
  t.match(await s.nextEnded(), { sipCode: 400, termination: { reason: 'bad_request' } });
  t.equal((await s.database.calls.list(DEFAULT_TENANT, {}, { limit: 10, offset: 0 })).total, 3);
});

void t.test('without a free session a call is 503 with Retry-After, and the next fits when one has ended', async (t) => {
  const s = await startCalls(t, { capacity: 1 });
  const rtp = await rtpPeer(t);
  const first = await dial(s, rtp, 'echo');
  t.match(header(await refused(s, 503, 'echo', sdpFor(rtp)), 'Retry-After'), /^\d+$/);
  t.match(await s.nextEnded(), { termination: { result: 'server_error', reason: 'media_ports_exhausted' } });
  await hangUp(s, first);
  await s.nextEnded();
  t.match((await dial(s, rtp, 'echo')).ok.status, 200);
});

void t.test(
  'calls end on record when the signalling server is lost',
  { skip: REAL_SERVER && 'it is not ours to stop' },
  async (t) => {
    const s: Calls = await startCalls(t);
    const rtp = await rtpPeer(t);
    await dial(s, rtp, 'echo');
    await s.stopServer?.();
    t.match(await s.nextEnded(), { status: 'failed', termination: { result: 'server_error', reason: 'internal' } });
    t.equal(s.service.activeCalls(), 0);
  },
);
