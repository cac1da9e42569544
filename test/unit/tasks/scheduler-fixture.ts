import { FakeClock } from '../../../src/core/clock.js';
import { AppError } from '../../../src/core/errors.js';
import { type ApiKeyId, DEFAULT_TENANT, type TaskId } from '../../../src/core/ids.js';
import type { Call } from '../../../src/domain/call.js';
import type { OutboundRequest } from '../../../src/domain/ports/call-control.js';
import type { DialVerdict } from '../../../src/domain/ports/dial-guard.js';
import type { OutboundPolicy } from '../../../src/domain/ports/outbound-policy.js';
import { openDatabase } from '../../../src/storage/database.js';
import type { TaskDraft } from '../../../src/tasks/task-service.js';
import { sampleAgent, sampleCall } from '../../support/sample-records.js';
import { taskParts } from '../../support/task-parts.js';

/** Long enough for every chain of promises in these tests. */
export async function rest(): Promise<void> {
  for (let round = 0; round < 200; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A scheduler on a real database; the dialler is a stand-in that notes the numbers. */
export async function startScheduler(t: { teardown(task: () => Promise<void>): void }, common?: OutboundPolicy) {
  const database = await openDatabase(':memory:');
  const clock = new FakeClock();
  const agent = sampleAgent();
  await database.agents.insert(agent);
  const dialled: string[] = [];
  const calls: Call[] = [];
  const room = { calls: 100, waitMs: 0 };
  const places = { kept: 0 };
  let fault: ((request: OutboundRequest) => AppError | undefined) | undefined;
  const placer = {
    room: () => room.calls,
    waitMs: () => room.waitMs,
    prepare: (request: OutboundRequest) => {
      const refused = fault?.(request);
      if (refused) throw refused;
      places.kept += 1;
      const call = sampleCall({
        direction: 'outbound',
        agentId: request.agent.id,
        taskId: request.taskId,
        apiKeyId: request.apiKeyId,
        startedAtMs: clock.nowMs(),
      });
      return {
        call,
        start: () => {
          dialled.push(request.number);
          calls.push(call);
          room.calls -= 1;
        },
        release: () => {
          places.kept -= 1;
        },
      };
    },
    cancel: () => Promise.reject(new AppError('call_already_ended', 'over')),
  };
  const verdicts = new Map<string, DialVerdict | Error>();
  const guard = {
    check: (task: { toNumber: string }): Promise<DialVerdict> => {
      const verdict = verdicts.get(task.toNumber) ?? { allowed: true };
      return verdict instanceof Error ? Promise.reject(verdict) : Promise.resolve(verdict);
    },
  };
  const { service, scheduler, policies, dialler } = taskParts({
    database,
    calls: placer,
    clock,
    guard,
    ...(common && { common }),
  });
  t.teardown(async () => {
    await scheduler.close();
    await database.close();
  });
  const create = async (inMs: number | undefined, changes: Partial<TaskDraft> = {}, by?: ApiKeyId): Promise<TaskId> => {
    const draft: TaskDraft = {
      agentId: agent.id,
      name: 'x',
      description: undefined,
      toNumber: '+15550100',
      startingMessage: undefined,
      contextData: {},
      callWindow: undefined,
      retry: undefined,
      priority: 0,
      scheduledAtMs: inMs === undefined ? undefined : clock.nowMs() + inMs,
      webhookUrl: undefined,
      webhookEvents: [],
      ...changes,
    };
    return (await service.create(DEFAULT_TENANT, draft, by)).id;
  };
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await rest();
  };
  return {
    database,
    clock,
    agent,
    dialled,
    calls,
    room,
    places,
    verdicts,
    policies,
    service,
    scheduler,
    dialler,
    create,
    pass,
    refuse: (refusal: typeof fault): void => {
      fault = refusal;
    },
    task: (id: TaskId) => service.get(DEFAULT_TENANT, id),
    /** The newest call ends like this. */
    end: async (outcome: Pick<Call, 'status' | 'termination'>): Promise<void> => {
      const call = calls.at(-1);
      if (!call) throw new Error('nobody was called');
      await database.calls.update({ ...call, ...outcome, endedAtMs: clock.nowMs() });
      room.calls += 1;
      scheduler.wake();
      await rest();
    },
  };
}
