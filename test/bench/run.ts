import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { ApiLoadParameters, ApiLoadResult } from './api-load-trial.js';
import { apiLoadTable, apiTable, dialectsTable, registrarTable, speechApiTable, webhookTable } from './api-tables.js';
import type { ApiParameters, ApiResult } from './api-trial.js';
import { benchAttack } from './attack-group.js';
import { withSpeech } from './caller-speech.js';
import type { ConversationParameters, ConversationResult } from './conversation-trial.js';
import type { DialectParameters, DialectResult } from './dialects-trial.js';
import type { DialogMemoryResult } from './dialog-memory-trial.js';
import { benchEcho } from './echo-bench.js';
import { benchCapacity, benchLeak, benchPacing, benchPeers } from './media-groups.js';
import { benchQuality } from './quality.js';
import type { RegistrarParameters, RegistrarResult } from './registrar-trial.js';
import type { SchedulerParameters, SchedulerResult } from './scheduler-trial.js';
import type { SetupParameters, SetupResult } from './setup-trial.js';
import { signallingTable } from './signalling-tables.js';
import type { SignallingParameters, SignallingResult } from './signalling-trial.js';
import type { SpeechApiParameters, SpeechApiResult } from './speech-api-trial.js';
import { conversationTable, schedulerTable, setupTable } from './tables.js';
import { trial } from './trial.js';
import type { WebhookParameters, WebhookResult } from './webhook-trial.js';

const GROUPS = [
  'capacity',
  'pacing',
  'leak',
  'peers',
  'echo',
  'quality',
  'setup',
  'conversation',
  'scheduler',
  'api',
  'api-load',
  'dialects',
  'speech-api',
  'webhooks',
  'registrar',
  'signalling',
  'attack',
] as const;
type Group = (typeof GROUPS)[number];

/** Runs the groups asked for, all when none is, and prints a table of each. Resolves with the exit code. */
export async function bench(args: readonly string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      calls: { type: 'string', default: '100,300,500,800' },
      'leak-calls': { type: 'string', default: '20000' },
      'api-rounds': { type: 'string', default: '5' },
      'api-calls': { type: 'string', default: '200' },
      interruptions: { type: 'string', default: '33' },
      tasks: { type: 'string', default: '10000' },
      guesses: { type: 'string', default: '1000' },
      rates: { type: 'string', default: '10,50,100,200,400' },
    },
  });
  const wanted = positionals.length === 0 ? GROUPS : GROUPS.filter((group) => positionals.includes(group));
  if (positionals.some((group) => !GROUPS.includes(group as Group))) {
    process.stderr.write(
      `usage: npm run bench -- [${GROUPS.join('|')} …] [--out file.json] [--calls 100,300,…] [--leak-calls n] [--interruptions n] [--tasks n] [--api-rounds n] [--api-calls n] [--rates 10,50,…] [--guesses n]\n`,
    );
    return 2;
  }
  const machine = {
    cores: cpus().length,
    model: cpus()[0]?.model ?? '',
    node: process.version,
    loadBefore: loadavg().map((load) => load.toFixed(2)),
  };
  const results: Record<string, unknown> = { date: new Date().toISOString(), machine };
  process.stdout.write(
    `${machine.cores} cores (${machine.model}), Node ${machine.node}, load before: ${machine.loadBefore.join(' ')}\n`,
  );
  const levels = values.calls.split(',').map(Number);
  const run = {
    capacity: () => benchCapacity(levels),
    pacing: () => benchPacing(),
    leak: () => benchLeak(Number(values['leak-calls'])),
    peers: () => benchPeers(),
    echo: () => benchEcho(),
    quality: () => benchQuality(),
    setup: () => benchSetup(),
    conversation: () => benchConversation(Number(values.interruptions)),
    scheduler: () => benchScheduler(Number(values.tasks)),
    api: () => benchApi(Number(values['api-rounds'])),
    'api-load': () => benchApiLoad(Number(values['api-calls'])),
    dialects: () => benchDialects(),
    'speech-api': () => benchSpeechApi(),
    webhooks: () => benchWebhooks(),
    registrar: () => benchRegistrar(),
    signalling: () => benchSignalling(values.rates.split(',').map(Number)),
    attack: () => benchAttack(Number(values.guesses)),
  };
  for (const group of wanted) {
    const { result, table } = await run[group]();
    results[group] = result;
    process.stdout.write(`\n${table}\n`);
  }
  const loadAfter = loadavg().map((load) => load.toFixed(2));
  results['loadAfter'] = loadAfter;
  process.stdout.write(`\nload after: ${loadAfter.join(' ')}\n`);
  if (values.out !== undefined) await writeFile(values.out, `${JSON.stringify(results, undefined, 2)}\n`);
  return 0;
}

async function benchApi(rounds: number) {
  const parameters: ApiParameters = { calls: 100_000, agents: 10_000, seconds: 4, rounds, connections: 10 };
  const result = await trial<ApiResult>('api', parameters);
  return { result, table: apiTable(result) };
}

/** Each alone, then both: what the calls do to the API, and the API to the calls. */
async function benchApiLoad(calls: number) {
  return await withSpeech(async (speechFile) => {
    const result: ApiLoadResult[] = [];
    for (const load of [
      { calls: 0, requestsPerS: 200 },
      { calls, requestsPerS: 0 },
      { calls, requestsPerS: 200 },
    ]) {
      const parameters: ApiLoadParameters = { ...load, speechFile, windowS: 15 };
      result.push(await trial<ApiLoadResult>('api-load', parameters));
    }
    return { result, table: apiLoadTable(result) };
  });
}

async function benchDialects() {
  const parameters: DialectParameters = { seconds: 3, rounds: 3, connections: 10 };
  const result = await trial<DialectResult>('dialects', parameters);
  return { result, table: dialectsTable(result) };
}

async function benchSpeechApi() {
  const parameters: SpeechApiParameters = { requests: 30 };
  const result = await trial<SpeechApiResult>('speech-api', parameters);
  return { result, table: speechApiTable(result) };
}

async function benchWebhooks() {
  const result: WebhookResult[] = [];
  for (const receivers of [1, 8]) {
    const parameters: WebhookParameters = { events: 2000, receivers };
    result.push(await trial<WebhookResult>('webhook', parameters));
  }
  return { result, table: webhookTable(result) };
}

async function benchRegistrar() {
  const parameters: RegistrarParameters = { phones: 1000, atOnce: 50, refreshesPerSecond: 200, rounds: 3 };
  const result = await trial<RegistrarResult>('registrar', parameters);
  return { result, table: registrarTable(result) };
}

/** At each rate SIPp's own server first, for what the machine can do. */
async function benchSignalling(rates: readonly number[]) {
  const trials: SignallingResult[] = [];
  for (const callsPerSecond of rates) {
    for (const server of ['sipp', 'offhook'] as const) {
      const parameters: SignallingParameters = { server, callsPerSecond, seconds: 15 };
      trials.push(await trial<SignallingResult>('signalling', parameters));
    }
  }
  const memory = await trial<DialogMemoryResult>('dialog-memory', { dialogs: 1000 });
  const result = { trials, memory };
  return { result, table: signallingTable(result) };
}

async function benchSetup() {
  const parameters: SetupParameters = { callsPerSecond: 20, seconds: 30, greetings: 20 };
  const result = await trial<SetupResult>('setup', parameters);
  return { result, table: setupTable(result) };
}

async function benchConversation(interruptions: number) {
  const result: ConversationResult[] = [];
  for (const providers of ['embedded', 'immediate'] as const) {
    const parameters: ConversationParameters = { providers, interruptions, callsAtOnce: 3 };
    result.push(await trial<ConversationResult>('conversation', parameters));
  }
  return { result, table: conversationTable(result) };
}

async function benchScheduler(tasks: number) {
  const result: SchedulerResult[] = [];
  for (const callsPerSecond of [20, 100]) {
    const parameters: SchedulerParameters = { tasks, callsPerSecond, windowS: 15, scheduled: 100 };
    result.push(await trial<SchedulerResult>('scheduler', parameters));
  }
  return { result, table: schedulerTable(result) };
}
