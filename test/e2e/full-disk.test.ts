import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { type CallResource, eventually, OffhookProcess, temporaryDirectory } from '../support/offhook-process.js';
import { Phone } from '../support/phone.js';
import { rms, toneShare } from '../support/signal.js';
import { readStereoWav } from '../support/wav.js';

/** With its database made while there was room. */
async function preparedDataDir(t: Test): Promise<string> {
  const dataDir = join(temporaryDirectory(t), 'data');
  const first = await OffhookProcess.start(t, { dataDir });
  first.kill('SIGTERM');
  await first.ended();
  return dataDir;
}

void t.test('a full disk while recording: one line in the log, the call goes on, what was recorded stays', async (t) => {
  const dataDir = await preparedDataDir(t);
  // No file of the server may grow beyond this: a write past it fails as it would on a full disk. Stereo at 16 kHz takes 64 kB/s.
  const server = await OffhookProcess.start(t, {
    dataDir,
    shell: 'trap "" XFSZ; ulimit -f 320; exec "$@"',
    env: { OFFHOOK_LOG_LEVEL: 'warn' },
  });
  const phone = await (await Phone.open(t, server.sipPort)).answered('tone');
  const failures = () => server.log.filter((line) => /recording/.test(line.msg));
  await eventually(() => failures()[0], 'the log line');
  await phone.rtp.more(100);
  const heard = phone.rtp.heard().slice(-8000);
  t.ok(toneShare(heard, 440, 8000) > 0.98, 'the caller still hears the tone');
  await phone.hangUp();
  await eventually(async () => {
    const [call] = await server.data<CallResource[]>('/calls');
    return call?.status === 'completed' ? call : undefined;
  }, 'the call completed');
  t.equal(failures().length, 1, 'said once');
  t.equal(failures()[0]?.level, 50);

  const folder = join(server.dataDir, 'recordings');
  const [name = ''] = readdirSync(folder);
  const { right } = readStereoWav(join(folder, name));
  t.ok(right.length > 16_000, `${right.length / 16_000} s are kept`);
  t.ok(toneShare(right.slice(8000), 440, 16_000) > 0.9, 'and hold what was sent');
  server.kill('SIGTERM');
  t.same(await server.ended(), { code: 0, signal: null });
});

void t.test('a disk that has no room for the record either: calls are answered and heard all the same', async (t) => {
  const dataDir = await preparedDataDir(t);
  // Room for SQLite's shared index, and next to none for what it writes.
  const server = await OffhookProcess.start(t, { dataDir, shell: 'trap "" XFSZ; ulimit -f 36; exec "$@"' });
  for (let call = 0; call < 4; call++) {
    const phone = await (await Phone.open(t, server.sipPort)).answered('tone');
    await phone.rtp.more(50);
    t.ok(rms(phone.rtp.heard()) > 1000, 'the tone is heard');
    await phone.hangUp();
  }
  await eventually(() => server.log.filter((line) => line.msg === 'call ended')[3], 'the end of the last call');
  t.ok(
    server.log.some((line) => line.msg === 'call record not stored'),
    'and the log says what is missing',
  );
  t.equal((await server.get('/healthz')).status, 200);
  server.kill('SIGTERM');
  t.same(await server.ended(), { code: 0, signal: null });
});

void t.test('no place for recordings: said in the log, and the call goes on', async (t) => {
  const dataDir = join(temporaryDirectory(t), 'data');
  mkdirSync(dataDir);
  writeFileSync(join(dataDir, 'recordings'), 'a file where the folder should be');
  const server = await OffhookProcess.start(t, { dataDir });
  const phone = await (await Phone.open(t, server.sipPort)).answered('tone');
  await phone.rtp.more(50);
  t.ok(rms(phone.rtp.heard()) > 1000, 'the tone is heard');
  await phone.hangUp();
  const call = await eventually(async () => {
    const [found] = await server.data<CallResource[]>('/calls');
    return found?.status === 'completed' ? found : undefined;
  }, 'the call completed');
  t.ok(server.log.some((line) => line.level === 50 && /recording/.test(line.msg)));
  t.equal((await server.get(`/api/v1/calls/${call.id}/recording/stream`)).status, 404, 'and none is promised');
  server.kill('SIGTERM');
  t.same(await server.ended(), { code: 0, signal: null });
});
