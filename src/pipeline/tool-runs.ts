import { background, type Logger } from '../core/log.js';
import type { Expectation } from '../domain/expectation.js';
import { type ChatMessage, END_CALL_TOOL, type ToolCall, type ToolDefinition } from '../domain/ports/speech.js';
import type { ToolAnnouncement, Toolbox, ToolResult } from '../domain/ports/toolbox.js';
import type { Minutes } from './minutes.js';

export type ToolRunsDeps = {
  toolbox: Toolbox | undefined;
  minutes: Minutes;
  log: Logger;
  /** A tool has ended after the reply that called it was gone: nobody has told the caller. */
  onOrphan: () => void;
  /** What a tool has the agent ask for. */
  onExpect: (expectation: Expectation) => void;
};

type ToolMessage = Extract<ChatMessage, { role: 'tool' }>;
export type ToolRunsEnd = { results: ToolMessage[]; handedOver: boolean };

/**
 * The tools of one conversation: what the model is offered, what is under way, and what came of it.
 *
 * A tool that has begun is not taken back when the caller speaks or hangs up: half a booking is worse than one nobody waited for.
 */
export class ToolRuns {
  readonly #deps: ToolRunsDeps;
  readonly #underWay = new Map<string, Promise<ToolResult>>();
  readonly #runs = new Set<Promise<unknown>>();

  constructor(deps: ToolRunsDeps) {
    this.#deps = deps;
  }

  async definitions(): Promise<readonly ToolDefinition[]> {
    return [END_CALL_TOOL, ...((await this.#deps.toolbox?.definitions()) ?? [])];
  }

  announcement(call: ToolCall): ToolAnnouncement {
    return this.#deps.toolbox?.announcement(call) ?? { text: undefined, first: false };
  }

  get isBusy(): boolean {
    return this.#runs.size > 0;
  }

  /** Resolves when nothing is under way any more, and the messages say what came of it. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#runs);
  }

  /** The conversation as a model is to read it. */
  get messages(): readonly ChatMessage[] {
    return this.#deps.minutes.messages;
  }

  /** Runs all of them at once. `isWanted` is asked at the end: whether somebody is still there to tell the caller. */
  run(calls: readonly ToolCall[], isWanted: () => boolean): Promise<ToolRunsEnd> {
    const running = this.#all(calls, isWanted);
    this.#runs.add(running);
    return running.finally(() => this.#runs.delete(running));
  }

  /** As `run`, with nobody who waits for it. `isWanted`: nobody is to be told what came of it. */
  runUnattended(calls: readonly ToolCall[], isWanted: boolean): void {
    background(
      this.run(calls, () => isWanted),
      'tool of a reply that is over',
      this.#deps.log,
    );
  }

  async #all(calls: readonly ToolCall[], isWanted: () => boolean): Promise<ToolRunsEnd> {
    const ended = await Promise.all(calls.map(async (call) => ({ call, result: await this.#one(call) })));
    const results = ended.map(
      ({ call, result }): ToolMessage => ({
        role: 'tool',
        toolCallId: call.id,
        content: result.content,
      }),
    );
    this.#deps.minutes.addToolMessages(calls, results);
    for (const { result } of ended) if (result.expect) this.#deps.onExpect(result.expect);
    if (!isWanted()) this.#deps.onOrphan();
    return { results, handedOver: ended.some(({ result }) => result.handedOver === true) };
  }

  /** A model that is asked again while a tool runs may call it again with the same words: that is one run. */
  #one(call: ToolCall): Promise<ToolResult> {
    const key = `${call.name} ${JSON.stringify(call.arguments)}`;
    const present = this.#underWay.get(key);
    if (present) return present;
    const { toolbox } = this.#deps;
    const running = toolbox ? toolbox.run(call) : Promise.resolve({ content: JSON.stringify({ error: 'no such tool' }) });
    this.#underWay.set(key, running);
    return running.finally(() => this.#underWay.delete(key));
  }
}
