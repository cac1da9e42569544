import type { Clock } from '../core/clock.js';
import type { AgentId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import type { Passage } from '../domain/document.js';
import type { Embedder, PassageIndex } from '../domain/ports/documents.js';
import { within } from '../pipeline/deadline.js';

export type PassageSearchDeps = {
  index: PassageIndex;
  embedder: Embedder | undefined;
  clock: Clock;
  log: Logger;
};

/** What goes to the model: about 1,500 tokens. */
const MAX_PASSAGES = 4;
const MAX_CHARACTERS = 6_000;
/** Of each way to search, before they are fused. */
const CANDIDATES = 20;
const MAX_WORDS = 24;
const MIN_WORD_CHARACTERS = 2;
/** A caller waits: a provider that takes longer is done without. */
const EMBEDDED_WITHIN_MS = 300;
/** As reciprocal rank fusion was published with (Cormack, Clarke and Büttcher, SIGIR 2009): what two ways find beats what one puts first. */
const RANK_CONSTANT = 60;

/** Finds what an agent's documents say about a question: by its words, and by its meaning where there are vectors. */
export class PassageSearch {
  readonly #deps: PassageSearchDeps;

  constructor(deps: PassageSearchDeps) {
    this.#deps = deps;
  }

  /** The best first; none where nothing fits. Never rejects, and takes no longer than a caller can wait. */
  async find(agent: AgentId, question: string, signal: AbortSignal): Promise<Passage[]> {
    const { index, log } = this.#deps;
    try {
      const { isEmpty, models } = await index.contents(agent);
      const words = wordsOf(question);
      if (isEmpty || words.length === 0) return [];
      const [byWords, byMeaning] = await Promise.all([
        index.matching(agent, words, CANDIDATES),
        this.#byMeaning(agent, question, models, signal),
      ]);
      return fitting(fused([byWords, byMeaning]));
    } catch (error) {
      log.error({ err: error }, 'documents not searched');
      return [];
    }
  }

  async #byMeaning(agent: AgentId, question: string, models: readonly string[], signal: AbortSignal): Promise<Passage[]> {
    const { index, embedder, clock, log } = this.#deps;
    if (!embedder || !models.includes(embedder.model)) return [];
    const stop = new AbortController();
    try {
      const asked = embedder.embed([question], AbortSignal.any([stop.signal, signal]));
      const [vector] = await within(asked, { clock, limitMs: EMBEDDED_WITHIN_MS, signal, what: 'the vector of a question' });
      return vector ? await index.nearest(agent, embedder.model, vector, CANDIDATES) : [];
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error, model: embedder.model }, 'documents searched by words alone');
      return [];
    } finally {
      stop.abort(new Error('too late'));
    }
  }
}

function wordsOf(question: string): string[] {
  const words = question.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return [...new Set(words.filter((word) => word.length >= MIN_WORD_CHARACTERS))].slice(-MAX_WORDS);
}

/** Ranks are compared, never scores: those of words and those of vectors have nothing in common. */
function fused(rankings: readonly (readonly Passage[])[]): Passage[] {
  const found = new Map<string, Passage>();
  for (const ranking of rankings) {
    for (const [rank, passage] of ranking.entries()) {
      const key = `${passage.documentId} ${passage.sequence}`;
      const score = (found.get(key)?.score ?? 0) + 1 / (RANK_CONSTANT + rank + 1);
      found.set(key, { ...passage, score });
    }
  }
  return [...found.values()].sort((a, b) => b.score - a.score).map((passage) => ({ ...passage, score: rounded(passage.score) }));
}

function fitting(passages: readonly Passage[]): Passage[] {
  let characters = 0;
  return passages.slice(0, MAX_PASSAGES).filter(({ text }) => {
    const fits = characters + text.length <= MAX_CHARACTERS;
    if (fits) characters += text.length;
    return fits;
  });
}

const rounded = (score: number): number => Math.round(score * 1e5) / 1e5;
