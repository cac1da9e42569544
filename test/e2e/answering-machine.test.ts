import t, { type Test } from 'tap';
import { FarEnd } from '../support/far-end.js';
import { eventually } from '../support/offhook-process.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { rms, sine } from '../support/signal.js';
import { SipPeer } from '../support/sip-peer.js';
import { joined, silent, spoken } from '../support/test-audio.js';

const MESSAGE = 'Please call us back about {{what}}.';
const FRAME = 160;

type CallData = {
  status: string;
  end_reason: string;
  outcome: string;
  answered_by: { verdict: string; reason: string; after_ms: number } | null;
  heard_tones: { tone: string }[];
  transcript: { role: string; message: string }[];
};

/** 16 kHz to the line's 8 kHz. */
const narrow = (pcm: Int16Array): Int16Array =>
  new Int16Array(pcm.length >> 1).map((_, i) => ((pcm[2 * i] ?? 0) + (pcm[2 * i + 1] ?? 0)) / 2);

/** The loudness of each 20 ms, from the first that can be heard to the last. */
function envelope(pcm: Int16Array): number[] {
  const levels = Array.from({ length: Math.floor(pcm.length / FRAME) }, (_, i) => rms(pcm.subarray(i * FRAME, (i + 1) * FRAME)));
  const audible = (level: number): boolean => level > 60;
  return levels.slice(levels.findIndex(audible), levels.findLastIndex(audible) + 1);
}

async function data<T>(server: TestServer, path: string, body?: object): Promise<T> {
  const init = body && { method: 'POST', body: JSON.stringify(body) };
  const response = await server.api(`/api/v1${path}`, init);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { data: T }).data;
}

/** Has an agent call somebody; resolves when it rings there. */
async function ringing(t: Test, server: TestServer, peer: SipPeer, number: string, voicemail: object) {
  const far = await FarEnd.open(peer);
  t.teardown(() => far.rtp.close());
  const settings = { name: 'Reminder', system_prompt: 'x', starting_message: 'Hello.' };
  const agent = await data<{ id: string }>(server, '/agents', { ...settings, voicemail: { enabled: true, ...voicemail } });
  const task = { agent_id: agent.id, name: 'Remind', to_number: number, context_data: { what: 'your teeth' } };
  const { id } = await data<{ id: string }>(server, '/tasks', task);
  const { call_id } = await data<{ call_id: string }>(server, `/tasks/${id}/execute`, {});
  await far.invited(number);
  await far.answer(180, 'Ringing');
  const ended = async () => ({
    call: await eventually(async () => {
      const call = await data<CallData>(server, `/calls/${call_id}`);
      return call.status === 'completed' || call.status === 'failed' ? call : undefined;
    }, 'the call is over'),
    task: await data<{ status: string; failure_reason: string | null }>(server, `/tasks/${id}`),
  });
  return { far, ended };
}

/** Plays this again and again until the other side hangs up. */
async function hungUpOn(far: FarEnd, sound: Int16Array): Promise<void> {
  const line = { open: true };
  const bye = far.asked('BYE').finally(() => {
    line.open = false;
  });
  while (line.open) await far.rtp.play(sound, far.mediaPort);
  await bye;
}

void t.test('a machine is left the whole message after its beep, or hung up on', async (t) => {
  const peer = await SipPeer.udp();
  t.teardown(() => peer.close());
  const server = await startTestServer({
    outbound: { gatewayUri: `sip:{number}@127.0.0.1:${peer.port}`, callsPerSecond: 50 },
    speech: { embedded: { sttPool: 0, ttsWorkers: 1 } },
  });
  t.teardown(() => server.close());
  const greeting = narrow(await spoken('This is the Smith family. Please leave us a message.'));
  const beep = joined(new Int16Array(3200), sine(1000, 300, 8000, 6000));
  const message = MESSAGE.replace('{{what}}', 'your teeth');
  const meant = envelope(narrow(await spoken(message)));

  const left = await ringing(t, server, peer, '+15550100', { mode: 'message', text: MESSAGE });
  const hungUp = await ringing(t, server, peer, '+15550101', { mode: 'hangup' });
  const leaveMessage = async (): Promise<Int16Array> => {
    const { far } = left;
    await far.answer(200, 'OK');
    await far.rtp.play(joined(silent(100), greeting, beep), far.mediaPort);
    const afterBeep = far.rtp.audioPackets().length;
    await hungUpOn(far, new Int16Array(5 * FRAME));
    return far.rtp.heard(afterBeep);
  };
  const hearAndHangUp = async (): Promise<void> => {
    const { far } = hungUp;
    await far.answer(200, 'OK');
    await hungUpOn(far, joined(silent(100), greeting, beep));
  };
  const [recorded] = await Promise.all([leaveMessage(), hearAndHangUp()]);

  const heard = envelope(recorded);
  t.ok(Math.abs(heard.length - meant.length) <= 5, `${heard.length} frames heard of ${meant.length}`);
  const one = await left.ended();
  t.match(one.call, {
    status: 'completed',
    end_reason: 'voicemail_left',
    outcome: 'answered',
    answered_by: { verdict: 'machine' },
    heard_tones: [{ tone: 'beep' }],
  });
  t.equal(one.call.transcript.at(-1)?.message, message);
  t.match(one.task, { status: 'completed', failure_reason: null });

  const other = await hungUp.ended();
  t.match(other.call, { status: 'failed', end_reason: 'voicemail', answered_by: { verdict: 'machine' } });
  t.match(other.task, { status: 'failed', failure_reason: 'voicemail' }, 'nobody was reached');
});
