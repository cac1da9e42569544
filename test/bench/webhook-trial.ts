// One trial of `npm run bench -- webhooks`: `webhook-trial.js '{"events":2000,"receivers":8}'`, prints its result as one line of JSON.
// The server starts on an outbox of so many ended calls and tells each receiver of each of them, signed, one POST each.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../src/core/clock.js';
import { coresBetween, sampleCpu } from './process-cpu.js';
import { seedRecords } from './seed-records.js';
import { startServerProcess } from './server-process.js';
import { rounded } from './statistics.js';

export type WebhookParameters = { events: number; receivers: number };
export type WebhookResult = {
  events: number;
  receivers: number;
  deliveriesPerS: number;
  serverCores: number;
  duplicates: number;
};

const parameters = JSON.parse(process.argv[2] ?? '{}') as WebhookParameters;
process.stdout.write(`${JSON.stringify(await measure(parameters))}\n`);

async function measure({ events, receivers }: WebhookParameters): Promise<WebhookResult> {
  const expected = events * receivers;
  const seen = new Set<string>();
  let duplicates = 0;
  let firstMs = 0;
  let done: (lastMs: number) => void = () => {};
  const finished = new Promise<number>((resolve) => {
    done = resolve;
  });
  const receiver = createServer((req, res) => {
    req.resume();
    req.on('end', () => {
      res.writeHead(204).end();
      const delivery = `${req.url} ${String(req.headers['x-offhook-event-id'])}`;
      if (seen.has(delivery)) duplicates += 1;
      if (seen.size === 0) firstMs = systemClock.monotonicMs();
      seen.add(delivery);
      if (seen.size === expected) done(systemClock.monotonicMs());
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  const subscriptions = Array.from({ length: receivers }, (_, i) => ({ url: `http://127.0.0.1:${port}/${i}` }));
  const config = `webhooks: ${JSON.stringify({ allowPrivate: true, subscriptions })}\n`;
  const server = await startServerProcess(config, {
    prepare: async (dataDir) => void (await seedRecords(dataDir, { calls: events, agents: 1, events: true })),
  });
  const before = sampleCpu(server.pid);
  const lastMs = await finished;
  const cores = coresBetween(server.pid, before, sampleCpu(server.pid));
  await server.stop();
  receiver.closeAllConnections();
  receiver.close();
  const deliveriesPerS = rounded((expected * 1000) / (lastMs - firstMs), 0);
  return { events, receivers, deliveriesPerS, serverCores: rounded(cores.all), duplicates };
}
