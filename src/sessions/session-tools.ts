import { AppError } from '../core/errors.js';
import { background, type Logger } from '../core/log.js';
import type { AgentSettings } from '../domain/agent.js';
import type { ChatSessionRepository } from '../domain/ports/chat-sessions.js';
import type { ChatMessage, ToolCall, ToolDefinition } from '../domain/ports/speech.js';
import type { CallSetting, CallToolbox, Toolboxes } from '../domain/ports/toolbox.js';
import type { ChatSession } from '../domain/session.js';
import type { ToolRun } from '../domain/tool-run.js';
import { sessionValues } from './session-settings.js';

export type SessionToolsDeps = { sessions: ChatSessionRepository; toolboxes: Toolboxes; log: Logger };

/** `answers`: the id of the last message that the turn answers. */
export type ToolsTurn = { session: ChatSession; settings: AgentSettings; answers: number };

/** What the model is told again of a result in later turns. */
const MAX_KEPT_CHARACTERS = 4_000;

/** The agent's tools in one turn of a session. */
export class SessionTools {
  readonly #deps: SessionToolsDeps;
  readonly #session: ChatSession;
  readonly #answers: number;
  readonly #box: CallToolbox;
  #collected: ChatSession['collectedData'];
  /** Ended, and not yet stored with what came of them. */
  readonly #ended: ToolRun[] = [];

  constructor({ session, settings, answers }: ToolsTurn, deps: SessionToolsDeps) {
    this.#deps = deps;
    this.#session = session;
    this.#answers = answers;
    this.#collected = session.collectedData;
    this.#box = deps.toolboxes.open(this.#setting(settings));
  }

  definitions(): Promise<readonly ToolDefinition[]> {
    return this.#box.definitions();
  }

  announcementOf(calls: readonly ToolCall[]): string | undefined {
    return calls.map((call) => this.#box.announcement(call).text).find((text) => text !== undefined);
  }

  /** All at once. What came of each is stored before the model is told. */
  run(calls: readonly ToolCall[]): Promise<ChatMessage[]> {
    return Promise.all(calls.map((call) => this.#run(call)));
  }

  /** The turn is over. */
  close(): void {
    this.#box.close();
  }

  async #run(call: ToolCall): Promise<ChatMessage> {
    const { content } = await this.#box.run(call);
    const at = this.#ended.findIndex(({ name }) => name === call.name);
    for (const run of this.#ended.splice(at, at < 0 ? 0 : 1)) await this.#store(run, content);
    return { role: 'tool', toolCallId: call.id, content };
  }

  #store(run: ToolRun, content: string): Promise<void> {
    const result = content.slice(0, MAX_KEPT_CHARACTERS);
    return this.#deps.sessions.note(this.#session.id, this.#answers, { kind: 'tool', run, result });
  }

  #setting(settings: AgentSettings): CallSetting {
    const { sessions, log } = this.#deps;
    const { id, tenantId, agentId, phone } = this.#session;
    return {
      call: () => ({
        id,
        tenantId,
        agentId,
        taskId: undefined,
        direction: 'inbound',
        collectedData: this.#collected,
        isSession: true,
      }),
      settings,
      remoteNumber: phone,
      values: () => ({ ...settings.contextData, ...sessionValues(this.#session), ...this.#collected }),
      collect: (data) => {
        this.#collected = { ...this.#collected, ...data };
        const stored = sessions.change(tenantId, id, (now) => ({ ...now, collectedData: { ...now.collectedData, ...data } }));
        background(stored, 'data collected in a session', log);
      },
      handOver: () => Promise.reject(new AppError('conflict', 'no transfer in a text conversation', NO_TRANSFER)),
      note: (run) => void this.#ended.push(run),
      log: log.child({ sessionId: id }),
    };
  }
}

const NO_TRANSFER = { publicMessage: 'Nobody can be put through in a text conversation.' };
