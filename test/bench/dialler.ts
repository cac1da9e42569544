import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { systemClock } from '../../src/core/clock.js';
import { silentLogger } from '../../src/core/log.js';
import type { Dialog } from '../../src/domain/ports/telephony.js';
import { startEmbeddedSignalling } from '../../src/signalling/embedded-server.js';
import { connectTelephony } from '../../src/sip/drachtio-telephony.js';

const ADDRESS = '127.0.0.1';
const DIALS_AT_ONCE = 8;
const PATIENCE_MS = 30_000;

export type Placed = { localPort: number; remotePort: number; dialog: Dialog };

/** A user agent without media: it places the calls whose RTP the load generator carries. */
export async function startDialler(): Promise<{ place(uri: string, count: number): Promise<Placed[]>; close(): Promise<void> }> {
  const signalling = await startEmbeddedSignalling({ bind: ADDRESS, sipPort: 0, log: silentLogger });
  const telephony = await connectTelephony({
    host: signalling.host,
    port: signalling.port,
    secret: signalling.secret,
    addresses: { advertisedTo: () => ADDRESS },
    userAgent: 'Offhook-Bench',
    log: silentLogger,
    clock: systemClock,
  });

  const placeOne = async (uri: string, localPort: number): Promise<Placed> => {
    let remotePort = 0;
    const result = await telephony.dial({
      uri,
      local: { rtpPort: localPort, rtcpPort: localPort + 1 },
      codecs: ['PCMU'],
      onAgreement: (agreement) => {
        remotePort = agreement.remote.rtpPort;
      },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!result.answered) throw new Error(`${uri} was answered with ${result.failure.sipCode} ${result.failure.reason}`);
    return { localPort, remotePort, dialog: result.dialog };
  };

  return {
    async place(uri, count) {
      const ports = await freePorts(count);
      const placed: Placed[] = [];
      const lane = async (): Promise<void> => {
        for (let port = ports.pop(); port !== undefined; port = ports.pop()) placed.push(await placeOne(uri, port));
      };
      await Promise.all(Array.from({ length: DIALS_AT_ONCE }, lane));
      return placed;
    },
    async close() {
      await telephony.close();
      await signalling.close();
    },
  };
}

/** UDP ports that were free a moment ago: all are held at the same time, so no two are the same. */
async function freePorts(count: number): Promise<number[]> {
  const sockets: Socket[] = [];
  for (let i = 0; i < count; i++) {
    const socket = createSocket('udp4');
    socket.bind(0, ADDRESS);
    await once(socket, 'listening');
    sockets.push(socket);
  }
  const ports = sockets.map((socket) => socket.address().port);
  await Promise.all(sockets.map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))));
  return ports;
}
