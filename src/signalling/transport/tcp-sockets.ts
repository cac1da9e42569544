import { connect, createServer } from 'node:net';
import type { StreamSockets } from './stream-transport.js';

export const tcpSockets: StreamSockets = {
  transport: 'tcp',
  readyEvent: 'connect',
  createServer: (onSocket) => createServer(onSocket),
  connect: ({ address, port }) => connect({ host: address, port }),
};
