import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Registry } from 'prom-client';
import { ActionService } from '../../src/actions/action-service.js';
import { AgentService } from '../../src/agents/agent-service.js';
import { startHttpServer } from '../../src/api/http/server.js';
import { LiveFeeds } from '../../src/api/live/live-feeds.js';
import { CallRemoval } from '../../src/calls/call-removal.js';
import { Recordings } from '../../src/calls/recordings.js';
import { CampaignFeeder } from '../../src/campaigns/campaign-feeder.js';
import { FakeClock, systemClock } from '../../src/core/clock.js';
import { DEFAULT_TENANT, type TenantId } from '../../src/core/ids.js';
import { type Logger, silentLogger } from '../../src/core/log.js';
import { RecordingKeys } from '../../src/core/recording-seal.js';
import { SecretBox } from '../../src/core/secret-box.js';
import { BanService } from '../../src/defence/ban-service.js';
import { DoNotCallGuard } from '../../src/do-not-call/do-not-call-guard.js';
import { DoNotCallService } from '../../src/do-not-call/do-not-call-service.js';
import { DocumentService } from '../../src/documents/document-service.js';
import type { Mailer } from '../../src/domain/ports/mailer.js';
import type { SpeechSuite } from '../../src/domain/ports/speech.js';
import { guardedFetch } from '../../src/http-client/guarded-fetch.js';
import { createIdentity, type Identity } from '../../src/identity/identity.js';
import { Passwords } from '../../src/identity/passwords.js';
import { KeyService, type KeyTerms } from '../../src/keys/key-service.js';
import { MemoryService } from '../../src/memory/memory-service.js';
import { PhoneService } from '../../src/phones/phone-service.js';
import { ReportService } from '../../src/reports/report-service.js';
import { RouteService } from '../../src/routes/route-service.js';
import { RouteTable } from '../../src/routes/route-table.js';
import { RouteTester } from '../../src/routes/route-tester.js';
import { CallSessions } from '../../src/sessions/call-sessions.js';
import type { SessionService } from '../../src/sessions/session-service.js';
import { NullRecognizer } from '../../src/speech/embedded/null-recognizer.js';
import { demoAgent } from '../../src/speech/script/demo-agent.js';
import { ScriptBrain } from '../../src/speech/script/script-brain.js';
import { type Database, openDatabase } from '../../src/storage/database.js';
import { SubscriptionService } from '../../src/subscriptions/subscription-service.js';
import { TextHookService } from '../../src/texts/text-hook-service.js';
import { TextService } from '../../src/texts/text-service.js';
import { ActiveTrunks } from '../../src/trunks/active-trunks.js';
import { TrunkRoute } from '../../src/trunks/trunk-route.js';
import { TrunkService } from '../../src/trunks/trunk-service.js';
import { createVoice } from '../../src/voice.js';
import type { Outgoing, SendResult } from '../../src/webhooks/send-webhook.js';
import { sendTestWebhook } from '../../src/webhooks/test-webhook.js';
import { campaignParts } from './campaign-parts.js';
import { FakeLine } from './fake-line.js';
import { FakeTts } from './fake-speech.js';
import { FakeTrunkSignalling } from './fake-trunk-signalling.js';
import { temporaryDirectory } from './offhook-process.js';
import { newRegistrarSet } from './registrar-set.js';
import { type StandInCalls, standInCalls } from './stand-in-calls.js';
import { taskParts } from './task-parts.js';
import { answersWithoutTexts, textSessions } from './text-sessions.js';

export const OTHER_TENANT = '00000000-0000-7000-8000-000000000002' as TenantId;

/** What a response of the core dialect may hold; tests look at what they promise. */
// oxlint-disable-next-line typescript/no-explicit-any -- the shape of each answer is what the tests are about
export type Answer = { status: number; headers: Headers; body: any };

export type HttpHarness = {
  url: string;
  database: Database;
  dataDir: string;
  /** Keys of the default tenant and of another one. */
  key: string;
  otherKey: string;
  /** Makes another key, of the default tenant where none is given. */
  newKey(terms: KeyTerms, tenant?: TenantId): Promise<string>;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** The use cases about people; passwords are hashed quickly and badly. */
  identity: Identity;
  raw(path: string, init?: RequestInit): Promise<Response>;
  setReady(ready: boolean): void;
  /** The outbound calls that were asked for, and what asking for more is refused with. */
  outbound: Pick<StandInCalls, 'refuseWith'> & { readonly requests: StandInCalls['requests'] };
  /** The commands that calls in progress were given. */
  commands: unknown[];
  /** The line of each call that lasts. */
  line: FakeLine;
  /** The registrars at which trunks register. */
  trunks: FakeTrunkSignalling;
  /** Told what the call layer would tell. */
  feeds: LiveFeeds;
  sessions: SessionService;
  /** Told what the call layer would tell. */
  callSessions: CallSessions;
  /** The server's wall clock; its timers run in real time. */
  clock: FakeClock;
  /** Makes tasks of contacts, as a change of a campaign does by itself. */
  feedCampaigns(): void;
  close(): Promise<void>;
};

type HarnessOptions = {
  log?: Logger;
  adminKey?: string;
  rateLimitPerMinute?: number;
  maxAgents?: number;
  corsOrigins?: string[];
  /** What hears and thinks when reports are made; left out, nobody hears and the script thinks. */
  suite?: Partial<SpeechSuite>;
  publicUrl?: string;
  mailer?: Mailer;
  /** What test events of webhooks meet with; left out, they are taken. */
  sendWebhook?: (outgoing: Outgoing) => SendResult;
  /** Of an earlier harness that was closed, to start the server on it again. */
  dataDir?: string;
  recordingKeys?: readonly string[];
};
type TapLike = { teardown(handler: () => void | Promise<void>): void };

/** The real HTTP server on a free port, with a real database; only the call layer is a stand-in that ends what it is told to. */
export async function startHarness(t: TapLike, options: HarnessOptions = {}): Promise<HttpHarness> {
  const dataDir = options.dataDir ?? temporaryDirectory(t);
  const database = await openDatabase(dataDir);
  addTenant(dataDir, OTHER_TENANT);
  const clock = new FakeClock();
  const keys = new KeyService({ ...database, clock, adminKey: options.adminKey });
  const { key } = await keys.create(DEFAULT_TENANT, 'test');
  const { key: otherKey } = await keys.create(OTHER_TENANT, 'other');
  const feeds = new LiveFeeds({ calls: database.calls, clock: systemClock });
  const log = options.log ?? silentLogger;
  const passwords = new Passwords({ cost: 4 });
  const identity = createIdentity({ repositories: database, mailer: options.mailer, clock, log, passwords });
  let ready = true;
  const commands: unknown[] = [];
  const line = new FakeLine();
  const outbound = standInCalls(database, commands, line);
  const registrars = new FakeTrunkSignalling();
  const box = new SecretBox(Buffer.alloc(32, 7));
  const registrar = newRegistrarSet({}, clock);
  const active = new ActiveTrunks({ signalling: registrars, box, clock, log: silentLogger, random: () => 0, registrar });
  const phones = new PhoneService({ phones: database.phones, ...registrar, box, clock, log: silentLogger });
  const doNotCall = { list: database.doNotCall, clock };
  const guard = new DoNotCallGuard(doNotCall);
  // No scheduler: what is due waits for whoever executes it.
  const { service: tasks, policies, dialler } = taskParts({ database, calls: outbound, clock, guard, onScheduled: () => {} });
  const feeder = new CampaignFeeder({
    feed: database.campaignFeed,
    callTime: (task, atMs) => dialler.callTime(task, atMs),
    onTasks: () => {},
    clock,
    log: silentLogger,
  });
  const taken = { statusCode: 204, error: undefined, hopeless: false, durationMs: 3 };
  const { sendWebhook = () => taken } = options;
  const serverClock = { ...systemClock, nowMs: () => clock.nowMs() };
  const textRoute = new TrunkRoute({
    trunks: active,
    gateway: undefined,
    guard: { check: () => {} },
    allowedHosts: ['phone.example'],
    phones: { localUser: () => undefined, resolve: () => [] },
    callsIn: () => 0,
    random: () => 0,
  });
  const builtInAgents = { echo: true, demo: true, tone: true };
  const brain = new ScriptBrain();
  const suite = { stt: new NullRecognizer(), llm: brain, tts: new FakeTts(systemClock), ...options.suite };
  const recordings = new Recordings(dataDir, new RecordingKeys(options.recordingKeys ?? []));
  const reports = new ReportService({
    ...database,
    speech: { suiteFor: () => suite },
    reader: brain,
    demoAgent,
    openRecording: (call) => recordings.open(call),
    clock: serverClock,
    log: options.log ?? silentLogger,
    automatic: false,
    timeoutMs: 60_000,
    transcriptionTimeoutMs: 60_000,
    webhookWaitMs: 0,
  });
  const callSessions = new CallSessions();
  const sessions = textSessions({ database, dataDir, suite, log, clock: serverClock });
  const removal = new CallRemoval({ archive: database.archive, dataDir, log: silentLogger });
  const removeFiles = (): Promise<void> => removal.removeFiles();
  const server = await startHttpServer({
    bind: '127.0.0.1',
    port: 0,
    bodyLimitBytes: 1_048_576,
    rateLimitPerMinute: options.rateLimitPerMinute ?? 1_000_000,
    corsOrigins: options.corsOrigins ?? [],
    agents: new AgentService({ agents: database.agents, clock, removeFiles, maxAgents: options.maxAgents }),
    documents: new DocumentService({ ...database, dataDir, clock, onUploaded: () => {}, removeFiles }),
    fetch: guardedFetch({ allowPrivate: true }),
    ...createVoice({ speech: { suiteFor: () => suite }, clock: systemClock, log }),
    actions: new ActionService({ ...database, box, clock }),
    tasks,
    policies,
    doNotCall: new DoNotCallService(doNotCall),
    bans: new BanService({
      bans: database.bans,
      gate: undefined,
      isKnown: (address) => address === '192.0.2.1',
      options: { enabled: true, offences: 20, windowMs: 60_000, banMs: 300_000, maxBanMs: 86_400_000 },
      clock,
      log,
    }),
    ...campaignParts({ database, clock, onChanged: () => feeder.wake() }),
    trunks: new TrunkService({ trunks: database.trunks, active, box, clock }),
    texts: new TextService({
      ...database,
      signalling: { onText: () => {} },
      trunks: active,
      router: { decide: async () => ({ by: 'nobody', rule: undefined, target: undefined, variables: {} }) },
      route: textRoute,
      unknownSources: 'reject',
      clock,
      log,
      onPending: () => {},
    }),
    sessions,
    callSessions,
    textAnswers: answersWithoutTexts({ database, sessions, clock: serverClock, log }),
    textHooks: new TextHookService({ ...database, box, clock }),
    memory: new MemoryService({ memories: database.memories, clock, log }),
    routes: new RouteService({ routes: database.routes, table: new RouteTable({ ...database, clock }), clock }),
    routeTester: new RouteTester({ ...database, phones, store: database.routes, builtInAgents, demoAgent, clock }),
    phones,
    calls: database.calls,
    callFigures: database.callFigures,
    publicNumbers: database.publicNumbers,
    callControl: outbound,
    callRemoval: removal,
    reports,
    keys,
    identity,
    publicUrl: options.publicUrl,
    idempotency: database.idempotency,
    feeds,
    webhooks: database.webhooks,
    subscriptions: new SubscriptionService({
      webhooks: database.webhookRegistry,
      sendTest: (webhook) => sendTestWebhook(webhook, { send: async (outgoing) => sendWebhook(outgoing), clock }),
      clock,
    }),
    recordings,
    metrics: new Registry(),
    readiness: () => ({ state: ready ? 'ready' : 'draining', reasons: [] }),
    log,
    clock: serverClock,
  });
  t.teardown(async () => {
    await server.close();
    await sessions.shutDown();
    await feeder.close();
    await reports.close();
    registrar.close();
    await identity.invitations.settled();
    await database.close();
  });
  const url = `http://127.0.0.1:${server.port}`;
  const raw = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${url}${path}`, init);
  return {
    url,
    database,
    dataDir,
    key,
    otherKey,
    newKey: async (terms, tenant = DEFAULT_TENANT) => (await keys.create(tenant, 'made for a test', terms)).key,
    feeds,
    sessions,
    callSessions,
    identity,
    clock,
    feedCampaigns: () => feeder.wake(),
    close: () => server.close(),
    raw,
    outbound,
    commands,
    line,
    trunks: registrars,
    setReady: (value) => {
      ready = value;
    },
    async call(method, path, body, headers = {}) {
      const response = await raw(`/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return { status: response.status, headers: response.headers, body: await response.json() };
    },
  };
}

/** Only somebody who owns one organisation can make another. */
function addTenant(dataDir: string, tenant: TenantId): void {
  const sqlite = new Sqlite(join(dataDir, 'offhook.db'));
  sqlite.prepare('INSERT OR IGNORE INTO tenants (id, name, created_at_ms) VALUES (?, ?, 0)').run(tenant, 'other');
  sqlite.close();
}
