import { ActionService } from './actions/action-service.js';
import { createAfterCalls } from './after-calls.js';
import { createAgentActions } from './agent-actions.js';
import { AgentService } from './agents/agent-service.js';
import { startHttpServer } from './api/http/server.js';
import { LiveFeeds } from './api/live/live-feeds.js';
import type { CallEvent } from './calls/call-event.js';
import { CallRemoval } from './calls/call-removal.js';
import { CallService } from './calls/call-service.js';
import { GatewayRoute } from './calls/gateway-route.js';
import { ProviderQuota } from './calls/load-signals.js';
import { Recordings } from './calls/recordings.js';
import { RetentionSweeper } from './calls/retention-sweeper.js';
import { screened } from './calls/screened-conversation.js';
import type { Config } from './config/schema.js';
import { secretKey } from './config/secret-key.js';
import { systemClock } from './core/clock.js';
import { DEFAULT_TENANT } from './core/ids.js';
import { CloseStack } from './core/lifecycle.js';
import { RecordingKeys } from './core/recording-seal.js';
import { SecretBox } from './core/secret-box.js';
import { startEndpoint } from './endpoint.js';
import { guardedFetch } from './http-client/guarded-fetch.js';
import { createIdentity } from './identity/identity.js';
import { createCallers } from './inbound-callers.js';
import { KeyService } from './keys/key-service.js';
import { startKnowledge } from './knowledge.js';
import { readinessOf, startLoadMonitor } from './load-shedding.js';
import { SmtpMailer } from './mail/smtp-mailer.js';
import {
  countProviderAnswers,
  countProviderFailures,
  countProviderUsage,
  countRequests,
} from './observability/exchange-metrics.js';
import { exportLines } from './observability/line-metrics.js';
import { exportLoad } from './observability/load-metrics.js';
import { createLogger } from './observability/logger.js';
import { exportMedia } from './observability/media-metrics.js';
import { createMetrics } from './observability/metrics.js';
import { exportQueues } from './observability/queue-metrics.js';
import { startTracing } from './observability/tracing.js';
import { exportTrunks } from './observability/trunk-metrics.js';
import { exportVoiceActivity } from './observability/voice-activity-metrics.js';
import { PhoneService } from './phones/phone-service.js';
import { Conversation } from './pipeline/conversation.js';
import { createPlannedCalls } from './planned-calls.js';
import { RouteService } from './routes/route-service.js';
import { RouteTable } from './routes/route-table.js';
import { RouteTester } from './routes/route-tester.js';
import type { App, AppHooks } from './running-app.js';
import { CallSessions } from './sessions/call-sessions.js';
import { createSipDefence, gateOptions } from './sip-defence.js';
import { loadSounds } from './sounds.js';
import { demoAgent } from './speech/script/demo-agent.js';
import { startRegistrar } from './start-registrar.js';
import { startSpeech } from './start-speech.js';
import { openDatabase } from './storage/database.js';
import { createTextChannel } from './text-channel.js';
import { answerTexts, createTextSessions } from './text-sessions.js';
import { TextHookService } from './texts/text-hook-service.js';
import { openTollLedger } from './toll-limits.js';
import { ActiveTrunks } from './trunks/active-trunks.js';
import { TrunkRoute } from './trunks/trunk-route.js';
import { TrunkService } from './trunks/trunk-service.js';
import { startTurns } from './turns.js';
import { createVoice } from './voice.js';

/** The composition root: the only place that knows every part. On a failure closes what had been started. */
export async function startApp(config: Config, hooks: AppHooks = {}): Promise<App> {
  const stack = new CloseStack();
  try {
    return await compose(config, hooks, stack);
  } catch (error) {
    await stack.close();
    throw error;
  }
}

async function compose(config: Config, hooks: AppHooks, stack: CloseStack): Promise<App> {
  const log = createLogger(config.log.level);
  const clock = systemClock;
  let failed = (error: Error): void => log.error({ err: error }, 'signalling lost');

  const database = await openDatabase(config.dataDir);
  stack.push(() => database.close());
  const recordingKeys = new RecordingKeys(config.recordings.keys);
  const recordings = new Recordings(config.dataDir, recordingKeys);
  const box = new SecretBox(secretKey({ dataDir: config.dataDir, passphrase: config.secrets.key }));
  const removal = new CallRemoval({ archive: database.archive, dataDir: config.dataDir, log });
  const removeFiles = (): Promise<void> => removal.removeFiles();
  const parts = { config, database, removeFiles, clock, log, stack };
  const knowledge = await startKnowledge(parts);
  const tracing = await startTracing(process.env, log);
  stack.push(() => tracing?.close());
  const metrics = createMetrics();
  const { registry } = metrics;
  const quota = new ProviderQuota(clock);
  const onProviderAnswer = countProviderAnswers(registry);
  const onFailure = countProviderFailures(registry);
  const speech = await startSpeech(config, log, stack, {
    onAnswer: (answer) => {
      onProviderAnswer(answer);
      // Where somebody stands in for one that refuses, calls can be taken.
      if (config.speech.fallbacks[answer.stage].length === 0) quota.onAnswer(answer.statusCode);
    },
    onFailure,
    onUsage: countProviderUsage(registry),
  });
  const endpoint = await startEndpoint({
    bind: config.bind,
    sipPort: config.sip.port,
    tls: { port: config.sip.tlsPort, ...config.sip.tls },
    ws: { wsPort: config.sip.wsPort, wssPort: config.sip.wssPort, origins: config.sip.wsOrigins },
    externalIp: config.externalIp,
    localNetworks: config.sip.localNetworks,
    gate: gateOptions(config.sip),
    dnsServers: config.sip.dnsServers,
    onUnreachable: (registrarAddress) => activeTrunks.registerAgain(registrarAddress),
    drachtio: config.drachtio,
    media: config.media,
    reliableProvisionals: config.sip.reliableProvisionals,
    log,
    onSignallingLost: (error) => failed(error),
  });
  stack.push(() => endpoint.close());
  const turnModel = await startTurns(parts);

  const feeds = new LiveFeeds({ calls: database.calls, clock });
  const callSessions = new CallSessions();
  exportVoiceActivity(registry, () => endpoint.voice.lag());
  exportMedia(registry, () => ({ ...endpoint.media.figures(), ...endpoint.media.usage() }));
  exportQueues(registry, () => database.figures(clock.nowMs()));
  const registrar = startRegistrar({
    config,
    endpoint,
    database,
    registry,
    clock,
    log,
    stack,
    onSources: () => defence.refresh(),
    onFailure: (address) => defence.bans.offended(address, 'authentication'),
  });
  const onAttempt = exportTrunks(registry, () => activeTrunks.counts());
  const activeTrunks = new ActiveTrunks({
    signalling: endpoint.telephony,
    box,
    clock,
    log,
    random: Math.random,
    onAttempt,
    onSources: () => defence.refresh(),
    registrar,
  });
  const defence = createSipDefence({
    sip: config.sip,
    gate: endpoint.gate,
    bans: database.bans,
    knownSources: () => [...activeTrunks.sources(), ...registrar.locations.sources()],
    registry,
    log,
  });
  stack.push(() => activeTrunks.close());
  const trunks = new TrunkService({ trunks: database.trunks, active: activeTrunks, box, clock });
  const phones = new PhoneService({ phones: database.phones, ...registrar, box, clock, log });
  const { memory } = knowledge;
  const afterCalls = createAfterCalls({ ...parts, recordings, speech, memory, registry });
  const { reports, webhooks, subscriptions, converter } = afterCalls;
  const load = startLoadMonitor({
    limits: config.overload,
    endpoint,
    refusedShare: () => quota.refusedShare(),
    onOverload: () => endpoint.gate?.setOverloaded(config.overload.shed),
    onRelief: () => {
      endpoint.gate?.setOverloaded(false);
      planned.wake();
    },
    log,
  });
  stack.push(() => load.close());
  exportLoad(registry, () => load.figures());
  exportLines(registry, () => calls.lineStates());
  const overloads = () => (config.overload.shed ? load.reasons : []);
  const tolls = await openTollLedger(database, config.outbound, clock);
  const route = new TrunkRoute({
    trunks: activeTrunks,
    gateway: config.outbound.gatewayUri === undefined ? undefined : new GatewayRoute(config.outbound),
    allowedHosts: config.outbound.allowedHosts,
    phones: registrar.phoneBook,
    guard: tolls,
    callsIn: (trunk): number => calls.callsOver(trunk, 'inbound'),
    random: Math.random,
  });
  const routes = new RouteTable({ routes: database.routes, clock });
  const lookup = { agents: database.agents, builtInAgents: config.builtInAgents, demoAgent, routes, phones };
  const callers = createCallers(registrar, phones, activeTrunks);
  const inbound = { callers, unknownSources: config.sip.unknownSources, offences: defence.bans };
  const texts = createTextChannel({
    database,
    signalling: endpoint.telephony,
    trunks: activeTrunks,
    route,
    tolls,
    lookup,
    inbound,
    registry,
    clock,
    log,
    onText: [(text) => feeds.onText(text), () => webhooks.poke(), (text, answered) => textAnswers.onText(text, answered)],
  });
  stack.push(() => texts.sender.close());
  const mailer = config.smtp && new SmtpMailer(config.smtp);
  const fetchPublic = guardedFetch(config.webhooks);
  const told = (event: CallEvent): void => {
    metrics.onCallEvent(event);
    tracing?.onCallEvent(event);
    feeds.onCallEvent(event);
    callSessions.onCallEvent(event);
    hooks.onCallEvent?.(event);
  };
  const { toolboxes, endActions } = createAgentActions({
    ...parts,
    box,
    fetch: fetchPublic,
    mailer,
    texts: texts.service,
    onCallEvent: told,
  });
  const sessions = createTextSessions({
    database,
    dataDir: config.dataDir,
    keys: recordingKeys,
    speech,
    ...knowledge,
    toolboxes,
    removeFiles,
    clock,
    log,
    stack,
  });
  sessions.onEvent(({ type }) => {
    if (type === 'closed') endActions.wake();
  });
  const textAnswers = answerTexts({ database, sessions, texts, clock, log, stack });
  const sounds = loadSounds(config, endpoint.media);
  const calls = new CallService({
    toolboxes,
    telephony: endpoint.telephony,
    trunks: activeTrunks,
    ...inbound,
    media: endpoint.media,
    voice: endpoint.voice,
    speech,
    ...lookup,
    calls: database.calls,
    clock,
    log,
    recordings,
    sounds,
    ...config.calls,
    mediaTimeoutMs: config.media.timeoutMs,
    outbound: { ...config.outbound, route, tolls, doNotCall: database.doNotCall },
    handoverOf: (trunk) => activeTrunks.handoverOf(trunk),
    overloaded: () => overloads().length > 0,
    onText: (call, text) => texts.service.receiveOn(call, text),
    inform: knowledge.inform,
    createConversation: (deps) => screened({ ...deps, ...config.conversation, turnModel }, (it) => new Conversation(it)),
    onEvent: (event) => {
      if (event.type === 'ended') {
        planned.wake();
        reports.onEnded(event.call);
        converter?.onEnded(event.call);
        endActions.wake();
      }
      if (event.type === 'started' || event.type === 'ended' || event.type === 'participants') webhooks.poke();
      told(event);
    },
  });
  stack.push(() => calls.close());
  const planned = createPlannedCalls({ database, outbound: config.outbound, calls, tolls, clock, log, stack });
  await calls.recover();
  converter?.start();
  const retention = new RetentionSweeper({
    archive: database.archive,
    settings: database.archive,
    removal,
    defaults: config.retention,
    clock,
    log,
  });
  stack.push(() => retention.close());

  const identity = createIdentity({ repositories: database, mailer, clock, log });
  stack.push(() => identity.invitations.settled());

  const routeService = new RouteService({ routes: database.routes, table: routes, clock });
  const countRequest = countRequests(registry);
  let draining = false;
  const http = await startHttpServer({
    bind: config.bind,
    ...config.http,
    agents: new AgentService({
      agents: database.agents,
      clock,
      speech,
      sounds,
      removeFiles,
      maxAgents: config.agents.maxPerOrganization,
    }),
    actions: new ActionService({ ...database, box, clock }),
    ...planned,
    documents: knowledge.documents,
    memory,
    fetch: fetchPublic,
    ...createVoice({ speech, clock, log }),
    bans: defence.bans,
    trunks,
    routes: routeService,
    texts: texts.service,
    sessions,
    callSessions,
    textAnswers: textAnswers.answers,
    textHooks: new TextHookService({ ...database, box, clock }),
    routeTester: new RouteTester({ ...lookup, trunks: database.trunks, store: database.routes, clock }),
    phones,
    calls: database.calls,
    callFigures: database.callFigures,
    publicNumbers: database.publicNumbers,
    callControl: calls,
    callRemoval: removal,
    reports,
    keys: new KeyService({ ...database, clock, adminKey: config.adminKey, onLimits: planned.onLimits }),
    identity,
    idempotency: database.idempotency,
    feeds,
    webhooks: database.webhooks,
    subscriptions,
    recordings,
    metrics: registry,
    onRequest: (seen) => {
      countRequest(seen);
      tracing?.onRequest(seen);
    },
    readiness: () => readinessOf(draining, overloads()),
    log,
    clock,
  });
  stack.push(() => http.close());
  webhooks.start();
  await defence.bans.start();
  calls.start();
  await trunks.import(DEFAULT_TENANT, config.trunks);
  await routeService.import(DEFAULT_TENANT, config.routes);
  await trunks.start();
  await phones.import(DEFAULT_TENANT, config.phones);
  await phones.start();
  await registrar.start();
  texts.start();
  await sessions.start();
  planned.wake();
  endActions.wake();
  retention.start();

  return {
    sipPort: endpoint.ports.sipPort,
    sipTlsPort: endpoint.ports.tlsPort,
    sipWsPort: endpoint.ports.wsPort,
    sipWssPort: endpoint.ports.wssPort,
    httpPort: http.port,
    calls: database.calls,
    understands: speech.suiteFor(demoAgent).stt.understands,
    onFailure: (listener) => {
      failed = listener;
    },
    stop: async (limitMs) => {
      draining = true;
      // Nobody is to be sent to us any more; calls in progress go on.
      await Promise.all([activeTrunks.close(), calls.drain(limitMs)]);
      await stack.close();
    },
  };
}
