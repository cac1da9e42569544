import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { systemClock } from '../../src/core/clock.js';
import { passed } from './passed.js';

/** Nobody's. */
const ADDRESS = '127.0.0.66';
const BATCH_S = 0.01;

export type Flooded = { sentPerSecond: number; sent: number; accepted: number; busy: number; unanswered: number };

/** INVITEs of one stranger at a steady rate, each a call of its own for a user that there is not, none of them acknowledged. */
export async function floodInvites(port: number, perSecond: number, seconds: number): Promise<Flooded> {
  const socket = createSocket('udp4').bind(0, ADDRESS);
  await once(socket, 'listening');
  socket.setRecvBufferSize(8 * 1024 * 1024);
  const own = socket.address().port;
  const answers = new Map<string, number>();
  socket.on('message', (bytes) => {
    const text = bytes.toString('latin1');
    const status = Number(text.slice(8, 11));
    // What is repeated because nobody acknowledges it is one answer.
    if (status >= 200) answers.set(/^Call-ID: *(\S+)/im.exec(text)?.[1] ?? '', status);
  });
  const startMs = systemClock.monotonicMs();
  const elapsedS = (): number => (systemClock.monotonicMs() - startMs) / 1000;
  let sent = 0;
  while (elapsedS() < seconds) {
    for (const due = elapsedS() * perSecond; sent < due; sent += 1) socket.send(inviteText(sent, own), port, '127.0.0.1');
    await passed(BATCH_S);
  }
  const sentPerSecond = Math.round(sent / elapsedS());
  await passed(1);
  socket.close();
  const busy = [...answers.values()].filter((status) => status === 503).length;
  return { sentPerSecond, sent, accepted: answers.size - busy, busy, unanswered: sent - answers.size };
}

const inviteText = (index: number, own: number): string =>
  [
    `INVITE sip:nobody${index}@127.0.0.1 SIP/2.0`,
    `Via: SIP/2.0/UDP ${ADDRESS}:${own};branch=z9hG4bKflood${index};rport`,
    'Max-Forwards: 70',
    `From: <sip:x@${ADDRESS}>;tag=${index}`,
    'To: <sip:nobody@127.0.0.1>',
    `Call-ID: flood${index}`,
    'CSeq: 1 INVITE',
    `Contact: <sip:x@${ADDRESS}:${own}>`,
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');
