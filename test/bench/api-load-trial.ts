// One trial of `npm run bench -- api-load`: `api-load-trial.js '{"calls":200,"requestsPerS":100,"speechFile":"…","windowS":15}'`, prints
// its result as one line of JSON. Calls with speech detection and recording on one side, API requests at a fixed rate on the other.
import { once } from 'node:events';
import autocannon from 'autocannon';
import { startDialler } from './dialler.js';
import { type Generated, generateRtp } from './rtp-generator.js';
import { type Seeded, seedRecords } from './seed-records.js';
import { ADMIN_KEY, startServerProcess } from './server-process.js';

export type ApiLoadParameters = { calls: number; requestsPerS: number; speechFile: string; windowS: number };
export type ApiLoadResult = {
  calls: number;
  requestsPerS: number;
  /** Of the API; absent without requests. */
  api: { requestsPerS: number; p50Ms: number; p99Ms: number; maxMs: number } | undefined;
  /** Of the packets that come back; absent without calls. */
  pacing: Pick<Generated, 'pacingP50Ms' | 'pacingP99Ms' | 'pacingP999Ms' | 'pacingMaxMs' | 'missing'> | undefined;
};

const CONFIG = `http: { rateLimitPerMinute: 1000000 }
calls: { maxConcurrent: 500, vadOnBuiltIns: true }
media: { capacity: 512 }
`;
const RECORDS = { calls: 20_000, agents: 1_000 };
const CONNECTIONS = 10;
const SETTLE_MS = 1_000;

const parameters = JSON.parse(process.argv[2] ?? '{}') as ApiLoadParameters;
process.stdout.write(`${JSON.stringify(await measure(parameters))}\n`);

async function measure({ calls, requestsPerS, speechFile, windowS }: ApiLoadParameters): Promise<ApiLoadResult> {
  let seeded: Seeded | undefined;
  const server = await startServerProcess(CONFIG, {
    prepare: async (dataDir) => {
      seeded = await seedRecords(dataDir, RECORDS);
    },
  });
  if (!seeded) throw new Error('nothing was seeded');
  const dialler = await startDialler();
  const placed = await dialler.place(`sip:echo@127.0.0.1:${server.sipPort}`, calls);
  const generating = calls > 0 ? generateRtp(placed, speechFile, windowS + (2 * SETTLE_MS) / 1000) : undefined;
  await once(AbortSignal.timeout(SETTLE_MS), 'abort');
  const api = requestsPerS > 0 ? await ask(server.url, requestsPerS, windowS, seeded) : undefined;
  const pacing = await generating;
  await Promise.all(placed.map(({ dialog }) => dialog.hangup()));
  await dialler.close();
  await server.stop();
  return { calls, requestsPerS, api, pacing };
}

/** Lists, reads and writes in turn. */
async function ask(
  url: string,
  requestsPerS: number,
  duration: number,
  { agentId, callId }: Seeded,
): Promise<ApiLoadResult['api']> {
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration,
    overallRate: requestsPerS,
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    requests: [
      { method: 'GET', path: '/api/v1/calls?limit=50' },
      { method: 'GET', path: `/api/v1/calls/${callId}` },
      { method: 'GET', path: `/api/v1/agents/${agentId}` },
      {
        method: 'POST',
        path: '/api/v1/tasks',
        body: JSON.stringify({ agent_id: agentId, name: 'Call back', to_number: '+442071234567' }),
      },
    ],
  });
  if (result.non2xx + result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} failed`);
  const { p50, p99, max } = result.latency;
  return { requestsPerS: result.requests.average, p50Ms: p50, p99Ms: p99, maxMs: max };
}
