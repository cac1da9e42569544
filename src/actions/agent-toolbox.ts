import { v7 } from 'uuid';
import { background } from '../core/log.js';
import { runsAtEnd } from '../domain/action.js';
import type { Expectation } from '../domain/expectation.js';
import type { ToolCall, ToolDefinition } from '../domain/ports/speech.js';
import type { CallSetting, CallToolbox, ToolAnnouncement, ToolResult } from '../domain/ports/toolbox.js';
import type { ToolOutcome } from '../domain/tool-run.js';
import { attempt } from './attempt.js';
import { SchemaChecker } from './json-schema.js';
import { masked } from './masking.js';
import type { ActionDeps, Arguments, OpenActions, Tool, ToolAnswer } from './tool.js';

/** No conversation needs more; one that does has a model that is lost. */
const MAX_RUNS = 50;
/** Before the second, third … try. */
const RETRY_DELAYS_MS = [300, 1_000, 3_000];
/** What a model is told of one result. */
const MAX_CONTENT_CHARACTERS = 12_000;

/** The actions of an agent as tools in one call: checked, limited in time, tried again, and written down. */
export class AgentToolbox implements CallToolbox {
  readonly #setting: CallSetting;
  readonly #deps: ActionDeps;
  readonly #checker = new SchemaChecker();
  readonly #opened: Promise<void>;
  readonly #tools = new Map<string, Tool>();
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

  asksFor(words: string): Expectation | undefined {
    for (const tool of this.#tools.values()) {
      const expectation = tool.asksFor?.(words);
      if (expectation) return expectation;
    }
    return undefined;
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
    background(
      this.#opened.then(() => this.settled()).finally(this.#onSettled),
      'actions under way at the end of a call',
      this.#setting.log,
    );
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
      const tools = await open(
        actions.filter(({ enabled }) => enabled),
        this.#setting,
      );
      // What is done at the end is nothing that a model may call.
      for (const tool of tools) if (!runsAtEnd(tool.action)) this.#tools.set(tool.definition.name, tool);
    } catch (error) {
      this.#setting.log.error({ err: error }, 'actions of the agent not opened');
    }
  }

  async #run(call: ToolCall, tool: Tool): Promise<ToolResult> {
    const startMs = this.#deps.clock.monotonicMs();
    const faults = this.#checker.faults(tool.definition.parameters, call.arguments);
    if (faults.length > 0) {
      this.#note(call, tool, 'refused', faults.join('; '), 0, startMs);
      return failed(`The arguments are wrong: ${faults.join('; ')}`);
    }
    const args = call.arguments as Arguments;
    for (let attempts = 1, key = v7(); ; attempts += 1) {
      const end = await attempt(tool, { args, key }, this.#deps.clock);
      if (end.outcome === 'succeeded') {
        this.#note(call, tool, 'succeeded', undefined, attempts, startMs);
        return done(end.answer);
      }
      const { outcome, message, reason, mayPass, expect, error } = end;
      if (mayPass && attempts <= tool.action.retries) {
        await this.#pause(RETRY_DELAYS_MS[attempts - 1] ?? 0);
        continue;
      }
      this.#note(call, tool, outcome, reason, attempts, startMs);
      if (outcome !== 'refused') this.#setting.log.warn({ err: error, tool: call.name, attempts }, 'tool failed');
      return failed(message, expect);
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

const failed = (reason: string, expect?: Expectation): ToolResult => ({
  content: cut(JSON.stringify({ status: 'failed', reason })),
  ...(expect && { expect }),
});

const done = ({ message, result, handedOver }: ToolAnswer): ToolResult => ({
  content: cut(JSON.stringify({ status: 'done', message, result })),
  handedOver,
});

const cut = (content: string): string =>
  content.length > MAX_CONTENT_CHARACTERS ? `${content.slice(0, MAX_CONTENT_CHARACTERS)}… (cut)` : content;
