import type { Clock } from '../core/clock.js';
import type { AgentId, CallId, ChatSessionId, TenantId } from '../core/ids.js';
import { background, type Logger } from '../core/log.js';
import type { AgentSettings } from '../domain/agent.js';
import type { Memory } from '../domain/memory.js';
import type { MemoryFilter, MemoryRepository } from '../domain/ports/memories.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import type { SpeechSuite } from '../domain/ports/speech.js';
import type { ReportContent } from '../domain/report.js';
import { RememberingModel } from './remembering-model.js';

/** How many conversations back it goes. */
const CONVERSATIONS = 5;
const MAX_FACTS = 20;
const MAX_FACT_CHARACTERS = 300;
const MAX_SUMMARY_CHARACTERS = 1_000;

export type MemoryServiceDeps = { memories: MemoryRepository; clock: Clock; log: Logger };

/** Who an agent speaks with; undefined: nobody who could be known again. */
export type Encounter = {
  tenantId: TenantId;
  agentId: AgentId;
  settings: AgentSettings;
  contact: string | undefined;
  /** Of a call, whose report is kept when it is made. */
  callId?: CallId | undefined;
};

/** What agents know of contacts from earlier conversations, where they are to remember. */
export class MemoryService {
  readonly #deps: MemoryServiceDeps;

  constructor(deps: MemoryServiceDeps) {
    this.#deps = deps;
  }

  /** The suite with a model that is told what is known of the contact; the call is kept in mind. */
  inform(speech: SpeechSuite, { tenantId, agentId, settings, contact, callId }: Encounter): SpeechSuite {
    const { memories, clock, log } = this.#deps;
    const { enabled = false, maxFacts = MAX_FACTS } = settings.memory ?? {};
    if (!enabled || contact === undefined) return speech;
    if (callId !== undefined) {
      const expecting = memories.expect(callId, { tenantId, agentId, contact, atMs: clock.nowMs() });
      background(expecting, 'memory of a call', log.child({ callId }));
    }
    const recall = async (): Promise<string | undefined> => {
      const { items } = await memories.list(tenantId, { contact, agentId }, { limit: CONVERSATIONS, offset: 0 });
      return items.length === 0 ? undefined : wordsOf(items, maxFacts);
    };
    return { ...speech, llm: new RememberingModel(speech.llm, recall, log) };
  }

  /** The report of a call was made. */
  callReported(call: CallId, { summary, extractedData: facts }: Pick<ReportContent, 'summary' | 'extractedData'>): Promise<void> {
    return this.#deps.memories.fulfil(call, { summary, facts });
  }

  /** A session is over, of an agent that remembers. */
  async sessionEnded(
    { tenantId, agentId, settings, contact }: Encounter,
    sessionId: ChatSessionId,
    { summary, extractedData: facts }: Pick<ReportContent, 'summary' | 'extractedData'>,
  ): Promise<void> {
    const { memories, clock } = this.#deps;
    if (settings.memory?.enabled !== true || contact === undefined) return;
    await memories.save({ tenantId, agentId, contact, callId: undefined, sessionId, summary, facts, atMs: clock.nowMs() });
  }

  /** Newest first. */
  list(tenant: TenantId, filter: MemoryFilter, page: Page): Promise<Listed<Memory>> {
    return this.#deps.memories.list(tenant, filter, page);
  }

  /** Returns how many there were. */
  forget(tenant: TenantId, contact: string, agent?: AgentId): Promise<number> {
    return this.#deps.memories.forget(tenant, contact, agent);
  }
}

/** The oldest first, as things happened; of a fact what was said last. */
function wordsOf(newestFirst: readonly Memory[], maxFacts: number): string {
  const memories = newestFirst.toReversed();
  const facts = new Map<string, string>();
  for (const memory of memories) {
    for (const [name, value] of Object.entries(memory.facts)) {
      const words = Array.isArray(value) ? value.join(', ') : String(value ?? '');
      facts.delete(name);
      if (words !== '') facts.set(name, words.slice(0, MAX_FACT_CHARACTERS));
    }
  }
  const newest = [...facts].slice(-maxFacts).map(([name, words]) => `- ${name.replaceAll('_', ' ')}: ${words}`);
  const before = memories.map(({ atMs, summary }) => `- ${dayOf(atMs)}: ${summary.slice(0, MAX_SUMMARY_CHARACTERS)}`);
  return [...before, ...(maxFacts === 0 ? [] : newest)].join('\n');
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
