import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { type OffhookOptions, OffhookProcess, temporaryDirectory } from '../support/offhook-process.js';

/** Starts what cannot start, and returns what it said. It must end by itself: a thread left running would keep it. */
async function refused(t: Test, options: OffhookOptions): Promise<string[]> {
  const server = OffhookProcess.spawn(t, { ...options, env: { OFFHOOK_LOG_LEVEL: 'error', ...options.env } });
  t.same(await server.ended(30_000), { code: 1, signal: null });
  t.equal(server.stdout, '', 'not ready');
  t.notMatch(server.stderr, /^\s+at /m, 'no stack trace');
  return server.stderr.trimEnd().split('\n');
}

void t.test('every fault of the configuration is told at once, a line each', async (t) => {
  const lines = await refused(t, {
    env: { OFFHOOK_RTP_PORTS: '20001-20000', OFFHOOK_SIP_PROT: '5060', OFFHOOK_HTTP_PORT: 'eighty' },
    config: { calls: { maxConcurrent: 0 } },
  });
  t.equal(lines.length, 5);
  t.match(lines[0], /^offhook: invalid configuration:$/);
  for (const fault of [/OFFHOOK_SIP_PROT/, /media\.rtpPorts.*even/, /http\.port \(OFFHOOK_HTTP_PORT\)/, /calls\.maxConcurrent/]) {
    t.equal(lines.filter((line) => fault.test(line)).length, 1, String(fault));
  }
});

void t.test('a configuration file that is not there, a directory, or no YAML is named in one line', async (t) => {
  const directory = temporaryDirectory(t);
  const rubbish = join(directory, 'rubbish.yaml');
  writeFileSync(rubbish, Buffer.from('sip: {port: [\u0000\ufffd\n\t- }'));
  for (const file of [join(directory, 'missing.yaml'), directory, rubbish]) {
    const lines = await refused(t, { env: { OFFHOOK_CONFIG: file } });
    t.equal(lines.length, 2, lines.join('\n'));
    t.match(lines[1], file);
  }
});

void t.test('a data directory that cannot be made is named', async (t) => {
  const file = join(temporaryDirectory(t), 'a-file');
  writeFileSync(file, '');
  const lines = await refused(t, { dataDir: join(file, 'data') });
  t.equal(lines.length, 1, lines.join('\n'));
  t.match(lines[0], file);
});

void t.test('a taken port is named with its transport in one line', async (t) => {
  const tcp = createServer().listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const udp = createSocket('udp4').bind(0, '127.0.0.1');
  await once(udp, 'listening');
  t.teardown(() => {
    tcp.close();
    udp.close();
  });
  const tcpPort = String((tcp.address() as { port: number }).port);
  const udpPort = String(udp.address().port);
  for (const [env, names] of [
    [{ OFFHOOK_HTTP_PORT: tcpPort }, new RegExp(`HTTP.*127\\.0\\.0\\.1:${tcpPort}`)],
    [{ OFFHOOK_SIP_PORT: tcpPort }, new RegExp(`SIP.*127\\.0\\.0\\.1:${tcpPort}.*TCP|TCP.*SIP.*127\\.0\\.0\\.1:${tcpPort}`, 'i')],
    [{ OFFHOOK_SIP_PORT: udpPort }, new RegExp(`SIP.*127\\.0\\.0\\.1:${udpPort}.*UDP|UDP.*SIP.*127\\.0\\.0\\.1:${udpPort}`, 'i')],
  ] as const) {
    const lines = await refused(t, { env });
    t.equal(lines.length, 1, lines.join('\n'));
    t.match(lines[0], names);
  }
});
