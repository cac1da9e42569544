import { v7 } from 'uuid';
import { AppError, toError } from '../core/errors.js';
import { background } from '../core/log.js';
import type { Action } from '../domain/action.js';
import type { ToolCall, ToolDefinition } from '../domain/ports/speech.js';
import type { CallSetting, CallToolbox, ToolAnnouncement, ToolResult } from '../domain/ports/toolbox.js';
import type { ToolOutcome } from '../domain/tool-run.js';
import { SchemaChecker } from './json-schema.js';
import { masked } from './masking.js';
import { type ActionDeps, type Arguments, type Tool, type ToolAnswer, ToolFailure } from './tool.js';

/** Opens the actions of an agent. `atEnd`: those that run when the call is over, and that no model calls. */
export type OpenActions = (actions: readonly Action[], setting: CallSetting) => Promise<{ tools: Tool[]; atEnd: Tool[] }>;

/** No conversation needs more; one that does has a model that is lost. */
const MAX_RUNS = 50;
/** Before the second, third … try. */
const RETRY_DELAYS_MS = [300, 1_000, 3_000];
/** What a model is told of one result. */
const MAX_CONTENT_CHARACTERS = 12_000;

const UNCERTAIN = 'It took too long. Nobody knows whether it was done.';

/** The actions of an agent as tools in one call: checked, limited in time, tried again, and written down. */
export class AgentToolbox implements CallToolbox {
  readonly #setting: CallSetting;
  readonly #deps: ActionDeps;
  readonly #checker = new SchemaChecker();
  readonly #opened: Promise<void>;
  readonly #tools = new Map<string, Tool>();
  #atEnd: readonly Tool[] = [];
  readonly #onSettled: () => void;
  readonly #underWay = new Set<Promise<unknown>>();
  #runs = 0;
  #closed = false;

  /** Begins to open what the agent has. */
  constructor(setting: CallSetting, deps: ActionDeps, open: OpenActions, onSettled: () => void = () => {}) {
    this.#setting = setting;
    this.#deps = deps;
    this.#onSettled = onSettled;
    this.#opened = this.#open(open);
  }

  async definitions(): Promise<readonly ToolDefinition[]> {
    await this.#opened;
    return [...this.#tools.values()].map(({ definition }) => definition);
  }

  announcement(call: ToolCall): ToolAnnouncement {
    const tool = this.#tools.get(call.name);
    return { text: tool?.prompt ?? tool?.action.preMessage, first: tool?.first ?? false, listens: tool?.listens };
  }

  async run(call: ToolCall): Promise<ToolResult> {
    await this.#opened;
    const tool = this.#tools.get(call.name);
    this.#runs += 1;
    if (!tool || this.#runs > MAX_RUNS) {
      this.#note(call, tool, 'refused', tool ? 'too many runs in one call' : 'no such tool', 0, this.#deps.clock.monotonicMs());
      return failed(tool ? 'Too much was done in this call already.' : 'There is no such tool.');
    }
    return this.#tracked(this.#run(call, tool));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#finish(this.#tracked(this.#runAtEnd()));
  }

  release(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#finish(this.#opened);
  }

  #finish(ending: Promise<unknown>): void {
    background(ending.then(() => this.settled()).finally(this.#onSettled), 'actions at the end of a call', this.#setting.log);
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  #tracked<T>(running: Promise<T>): Promise<T> {
    const tracked = running.finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
    return tracked;
  }

  async #open(open: OpenActions): Promise<void> {
    const { agentId, tenantId } = this.#setting.call();
    if (agentId === undefined) return;
    try {
      const actions = await this.#deps.actions.list(tenantId, agentId);
      const { tools, atEnd } = await open(
        actions.filter(({ enabled }) => enabled),
        this.#setting,
      );
      for (const tool of tools) this.#tools.set(tool.definition.name, tool);
      this.#atEnd = atEnd;
    } catch (error) {
      this.#setting.log.error({ err: error }, 'actions of the agent not opened');
    }
  }

  async #runAtEnd(): Promise<void> {
    await this.#opened;
    for (const tool of this.#atEnd) await this.#run({ id: '', name: tool.definition.name, arguments: {} }, tool);
  }

  async #run(call: ToolCall, tool: Tool): Promise<ToolResult> {
    const startMs = this.#deps.clock.monotonicMs();
    const faults = this.#checker.faults(tool.definition.parameters, call.arguments);
    if (faults.length > 0) {
      this.#note(call, tool, 'refused', faults.join('; '), 0, startMs);
      return failed(`The arguments are wrong: ${faults.join('; ')}`);
    }
    let attempts = 0;
    for (const key = v7(); ; ) {
      attempts += 1;
      try {
        const answer = await this.#attempt(tool, call.arguments as Arguments, key);
        this.#note(call, tool, 'succeeded', undefined, attempts, startMs);
        return done(answer);
      } catch (error) {
        const { outcome, message, reason, mayPass } = verdictOn(error, tool);
        if (mayPass && attempts <= tool.action.retries) {
          await this.#pause(RETRY_DELAYS_MS[attempts - 1] ?? 0);
          continue;
        }
        this.#note(call, tool, outcome, reason, attempts, startMs);
        if (outcome !== 'refused') this.#setting.log.warn({ err: error, tool: call.name, attempts }, 'tool failed');
        return failed(message);
      }
    }
  }

  async #attempt(tool: Tool, args: Arguments, key: string): Promise<ToolAnswer> {
    const abort = new AbortController();
    const { signal } = abort;
    const limitMs = tool.action.timeoutMs;
    let cancel = (): void => {};
    const limit = new Promise<never>((_, reject) => {
      if (tool.untimed) return;
      cancel = this.#deps.clock.schedule(limitMs, () => {
        const late = new TimedOut(`no answer within ${limitMs} ms`);
        reject(late);
        abort.abort(late);
      });
    });
    try {
      return await Promise.race([tool.run({ args, signal, key }), limit]);
    } finally {
      cancel();
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#deps.clock.schedule(ms, resolve));
  }

  #note(
    call: ToolCall,
    tool: Tool | undefined,
    outcome: ToolOutcome,
    reason: string | undefined,
    attempts: number,
    startMs: number,
  ): void {
    const { clock } = this.#deps;
    const durationMs = Math.round(clock.monotonicMs() - startMs);
    this.#setting.note({
      actionId: tool?.action.id,
      type: tool?.action.type,
      name: call.name,
      arguments: masked(call.arguments, tool?.definition.parameters),
      outcome,
      reason: reason?.slice(0, 500),
      attempts,
      startedAtMs: Math.round(clock.nowMs()) - durationMs,
      durationMs,
    });
  }
}

class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

type Verdict = { outcome: ToolOutcome; message: string; reason: string; mayPass: boolean };

function verdictOn(thrown: unknown, tool: Tool): Verdict {
  const error = toError(thrown);
  if (error instanceof TimedOut) {
    return { outcome: 'timed_out', message: UNCERTAIN, reason: error.message, mayPass: tool.repeatable ?? false };
  }
  if (error instanceof ToolFailure) {
    const { message, mayPass, refused, reason = message } = error;
    return { outcome: refused ? 'refused' : 'failed', message, reason, mayPass };
  }
  const message = error instanceof AppError ? (error.publicMessage ?? 'It did not work.') : 'It did not work.';
  return { outcome: 'failed', message, reason: error.message, mayPass: false };
}

const failed = (reason: string): ToolResult => ({ content: cut(JSON.stringify({ status: 'failed', reason })) });

const done = ({ message, result, handedOver }: ToolAnswer): ToolResult => ({
  content: cut(JSON.stringify({ status: 'done', message, result })),
  handedOver,
});

const cut = (content: string): string =>
  content.length > MAX_CONTENT_CHARACTERS ? `${content.slice(0, MAX_CONTENT_CHARACTERS)}… (cut)` : content;
