const ORDER = 3;
/** Sentence start and end, as pocketsphinx names them. */
const START = '<s>';
const END = '</s>';
/** What ARPA files write for "never". */
const NEVER = -99;
/** Added to each word's count, so that the rare ones keep a chance. */
const UNIGRAM_FLOOR = 0.5;

export type WeightedSentence = { words: readonly string[]; weight: number };
type History = { count: number; followers: number };

/** Counts of word sequences up to three long, and from them probabilities by Witten and Bell's interpolation. */
class TrigramCounts {
  /** Index 0 holds single words, 1 pairs, 2 triples. */
  readonly counts = Array.from({ length: ORDER }, () => new Map<string, number>());
  readonly #histories = new Map<string, History>();
  #words = 0;

  add({ words, weight }: WeightedSentence): void {
    const sentence = [START, ...words, END];
    for (let length = 1; length <= ORDER; length++) {
      for (let i = 0; i + length <= sentence.length; i++) {
        if (length === 1 && i === 0) continue;
        this.#addSequence(sentence.slice(i, i + length), weight);
      }
    }
  }

  /** Counts a word on its own, in no company. */
  addWord(word: string, weight: number): void {
    this.#addSequence([word], weight);
  }

  #addSequence(sequence: string[], weight: number): void {
    const counts = this.counts[sequence.length - 1] as Map<string, number>;
    const key = sequence.join(' ');
    const known = counts.get(key);
    counts.set(key, (known ?? 0) + weight);
    if (sequence.length === 1) {
      this.#words += weight;
      return;
    }
    const historyKey = sequence.slice(0, -1).join(' ');
    const history = this.#histories.get(historyKey) ?? { count: 0, followers: 0 };
    history.count += weight;
    if (known === undefined) history.followers += 1;
    this.#histories.set(historyKey, history);
  }

  /** Probability of the last word after those before it. */
  probability(sequence: readonly string[]): number {
    const count = this.counts[sequence.length - 1]?.get(sequence.join(' ')) ?? 0;
    if (sequence.length === 1) {
      const vocabulary = this.counts[0]?.size ?? 0;
      return (count + UNIGRAM_FLOOR) / (this.#words + UNIGRAM_FLOOR * vocabulary);
    }
    const shorter = this.probability(sequence.slice(1));
    const history = this.#histories.get(sequence.slice(0, -1).join(' '));
    return history ? (count + history.followers * shorter) / (history.count + history.followers) : shorter;
  }

  /** The share of probability that goes to words never seen after `sequence`; interpolation makes it exactly the back-off weight. */
  backOff(sequence: string): number {
    const history = this.#histories.get(sequence);
    return history ? history.followers / (history.count + history.followers) : 1;
  }
}

/**
 * A back-off trigram model of the sentences in the ARPA text format. The words of `everywhere` may stand in any place, with no more
 * than the weight they have there.
 */
export function trigramModel(
  sentences: Iterable<WeightedSentence>,
  everywhere: WeightedSentence = { words: [], weight: 0 },
): string {
  const model = new TrigramCounts();
  for (const word of everywhere.words) model.addWord(word, everywhere.weight);
  for (const sentence of sentences) if (sentence.words.length > 0) model.add(sentence);

  const unigrams = [[START, 0] as const, ...(model.counts[0] ?? [])];
  const sizes = [unigrams.length, ...model.counts.slice(1).map((counts) => counts.size)];
  const sections = model.counts.map((counts, index) => {
    const sequences = index === 0 ? unigrams.map(([word]) => word) : [...counts.keys()];
    const lines = sequences.map((sequence) => {
      const probability = sequence === START ? NEVER : log10(model.probability(sequence.split(' ')));
      return `${probability} ${sequence}${index + 1 < ORDER ? ` ${log10(model.backOff(sequence))}` : ''}`;
    });
    return `\\${index + 1}-grams:\n${lines.join('\n')}\n`;
  });
  return `\\data\\\n${sizes.map((size, index) => `ngram ${index + 1}=${size}\n`).join('')}\n${sections.join('\n')}\n\\end\\\n`;
}

function log10(probability: number): string {
  return Math.max(NEVER, Math.log10(probability)).toFixed(4);
}
