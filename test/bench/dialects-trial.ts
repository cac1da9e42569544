// One trial of `npm run bench -- dialects`: `dialects-trial.js '{"seconds":3,"rounds":3,"connections":10}'`, prints its result as one line
// of JSON. The same thing is asked in the core dialect and in another, in turns on one server, so that the ratio is what translating costs.
import autocannon from 'autocannon';
import { overviewKeys } from '../support/overview-keys.js';
import { type Seeded, seedRecords } from './seed-records.js';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from './server-process.js';
import { quantile, rounded } from './statistics.js';

export type DialectParameters = { seconds: number; rounds: number; connections: number };
export type DialectMeasure = { requestsPerS: number; p50Ms: number; p99Ms: number };
export type DialectResult = {
  connections: number;
  /** Medians over the rounds. `ratio`: the dialect's requests per second to the core dialect's. */
  operations: { dialect: string; name: string; theirs: DialectMeasure; core: DialectMeasure; ratio: number }[];
};
/** `keys`: one after the other, where each may ask only so often. */
type Side = { path: string; keys: readonly string[] };
type Operation = { dialect: string; name: string; theirs: Side; core: Side };

const CONFIG = 'http: { rateLimitPerMinute: 1000000 }\n';
const WARM_UP_S = 1;
const ADMIN = [ADMIN_KEY];
/** At a hundred requests a minute each. */
const OVERVIEW_KEYS = 1_500;

const parameters = JSON.parse(process.argv[2] ?? '{}') as DialectParameters;
process.stdout.write(`${JSON.stringify(await measure(parameters))}\n`);

async function measure({ seconds, rounds, connections }: DialectParameters): Promise<DialectResult> {
  let seeded: Seeded | undefined;
  let keys: string[] = [];
  const server = await startServerProcess(CONFIG, {
    prepare: async (dataDir) => {
      seeded = await seedRecords(dataDir, { calls: 1000, agents: 1000 });
      keys = await overviewKeys(dataDir, OVERVIEW_KEYS);
    },
  });
  if (!seeded) throw new Error('nothing was seeded');
  const results: DialectResult['operations'] = [];
  for (const { dialect, name, ...sides } of await operationsOn(server, seeded, keys)) {
    const measures: Record<'theirs' | 'core', DialectMeasure[]> = { theirs: [], core: [] };
    for (const side of ['theirs', 'core'] as const) await run(server, sides[side], connections, WARM_UP_S);
    for (let round = 0; round < rounds; round += 1) {
      for (const side of ['theirs', 'core'] as const) measures[side].push(await run(server, sides[side], connections, seconds));
    }
    const [theirs, core] = [medianOf(measures.theirs), medianOf(measures.core)];
    results.push({ dialect, name, theirs, core, ratio: rounded(theirs.requestsPerS / core.requestsPerS) });
  }
  await server.stop();
  return { connections, operations: results };
}

async function operationsOn(server: ServerProcess, { agentId, callId }: Seeded, keys: readonly string[]): Promise<Operation[]> {
  const session = await post(server, `/chatbot/${agentId}/session`, { user_id: 'bench', type: 'web' });
  const agents = await get(server, '/api/agent/get-all/1');
  const number = (agents as { data: { id: number }[] }).data[0]?.id;
  const core = (path: string): Side => ({ path: `/api/v1${path}`, keys: ADMIN });
  const other = (path: string): Side => ({ path, keys: ADMIN });
  const anAgent = core(`/agents/${agentId}`);
  const aCall = core(`/calls/${callId}`);
  return [
    { dialect: 'flametalk', name: 'get an agent', theirs: other(`/v1/agents/${agentId}`), core: anAgent },
    { dialect: 'flametalk', name: 'list 20 agents', theirs: other('/v1/agents?limit=20'), core: core('/agents?limit=20') },
    {
      dialect: 'flametree',
      name: 'get a session',
      theirs: other(`/chatbot/${agentId}/session/${(session as { session_id: string }).session_id}`),
      core: core(`/sessions/${(session as { session_id: string }).session_id}`),
    },
    { dialect: 'callfluent', name: 'get an agent', theirs: other(`/api/agent/get-one/${number}`), core: anAgent },
    { dialect: 'overview', name: 'get an agent', theirs: { path: `/agents/${agentId}`, keys }, core: anAgent },
    { dialect: 'overview', name: 'get a call', theirs: { path: `/calls/${callId}`, keys }, core: aCall },
  ];
}

async function run(server: ServerProcess, { path, keys }: Side, connections: number, duration: number): Promise<DialectMeasure> {
  const url = `${server.url}${path}`;
  const requests = keys.map((key) => ({ method: 'GET' as const, path, headers: { authorization: `Bearer ${key}` } }));
  const result = await autocannon({ url, connections, duration, requests });
  if (result.non2xx + result.errors > 0) throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} failed`);
  return { requestsPerS: result.requests.average, p50Ms: result.latency.p50, p99Ms: result.latency.p99 };
}

function medianOf(rounds: readonly DialectMeasure[]): DialectMeasure {
  const median = (of: keyof DialectMeasure): number =>
    rounded(
      quantile(
        rounds.map((round) => round[of]),
        0.5,
      ),
    );
  return { requestsPerS: median('requestsPerS'), p50Ms: median('p50Ms'), p99Ms: median('p99Ms') };
}

async function post(server: ServerProcess, path: string, body: object): Promise<unknown> {
  return ask(server, path, { method: 'POST', body: JSON.stringify(body) });
}

async function get(server: ServerProcess, path: string): Promise<unknown> {
  return ask(server, path, {});
}

async function ask(server: ServerProcess, path: string, init: RequestInit): Promise<unknown> {
  const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' };
  const response = await fetch(`${server.url}${path}`, { ...init, headers });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return await response.json();
}
