import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { systemClock } from '../../src/core/clock.js';
import { eventually, OffhookProcess } from '../support/offhook-process.js';
import { Phone } from '../support/phone.js';

const FLOOD_PER_SECOND = 2000;
const FLOOD_MS = 4000;
const BATCH_MS = 10;

const server = await OffhookProcess.start(t, {
  config: {
    sip: {
      trustedSources: ['127.0.0.1'],
      admission: { callsPerSecond: 100, callsPerSecondPerSource: 50 },
      bans: { enabled: false },
    },
  },
  env: { OFFHOOK_LOG_LEVEL: 'error' },
});

const rssMiB = (): number => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1024;
const openFiles = (): number => readdirSync(`/proc/${server.pid}/fd`).length;

/** INVITEs of strangers at a steady rate, each a call of its own. Resolves with how often each status came back. */
async function flood(): Promise<Record<string, number>> {
  const socket = createSocket('udp4').bind(0, '127.0.0.66');
  await once(socket, 'listening');
  const { port } = socket.address();
  const answers: Record<string, number> = {};
  socket.on('message', (bytes) => {
    const status = bytes.toString('latin1', 8, 11);
    answers[status] = (answers[status] ?? 0) + 1;
  });
  const startMs = systemClock.monotonicMs();
  let sent = 0;
  for (let nowMs = startMs; nowMs < startMs + FLOOD_MS; nowMs = systemClock.monotonicMs()) {
    for (const due = ((nowMs - startMs) / 1000) * FLOOD_PER_SECOND; sent < due; sent += 1) {
      const headers = [
        `INVITE sip:nobody${sent}@127.0.0.1 SIP/2.0`,
        `Via: SIP/2.0/UDP 127.0.0.66:${port};branch=z9hG4bKflood${sent};rport`,
        'Max-Forwards: 70',
        `From: <sip:x@127.0.0.66>;tag=${sent}`,
        'To: <sip:nobody@127.0.0.1>',
        `Call-ID: flood${sent}`,
        'CSeq: 1 INVITE',
        `Contact: <sip:x@127.0.0.66:${port}>`,
        'Content-Length: 0',
      ];
      socket.send(`${headers.join('\r\n')}\r\n\r\n`, server.sipPort, '127.0.0.1');
    }
    await new Promise<void>((resolve) => void systemClock.schedule(BATCH_MS, resolve));
  }
  socket.close();
  return { sent, ...answers };
}

void t.test('an INVITE flood costs calls in progress nothing, and nothing of it stays', async (t) => {
  const phone = await (await Phone.open(t, server.sipPort)).answered('tone');
  await phone.rtp.more(50);
  const [filesBefore, rssBefore] = [openFiles(), rssMiB()];
  const from = phone.rtp.received.length;
  const flooding = flood();
  t.equal(await phone.info('1'), 200, 'what belongs to the call is answered');
  const another = await (await Phone.open(t, server.sipPort)).answered('tone');
  await another.rtp.more(10);
  await another.hangUp();
  t.equal(await phone.info('2'), 200);
  const answers = await flooding;
  t.equal(await phone.info('3'), 200);
  const heard = phone.rtp.audioPackets().slice(from);
  const sequences = heard.map(({ sequence }) => sequence);
  t.same(
    sequences.filter((sequence, i) => i > 0 && sequence !== (((sequences[i - 1] ?? 0) + 1) & 0xffff)),
    [],
    'no packet of the call is missing',
  );
  const gaps = heard
    .flatMap(({ arrivalMs }, i) => (i === 0 ? [] : [arrivalMs - (heard[i - 1]?.arrivalMs ?? 0)]))
    .sort((a, b) => a - b);
  t.ok((answers['503'] ?? 0) > (answers['404'] ?? 0), 'nearly all of it is turned away');
  await phone.hangUp();
  await eventually(() => openFiles() <= filesBefore || undefined, 'the files are closed');
  const p99 = gaps[Math.floor(gaps.length * 0.99)] ?? 0;
  t.comment(`${JSON.stringify(answers)}; RTP gap p99 ${p99.toFixed(1)} ms, max ${(gaps.at(-1) ?? 0).toFixed(1)} ms`);
  t.comment(`RSS ${rssBefore.toFixed(0)} MiB before, ${rssMiB().toFixed(0)} MiB after`);
});
