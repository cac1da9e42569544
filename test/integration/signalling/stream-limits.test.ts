import { connect, type Socket } from 'node:net';
import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { OwnAddresses } from '../../../src/core/own-addresses.js';
import { StreamTransport } from '../../../src/signalling/transport/stream-transport.js';
import { tcpSockets } from '../../../src/signalling/transport/tcp-sockets.js';
import { invite } from '../../support/torture.js';

type Teardown = { teardown(task: () => Promise<void> | void): void };

/** A transport on a clock that stands still, a connection to it, and what becomes of both. */
async function connected(
  t: Teardown,
): Promise<{ clock: FakeClock; socket: Socket; arrived: (count: number) => Promise<void>; closed: Promise<void> }> {
  const clock = new FakeClock(0);
  let messages = 0;
  let onMessage: () => void = () => {};
  const transport = new StreamTransport(
    tcpSockets,
    clock,
    new OwnAddresses(clock, { bind: '127.0.0.1', externalIp: undefined }),
    {
      admits: () => true,
      admitsConnection: () => true,
      onMessage: () => {
        messages += 1;
        onMessage();
      },
      onFault: () => {},
    },
  );
  await transport.listen('127.0.0.1', 0);
  const socket = connect(transport.port, '127.0.0.1');
  socket.on('error', () => {});
  t.teardown(async () => {
    socket.destroy();
    await transport.close();
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const arrived = (count: number): Promise<void> =>
    new Promise((resolve) => {
      onMessage = () => {
        if (messages >= count) resolve();
      };
      onMessage();
    });
  return { clock, socket, arrived, closed };
}

void t.test('a message that is not finished in time costs its sender the connection', async (t) => {
  const { clock, socket, arrived, closed } = await connected(t);
  const text = invite();
  socket.write(text + text.slice(0, 40));
  await arrived(1);
  clock.advance(14_999);
  t.equal(socket.destroyed, false);
  clock.advance(1);
  await closed;
});

void t.test('a connection between messages is left open for as long as it likes', async (t) => {
  const { clock, socket, arrived } = await connected(t);
  socket.write(invite());
  await arrived(1);
  clock.advance(3_600_000);
  socket.write(invite());
  await arrived(2);
  t.equal(socket.destroyed, false);
});
