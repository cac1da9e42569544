import { setMaxListeners } from 'node:events';
import { v7 } from 'uuid';
import type { Cancel, Clock } from '../core/clock.js';
import type { CallId } from '../core/ids.js';
import { background, type Logger } from '../core/log.js';
import { retryDelayMs } from '../core/outbox-retries.js';
import type { ReportExcerpts } from '../domain/ports/reports.js';
import type { CallRepository } from '../domain/ports/repositories.js';
import type { TextRepository } from '../domain/ports/texts.js';
import type { WebhookRegistry } from '../domain/ports/webhook-subscriptions.js';
import type { WebhookOutbox } from '../domain/ports/webhooks.js';
import type { WebhookDelivery, WebhookEvent, WebhookSubscription } from '../domain/webhook.js';
import { headersOf, participantPayloadOf, payloadOf, textPayloadOf } from './payload.js';
import type { Outgoing, SendResult } from './send-webhook.js';

export type DelivererDeps = {
  outbox: WebhookOutbox;
  calls: Pick<CallRepository, 'find' | 'transcript'>;
  texts: Pick<TextRepository, 'find'>;
  reports: ReportExcerpts;
  /** Of the configuration. */
  subscriptions: readonly WebhookSubscription[];
  registry: Pick<WebhookRegistry, 'askingFor' | 'secretsOf'>;
  send: (outgoing: Outgoing) => Promise<SendResult>;
  clock: Clock;
  log: Logger;
  /** Told what came of each attempt; `failed` ones are made again. */
  onAttempt?: ((outcome: 'delivered' | 'failed' | 'dead') => void) | undefined;
  /** From 0 to 1, spreads the retries. */
  random?: () => number;
};

const MAX_PARALLEL = 32;
const MAX_PARALLEL_PER_URL = 4;
/** Read ahead, so that a backlog costs a query now and then, and not one for each delivery. */
const READ_AHEAD_PER_URL = 64;
const READ_AHEAD = 1024;
const DISPATCH_BATCH = 100;
/** A poke comes a little before its event is committed. */
const POKE_DELAY_MS = 20;
/** For what nobody poked about. */
const POLL_MS = 2000;
/** Until a delivery whose outcome could not be stored is tried again. */
const UNRECORDED_PAUSE_MS = 10_000;
const KEPT_MS = 30 * 86_400_000;
const PRUNE_INTERVAL_MS = 3_600_000;

/**
 * Empties the outbox: looks up who is to be told of each event, and tells them until they have taken it. What was under way
 * when the process died is sent again, so a receiver may see an event twice, under the same id.
 */
export class WebhookDeliverer {
  readonly #deps: DelivererDeps;
  readonly #stop = new AbortController();
  readonly #underWay = new Map<string, { url: string; done: Promise<void> }>();
  /** Due, and waiting for room. */
  #waiting: WebhookDelivery[] = [];
  /** Done with since the outbox was last read, which may have been before that was noted in it. */
  readonly #lately = new Set<string>();
  #cancelTimer: Cancel | undefined;
  #timerAtMs = Number.POSITIVE_INFINITY;
  #pass: Promise<void> | undefined;
  #again = false;
  #prunedAtMs = Number.NEGATIVE_INFINITY;

  constructor(deps: DelivererDeps) {
    this.#deps = deps;
    // Every request under way listens to it.
    setMaxListeners(0, this.#stop.signal);
  }

  start(): void {
    this.#wakeIn(0);
  }

  /** Something may have happened. */
  poke(): void {
    this.#wakeIn(POKE_DELAY_MS);
  }

  /** Breaks off what is under way; it stays in the outbox. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#cancelTimer?.();
    await this.#pass;
    await Promise.all([...this.#underWay.values()].map(({ done }) => done));
  }

  #wakeIn(delayMs: number): void {
    if (this.#stop.signal.aborted) return;
    const { clock } = this.#deps;
    const atMs = clock.monotonicMs() + delayMs;
    if (atMs >= this.#timerAtMs) return;
    this.#cancelTimer?.();
    this.#timerAtMs = atMs;
    this.#cancelTimer = clock.schedule(delayMs, () => {
      this.#timerAtMs = Number.POSITIVE_INFINITY;
      this.#wake();
    });
  }

  #wake(): void {
    if (this.#pass) {
      this.#again = true;
      return;
    }
    this.#pass = this.#runPass()
      .catch((error: unknown) => this.#deps.log.error({ err: error }, 'webhook outbox not read'))
      .then(() => {
        this.#pass = undefined;
        this.#wakeIn(this.#again ? POKE_DELAY_MS : POLL_MS);
        this.#again = false;
      });
  }

  async #runPass(): Promise<void> {
    const { outbox, clock } = this.#deps;
    const nowMs = clock.nowMs();
    if (nowMs - this.#prunedAtMs >= PRUNE_INTERVAL_MS) {
      this.#prunedAtMs = nowMs;
      await outbox.prune(nowMs - KEPT_MS);
    }
    const events = await outbox.undispatched(DISPATCH_BATCH);
    let dispatched = 0;
    for (const event of events) if (await this.#dispatch(event)) dispatched += 1;
    this.#lately.clear();
    const due = await outbox.due(clock.nowMs(), { perUrl: READ_AHEAD_PER_URL, total: READ_AHEAD });
    this.#waiting = due.filter(({ id }) => !this.#underWay.has(id) && !this.#lately.has(id));
    this.#beginWhatFits();
    if (events.length === DISPATCH_BATCH && dispatched > 0) this.#again = true;
  }

  /** False when the event waits for its call's report. */
  async #dispatch(event: WebhookEvent): Promise<boolean> {
    const { outbox, clock } = this.#deps;
    const receivers = await this.#receiversOf(event);
    const body = receivers.size === 0 ? '' : await this.#bodyOf(event);
    if (body === undefined) return false;
    await outbox.dispatch(
      event,
      [...receivers].map(([url, subscriptionId]) => ({ id: v7(), url, body, subscriptionId })),
      clock.nowMs(),
    );
    return true;
  }

  /** Undefined while it waits for the report, and when what it is about was deleted. */
  async #bodyOf(event: WebhookEvent): Promise<string | undefined> {
    const { tenantId, callId, textId, participant } = event;
    if (participant) return participantPayloadOf(event, participant);
    if (callId !== undefined) return this.#callBodyOf(event, callId);
    const text = textId && (await this.#deps.texts.find(tenantId, textId));
    return text && textPayloadOf(event, text);
  }

  async #callBodyOf(event: WebhookEvent, callId: CallId): Promise<string | undefined> {
    const { calls, reports, log } = this.#deps;
    const call = await calls.find(event.tenantId, callId);
    if (!call) return undefined;
    if (event.type === 'call_started') return payloadOf(event, call.variables);
    const report = await reports.excerptOf(call).catch((error: unknown) => {
      log.error({ err: error, callId: call.id }, 'report of a webhook not made');
      return null;
    });
    if (report === undefined) return undefined;
    return payloadOf(event, call.variables, { call, transcript: await calls.transcript(callId), report });
  }

  /** Addresses, each with the id of the organisation's own subscription if it has one: who is named more than once is told once. */
  async #receiversOf({ tenantId, type, taskWebhook }: WebhookEvent): Promise<Map<string, string | undefined>> {
    const receivers = new Map<string, string | undefined>();
    if (taskWebhook?.events.includes(type)) receivers.set(taskWebhook.url, undefined);
    for (const { tenantId: owner, events, url } of this.#deps.subscriptions) {
      if (owner === tenantId && events.includes(type)) receivers.set(url, undefined);
    }
    for (const { url, id } of await this.#deps.registry.askingFor(tenantId, type)) receivers.set(url, id);
    return receivers;
  }

  /** What signs; nothing when the subscription was deleted, and the delivery with it. */
  async #secretsFor({ url, tenantId, subscriptionId }: WebhookDelivery): Promise<readonly string[]> {
    const { outbox, registry, subscriptions, clock } = this.#deps;
    if (subscriptionId !== undefined) return await registry.secretsOf(subscriptionId, clock.nowMs());
    const own = subscriptions.find((subscription) => subscription.url === url && subscription.tenantId === tenantId)?.secret;
    return [own ?? (await outbox.secretOf(tenantId))];
  }

  #beginWhatFits(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const delivery of waiting) {
      if (this.#hasRoomFor(delivery)) this.#begin(delivery);
      else this.#waiting.push(delivery);
    }
  }

  #hasRoomFor({ url }: WebhookDelivery): boolean {
    if (this.#stop.signal.aborted || this.#underWay.size >= MAX_PARALLEL) return false;
    return [...this.#underWay.values()].filter((other) => other.url === url).length < MAX_PARALLEL_PER_URL;
  }

  #begin(delivery: WebhookDelivery): void {
    const { id, url } = delivery;
    const done = this.#attempt(delivery).then(
      () => {
        this.#underWay.delete(id);
        this.#lately.add(id);
        this.#beginWhatFits();
        if (!this.#waiting.some((other) => other.url === url)) this.poke();
      },
      (error: unknown) => {
        this.#deps.log.error({ err: error, deliveryId: id }, 'outcome of a webhook not stored');
        if (!this.#stop.signal.aborted) this.#deps.clock.schedule(UNRECORDED_PAUSE_MS, () => this.#underWay.delete(id));
      },
    );
    this.#underWay.set(id, { url, done });
    background(done, 'webhook', this.#deps.log);
  }

  async #attempt(delivery: WebhookDelivery): Promise<void> {
    const { outbox, send, clock, log, onAttempt, random = Math.random } = this.#deps;
    const { id, url, tenantId, eventType, callId, textId } = delivery;
    const secrets = await this.#secretsFor(delivery);
    if (secrets.length === 0) return;
    const atMs = clock.nowMs();
    const { statusCode, error, durationMs, hopeless } = await send({
      url,
      body: delivery.body,
      headers: headersOf(delivery, secrets, atMs),
      signal: this.#stop.signal,
    });
    if (this.#stop.signal.aborted && error !== undefined) return;
    const delayMs = hopeless ? undefined : retryDelayMs(delivery.attempts + 1, random());
    const attempt = { atMs, durationMs, statusCode, error };
    const fields = {
      deliveryId: id,
      tenantId,
      callId,
      textId,
      eventType,
      host: new URL(url).host,
      attempt: delivery.attempts + 1,
      statusCode,
    };
    if (error === undefined) {
      await outbox.record(id, attempt, { state: 'delivered' });
      onAttempt?.('delivered');
      log.debug({ ...fields, durationMs }, 'webhook delivered');
    } else if (delayMs === undefined) {
      await outbox.record(id, attempt, { state: 'dead' });
      onAttempt?.('dead');
      log.error({ ...fields, reason: error }, 'webhook given up');
    } else {
      await outbox.record(id, attempt, { state: 'pending', atMs: clock.nowMs() + delayMs });
      onAttempt?.('failed');
      log.warn({ ...fields, reason: error }, 'webhook failed');
    }
  }
}
