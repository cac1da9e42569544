import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import t, { type Test } from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { DEFAULT_TENANT, newTaskId, type TaskId } from '../../../src/core/ids.js';
import { silentLogger } from '../../../src/core/log.js';
import type { ReportExcerpts } from '../../../src/domain/ports/reports.js';
import { WEBHOOK_EVENT_TYPES, type WebhookSubscription } from '../../../src/domain/webhook.js';
import type { RegisteredWebhook } from '../../../src/domain/webhook-subscription.js';
import { type Database, openDatabase } from '../../../src/storage/database.js';
import type { Outgoing, SendResult } from '../../../src/webhooks/send-webhook.js';
import { WebhookDeliverer } from '../../../src/webhooks/webhook-deliverer.js';
import { sampleAgent, sampleCall, sampleCompletedCall, sampleEntry } from '../../support/sample-records.js';
import { until } from '../../support/until.js';

const URL_A = 'https://a.example/hook';
const OK: SendResult = { statusCode: 200, error: undefined, hopeless: false, durationMs: 5 };
const BUSY: SendResult = { statusCode: 503, error: 'answered 503', hopeless: false, durationMs: 5 };
const REPORTS: ReportExcerpts = { excerptOf: async () => 'Inbound call.' };
const PAGE = { limit: 100, offset: 0 };

const subscription = (changes: Partial<WebhookSubscription> = {}): WebhookSubscription => ({
  tenantId: DEFAULT_TENANT,
  url: URL_A,
  events: WEBHOOK_EVENT_TYPES,
  ...changes,
});

type Bench = { database: Database; clock: FakeClock; sent: Outgoing[]; statesOf(): Promise<string[]> };

async function start(
  t: Test,
  subscriptions: WebhookSubscription[],
  answer: (outgoing: Outgoing) => SendResult | Promise<SendResult> = () => OK,
  dataDir = ':memory:',
  reports = REPORTS,
): Promise<Bench> {
  const database = await openDatabase(dataDir);
  const clock = new FakeClock();
  const sent: Outgoing[] = [];
  const deliverer = new WebhookDeliverer({
    outbox: database.webhooks,
    calls: database.calls,
    texts: database.texts,
    registry: database.webhookRegistry,
    reports,
    subscriptions,
    send: async (outgoing) => {
      sent.push(outgoing);
      return answer(outgoing);
    },
    clock,
    log: silentLogger,
    random: () => 0.5,
  });
  t.teardown(async () => {
    await deliverer.close();
    await database.close();
  });
  deliverer.start();
  const statesOf = async (): Promise<string[]> =>
    (await database.webhooks.list(DEFAULT_TENANT, {}, PAGE)).items.map(({ state }) => state).sort();
  return { database, clock, sent, statesOf };
}

/** Turns the clock in small steps, so that each wake-up finds the one before done. */
async function pass(clock: FakeClock, forMs: number, stepMs = 500): Promise<void> {
  for (let passedMs = 0; passedMs < forMs; passedMs += stepMs) {
    clock.advance(stepMs);
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

void t.test('each change of a call is told to those who asked for it, with the payload the document names', async (t) => {
  const { database, clock, sent, statesOf } = await start(t, [
    subscription(),
    subscription({ url: 'https://b.example/', events: ['call_failed'] }),
  ]);
  const variables = { tier: 'gold' };
  const call = sampleCall({ variables });
  await database.calls.insert(call);
  await database.calls.update({ ...call, status: 'in_progress' });
  await database.calls.appendTranscript(sampleEntry(call.id, 1, { heardText: 'We are open' }));
  await database.calls.appendTranscript(sampleEntry(call.id, 2, { speaker: 'caller', text: 'thanks' }));
  const ended = sampleCompletedCall(undefined, { id: call.id, q850Cause: 16, variables });
  await database.calls.update(ended);
  await database.calls.update(ended);
  await pass(clock, 5000);
  t.equal(sent.length, 2);
  t.same(
    sent.map(({ url, body }) => [url, JSON.parse(body)]),
    [
      [
        URL_A,
        {
          event_type: 'call_started',
          task_id: null,
          call_id: call.id,
          status: 'initiated',
          data: { transcript_excerpt: null, report_excerpt: null, call: null, variables: { tier: 'gold' } },
        },
      ],
      [
        URL_A,
        {
          event_type: 'call_completed',
          task_id: null,
          call_id: call.id,
          status: 'completed',
          data: {
            transcript_excerpt: 'agent: We are open\nuser: thanks',
            report_excerpt: 'Inbound call.',
            variables: { tier: 'gold' },
            call: {
              direction: 'inbound',
              outcome: 'answered',
              result: 'success',
              end_reason: 'caller_hangup',
              agent_id: null,
              handoffs: [],
              answered_by: null,
              ended_by: 'caller',
              sip_code: 200,
              q850_cause: 16,
              trunk: null,
              codec: 'PCMU',
              srtp: null,
              started_at: '2023-11-14T22:13:20.000Z',
              answered_at: '2023-11-14T22:13:21.000Z',
              ended_at: '2023-11-14T22:13:51.500Z',
            },
          },
        },
      ],
    ],
  );
  t.same(await statesOf(), ['delivered', 'delivered']);
  const refused = sampleCall({ status: 'failed' });
  await database.calls.insert(refused);
  await pass(clock, 5000);
  t.same(
    sent
      .slice(2)
      .map(({ url }) => url)
      .sort(),
    [URL_A, 'https://b.example/'],
    'a call that failed at once is told of once',
  );
});

void t.test('nobody is told of what nobody asked for, and nothing is kept of it', async (t) => {
  const { database, clock, sent, statesOf } = await start(t, [subscription({ events: ['call_failed'] })]);
  await database.calls.insert(sampleCall());
  await pass(clock, 3000);
  t.equal(sent.length, 0);
  t.same(await statesOf(), []);
  t.same(await database.webhooks.undispatched(10), []);
});

void t.test('a failed delivery is tried five times with growing waits, then kept as dead until it is replayed', async (t) => {
  let answer = BUSY;
  const { database, clock, sent, statesOf } = await start(t, [subscription()], () => answer);
  const startedAtMs = clock.nowMs();
  const times: number[] = [];
  await database.calls.insert(sampleCall());
  for (let minute = 0; minute < 60; minute += 1) {
    const before = sent.length;
    await pass(clock, 60_000, 2000);
    for (let count = before; count < sent.length; count += 1) times.push(minute);
  }
  t.same(times, [0, 0, 1, 6, 39], 'after 10 s, 1 min, 5 min and 30 min, each a tenth later by chance');
  t.same(await statesOf(), ['dead']);
  const [dead] = (await database.webhooks.list(DEFAULT_TENANT, { state: 'dead' }, PAGE)).items;
  const log = await database.webhooks.attempts(DEFAULT_TENANT, dead!.id);
  t.equal(log?.attempts.length, 5);
  t.match(log?.attempts[0], { statusCode: 503, error: 'answered 503' });
  t.equal(new Set(sent.map(({ body }) => body)).size, 1, 'the same body each time');
  t.equal(new Set(sent.map(({ headers }) => headers['X-Offhook-Event-Id'])).size, 1);
  t.equal(new Set(sent.map(({ headers }) => headers['X-Offhook-Signature'])).size, 5, 'signed anew each time');

  answer = OK;
  t.ok(await database.webhooks.replay(DEFAULT_TENANT, dead!.id, clock.nowMs()));
  t.notOk(await database.webhooks.replay(DEFAULT_TENANT, dead!.id, clock.nowMs()), 'it is not dead any more');
  await pass(clock, 3000);
  t.same(await statesOf(), ['delivered']);
  t.ok(clock.nowMs() > startedAtMs);
});

void t.test('what cannot succeed is dead at once', async (t) => {
  const { database, clock, sent, statesOf } = await start(t, [subscription()], () => ({
    statusCode: undefined,
    error: 'not public',
    hopeless: true,
    durationMs: 0,
  }));
  await database.calls.insert(sampleCall());
  await pass(clock, 60_000);
  t.equal(sent.length, 1);
  t.same(await statesOf(), ['dead']);
});

void t.test('an address that does not answer keeps nobody else waiting', async (t) => {
  const slow = 'https://slow.example/';
  const { database, clock, sent } = await start(t, [subscription({ url: slow }), subscription()], ({ url, signal }) =>
    url === slow ? new Promise((resolve) => signal.addEventListener('abort', () => resolve({ ...BUSY, error: 'aborted' }))) : OK,
  );
  for (let count = 0; count < 60; count += 1) await database.calls.insert(sampleCall());
  await pass(clock, 20_000, 50);
  t.equal(sent.filter(({ url }) => url === URL_A).length, 60);
  t.equal(sent.filter(({ url }) => url === slow).length, 4, 'no more than this at a time');
});

void t.test('the end of a call is told when its report is there, and whatever else happens meanwhile at once', async (t) => {
  let report: string | undefined;
  const reports: ReportExcerpts = { excerptOf: async () => report };
  const { database, clock, sent } = await start(t, [subscription()], () => OK, ':memory:', reports);
  const call = sampleCall();
  await database.calls.insert(call);
  await database.calls.update(sampleCompletedCall(undefined, { id: call.id }));
  await database.calls.insert(sampleCall());
  await pass(clock, 6000);
  const types = (): string[] => sent.map(({ body }) => (JSON.parse(body) as { event_type: string }).event_type);
  t.same(types(), ['call_started', 'call_started']);
  report = `${'x'.repeat(998)}😀 and more`;
  await pass(clock, 3000);
  t.same(types().slice(2), ['call_completed']);
  const { data } = JSON.parse(sent[2]?.body ?? '') as { data: { report_excerpt: string } };
  t.equal(data.report_excerpt, `${'x'.repeat(998)}…`, 'cut to its beginning, and not through a character');
});

void t.test(
  'subscriptions made over the API are told what they ask for, each address once, signed with their own secrets',
  async (t) => {
    const { database, clock, sent } = await start(t, [subscription()]);
    const { calls, webhookRegistry: registry, webhooks } = database;
    const registered = (url: string, changes: Partial<RegisteredWebhook> = {}): RegisteredWebhook => ({
      id: newTaskId(),
      tenantId: DEFAULT_TENANT,
      url,
      events: WEBHOOK_EVENT_TYPES,
      description: undefined,
      enabled: true,
      secret: 'new secret',
      previous: undefined,
      createdAtMs: 0,
      updatedAtMs: 0,
      ...changes,
    });
    const both = registered(URL_A, { previous: { secret: 'old secret', untilMs: clock.nowMs() + 60_000 } });
    await registry.insert(both, 10);
    await registry.insert(registered('https://off.example/', { enabled: false }), 10);
    await registry.insert(registered('https://failed.example/', { events: ['call_failed'] }), 10);
    await calls.insert(sampleCall());
    await pass(clock, 3000);
    t.same(
      sent.map(({ url }) => url),
      [URL_A],
      'once, though the configuration names it too',
    );
    const signed = (secret: string, index: number): string => {
      const { headers, body } = sent[index]!;
      return `sha256=${createHmac('sha256', secret).update(`${headers['X-Offhook-Timestamp']}.${body}`).digest('hex')}`;
    };
    t.equal(sent[0]?.headers['X-Offhook-Signature'], `${signed('new secret', 0)},${signed('old secret', 0)}`);
    t.match((await webhooks.list(DEFAULT_TENANT, { subscriptionId: both.id }, PAGE)).items, [{ subscriptionId: both.id }]);
    t.equal((await webhooks.list(DEFAULT_TENANT, { subscriptionId: newTaskId() }, PAGE)).total, 0);
    clock.advance(60_000);
    await calls.insert(sampleCall());
    await pass(clock, 3000);
    t.equal(sent[1]?.headers['X-Offhook-Signature'], signed('new secret', 1), 'the old secret has had its time');
  },
);

void t.test('with a subscription its deliveries go, one that is being retried too', async (t) => {
  const { database, clock, sent, statesOf } = await start(t, [], () => BUSY);
  const { webhookRegistry: registry } = database;
  const id = newTaskId();
  const terms = {
    url: URL_A,
    events: WEBHOOK_EVENT_TYPES,
    description: undefined,
    enabled: true,
    secret: 's',
    previous: undefined,
  };
  await registry.insert({ ...terms, id, tenantId: DEFAULT_TENANT, createdAtMs: 0, updatedAtMs: 0 }, 10);
  await database.calls.insert(sampleCall());
  await pass(clock, 3000);
  t.equal(sent.length, 1);
  t.equal(await registry.delete(DEFAULT_TENANT, id), true);
  await pass(clock, 100_000, 5000);
  t.same([sent.length, await statesOf()], [1, []]);
});

void t.test('a report that cannot be made keeps no webhook back', async (t) => {
  const reports: ReportExcerpts = { excerptOf: () => Promise.reject(new Error('no storage')) };
  const { database, clock, sent } = await start(t, [subscription()], () => OK, ':memory:', reports);
  await database.calls.insert(sampleCompletedCall(undefined));
  await pass(clock, 3000);
  t.match(JSON.parse(sent[0]?.body ?? ''), { event_type: 'call_completed', data: { report_excerpt: null } });
});

void t.test('what was dispatched or under way when a deliverer went is finished by the next', async (t) => {
  const database = await openDatabase(':memory:');
  t.teardown(() => database.close());
  const clock = new FakeClock();
  const deps = {
    outbox: database.webhooks,
    calls: database.calls,
    texts: database.texts,
    registry: database.webhookRegistry,
    reports: REPORTS,
    subscriptions: [subscription()],
    clock,
    log: silentLogger,
  };
  let asked = 0;
  const first = new WebhookDeliverer({
    ...deps,
    send: ({ signal }) => {
      asked += 1;
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve({ ...BUSY, error: 'aborted' })));
    },
  });
  for (let count = 0; count < 10; count += 1) await database.calls.insert(sampleCall());
  first.start();
  await pass(clock, 3000);
  t.equal(asked, 4);
  await first.close();
  const told = new Set<string>();
  const second = new WebhookDeliverer({
    ...deps,
    send: async ({ headers }) => {
      told.add(headers['X-Offhook-Event-Id'] ?? '');
      return OK;
    },
  });
  t.teardown(() => second.close());
  second.start();
  let turns = 0;
  await until(async () => {
    await pass(clock, 500);
    turns += 1;
    return told.size === 10 || turns > 100;
  });
  t.equal(told.size, 10);
});

void t.test('delivered events are forgotten after thirty days, dead ones stay', async (t) => {
  const { database, clock, statesOf } = await start(t, [subscription()], ({ body }) =>
    body.includes('call_failed') ? { ...BUSY, hopeless: true } : OK,
  );
  await database.calls.insert(sampleCall());
  await database.calls.insert(sampleCall({ status: 'failed' }));
  await pass(clock, 3000);
  t.same(await statesOf(), ['dead', 'delivered']);
  await pass(clock, 31 * 86_400_000, 86_400_000);
  t.same(await statesOf(), ['dead']);
});

void t.test(
  'a task is told at its own address of what it asks for, and once where the organisation names the same',
  async (t) => {
    const dataDir = t.testdir();
    const own = 'https://task.example/hook';
    const { database, clock, sent } = await start(t, [subscription()], () => OK, dataDir);
    const agent = sampleAgent();
    await database.agents.insert(agent);
    const addTask = (webhookUrl: string | null, events: string[]): TaskId => {
      const id = newTaskId();
      const sqlite = new Sqlite(join(dataDir, 'offhook.db'));
      sqlite
        .prepare(
          `INSERT INTO tasks (id, tenant_id, agent_id, name, to_number, context_data, priority, webhook_url, webhook_events, status,
           created_at_ms, updated_at_ms)
         VALUES (?, ?, ?, 'task', '+12025550100', '{}', 0, ?, ?, 'pending', 0, 0)`,
        )
        .run(id, DEFAULT_TENANT, agent.id, webhookUrl, JSON.stringify(events));
      sqlite.close();
      return id;
    };
    const told = async (taskId: TaskId): Promise<string[]> => {
      sent.length = 0;
      await database.calls.insert(sampleCall({ taskId }));
      await pass(clock, 5000);
      t.ok(
        sent.every(({ body }) => JSON.parse(body).task_id === taskId),
        'the payload names the task',
      );
      return sent.map(({ url }) => url).sort();
    };
    t.same(await told(addTask(own, ['call_started'])), [URL_A, own]);
    t.same(await told(addTask(own, ['call_completed', 'unheard_of'])), [URL_A]);
    t.same(await told(addTask(own, [])), [URL_A]);
    t.same(await told(addTask(URL_A, ['call_started'])), [URL_A]);
    t.same(await told(addTask(null, ['call_started'])), [URL_A]);
  },
);
