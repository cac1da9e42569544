import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export type Received = { from: string; to: string[]; text: string };

/** A mail server on a free port of this machine that keeps what it is given, or refuses it with `refuseWith`. */
export async function startSmtpServer(
  t: { teardown(task: () => Promise<void>): void },
  options: { refuseWith?: string } & Pick<SMTPServerOptions, 'onAuth'> = {},
): Promise<{ port: number; received: Received[] }> {
  const received: Received[] = [];
  const { refuseWith, ...rest } = options;
  const server = new SMTPServer({
    authOptional: rest.onAuth === undefined,
    disabledCommands: rest.onAuth === undefined ? ['AUTH', 'STARTTLS'] : ['STARTTLS'],
    allowInsecureAuth: true,
    ...rest,
    onRcptTo: (_address, _session, done) => done(refuseWith === undefined ? null : new Error(refuseWith)),
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        received.push({ from, to: envelope.rcptTo.map(({ address }) => address), text: Buffer.concat(chunks).toString('utf8') });
        done(null);
      });
    },
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  t.teardown(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, received };
}
