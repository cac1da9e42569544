import type { AgentId } from '../core/ids.js';
import type { Passage, Source } from '../domain/document.js';
import type { ChatMessage, LanguageModel, ReplyEvent, ReplyRequest } from '../domain/ports/speech.js';
import type { PassageSearch } from './passage-search.js';

/** A language model that is told what the agent's documents say about what was said last, and says what it was told. */
export class InformedModel implements LanguageModel {
  readonly name: string;
  readonly model?: string;
  /** As the model has it: who has none cannot write. */
  readonly write?: NonNullable<LanguageModel['write']>;
  readonly #inner: LanguageModel;
  readonly #agent: AgentId;
  readonly #search: Pick<PassageSearch, 'find'>;
  /** Of the newest question: after a tool has run the model is asked again, and the same holds. */
  #found: { question: string; passages: readonly Passage[] } | undefined;

  constructor(model: LanguageModel, agent: AgentId, search: Pick<PassageSearch, 'find'>) {
    this.#inner = model;
    this.name = model.name;
    if (model.model !== undefined) this.model = model.model;
    if (model.write) this.write = (request) => model.write!(request);
    this.#agent = agent;
    this.#search = search;
  }

  get servedBy(): string | undefined {
    return this.#inner.servedBy;
  }

  connect(): void {
    this.#inner.connect?.();
  }

  async *reply(request: ReplyRequest): AsyncGenerator<ReplyEvent> {
    const passages = await this.#passagesFor(request);
    if (request.signal.aborted) return;
    if (passages.length > 0) yield { type: 'sources', sources: passages.map(sourceOf) };
    yield* this.#inner.reply({ ...request, material: { ...request.material, passages } });
  }

  async #passagesFor({ messages, signal }: ReplyRequest): Promise<readonly Passage[]> {
    const question = questionIn(messages);
    if (question === '') return [];
    if (this.#found?.question !== question) {
      const passages = await this.#search.find(this.#agent, question, signal);
      // What was broken off has not looked everywhere.
      if (signal.aborted) return [];
      this.#found = { question, passages };
    }
    return this.#found.passages;
  }
}

const sourceOf = ({ documentId, documentName, sequence, heading, score }: Passage): Source => ({
  documentId,
  documentName,
  sequence,
  heading,
  score,
});

/** The caller's last words, with those before them that the agent has not answered. */
function questionIn(messages: readonly ChatMessage[]): string {
  const said = messages.slice(0, messages.findLastIndex(({ role }) => role === 'user') + 1);
  const answered = said.findLastIndex(({ role, content }) => role === 'assistant' && content !== '');
  const asked = said.slice(answered + 1).filter(({ role }) => role === 'user');
  return asked.map(({ content }) => content).join(' ');
}
