import { within } from '../calls/within.js';
import type { CallId } from '../core/ids.js';
import { LONGEST_WAIT_MS, Lookout } from '../core/lookout.js';
import { retryDelayMs } from '../core/outbox-retries.js';
import { type Action, toolNameOf } from '../domain/action.js';
import type { ActionRepository } from '../domain/ports/action-repository.js';
import type { ChatSessionRepository } from '../domain/ports/chat-sessions.js';
import type { EndAction, EndActionRepository } from '../domain/ports/end-actions.js';
import type { AgentRepository, CallRepository } from '../domain/ports/repositories.js';
import type { TaskRepository } from '../domain/ports/task-repository.js';
import type { CallSetting } from '../domain/ports/toolbox.js';
import type { ToolRun } from '../domain/tool-run.js';
import { type AttemptEnd, attempt } from './attempt.js';
import { settingOfCall, settingOfSession } from './ended-setting.js';
import { actionOpener } from './open-actions.js';
import type { ActionDeps, OpenActions } from './tool.js';

export type EndActionsDeps = Omit<ActionDeps, 'actions'> & {
  endActions: EndActionRepository;
  actions: Pick<ActionRepository, 'list' | 'find' | 'agentOf'>;
  agents: Pick<AgentRepository, 'settingsAt'>;
  calls: Pick<CallRepository, 'find'>;
  tasks: Pick<TaskRepository, 'find'>;
  sessions: Pick<ChatSessionRepository, 'find'>;
  log: CallSetting['log'];
  /** What came of a try for a call stands in its story. */
  onRun?: ((call: CallId, run: ToolRun) => void) | undefined;
  /** From 0 to 1, spreads the retries. */
  random?: (() => number) | undefined;
};

/** Calls and conversations that are seen to at once; one action after the other of each. */
const MAX_PARALLEL = 8;
/** Read ahead of those, as several may be of one call. */
const READ_AHEAD = 64;
const ERROR_PAUSE_MS = 5_000;
/** When the server stops, tries that are under way get this long; the next process makes them again. */
const CLOSE_LIMIT_MS = 5_000;

/**
 * Does what agents do when a call or a text conversation is over, and tries again what may pass. What was under way when the process died
 * is done again under the same key: it may come twice, but is not lost.
 */
export class EndActions {
  readonly #deps: EndActionsDeps;
  readonly #open: OpenActions;
  readonly #lookout: Lookout;
  /** By the id of the call or conversation. */
  readonly #underWay = new Map<string, Promise<void>>();
  #closed = false;

  constructor(deps: EndActionsDeps) {
    this.#deps = deps;
    this.#open = actionOpener(deps);
    const onError = (error: unknown): number => {
      deps.log.error({ err: error }, 'actions at the end of calls not looked up');
      return ERROR_PAUSE_MS;
    };
    this.#lookout = new Lookout({ look: () => this.#look(), onError, clock: deps.clock });
  }

  /** A call or conversation is over. */
  wake(): void {
    this.#lookout.wake();
  }

  async close(): Promise<void> {
    await this.#lookout.close();
    await within(this.#deps.clock, CLOSE_LIMIT_MS, Promise.allSettled(this.#underWay.values()));
    this.#closed = true;
  }

  async #look(): Promise<number> {
    const { endActions, clock, log } = this.#deps;
    const nowMs = clock.nowMs();
    for (const action of await endActions.due(nowMs, READ_AHEAD)) {
      const subject = action.callId ?? action.sessionId ?? '';
      if (this.#underWay.has(subject) || this.#underWay.size >= MAX_PARALLEL || this.#lookout.closed) continue;
      const over = (): void => {
        this.#underWay.delete(subject);
        this.#lookout.wake();
      };
      const failed = (error: unknown): void => {
        log.error({ err: error, endActionId: action.id }, 'outcome of an action at the end not stored');
        clock.schedule(ERROR_PAUSE_MS, over);
      };
      this.#underWay.set(subject, this.#do(action).then(over, failed));
    }
    const next = await endActions.nextDueMs(nowMs);
    return next === undefined ? LONGEST_WAIT_MS : Math.max(1, next - clock.nowMs());
  }

  async #do(planned: EndAction): Promise<void> {
    const { endActions, clock, random = Math.random } = this.#deps;
    const found = await this.#settingOf(planned);
    // Its agent was deleted for good.
    if (!found) return endActions.settle(planned, undefined, undefined);
    const startMs = clock.monotonicMs();
    const { action, setting } = found;
    const end = await this.#attempt(planned, action, setting);
    if (this.#closed) return;
    const attempts = planned.attempts + 1;
    const failed = end.outcome === 'succeeded' ? undefined : end;
    const delayMs = failed?.mayPass ? retryDelayMs(attempts, random()) : undefined;
    const durationMs = Math.round(clock.monotonicMs() - startMs);
    const run: ToolRun = {
      actionId: action.id,
      type: action.type,
      name: toolNameOf(action.name),
      arguments: {},
      outcome: end.outcome,
      reason: failed?.reason.slice(0, 500),
      attempts,
      startedAtMs: Math.round(clock.nowMs()) - durationMs,
      durationMs,
    };
    await endActions.settle(planned, run, delayMs === undefined ? undefined : { atMs: clock.nowMs() + delayMs });
    const fields = { tool: run.name, type: run.type, outcome: run.outcome, attempts, durationMs, again: delayMs !== undefined };
    if (failed) setting.log.warn({ ...fields, err: failed.error }, 'action at the end failed');
    else setting.log.info(fields, 'action at the end done');
    if (planned.callId !== undefined) this.#deps.onRun?.(planned.callId, run);
  }

  async #attempt({ id: key }: EndAction, action: Action, setting: CallSetting): Promise<AttemptEnd> {
    const [tool] = await this.#open([action], setting);
    if (tool) return attempt(tool, { args: {}, key }, this.#deps.clock);
    const reason = 'it could not be opened';
    return { outcome: 'failed', message: '', reason, mayPass: false, error: new Error(reason) };
  }

  /** Undefined when there is nothing left of what it was for. */
  async #settingOf(planned: EndAction): Promise<{ action: Action; setting: CallSetting } | undefined> {
    const { actions } = this.#deps;
    const { tenantId, actionId } = planned;
    const agentId = await actions.agentOf(tenantId, actionId);
    const action = agentId && (await actions.find(tenantId, agentId, actionId));
    const setting = planned.callId ? await this.#ofCall(planned, planned.callId) : await this.#ofSession(planned);
    return action && setting && { action, setting };
  }

  async #ofCall({ tenantId }: EndAction, id: CallId): Promise<CallSetting | undefined> {
    const { calls, agents, tasks, log } = this.#deps;
    const call = await calls.find(tenantId, id);
    if (!call?.agentId || call.agentVersion === undefined) return undefined;
    const settings = await agents.settingsAt(tenantId, call.agentId, call.agentVersion);
    const task = call.taskId && (await tasks.find(tenantId, call.taskId));
    return settings && settingOfCall(call, settings, task?.contextData, log);
  }

  async #ofSession({ tenantId, sessionId }: EndAction): Promise<CallSetting | undefined> {
    const { sessions, agents, log } = this.#deps;
    const session = sessionId && (await sessions.find(tenantId, sessionId));
    const settings = session && (await agents.settingsAt(tenantId, session.agentId, session.agentVersion));
    return settings && settingOfSession(session, settings, log);
  }
}
