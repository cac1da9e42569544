import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export type BusyGateway = {
  port: number;
  /** When the first INVITE for each number came: epoch milliseconds with fractions. */
  invitedMs: ReadonlyMap<string, number>;
  close(): void;
};

/** Answers every call 486 at once, and notes when it came: as little as a far end can do. */
export async function openBusyGateway(): Promise<BusyGateway> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4_194_304 });
  const invitedMs = new Map<string, number>();
  socket.on('message', (bytes, { port, address }) => {
    const arrivedMs = performance.timeOrigin + performance.now();
    const text = bytes.toString('latin1');
    const number = /^INVITE sip:(\+\d+)@/.exec(text)?.[1];
    if (number === undefined) return;
    if (!invitedMs.has(number)) invitedMs.set(number, arrivedMs);
    socket.send(busy(text), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { port: socket.address().port, invitedMs, close: () => socket.close() };
}

function busy(invite: string): string {
  const copied = invite.split('\r\n').filter((line) => /^(?:via|from|to|call-id|cseq):/i.test(line));
  const lines = copied.map((line) => (/^to:/i.test(line) ? `${line};tag=busy` : line));
  return `${['SIP/2.0 486 Busy Here', ...lines, 'Content-Length: 0'].join('\r\n')}\r\n\r\n`;
}
