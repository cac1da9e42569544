import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallConversation } from '../../src/calls/call-conversation.js';
import { type CallEvent, CallService, type CallServiceDeps } from '../../src/calls/call-service.js';
import { GatewayRoute } from '../../src/calls/gateway-route.js';
import { Recordings } from '../../src/calls/recordings.js';
import { systemClock } from '../../src/core/clock.js';
import { silentLogger } from '../../src/core/log.js';
import { RecordingKeys } from '../../src/core/recording-seal.js';
import type { AgentGuidance } from '../../src/domain/agent-guidance.js';
import type { Call } from '../../src/domain/call.js';
import type { OutboundRoute } from '../../src/domain/ports/outbound-route.js';
import type { SpeechCatalog } from '../../src/domain/ports/speech.js';
import type { ConversationDeps } from '../../src/pipeline/conversation-deps.js';
import type { Interjection } from '../../src/pipeline/interjections.js';
import { openDatabase } from '../../src/storage/database.js';
import { FakeTts } from './fake-speech.js';
import { openTestEngine } from './media.js';
import { noPhones, noRoutes } from './no-routes.js';
import { sampleAgent } from './sample-records.js';
import { startTelephony } from './telephony.js';

type Test = { teardown(task: () => Promise<void> | void): void };

/** Writes down what the call tells its conversation. */
export class NotedConversation implements CallConversation {
  readonly noted: string[] = [];
  readonly deps: ConversationDeps;
  constructor(deps: ConversationDeps) {
    this.deps = deps;
  }
  start = (): void => void this.noted.push('start');
  digit = (digit: string): void => void this.noted.push(`digit ${digit}`);
  interject = (interjection: Interjection, interrupt: boolean): 'now' => {
    this.noted.push(`${interrupt ? 'interrupt' : 'interject'} ${interjection.text}`);
    return 'now';
  };
  guide = ({ mode, muted }: AgentGuidance): void => void this.noted.push(`guide ${mode}${muted ? ' muted' : ''}`);
  giveWay = (): [] => {
    this.noted.push('give way');
    return [];
  };
  operatorSaid = (text: string): void => void this.noted.push(`operator ${text}`);
  hold = (): void => void this.noted.push('hold');
  unhold = (): void => void this.noted.push('unhold');
  end = async (): Promise<void> => void this.noted.push('end');
}

/** Call service, SIP, media engine and database as they are in the server; only the conversation is a stand-in. */
export async function startCalls(
  t: Test,
  options: Partial<CallServiceDeps> & { capacity?: number; ringTimeoutMs?: number; route?: () => OutboundRoute } = {},
) {
  const s = await startTelephony(t);
  const dataDir = await mkdtemp(join(tmpdir(), 'offhook-calls-'));
  t.teardown(() => rm(dataDir, { recursive: true, force: true }));
  const { capacity = 4, ringTimeoutMs = 30_000, route, ...changes } = options;
  const media = openTestEngine(t, { capacity });
  const database = await openDatabase(dataDir);
  const conversations: NotedConversation[] = [];
  const ended: Call[] = [];
  const waiting: ((call: Call) => void)[] = [];
  const onEvent = (event: CallEvent): void => {
    if (event.type !== 'ended') return;
    const taker = waiting.shift();
    if (taker) taker(event.call);
    else ended.push(event.call);
  };
  const service = new CallService({
    telephony: s.telephony,
    media,
    voice: { watch: () => ({ close: () => {} }), close: async () => {} },
    speech: { suiteFor: () => ({ tts: new FakeTts(systemClock) }), warm: async () => {} } as unknown as SpeechCatalog,
    agents: database.agents,
    calls: database.calls,
    routes: noRoutes,
    phones: noPhones,
    clock: systemClock,
    log: silentLogger,
    recordings: new Recordings(dataDir, new RecordingKeys([])),
    builtInAgents: { echo: true, demo: true, tone: true },
    demoAgent: sampleAgent(),
    maxConcurrent: 10,
    reservedForInbound: 1,
    outbound: {
      route: route
        ? lazily(route)
        : new GatewayRoute({
            gatewayUri: `sip:{number}@127.0.0.1:${s.peer.port}`,
            from: 'sip:desk@localhost',
          }),
      maxConcurrent: 5,
      callsPerSecond: 50,
      ringTimeoutMs,
      breaker: { windowCalls: 20, minimumCalls: 10, failurePercent: 50, openMs: 30_000 },
    },
    createConversation: (deps) => {
      const conversation = new NotedConversation(deps);
      conversations.push(conversation);
      return conversation;
    },
    onEvent,
    ...changes,
  });
  service.start();
  t.teardown(async () => {
    await s.stopServer?.();
    await service.close();
    await database.close();
  });
  const nextEnded = (): Promise<Call> => {
    const call = ended.shift();
    return call ? Promise.resolve(call) : new Promise((resolve) => waiting.push(resolve));
  };
  return { ...s, dataDir, service, database, conversations, nextEnded };
}

/** What is known only once the server listens. */
const lazily = (route: () => OutboundRoute): OutboundRoute => ({
  waysTo: (tenant, number) => route().waysTo(tenant, number),
  waysToUri: (tenant, uri) => route().waysToUri(tenant, uri),
});
