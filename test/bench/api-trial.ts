// One trial of `npm run bench -- api`: `api-trial.js '{"calls":100000,"agents":10000,"seconds":4,"rounds":3,"connections":10}'`,
// prints its result as one line of JSON. Each operation runs in turn on our server and on a plain Express that answers the same body as a
// constant, so that the ratio is of one run on one machine.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { type Seeded, seedRecords } from './seed-records.js';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from './server-process.js';
import { quantile, rounded } from './statistics.js';

export type ApiParameters = { calls: number; agents: number; seconds: number; rounds: number; connections: number };
export type ApiMeasure = { requestsPerS: number; p50Ms: number; p99Ms: number };
export type ApiResult = {
  calls: number;
  agents: number;
  connections: number;
  /** Medians over the rounds. `ratio`: our requests per second to those of the constant. */
  operations: { name: string; bytes: number; ours: ApiMeasure; constant: ApiMeasure; ratio: number }[];
};
type Operation = { name: string; method: 'GET' | 'POST'; path: string; body?: object };

const CONFIG = 'http: { rateLimitPerMinute: 1000000 }\n';
const HEADERS = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' };
const WARM_UP_S = 1;

const parameters = JSON.parse(process.argv[2] ?? '{}') as ApiParameters;
process.stdout.write(`${JSON.stringify(await measure(parameters))}\n`);

function operationsOn({ agentId, callId }: Seeded): Operation[] {
  return [
    { name: 'list 50 calls', method: 'GET', path: '/api/v1/calls?limit=50' },
    { name: 'list 50 agents', method: 'GET', path: '/api/v1/agents?limit=50' },
    { name: 'get a call with its transcript', method: 'GET', path: `/api/v1/calls/${callId}` },
    { name: 'get an agent', method: 'GET', path: `/api/v1/agents/${agentId}` },
    {
      name: 'create an agent',
      method: 'POST',
      path: '/api/v1/agents',
      body: { name: 'Bench [<id>]', system_prompt: 'Be brief.' },
    },
    {
      name: 'create a task',
      method: 'POST',
      path: '/api/v1/tasks',
      body: { agent_id: agentId, name: 'Call back', to_number: '+442071234567' },
    },
  ];
}

async function measure({ calls, agents, seconds, rounds, connections }: ApiParameters): Promise<ApiResult> {
  let seeded: Seeded | undefined;
  const server = await startServerProcess(CONFIG, {
    prepare: async (dataDir) => {
      seeded = await seedRecords(dataDir, { calls, agents });
    },
  });
  if (!seeded) throw new Error('nothing was seeded');
  const operations = operationsOn(seeded);
  const answers = await Promise.all(operations.map((operation) => answerOf(server, operation)));
  const constant = await startConstants(Object.fromEntries(answers.map((body, i) => [`/${i}`, body])));
  const run = async (url: string, { method, body }: Operation, duration: number): Promise<ApiMeasure> => {
    const text = body && JSON.stringify(body);
    const result = await autocannon({
      url,
      method,
      connections,
      duration,
      headers: HEADERS,
      ...(text === undefined ? {} : { body: text, idReplacement: text.includes('[<id>]') }),
    });
    if (result.non2xx + result.errors > 0) throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} failed`);
    return { requestsPerS: result.requests.average, p50Ms: result.latency.p50, p99Ms: result.latency.p99 };
  };
  const results: ApiResult['operations'] = [];
  for (const [i, operation] of operations.entries()) {
    const urls = { ours: `${server.url}${operation.path}`, constant: `${constant.url}/${i}` };
    const measures: Record<'ours' | 'constant', ApiMeasure[]> = { ours: [], constant: [] };
    for (const side of ['ours', 'constant'] as const) await run(urls[side], operation, WARM_UP_S);
    for (let round = 0; round < rounds; round += 1) {
      for (const side of ['ours', 'constant'] as const) measures[side].push(await run(urls[side], operation, seconds));
    }
    const [ours, other] = [medianOf(measures.ours), medianOf(measures.constant)];
    const ratio = rounded(ours.requestsPerS / other.requestsPerS);
    results.push({ name: operation.name, bytes: JSON.stringify(answers[i]).length, ours, constant: other, ratio });
  }
  constant.stop();
  await server.stop();
  return { calls, agents, connections, operations: results };
}

function medianOf(rounds: readonly ApiMeasure[]): ApiMeasure {
  const median = (of: keyof ApiMeasure): number =>
    rounded(
      quantile(
        rounds.map((round) => round[of]),
        0.5,
      ),
    );
  return { requestsPerS: median('requestsPerS'), p50Ms: median('p50Ms'), p99Ms: median('p99Ms') };
}

/** What our server answers; the constant is of the same size. */
async function answerOf(server: ServerProcess, { method, path, body }: Operation): Promise<unknown> {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: HEADERS,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return await response.json();
}

async function startConstants(bodies: Record<string, unknown>): Promise<{ url: string; stop(): void }> {
  const script = fileURLToPath(new URL('./constant-server.js', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill('SIGKILL'));
  child.stdin.end(JSON.stringify(bodies));
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: `http://127.0.0.1:${port.toString().trim()}`, stop: () => child.kill() };
}
