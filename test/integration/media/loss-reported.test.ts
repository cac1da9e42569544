import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import t, { type Test } from 'tap';
import { openTestEngine, until } from '../../support/media.js';

const LOSS = 0.1;
const PACKETS = 250;
const DELAY_MS = 40;

type Face = { rtp: Socket; rtcp: Socket };

/** Carries packets between two sessions, each over `DELAY_MS`, and drops RTP by chance while `lossy`; RTCP gets through. */
class Relay {
  readonly faces: [Face, Face];
  readonly passed = [0, 0];
  readonly dropped = [0, 0];
  lossy = true;
  #random = 1;

  constructor(faces: [Face, Face]) {
    this.faces = faces;
  }

  /** `to`: where the session behind each face listens. */
  connect(to: [{ rtpPort: number; rtcpPort: number }, { rtpPort: number; rtcpPort: number }]): void {
    for (const side of [0, 1] as const) {
      const other = side === 0 ? 1 : 0;
      this.faces[side].rtp.on('message', (packet) => {
        if (!this.#drops(side)) later(() => this.faces[other].rtp.send(packet, to[other].rtpPort, '127.0.0.1'));
      });
      this.faces[side].rtcp.on('message', (packet) =>
        later(() => this.faces[other].rtcp.send(packet, to[other].rtcpPort, '127.0.0.1')),
      );
    }
  }

  /** The first ones are needed to find out where media comes from. */
  #drops(side: 0 | 1): boolean {
    const count = (this.passed[side] ?? 0) + (this.dropped[side] ?? 0);
    this.#random = (Math.imul(this.#random, 1_103_515_245) + 12_345) >>> 0;
    const burst = count >= 100 && count < 105;
    const drops = this.lossy && count > 20 && (burst || this.#random / 2 ** 32 < LOSS);
    const counts = drops ? this.dropped : this.passed;
    counts[side] = (counts[side] ?? 0) + 1;
    return drops;
  }
}

const later = (send: () => void): void => void setTimeout(send, DELAY_MS);

async function face(t: Test): Promise<Face> {
  const sockets = [createSocket('udp4'), createSocket('udp4')] as const;
  for (const socket of sockets) {
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
  }
  t.teardown(async () => {
    // What is still on its way finds its socket open.
    await new Promise((resolve) => setTimeout(resolve, 2 * DELAY_MS));
    for (const socket of sockets) socket.close();
  });
  return { rtp: sockets[0], rtcp: sockets[1] };
}

void t.test('what a lossy network dropped is what the calls report, both ways, with the round trip', async (t) => {
  const relay = new Relay([await face(t), await face(t)]);
  const engine = openTestEngine(t);
  const [near, far] = [engine.open(), engine.open()];
  relay.connect([near.local, far.local]);
  for (const [session, { rtp, rtcp }] of [[near, relay.faces[0]] as const, [far, relay.faces[1]] as const]) {
    session.setSource({ type: 'tone', hz: 440 });
    session.configure({
      codec: 'PCMA',
      payloadType: 8,
      clockRateHz: 8000,
      ptimeMs: 20,
      telephoneEvent: undefined,
      remote: { address: '127.0.0.1', rtpPort: rtp.address().port, rtcpPort: rtcp.address().port },
      direction: 'sendrecv',
      extendedReports: { voipMetrics: true, receiverTimes: true },
    });
  }
  await until(() => near.stats().packetsSent >= PACKETS && far.stats().packetsSent >= PACKETS, 'enough packets');
  relay.lossy = false;
  const heard = far.stats().packetsReceived;
  await until(() => far.stats().packetsReceived > heard + 20, 'all that was dropped to be noticed');
  await until(() => near.quality()?.roundTripMs !== undefined, 'a report on a report');

  const there = (100 * (relay.dropped[0] ?? 0)) / ((relay.dropped[0] ?? 0) + (relay.passed[0] ?? 0));
  // The far end's last word completes what its reports said; it is heard when the engine looks next.
  await far.close();
  const [droppedThere = 0, droppedHere = 0] = relay.dropped;
  const within = (actual: number | undefined, wanted: number, share: number): boolean =>
    actual !== undefined && Math.abs(actual - wanted) <= wanted * share;
  const said = (): boolean => {
    const outbound = near.quality()?.outbound;
    return within(outbound?.lost, droppedThere, 0.05) && within(outbound?.lossPercent, there, 0.1);
  };
  await until(said, `${droppedThere} dropped on the way there, ${there} %, to be reported`);
  const quality = near.quality();
  t.ok(droppedThere > 10 && droppedHere > 10, `dropped ${droppedThere} and ${droppedHere}`);
  t.ok(within(quality?.inbound?.lost, droppedHere, 0.05), `${quality?.inbound?.lost} lost of ${droppedHere} dropped`);
  t.ok((quality?.roundTripMs ?? 0) >= 2 * DELAY_MS - 2, `${quality?.roundTripMs} ms`);
  const scores = [quality?.inbound?.mos ?? 0, quality?.outbound?.mos ?? 0];
  t.ok(
    scores.every((mos) => mos > 1 && mos < 4.2),
    `scores ${scores.join(', ')}`,
  );
  const { lossPercent = 0, discardPercent = 0, mosConversation = 0 } = quality?.farEnd ?? {};
  // In 256ths, and what is late here counts as lost there.
  t.ok(
    Math.abs(lossPercent + discardPercent - there) <= there * 0.1 + 1,
    `${lossPercent} and ${discardPercent} % for ${there} %`,
  );
  t.ok(mosConversation > 1 && mosConversation < 4.2, `MOS ${mosConversation}`);
});
