import type { Clock } from '../core/clock.js';
import { AppError, toError } from '../core/errors.js';
import { background } from '../core/log.js';
import type { AgentSettings } from '../domain/agent.js';
import type { SessionHistory } from '../domain/ports/chat-sessions.js';
import type { UtteranceReader } from '../domain/ports/reports.js';
import type { AgentRepository } from '../domain/ports/repositories.js';
import {
  type ChatMessage,
  END_CALL_TOOL,
  type LanguageModel,
  type SpeechCatalog,
  type SpeechSuite,
  type ToolCall,
  type ToolDefinition,
} from '../domain/ports/speech.js';
import type { ReportContent } from '../domain/report.js';
import type { ChatSession } from '../domain/session.js';
import type { MemoryService } from '../memory/memory-service.js';
import { within } from '../pipeline/deadline.js';
import { phrasesOf } from '../pipeline/language/phrases.js';
import { inTime } from '../reports/in-time.js';
import type { AttachmentStore } from './attachment-store.js';
import { hasImages, modelMessages, withoutImages } from './session-history.js';
import { contactOf, sessionSettings } from './session-settings.js';
import { type SessionTalk, sessionSummary } from './session-summary.js';
import { SessionTools, type SessionToolsDeps } from './session-tools.js';

export type SessionBrainDeps = SessionToolsDeps & {
  agents: Pick<AgentRepository, 'settingsAt'>;
  speech: SpeechCatalog;
  /** The suite with a model that looks things up for the agent. */
  inform: (
    speech: SpeechSuite,
    agent: Pick<ChatSession, 'tenantId' | 'agentId'> & { settings: AgentSettings },
    occasion: { contact: string | undefined },
  ) => SpeechSuite;
  memory: Pick<MemoryService, 'sessionEnded'>;
  /** For summaries where no model writes them. */
  reader: UtteranceReader;
  attachments: Pick<AttachmentStore, 'read'>;
  clock: Clock;
};

export type BrainListener = {
  /** The next piece of the answer; all of them together are its text. */
  chunk(text: string): void;
  /** What the agent says of what it is doing. */
  thought(text: string): void;
};

/** `history`: up to what is to be answered. */
export type BrainRequest = { session: ChatSession; history: SessionHistory; listener: BrainListener; signal: AbortSignal };

/** `ends`: the agent has said goodbye. */
export type BrainAnswer = { text: string; ends: boolean };

/** Between two pieces of an answer. Nobody waits on the telephone. */
const PIECE_WITHIN_MS = 60_000;
const SUMMARY_WITHIN_MS = 60_000;
/** A model that calls tools again and again is asked for words alone after so many times. */
const MAX_TOOL_ROUNDS = 5;
const APOLOGY = 'I am sorry, something went wrong on my side. Please try again.';
const END_SESSION_TOOL: ToolDefinition = {
  ...END_CALL_TOOL,
  description: 'Ends the conversation. Call it when the person you write with has said goodbye, after your own goodbye.',
};

/** Answers in a session as the agent does on the telephone: with its model, tools and documents. */
export class SessionBrain {
  readonly #deps: SessionBrainDeps;

  constructor(deps: SessionBrainDeps) {
    this.#deps = deps;
  }

  /** The next answer, which is an apology where no provider gives one; undefined when `signal` aborted. */
  async answer({ session, history, listener, signal }: BrainRequest): Promise<BrainAnswer | undefined> {
    const { log } = this.#deps;
    const settings = await this.#settingsOf(session);
    const answers = history.entries.at(-1)?.id ?? 0;
    const tools = new SessionTools({ session, settings, answers }, this.#deps);
    const answer = new Answer(listener);
    try {
      const messages = await this.#messagesOf(session, history);
      const llm = this.#modelFor(session, settings, answers);
      const ask = (asked: ChatMessage[]) => this.#converse({ llm, settings, tools, messages: asked, answer, signal });
      await ask(messages).catch((error: unknown) => {
        // Many models take no images; what they are of, its sender may have written.
        if (!hasImages(messages) || answer.text !== '' || signal.aborted) throw error;
        log.info({ err: error, sessionId: session.id }, 'asked again without images');
        return ask(withoutImages(messages));
      });
      if (answer.text === '' && !answer.ends) throw new AppError('provider_failed', 'the language model said nothing');
    } catch (thrown) {
      if (signal.aborted) return undefined;
      log.warn({ err: toError(thrown), sessionId: session.id }, 'session answered with an apology');
      answer.add(APOLOGY, true);
    } finally {
      tools.close();
    }
    if (signal.aborted) return undefined;
    if (answer.text === '') answer.add(phrasesOf(settings.language).goodbye);
    return { text: answer.text, ends: answer.ends };
  }

  /** What is to be remembered of a conversation is kept. */
  async ended(session: ChatSession): Promise<void> {
    const { sessions, memory } = this.#deps;
    const { id, tenantId, agentId } = session;
    const settings = await this.#settingsOf(session);
    if (settings.memory?.enabled !== true) return;
    const messages = await sessions.messages(tenantId, id);
    if (!messages.some(({ role }) => role === 'human')) return;
    const content = await this.#summaryOf({ session, settings, messages });
    await memory.sessionEnded({ tenantId, agentId, settings, contact: contactOf(session) }, id, content);
  }

  async #summaryOf(talk: SessionTalk): Promise<ReportContent> {
    const { speech, reader, clock, log } = this.#deps;
    try {
      const { llm } = speech.suiteFor(talk.settings, { unhurried: true });
      const closing = new AbortController().signal;
      const work = (signal: AbortSignal) => sessionSummary(talk, llm, reader, signal);
      return await inTime(work, { clock, limitMs: SUMMARY_WITHIN_MS, closing, what: 'the summary' });
    } catch (error) {
      log.warn({ err: error, sessionId: talk.session.id }, 'session summarised by rules');
      return await sessionSummary(talk, {}, reader, new AbortController().signal);
    }
  }

  async #settingsOf(session: ChatSession): Promise<AgentSettings> {
    const { agents, clock } = this.#deps;
    const { tenantId, agentId, agentVersion } = session;
    const stored = await agents.settingsAt(tenantId, agentId, agentVersion);
    if (!stored) throw new AppError('agent_not_found', `no version ${agentVersion} of agent ${agentId}`);
    return sessionSettings(stored, session, clock.nowMs());
  }

  #messagesOf({ tenantId }: ChatSession, history: SessionHistory): Promise<ChatMessage[]> {
    return modelMessages(history, async (image) => {
      const bytes = await this.#deps.attachments.read(tenantId, image).catch(() => undefined);
      return bytes && `data:${image.contentType};base64,${bytes.toString('base64')}`;
    });
  }

  #modelFor(session: ChatSession, settings: AgentSettings, answers: number): LanguageModel {
    const { speech, inform, sessions, log } = this.#deps;
    const { tenantId, agentId } = session;
    const suite = speech.suiteFor(settings, {
      unhurried: true,
      watch: {
        failed: (failure, error) => {
          log.warn({ err: error, sessionId: session.id, ...failure }, 'provider failed in a session');
          background(sessions.note(session.id, answers, { kind: 'failure', failure }), 'note of a session', log);
        },
        used: () => {},
      },
    });
    return inform(suite, { tenantId, agentId, settings }, { contact: contactOf(session) }).llm;
  }

  async #converse(turn: Turn): Promise<void> {
    const { tools, answer, signal } = turn;
    const messages = [...turn.messages];
    for (let round = 0; !signal.aborted; round += 1) {
      const offered = round < MAX_TOOL_ROUNDS ? await tools.definitions() : [];
      const { calls, text } = await this.#stream({ ...turn, messages }, offered);
      if (calls.length === 0 || signal.aborted) return;
      const announced = text === '' ? tools.announcementOf(calls) : undefined;
      if (announced !== undefined) answer.think(announced);
      messages.push({ role: 'assistant', content: text, toolCalls: calls }, ...(await tools.run(calls)));
      if (answer.ends) return;
    }
  }

  /** To the end of what the model says. Returns the tools it calls, in order. */
  async #stream(
    { llm, settings, messages, answer, signal }: Turn,
    offered: readonly ToolDefinition[],
  ): Promise<{ calls: ToolCall[]; text: string }> {
    const { clock } = this.#deps;
    const stop = new AbortController();
    const request = {
      agent: settings,
      messages,
      tools: [END_SESSION_TOOL, ...offered],
      medium: 'text',
      signal: AbortSignal.any([signal, stop.signal]),
    } as const;
    const events = llm.reply(request)[Symbol.asyncIterator]();
    const calls: ToolCall[] = [];
    let said = '';
    answer.paragraph();
    try {
      for (;;) {
        const next = await within(events.next(), { clock, limitMs: PIECE_WITHIN_MS, signal, what: 'the language model' });
        if (next.done) break;
        const event = next.value;
        if (event.type === 'tool' && event.call.name === END_CALL_TOOL.name) answer.ends = true;
        else if (event.type === 'tool') calls.push(event.call);
        else if (event.type === 'text' && typeof event.text === 'string') {
          said += event.text;
          answer.add(event.text);
        }
      }
    } finally {
      stop.abort();
      // A stream that has not ended is told so, but not waited for.
      events.return?.().catch(() => undefined);
    }
    return { calls, text: said.trim() };
  }
}

type Turn = {
  llm: LanguageModel;
  settings: AgentSettings;
  tools: SessionTools;
  messages: readonly ChatMessage[];
  answer: Answer;
  signal: AbortSignal;
};

/** The text of an answer while it is made. */
class Answer {
  readonly #listener: BrainListener;
  #text = '';
  #gap = '';
  ends = false;

  constructor(listener: BrainListener) {
    this.#listener = listener;
  }

  get text(): string {
    return this.#text.trimEnd();
  }

  add(text: string, apart = false): void {
    if (apart) this.paragraph();
    // Nothing begins with a blank.
    const piece = this.#text === '' ? text.trimStart() : `${this.#gap}${text}`;
    if (piece === '') return;
    this.#gap = '';
    this.#text += piece;
    this.#listener.chunk(piece);
  }

  think(text: string): void {
    this.#listener.thought(text);
  }

  /** What comes now stands apart from what came before. */
  paragraph(): void {
    if (this.#text !== '') this.#gap = '\n\n';
  }
}
