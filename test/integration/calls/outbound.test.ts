import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import { openRecording } from '../../../src/core/recording-file.js';
import { RecordingKeys } from '../../../src/core/recording-seal.js';
import type { Agent } from '../../../src/domain/agent.js';
import type { Call } from '../../../src/domain/call.js';
import { StereoRecording } from '../../../src/reports/stereo-recording.js';
import { startCalls } from '../../support/calls.js';
import { RtpPeer } from '../../support/rtp-peer.js';
import { sampleAgent } from '../../support/sample-records.js';
import { sine } from '../../support/signal.js';
import { header, type RawMessage } from '../../support/sip-peer.js';
import { newCall, requestText, responseText } from '../../support/sip-texts.js';

type Calls = Awaited<ReturnType<typeof startCalls>>;

const sdpFor = (rtp: { port: number }): string =>
  `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${rtp.port} RTP/AVP 0\r\n`;
const contact = (s: Calls): string[] => [`Contact: <sip:callee@127.0.0.1:${s.peer.port}>`];

/** Places a call to the peer and resolves with the INVITE it got. */
async function place(s: Calls, agent: Agent): Promise<{ call: Call; invite: RawMessage }> {
  const request = { agent, number: '+15550100', startingMessage: undefined, contextData: { name: 'Ann' }, taskId: undefined };
  const prepared = s.service.prepare(request);
  prepared.start({ recorded: false });
  return { call: prepared.call, invite: await s.peer.request('INVITE') };
}

async function startWithAgent(t: Parameters<typeof startCalls>[0], options?: Parameters<typeof startCalls>[1]) {
  const s = await startCalls(t, options);
  const agent = sampleAgent({ startingMessage: 'Hello {{name}}.' });
  await s.database.agents.insert(agent);
  return { s, agent };
}

void t.test('a call is placed to the gateway, answered over early media, heard, and hung up by the callee', async (t) => {
  const { s, agent } = await startWithAgent(t);
  const rtp = await RtpPeer.open();
  t.teardown(() => rtp.close());
  const { call, invite } = await place(s, agent);
  t.equal(invite.startLine, `INVITE sip:+15550100@127.0.0.1:${s.peer.port} SIP/2.0`);
  t.match(header(invite, 'From'), /<sip:desk@127\.0\.0\.1/);
  s.peer.send(responseText(invite, 180, 'Ringing', 'callee'));
  s.peer.send(responseText(invite, 183, 'Session Progress', 'callee', contact(s), sdpFor(rtp)));
  const rtpPort = Number(/m=audio (\d+)/.exec(invite.body)?.[1]);
  await rtp.play(sine(440, 200, 8000), rtpPort);
  t.match(await s.database.calls.find(DEFAULT_TENANT, call.id), {
    status: 'initiated',
    direction: 'outbound',
    sipCallId: header(invite, 'Call-ID'),
    recordingPath: `recordings/${call.id}.wav`,
  });
  t.same(s.conversations, [], 'a tape of the network is no callee');

  s.peer.send(responseText(invite, 200, 'OK', 'callee', contact(s), sdpFor(rtp)));
  await s.peer.request('ACK');
  await rtp.until(() => rtp.audioPackets().length > 10, 'audio of the agent');
  t.match(s.conversations[0]?.deps.agent, { startingMessage: 'Hello Ann.' });
  await rtp.play(sine(440, 500, 8000), rtpPort);
  const to = header(invite, 'From');
  const bye = requestText(s.peer, 'BYE', { ...newCall(), callId: header(invite, 'Call-ID') }, { to, cseq: 7 });
  s.peer.send(bye.replace(/^From: .*$/m, `From: ${header(invite, 'To')};tag=callee`));
  await s.peer.status(200, 'BYE');
  const ended = await s.nextEnded();
  t.match(ended, {
    id: call.id,
    status: 'completed',
    sipCode: 200,
    codec: 'PCMU',
    termination: { result: 'success', reason: 'callee_hangup' },
  });
  t.ok((ended.mediaStats?.['packetsReceived'] ?? 0) >= 25);
  t.ok(existsSync(join(s.dataDir, ended.recordingPath ?? '-')), 'the recording is there');
  const recording = await StereoRecording.open(
    await openRecording(join(s.dataDir, ended.recordingPath ?? '-'), new RecordingKeys([]), ended.tenantId),
  );
  const [heard] = await recording.levels();
  await recording.close();
  const early = Math.floor(((ended.answeredAtMs ?? 0) - (ended.recordingStartedAtMs ?? 0)) / 20);
  t.ok(heard.slice(0, early).filter((level) => level > -20).length >= 5, 'with what was heard before the answer');
  t.ok(heard.slice(early).filter((level) => level > -20).length >= 20);
  t.same(s.conversations[0]?.noted, ['start', 'end']);
  t.same(await s.database.calls.find(DEFAULT_TENANT, call.id), ended, 'and the record says the same');
});

void t.test('a busy callee fails the call with 486, and its port is free again', async (t) => {
  const { s, agent } = await startWithAgent(t, { capacity: 1 });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const { invite } = await place(s, agent);
    s.peer.send(responseText(invite, 486, 'Busy Here', 'callee'));
    t.match(await s.nextEnded(), { status: 'failed', sipCode: 486, termination: { result: 'client_error', reason: 'busy' } });
  }
  t.equal(s.service.activeCalls(), 0);
});

void t.test('a phone that rings too long gets CANCEL, and the call is no_answer', async (t) => {
  const { s, agent } = await startWithAgent(t, { ringTimeoutMs: 200 });
  const { invite } = await place(s, agent);
  s.peer.send(responseText(invite, 180, 'Ringing', 'callee'));
  const cancel = await s.peer.request('CANCEL');
  s.peer.send(responseText(cancel, 200, 'OK', 'callee'));
  s.peer.send(responseText(invite, 487, 'Request Terminated', 'callee'));
  t.match(await s.nextEnded(), { status: 'failed', sipCode: 487, termination: { reason: 'no_answer' } });
});

void t.test('the API cancels a call that rings with CANCEL, and ends one that was answered with BYE', async (t) => {
  const { s, agent } = await startWithAgent(t);
  const ringing = await place(s, agent);
  s.peer.send(responseText(ringing.invite, 180, 'Ringing', 'callee'));
  const cancelling = s.service.cancel(DEFAULT_TENANT, ringing.call.id);
  const cancel = await s.peer.request('CANCEL');
  s.peer.send(responseText(cancel, 200, 'OK', 'callee'));
  s.peer.send(responseText(ringing.invite, 487, 'Request Terminated', 'callee'));
  t.match(await cancelling, { status: 'failed', sipCode: 487, termination: { reason: 'cancelled' } });

  const { call, invite } = await place(s, agent);
  s.peer.send(responseText(invite, 200, 'OK', 'callee', contact(s), sdpFor({ port: 40_000 })));
  await s.peer.request('ACK');
  const ending = s.service.end(DEFAULT_TENANT, call.id);
  const bye = await s.peer.request('BYE');
  s.peer.send(responseText(bye, 200, 'OK', 'callee'));
  t.match(await ending, { status: 'completed', termination: { result: 'success', reason: 'api_hangup' } });
});
