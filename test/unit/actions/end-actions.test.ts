import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { EndActions } from '../../../src/actions/end-actions.js';
import { FakeClock } from '../../../src/core/clock.js';
import { DEFAULT_TENANT, newActionId } from '../../../src/core/ids.js';
import { silentLogger } from '../../../src/core/log.js';
import { SecretBox } from '../../../src/core/secret-box.js';
import type { Action, ActionOf } from '../../../src/domain/action.js';
import type { Agent } from '../../../src/domain/agent.js';
import type { Call } from '../../../src/domain/call.js';
import type { Mail } from '../../../src/domain/ports/mailer.js';
import type { ToolRun } from '../../../src/domain/tool-run.js';
import { type Database, openDatabase } from '../../../src/storage/database.js';
import { temporaryDirectory } from '../../support/offhook-process.js';
import { sampleAgent, sampleCall } from '../../support/sample-records.js';
import { sessionParts } from '../../support/session-parts.js';
import { until } from '../../support/until.js';

type Test = { teardown(handler: () => void | Promise<void>): void };
type Asked = { url: string; key: string | null; body: Record<string, unknown> };

/** An agent that posts what it collected when a call is over. */
function report(agent: Agent, changes: Partial<ActionOf<'webhook'>> = {}): Action {
  const terms = { name: 'Report', enabled: true, instruction: undefined, preMessage: undefined, timeoutMs: 10_000, retries: 0 };
  const made = { version: 1, createdAtMs: 0, updatedAtMs: 0, secretNames: [], sealedSecrets: undefined };
  const config = { url: 'https://crm.example/calls/{{order}}' };
  const { tenantId, id: agentId } = agent;
  return { id: newActionId(), tenantId, agentId, type: 'webhook', config, ...terms, ...made, ...changes };
}

/** `answer`: the status that the receiver answers with; never resolved, it hangs. */
function runner(database: Database, clock: FakeClock, answer: (asked: Asked) => number | Promise<number> = () => 204) {
  const asked: Asked[] = [];
  const mails: Mail[] = [];
  const told: ToolRun[] = [];
  const endActions = new EndActions({
    ...database,
    sessions: database.chatSessions,
    box: new SecretBox(Buffer.alloc(32, 7)),
    clock,
    fetch: async (url, init) => {
      const body = JSON.parse(init?.body as string) as Record<string, unknown>;
      const seen = { url: String(url), key: new Headers(init?.headers).get('idempotency-key'), body };
      asked.push(seen);
      return new Response(null, { status: await answer(seen) });
    },
    mailer: { send: async (mail) => void mails.push(mail) },
    sendText: () => Promise.reject(new Error('no texts')),
    log: silentLogger,
    onRun: (_call, run) => told.push(run),
    random: () => 0,
  });
  return { endActions, asked, mails, told };
}

async function start(t: Test, dataDir = temporaryDirectory(t)) {
  const clock = new FakeClock();
  const database = await openDatabase(dataDir);
  t.teardown(() => database.close());
  const agent = sampleAgent({ contextData: { shop: 'Berlin' } });
  await database.agents.insert(agent);
  /** A call of the agent that was answered, and has ended. */
  const ended = async (changes: Partial<Call> = {}): Promise<Call> => {
    const known = { agentId: agent.id, agentVersion: agent.version, agentName: agent.name, remoteNumber: '+442079460018' };
    const answered = sampleCall({ status: 'in_progress', answeredAtMs: clock.nowMs(), ...known, ...changes });
    await database.calls.insert(answered);
    const over: Call = { ...answered, status: 'completed', endedAtMs: clock.nowMs(), collectedData: { order: '4/7' } };
    await database.calls.update(over);
    return over;
  };
  const runs = async (call: Call): Promise<string[]> =>
    (await database.calls.toolRuns(call.id)).map(({ name, outcome, attempts }) => `${name} ${outcome} ${attempts}`);
  const due = async () => await database.endActions.due(Number.MAX_SAFE_INTEGER, 99);
  return { dataDir, clock, database, agent, ended, runs, due };
}

/** Time passes until it is so. */
async function pass(clock: FakeClock, condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) {
    clock.advance(1_000);
    await setImmediate();
  }
}

void t.test('what is done at the end is stored with the end, once, and only what is for it', async (t) => {
  const { database, clock, agent, ended, due } = await start(t);
  const action = report(agent);
  const others = [
    report(agent, { name: 'Asked for', instruction: 'When asked to.' }),
    report(agent, { name: 'Off', enabled: false }),
    { ...report(agent, { name: 'Look up' }), type: 'http' } as unknown as Action,
  ];
  for (const one of [action, ...others]) await database.actions.insert(one);
  const call = await ended();
  t.match(await due(), [{ callId: call.id, actionId: action.id, tenantId: DEFAULT_TENANT, attempts: 0 }]);
  await database.calls.update({ ...call, agentName: 'Renamed' });
  t.equal((await due()).length, 1, 'the call ends once');

  const ringing = sampleCall({ agentId: agent.id, agentVersion: 1 });
  await database.calls.insert(ringing);
  await database.calls.update({ ...ringing, status: 'failed', endedAtMs: clock.nowMs() });
  t.equal((await due()).length, 1, 'nobody was talked to');

  await database.actions.delete(DEFAULT_TENANT, agent.id, action.id);
  t.same(await due(), [], 'whoever deletes the action does not want it done');
});

void t.test('it is done once, with what is on record, and stands in the story of the call', async (t) => {
  const { database, clock, agent, ended, runs, due } = await start(t);
  const config = { url: 'https://crm.example/{{shop}}/{{order}}?from={{caller_number}}' };
  await database.actions.insert(report(agent, { config }));
  const { endActions, asked, told } = runner(database, clock);
  t.teardown(() => endActions.close());
  const call = await ended();
  endActions.wake();
  await until(async () => (await due()).length === 0);
  t.equal(asked.length, 1);
  t.equal(asked[0]?.url, 'https://crm.example/Berlin/4%2F7?from=%2B442079460018');
  t.match(asked[0]?.body, { call_id: call.id, agent_id: agent.id, caller_number: '+442079460018', data: { order: '4/7' } });
  t.same(await runs(call), ['report succeeded 1']);
  await until(() => told.length === 1);
});

void t.test('what may pass is tried again under the same key, each try in the story, until it is given up', async (t) => {
  const { database, clock, agent, ended, runs, due } = await start(t);
  await database.actions.insert(report(agent));
  let status = 503;
  const { endActions, asked } = runner(database, clock, () => status);
  t.teardown(() => endActions.close());
  const first = await ended();
  const beganMs = clock.nowMs();
  endActions.wake();
  await pass(clock, async () => (await runs(first)).length === 2);
  t.ok(clock.nowMs() - beganMs >= 10_000, 'not at once');
  status = 204;
  await pass(clock, async () => (await due()).length === 0);
  t.same(await runs(first), ['report failed 1', 'report failed 2', 'report succeeded 3']);
  t.equal(new Set(asked.map(({ key }) => key)).size, 1);

  status = 503;
  const second = await ended();
  endActions.wake();
  await pass(clock, async () => (await due()).length === 0);
  t.equal((await runs(second)).at(-1), 'report failed 5', 'after half an hour nobody tries any more');

  status = 410;
  const third = await ended();
  endActions.wake();
  await pass(clock, async () => (await due()).length === 0);
  t.same(await runs(third), ['report failed 1'], 'what is refused for good is not sent again');
});

void t.test('one action after the other of a call; one that waits for its next try keeps nobody', async (t) => {
  const { database, clock, agent, ended, runs } = await start(t);
  await database.actions.insert(report(agent, { name: 'First' }));
  await database.actions.insert(report(agent, { name: 'Second' }));
  const { endActions } = runner(database, clock, ({ body }) => (body['action_name'] === 'First' ? 503 : 204));
  t.teardown(() => endActions.close());
  const call = await ended();
  endActions.wake();
  await until(async () => (await runs(call)).length === 2);
  t.same(await runs(call), ['first failed 1', 'second succeeded 1']);
});

void t.test('what was under way when the process died is done by the next one, under the same key', async (t) => {
  const dataDir = temporaryDirectory(t);
  const { database, clock, agent, ended } = await start(t, dataDir);
  await database.actions.insert(report(agent));
  const before = runner(database, clock, () => new Promise<number>(() => {}));
  const call = await ended();
  before.endActions.wake();
  await until(() => before.asked.length === 1);
  // As after kill -9: nobody notes anything any more.
  await database.close();

  const next = await openDatabase(dataDir);
  t.teardown(() => next.close());
  const after = runner(next, clock);
  t.teardown(() => after.endActions.close());
  after.endActions.wake();
  await until(async () => (await next.calls.toolRuns(call.id)).length === 1);
  t.same(after.asked, before.asked);
  t.match(await next.calls.toolRuns(call.id), [{ name: 'report', outcome: 'succeeded', attempts: 1 }]);
});

void t.test('a mail has the same id whenever it is sent', async (t) => {
  const { database, clock, agent, ended, due } = await start(t);
  const config = { targetEmail: 'office@example.com', subject: 'Order {{order}}' };
  await database.actions.insert({ ...report(agent), type: 'email_push', config });
  const { endActions, mails } = runner(database, clock);
  t.teardown(() => endActions.close());
  await ended();
  const [planned] = await due();
  endActions.wake();
  await until(async () => (await due()).length === 0);
  t.match(mails, [{ to: 'office@example.com', subject: 'Order 4/7', id: planned?.id, text: /order: 4\/7/ }]);
});

void t.test('a text conversation ends in the same way', async (t) => {
  const { database, clock, sessions, agent, open } = await sessionParts(t);
  await database.actions.insert(report(agent, { config: { url: 'https://crm.example/session' } }));
  const { endActions, asked } = runner(database, clock);
  t.teardown(() => endActions.close());
  const { id } = await open();
  await sessions.send(DEFAULT_TENANT, id, { text: 'Hello' });
  await sessions.close(DEFAULT_TENANT, id, 'completed');
  endActions.wake();
  await until(async () => (await sessions.story(DEFAULT_TENANT, id)).length === 1);
  t.match(asked, [{ body: { session_id: id, call_id: null } }]);
  t.match(await sessions.story(DEFAULT_TENANT, id), [{ kind: 'tool', run: { name: 'report', outcome: 'succeeded' } }]);
});
