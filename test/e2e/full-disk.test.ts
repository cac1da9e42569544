import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { type CallResource, eventually, OffhookProcess } from '../support/offhook-process.js';
import { Phone } from '../support/phone.js';
import { rms, toneShare } from '../support/signal.js';
import { readStereoWav } from '../support/wav.js';

void t.test('a full disk while recording: one line in the log, the call goes on, what was recorded stays', async (t) => {
  // No file of the server may grow beyond this: a write past it fails as it would on a full disk. Stereo at 16 kHz takes 64 kB/s.
  const server = await OffhookProcess.start(t, {
    shell: 'trap "" XFSZ; ulimit -f 192; exec "$@"',
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

void t.test('a data directory that is full from the start: calls are answered all the same', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'offhook-e2e-'));
  t.teardown(() => rmSync(dataDir, { recursive: true, force: true }));
  const first = await OffhookProcess.start(t, { dataDir });
  first.kill('SIGTERM');
  await first.ended();
  const server = await OffhookProcess.start(t, { dataDir, shell: 'trap "" XFSZ; ulimit -f 0; exec "$@"' });
  const phone = await (await Phone.open(t, server.sipPort)).answered('tone');
  await phone.rtp.more(50);
  t.ok(rms(phone.rtp.heard()) > 1000, 'the tone is heard');
  await phone.hangUp();
  await eventually(() => server.log.find((line) => line.msg === 'call ended'), 'the end of the call');
  server.kill('SIGTERM');
  t.same(await server.ended(), { code: 0, signal: null });
});
