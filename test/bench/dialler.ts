import { systemClock } from '../../src/core/clock.js';
import { silentLogger } from '../../src/core/log.js';
import type { AudioAgreement, CodecName } from '../../src/domain/ports/media.js';
import type { Dialog } from '../../src/domain/ports/telephony.js';
import { startEmbeddedSignalling } from '../../src/signalling/embedded-server.js';
import { connectTelephony } from '../../src/sip/drachtio-telephony.js';
import { loopbackAddresses } from '../support/loopback.js';
import { freePorts } from './free-ports.js';
import type { RtpStream } from './rtp-generator.js';

const ADDRESS = '127.0.0.1';
const DIALS_AT_ONCE = 8;
const PATIENCE_MS = 30_000;

export type Placed = RtpStream & { dialog: Dialog };
export type Line = { codec: CodecName; srtp: boolean };

/** A user agent without media: it places the calls whose RTP the load generator carries. */
export async function startDialler(
  line: Line = { codec: 'PCMU', srtp: false },
): Promise<{ place(uri: string, count: number): Promise<Placed[]>; close(): Promise<void> }> {
  const signalling = await startEmbeddedSignalling({ bind: ADDRESS, sipPort: 0, log: silentLogger });
  const telephony = await connectTelephony({
    host: signalling.host,
    port: signalling.port,
    secret: signalling.secret,
    addresses: loopbackAddresses(),
    userAgent: 'Offhook-Bench',
    log: silentLogger,
    clock: systemClock,
  });

  const placeOne = async (uri: string, localPort: number): Promise<Placed> => {
    let agreed: AudioAgreement | undefined;
    const result = await telephony.dial({
      uri,
      local: { rtpPort: localPort, rtcpPort: localPort + 1 },
      codecs: [line.codec],
      srtp: line.srtp ? 'require' : 'off',
      onAgreement: (agreement) => {
        agreed = agreement;
      },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!result.answered) throw new Error(`${uri} was answered with ${result.failure.sipCode} ${result.failure.reason}`);
    if (!agreed) throw new Error(`${uri} was answered without an agreement`);
    return { localPort, ...agreed, dialog: result.dialog };
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
