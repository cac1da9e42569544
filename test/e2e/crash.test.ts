import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import {
  type CallResource,
  type EntryResource,
  eventually,
  OffhookProcess,
  temporaryDirectory,
} from '../support/offhook-process.js';
import { rms } from '../support/signal.js';
import { readStereoWav } from '../support/wav.js';

void t.test('kill -9 in mid-call: the next start closes the call, and transcript and recording are there', async (t) => {
  const dataDir = join(temporaryDirectory(t), 'data');
  const killed = await OffhookProcess.start(t, { dataDir });
  OffhookProcess.spawn(t, {
    args: ['call', `sip:demo@127.0.0.1:${killed.sipPort}`, '--say', 'What are your opening hours?'],
  });
  const before = await eventually(async () => {
    const [call] = await killed.data<CallResource[]>('/calls');
    const entries = call ? await entriesOf(killed, call.id) : [];
    return entries.some((entry) => entry.role === 'user') ? entries : undefined;
  }, 'the caller heard');
  const [call] = await killed.data<CallResource[]>('/calls');
  t.equal(call?.status, 'in_progress');
  killed.kill('SIGKILL');
  t.equal((await killed.ended()).signal, 'SIGKILL');

  const next = await OffhookProcess.start(t, { dataDir });
  const closed = await next.data<CallResource>(`/calls/${call?.id}`);
  t.match(closed, { status: 'failed', result: 'server_error', end_reason: 'crashed', recording_available: true });
  t.same((await entriesOf(next, closed.id)).slice(0, before.length), before, 'what was said is kept');

  const stream = await next.get(`/api/v1/calls/${closed.id}/recording/stream`);
  t.equal(stream.status, 200);
  const file = join(temporaryDirectory(t), 'recording.wav');
  writeFileSync(file, Buffer.from(await stream.arrayBuffer()));
  const { sampleRateHz, left, right } = readStereoWav(file);
  t.equal(sampleRateHz, 16_000);
  t.ok(right.length > 3 * 16_000, `${right.length / 16_000} s recorded`);
  t.ok(rms(right) > 300, 'the agent is heard');
  t.ok(rms(left) > 300, 'the caller is heard');
  next.kill('SIGTERM');
  t.same(await next.ended(), { code: 0, signal: null });
});

const entriesOf = async (server: OffhookProcess, id: string): Promise<EntryResource[]> =>
  (await server.data<{ transcript: EntryResource[] }>(`/calls/${id}/transcript`)).transcript;
