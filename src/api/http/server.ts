import { once } from 'node:events';
import { createServer, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import type { ActionService } from '../../actions/action-service.js';
import type { AgentService } from '../../agents/agent-service.js';
import type { CallRemoval } from '../../calls/call-removal.js';
import type { Recordings } from '../../calls/recordings.js';
import type { CampaignRecruiting } from '../../campaigns/campaign-recruiting.js';
import type { CampaignService } from '../../campaigns/campaign-service.js';
import type { ContactService } from '../../contacts/contact-service.js';
import type { Clock } from '../../core/clock.js';
import { toError } from '../../core/errors.js';
import { escapeHtml } from '../../core/html.js';
import type { Logger } from '../../core/log.js';
import type { BanService } from '../../defence/ban-service.js';
import type { DoNotCallService } from '../../do-not-call/do-not-call-service.js';
import type { DocumentService } from '../../documents/document-service.js';
import type { IdempotencyRepository } from '../../domain/idempotency.js';
import type { AudioFileReader } from '../../domain/ports/audio-files.js';
import type { CallControl } from '../../domain/ports/call-control.js';
import type { CallFigures } from '../../domain/ports/call-figures.js';
import type { PublicNumbers } from '../../domain/ports/public-numbers.js';
import type { CallRepository } from '../../domain/ports/repositories.js';
import type { WebhookOutbox } from '../../domain/ports/webhooks.js';
import type { Identity } from '../../identity/identity.js';
import type { KeyService } from '../../keys/key-service.js';
import type { MemoryService } from '../../memory/memory-service.js';
import type { PhoneService } from '../../phones/phone-service.js';
import type { ReportService } from '../../reports/report-service.js';
import type { RouteService } from '../../routes/route-service.js';
import type { RouteTester } from '../../routes/route-tester.js';
import type { CallSessions } from '../../sessions/call-sessions.js';
import type { SessionService } from '../../sessions/session-service.js';
import type { TextAnswers } from '../../sessions/text-answers.js';
import type { SubscriptionService } from '../../subscriptions/subscription-service.js';
import type { OutboundPolicies } from '../../tasks/outbound-policies.js';
import type { TaskService } from '../../tasks/task-service.js';
import type { TextHookService } from '../../texts/text-hook-service.js';
import type { TextService } from '../../texts/text-service.js';
import type { TrunkService } from '../../trunks/trunk-service.js';
import type { VoiceMessageService } from '../../voice-messages/voice-message-service.js';
import { callfluentDialect } from '../dialects/callfluent/callfluent-dialect.js';
import { coreDialect } from '../dialects/core/core-dialect.js';
import type { LiveRouterOptions } from '../dialects/core/live-routes.js';
import { flametalkDialect } from '../dialects/flametalk/flametalk-dialect.js';
import { AgentSocket } from '../dialects/flametree/agent-socket.js';
import { flametreeDialect } from '../dialects/flametree/flametree-dialect.js';
import { UserSocket } from '../dialects/flametree/user-socket.js';
import { overviewDialect } from '../dialects/overview/overview-dialect.js';
import { asyncApiDocument } from '../live/asyncapi-document.js';
import { EventStreams } from '../live/event-stream.js';
import { ListenSocket } from '../live/listen-socket.js';
import type { LiveFeeds } from '../live/live-feeds.js';
import { LiveSocket } from '../live/live-socket.js';
import { LiveTokens } from '../live/live-tokens.js';
import { serveUpgrades } from '../live/upgrades.js';
import { SessionAccess } from './access/session-access.js';
import { Site } from './access/site.js';
import { consoleRouter } from './console-routes.js';
import { failureHandler, mountable, ownPaths } from './dialect.js';
import { docsPage } from './docs/docs-page.js';
import type { Failure } from './failure.js';
import { invitationRouter } from './invitation-routes.js';
import { openApiDocument } from './openapi-document.js';
import { type MetricsSource, operationsRouter, type Readiness } from './operations.js';
import { RequestLimit } from './rate-limit.js';
import { requestContext } from './request-context.js';
import { type RequestSeen, watchRequests } from './route-template.js';
import { crossOrigin, securityHeaders } from './security-headers.js';

export type HttpServerOptions = {
  bind: string;
  /** 0 takes any free port. */
  port: number;
  bodyLimitBytes: number;
  rateLimitPerMinute: number;
  /** Origins whose pages may use the API from a browser; `*` is any. */
  corsOrigins: readonly string[];
  /** Where browsers reach the server, when that is not where it listens. */
  publicUrl?: string | undefined;
  agents: AgentService;
  documents: DocumentService;
  memory: MemoryService;
  voices: VoiceMessageService;
  audioFiles: AudioFileReader;
  /** Of addresses that clients name. */
  fetch: (url: string, init: { signal: AbortSignal }) => Promise<Response>;
  actions: ActionService;
  tasks: TaskService;
  policies: OutboundPolicies;
  doNotCall: DoNotCallService;
  bans: BanService;
  campaigns: CampaignService;
  recruiting: CampaignRecruiting;
  contacts: ContactService;
  trunks: TrunkService;
  routes: RouteService;
  texts: TextService;
  textHooks: TextHookService;
  /** Text conversations. */
  sessions: SessionService;
  /** To be told of every call event. */
  callSessions: CallSessions;
  /** Answers texts that any carrier brings. */
  textAnswers: TextAnswers;
  routeTester: RouteTester;
  phones: PhoneService;
  calls: CallRepository;
  callFigures: CallFigures;
  publicNumbers: PublicNumbers;
  callControl: CallControl;
  callRemoval: CallRemoval;
  reports: ReportService;
  keys: KeyService;
  identity: Identity;
  idempotency: IdempotencyRepository;
  /** To be told of every call event. */
  feeds: LiveFeeds;
  webhooks: WebhookOutbox;
  subscriptions: SubscriptionService;
  recordings: Recordings;
  metrics: MetricsSource;
  /** Told of each request to a dialect when it is over. */
  onRequest?: ((seen: RequestSeen) => void) | undefined;
  readiness: () => Readiness;
  log: Logger;
  clock: Clock;
};

/** How long `close` lets answers that are under way finish: a download of a recording would hold it for minutes. */
const CLOSE_GRACE_MS = 2000;

/** @throws Error that names the address when it cannot be listened on. */
export async function startHttpServer(options: HttpServerOptions): Promise<{ port: number; close(): Promise<void> }> {
  const live = {
    feeds: options.feeds,
    tokens: new LiveTokens(options.clock),
    streams: new EventStreams(options.feeds, options.clock),
  };
  const { organizations } = options.identity;
  const site = new Site(options.publicUrl);
  const server = createServer(createApp(options, live, site));
  const socket = new LiveSocket({ ...options, ...live });
  const listening = new ListenSocket({ ...options, ...live });
  const origins = { ...options, organizations, site };
  const chats = [new AgentSocket({ ...options, origins }), new UserSocket(options)];
  serveUpgrades(server, [socket, listening, ...chats], options.log);
  await listen(server, options);
  let closing: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      // They would last as long as their calls.
      live.streams.close();
      socket.close();
      listening.close();
      for (const chat of chats) chat.close();
      closing ??= closeServer(server, options.clock);
      return closing;
    },
  };
}

function createApp(options: HttpServerOptions, live: LiveRouterOptions['live'], site: Site): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  // Answers are not to be stored, so none that somebody has can still be good; files judge that for themselves.
  Object.defineProperty(app.request, 'fresh', { get: () => false });
  app.use(requestContext(options.clock));
  app.use(securityHeaders(options.corsOrigins));
  app.use(operationsRouter(options));

  const limit = new RequestLimit(options.rateLimitPerMinute);
  const { sessions, organizations } = options.identity;
  const people = new SessionAccess({ sessions, site });
  const core = coreDialect({ ...options, live, limit, people, site });
  const others = { ...options, limit, site, organizations };
  // Flametree has a path below that of the core dialect.
  const dialects = [flametreeDialect(others), core, flametalkDialect(others), callfluentDialect(others), overviewDialect(others)];
  const document = openApiDocument(dialects);
  const liveDocument = asyncApiDocument();
  const docs = docsPage({ api: document, live: liveDocument });
  app.get('/openapi.json', (_req, res) => {
    res.json(document);
  });
  app.get('/asyncapi.json', (_req, res) => {
    res.json(liveDocument);
  });
  app.get('/docs', (_req, res) => {
    res.type('html').send(docs);
  });
  const watch = watchRequests({ document, clock: options.clock, onRequest: (seen) => options.onRequest?.(seen) });
  for (const dialect of dialects) {
    const admits = async (origin: string): Promise<boolean> =>
      (await organizations.allowsOrigin(origin)) || (await options.agents.hasOrigin(origin));
    app.use(
      dialect.basePath || '/',
      ownPaths(dialect, [watch, ...crossOrigin(options.corsOrigins, admits), mountable(dialect, options.log)]),
    );
  }
  app.use('/console/invitation', invitationRouter({ ...options, site, limit }));
  app.use('/console', consoleRouter({ ...options, people, limit }));
  app.use((_req, res) => {
    res.status(404).type('text').send('Not found\n');
  });
  app.use(
    failureHandler((failure, res) => {
      const status = failure.status ?? PAGE_STATUS[failure.code] ?? 500;
      const text = failure.publicMessage ?? STATUS_CODES[status] ?? 'Error';
      res
        .status(status)
        .type('html')
        .send(`<!doctype html><meta charset="utf-8"><title>${status}</title><p>${escapeHtml(text)}</p>`);
    }, options.log),
  );
  return app;
}

/** What the pages outside the dialects can be refused with. */
const PAGE_STATUS: Partial<Record<Failure['code'], number>> = {
  invalid_request: 400,
  unauthorized: 401,
  forbidden: 403,
  rate_limited: 429,
  call_not_found: 404,
  recording_not_found: 404,
  not_found: 404,
  conflict: 409,
  capacity_exhausted: 503,
};

async function listen(server: Server, { bind, port }: HttpServerOptions): Promise<void> {
  try {
    server.listen(port, bind);
    await once(server, 'listening');
  } catch (thrown) {
    const { code } = thrown as { code?: string };
    const reason =
      code === 'EADDRINUSE'
        ? 'is already in use'
        : code === 'EACCES'
          ? 'needs more privileges'
          : `cannot be used: ${toError(thrown).message}`;
    throw new Error(`HTTP address ${bind}:${port} ${reason}`, { cause: thrown });
  }
}

async function closeServer(server: Server, clock: Clock): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const cancel = clock.schedule(CLOSE_GRACE_MS, () => server.closeAllConnections());
  await closed;
  cancel();
}
