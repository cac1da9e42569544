import { once } from 'node:events';
import { WebSocket } from 'ws';

// oxlint-disable-next-line typescript/no-explicit-any -- the shape of each message is what the tests are about
type Message = any;

export type LiveClient = {
  socket: WebSocket;
  /** The next message not yet taken; rejects when the connection ends without one. */
  next(): Promise<Message>;
  say(message: unknown): void;
  closed: Promise<{ code: number; reason: string }>;
};

/** A WebSocket client, or the HTTP status it was refused with. */
export async function connectLive(url: string, headers: Record<string, string> = {}): Promise<LiveClient | { status: number }> {
  const socket = new WebSocket(url, { headers, perMessageDeflate: false });
  const messages: Message[] = [];
  let arrived: () => void = () => {};
  let isClosed = false;
  socket.on('message', (data) => {
    messages.push(JSON.parse(data.toString('utf8')));
    arrived();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => {
      isClosed = true;
      arrived();
      resolve({ code, reason: reason.toString('utf8') });
    });
  });
  const refused = new Promise<{ status: number }>((resolve) => {
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      response.on('end', () => resolve({ status: response.statusCode ?? 0 }));
    });
  });
  const opened = once(socket, 'open').then(() => undefined);
  opened.catch(() => {});
  socket.on('error', () => {});
  const status = await Promise.race([opened, refused]);
  if (status) return status;
  return {
    socket,
    closed,
    say: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async next() {
      while (messages.length === 0) {
        if (isClosed) throw new Error('closed without a further message');
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      }
      return messages.shift();
    },
  };
}

export async function mustConnect(url: string, headers: Record<string, string> = {}): Promise<LiveClient> {
  const client = await connectLive(url, headers);
  if ('status' in client) throw new Error(`refused with ${client.status}`);
  return client;
}
