// The trial of `npm run bench -- scheduler`: how soon and how evenly due tasks are dialled, and what it costs.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/core/clock.js';
import { type AgentId, DEFAULT_TENANT, newTaskId } from '../../src/core/ids.js';
import type { Task } from '../../src/domain/task.js';
import { openDatabase } from '../../src/storage/database.js';
import { sampleAgent } from '../support/sample-records.js';
import { openBusyGateway } from './busy-gateway.js';
import { coresBetween, sampleCpu } from './process-cpu.js';
import { startServerProcess } from './server-process.js';
import { quantile, rounded, type Spread, spreadOf } from './statistics.js';

export type SchedulerParameters = { tasks: number; callsPerSecond: number; windowS: number; scheduled: number };
export type SchedulerResult = {
  tasks: number;
  callsPerSecond: number;
  /** Scheduled time -> INVITE on the wire, of tasks at times of their own while all the others wait. */
  driftMs: Spread;
  notDialled: number;
  /** From the moment at which all of `tasks` fall due together. */
  firstDialMs: number;
  dialledPerSecond: number;
  /** Distance between INVITEs against the pace: how evenly they leave. */
  gapP50Ms: number;
  gapP99Ms: number;
  /** Of one core while the many are dialled. */
  serverCores: number;
  mainCores: number;
};

/** From the beginning of the seeding until the first time: this, and this for each task. */
const LEAD_MS = 4000;
const SEEDING_MS = 2;
const SPACING_MS = 100;
/** The first calls of a process load what all later ones have. */
const WARM_UP_CALLS = 30;
/** From the last of the scheduled tasks until the many fall due. */
const PAUSE_MS = 3000;
/** The first second of the many is not measured. */
const SETTLE_MS = 1000;

const MANY = '+1555';
const manyNumber = (index: number): string => `${MANY}${1_000_000 + index}`;
const scheduledNumber = (index: number): string => `+1444${1_000_000 + index}`;

const parameters = JSON.parse(process.argv[2] ?? '{}') as SchedulerParameters;
process.stdout.write(`${JSON.stringify(await measure(parameters))}\n`);

async function measure({ tasks, callsPerSecond, windowS, scheduled }: SchedulerParameters): Promise<SchedulerResult> {
  const dataDir = await mkdtemp(join(tmpdir(), 'offhook-scheduler-'));
  const gateway = await openBusyGateway();
  const outbound = `{ gatewayUri: "sip:{number}@127.0.0.1:${gateway.port}", maxConcurrent: 300, callsPerSecond: ${callsPerSecond} }`;
  const server = await startServerProcess(`outbound: ${outbound}\n`, { env: { OFFHOOK_DATA_DIR: dataDir } });
  const seedingMs = systemClock.nowMs();
  const startMs = seedingMs + LEAD_MS + tasks * SEEDING_MS;
  const dueMs = startMs + (WARM_UP_CALLS + scheduled) * SPACING_MS + PAUSE_MS;
  const agentId = await seed(dataDir, { tasks, scheduled, startMs, dueMs });
  // What another program writes is seen at the next look, and a task over the API brings it about.
  await server.createTask(farAway(agentId));
  if (systemClock.nowMs() > startMs) throw new Error('the database was filled too slowly');

  await until(dueMs + SETTLE_MS);
  const before = sampleCpu(server.pid);
  const dialledBefore = gateway.invitedMs.size;
  await until(dueMs + SETTLE_MS + windowS * 1000);
  const dialled = gateway.invitedMs.size - dialledBefore;
  const after = sampleCpu(server.pid);
  const cores = coresBetween(server.pid, before, after);
  const elapsedS = Number(after.atNs - before.atNs) / 1e9;
  await server.stop();
  gateway.close();
  await rm(dataDir, { recursive: true, force: true });

  const drifts = Array.from({ length: scheduled }, (_, nth) => {
    const index = WARM_UP_CALLS + nth;
    const invitedMs = gateway.invitedMs.get(scheduledNumber(index));
    return invitedMs === undefined ? [] : [invitedMs - (startMs + index * SPACING_MS)];
  }).flat();
  const many = [...gateway.invitedMs].filter(([number]) => number.startsWith(MANY)).map(([, atMs]) => atMs);
  const gaps = many.slice(1).map((atMs, index) => atMs - (many[index] ?? atMs));
  return {
    tasks,
    callsPerSecond,
    driftMs: spreadOf(drifts),
    notDialled: scheduled - drifts.length,
    firstDialMs: rounded((many[0] ?? Number.NaN) - dueMs),
    dialledPerSecond: rounded(dialled / elapsedS, 1),
    gapP50Ms: rounded(quantile(gaps, 0.5)),
    gapP99Ms: rounded(quantile(gaps, 0.99)),
    serverCores: cores.all,
    mainCores: cores['main'] ?? 0,
  };
}

async function seed(
  dataDir: string,
  { tasks, scheduled, startMs, dueMs }: { tasks: number; scheduled: number; startMs: number; dueMs: number },
): Promise<AgentId> {
  const database = await openDatabase(dataDir);
  const agent = sampleAgent({ providers: {} });
  await database.agents.insert(agent);
  const insert = (toNumber: string, atMs: number): Promise<void> => database.tasks.insert(taskOf(agent.id, toNumber, atMs));
  for (let index = 0; index < tasks; index++) await insert(manyNumber(index), dueMs);
  for (let index = 0; index < WARM_UP_CALLS + scheduled; index++)
    await insert(scheduledNumber(index), startMs + index * SPACING_MS);
  await database.close();
  return agent.id;
}

function farAway(agentId: AgentId): object {
  return { agent_id: agentId, name: 'wakes the scheduler', to_number: '+15550100', scheduled_at: '2999-01-01T00:00:00Z' };
}

function taskOf(agentId: AgentId, toNumber: string, scheduledAtMs: number): Task {
  return {
    id: newTaskId(),
    tenantId: DEFAULT_TENANT,
    agentId,
    name: 'bench',
    description: undefined,
    toNumber,
    startingMessage: undefined,
    contextData: { customer_name: 'Ann' },
    priority: 0,
    scheduledAtMs,
    callWindow: { from: '00:00', to: '24:00' },
    retry: { maxAttempts: 3, outcomes: { no_answer: { afterMs: [60_000] } } },
    webhookUrl: undefined,
    webhookEvents: [],
    status: 'pending',
    callId: undefined,
    failureReason: undefined,
    attempts: 0,
    nextAttemptAtMs: scheduledAtMs,
    createdAtMs: scheduledAtMs,
    updatedAtMs: scheduledAtMs,
  };
}

function until(epochMs: number): Promise<void> {
  return new Promise((resolve) => void systemClock.schedule(Math.max(0, epochMs - systemClock.nowMs()), resolve));
}
