import Database from 'better-sqlite3';
import { WordIndex } from './word-index.js';
import { isStopWord, stemOf, wordsOf } from './words.js';

/** What is read of a knowledge text; more belongs behind a language model with retrieval. */
const MAX_TEXT_CHARACTERS = 200_000;
/** A sentence spoken to a caller is short; a longer one is cut at a word. */
const MAX_ANSWER_CHARACTERS = 400;
const MAX_QUERY_WORDS = 24;
/** Share of the question's informative words that the answer, or the heading above it, must contain. */
const ACCEPT_COVERAGE = 0.55;
/** A shorter word is not put right: too many others are one letter away. */
const MIN_CORRECTED_CHARACTERS = 5;
const MIN_SIMILARITY = 0.75;
const CANDIDATES = 5;

type Passage = { heading: string; answer: string };
type Row = { id: number };
/** `coverage`: the share (0 to 1) of the question's informative words that the passage contains. */
export type Answer = { text: string; coverage: number };

/** Answers questions with the sentence of a text that fits best: SQLite full-text search (BM25) finds it, word coverage vouches for it. */
export class Knowledge {
  readonly #database: Database.Database;
  readonly #find: Database.Statement<[string, number], Row>;
  readonly #passages: readonly Passage[];
  readonly #stems: ReadonlySet<string>[];
  /** Words per stem, so that a misheard word of the question can be put right. */
  readonly #spellings = new Map<string, string>();
  readonly #index: WordIndex;
  readonly #passagesWith = new Map<string, number>();

  constructor(text: string) {
    this.#passages = passagesOf(text.slice(0, MAX_TEXT_CHARACTERS));
    this.#database = new Database(':memory:');
    this.#database.exec(`CREATE VIRTUAL TABLE passages USING fts5(heading, answer, tokenize = 'porter unicode61')`);
    const insert = this.#database.prepare<[number, string, string]>(
      'INSERT INTO passages (rowid, heading, answer) VALUES (?, ?, ?)',
    );
    this.#database.transaction(() => {
      for (const [i, passage] of this.#passages.entries()) insert.run(i, passage.heading, passage.answer);
    })();
    this.#find = this.#database.prepare<[string, number], Row>(
      'SELECT rowid AS id FROM passages WHERE passages MATCH ? ORDER BY bm25(passages, 0.7, 1.0) LIMIT ?',
    );
    this.#stems = this.#passages.map((passage) => {
      const words = wordsOf(`${passage.heading} ${passage.answer}`);
      for (const word of words) this.#spellings.set(stemOf(word), word);
      const stems = new Set(words.map(stemOf));
      for (const stem of stems) this.#passagesWith.set(stem, (this.#passagesWith.get(stem) ?? 0) + 1);
      return stems;
    });
    this.#index = new WordIndex([...this.#spellings.keys()].filter((stem) => !isStopWord(stem)));
  }

  /** The sentence that answers the question; undefined when none is about it. */
  answer(question: string): Answer | undefined {
    const asked = this.#informativeWords(question);
    const known = [...asked].filter((stem) => this.#spellings.has(stem));
    if (known.length === 0) return undefined;
    // Every word is quoted, so that nothing a caller says is an operator of the query language.
    const query = known.map((stem) => `"${this.#spellings.get(stem)!}"`).join(' OR ');
    const total = this.#weigh(asked);
    let best: Answer | undefined;
    for (const { id } of this.#find.all(query, CANDIDATES)) {
      const stems = this.#stems[id]!;
      const coverage = this.#weigh(known.filter((stem) => stems.has(stem))) / total;
      // Candidates come best first by BM25: only a clearly better coverage overrules that.
      if (coverage >= ACCEPT_COVERAGE && coverage > (best?.coverage ?? 0) * 1.2)
        best = { coverage, text: this.#passages[id]!.answer };
    }
    return best;
  }

  close(): void {
    this.#database.close();
  }

  #informativeWords(question: string): Set<string> {
    const stems = new Set<string>();
    for (const word of wordsOf(question)) {
      if (isStopWord(word)) continue;
      if (stems.size >= MAX_QUERY_WORDS) break;
      stems.add(this.#spellings.has(stemOf(word)) ? stemOf(word) : this.#nearest(stemOf(word)));
    }
    return stems;
  }

  #nearest(stem: string): string {
    if (stem.length < MIN_CORRECTED_CHARACTERS) return stem;
    const nearest = this.#index.nearest(stem);
    return nearest && nearest.sure > MIN_SIMILARITY ? nearest.word : stem;
  }

  /** A word in few passages says more than one in many; one in no passage says most, and speaks against an answer. */
  #weigh(stems: Iterable<string>): number {
    let weight = 0;
    for (const stem of stems) weight += Math.log(1 + (this.#passages.length + 1) / (this.#passagesWith.get(stem) ?? 1));
    return weight;
  }
}

/** Sentences of a text, each under the heading or question that stands above it. */
function passagesOf(text: string): Passage[] {
  const passages: Passage[] = [];
  for (const block of text.split(/\n\s*\n/u)) {
    let heading = '';
    for (const line of block.split('\n')) {
      const bare = line.replace(/^\s*(?:#+|[-*•]|(?:q|a|question|answer)\s*:)\s*/iu, '').trim();
      if (bare === '') continue;
      if (/^\s*#/u.test(line) || (bare.endsWith(':') && bare.length < 80)) {
        heading = bare.replace(/:$/u, '');
        continue;
      }
      for (const sentence of sentencesOf(bare)) {
        if (sentence.endsWith('?')) heading = sentence;
        else passages.push({ heading, answer: shorten(sentence) });
      }
    }
  }
  return passages;
}

/** Splits at `.`, `!` and `?` before a space; `9.30` and `e.g.` mid-word stay whole. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?])\s+(?=\S)/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

function shorten(sentence: string): string {
  if (sentence.length <= MAX_ANSWER_CHARACTERS) return sentence;
  const cut = sentence.slice(0, MAX_ANSWER_CHARACTERS);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), 1))}.`;
}
