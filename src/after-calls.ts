import type { Registry } from 'prom-client';
import { RecordingConverter } from './calls/ogg/recording-converter.js';
import type { Recordings } from './calls/recordings.js';
import type { Config } from './config/schema.js';
import type { Clock } from './core/clock.js';
import type { CloseStack } from './core/lifecycle.js';
import type { Logger } from './core/log.js';
import type { SpeechCatalog } from './domain/ports/speech.js';
import type { MemoryService } from './memory/memory-service.js';
import { countDeliveries } from './observability/queue-metrics.js';
import { ReportService } from './reports/report-service.js';
import { demoAgent } from './speech/script/demo-agent.js';
import { ScriptBrain } from './speech/script/script-brain.js';
import type { Database } from './storage/database.js';
import { SubscriptionService } from './subscriptions/subscription-service.js';
import { type Outgoing, sendWebhook } from './webhooks/send-webhook.js';
import { sendTestWebhook } from './webhooks/test-webhook.js';
import { WebhookDeliverer } from './webhooks/webhook-deliverer.js';

const WEBHOOK_TIMEOUT_MS = 10_000;

export type AfterCallsOptions = {
  config: Pick<Config, 'dataDir' | 'recordings' | 'reports' | 'webhooks'>;
  database: Database;
  recordings: Recordings;
  removeFiles: () => Promise<void>;
  speech: SpeechCatalog;
  memory: MemoryService;
  registry: Registry;
  clock: Clock;
  log: Logger;
  stack: CloseStack;
};

export type AfterCalls = {
  reports: ReportService;
  webhooks: WebhookDeliverer;
  subscriptions: SubscriptionService;
  /** Where recordings are to be made smaller. */
  converter: RecordingConverter | undefined;
};

/** What follows a call: its report, and word of it to those who asked for it. */
export function createAfterCalls(options: AfterCallsOptions): AfterCalls {
  const { config, database, recordings, removeFiles, speech, memory, registry, clock, log, stack } = options;
  const reports = new ReportService({
    ...database,
    ...config.reports,
    speech,
    reader: new ScriptBrain(),
    demoAgent,
    openRecording: (call) => recordings.open(call),
    clock,
    log,
    onMade: (report) => memory.callReported(report.callId, report),
    onSettled: () => webhooks.poke(),
  });
  stack.push(() => reports.close());
  const send = (outgoing: Outgoing) =>
    sendWebhook(outgoing, { clock, allowPrivate: config.webhooks.allowPrivate, timeoutMs: WEBHOOK_TIMEOUT_MS });
  const webhooks = new WebhookDeliverer({
    outbox: database.webhooks,
    ...database,
    reports,
    subscriptions: config.webhooks.subscriptions.map(({ tenant, ...rest }) => ({ ...rest, tenantId: tenant })),
    registry: database.webhookRegistry,
    send,
    clock,
    log,
    onAttempt: countDeliveries(registry),
  });
  stack.push(() => webhooks.close());
  const subscriptions = new SubscriptionService({
    webhooks: database.webhookRegistry,
    sendTest: (webhook) => sendTestWebhook(webhook, { send, clock }),
    clock,
  });
  const converter =
    config.recordings.format === 'ogg'
      ? new RecordingConverter({
          archive: database.archive,
          removeFiles,
          dataDir: config.dataDir,
          passphrases: config.recordings.keys,
          log,
        })
      : undefined;
  stack.push(() => converter?.close());
  return { reports, webhooks, subscriptions, converter };
}
