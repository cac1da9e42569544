import { SCRIPT_SLOTS, type Script, type ScriptIntent } from '../../domain/agent.js';
import { findSlots, type Slot, type SlotSpan, type SlotValues, slotsInReply } from './slots.js';
import { WordIndex } from './word-index.js';
import { isStopWord, stemOf, wordsOf } from './words.js';

export type IntentMatch = { intent: ScriptIntent; score: number };

type Phrase = { intent: number; stems: readonly string[]; slots: readonly Slot[]; weight: number };
/** What was heard, as stems of the script's own vocabulary where they can be recognised as such, each with how sure that is. */
type Heard = { certainty: ReadonlyMap<string, number>; weight: number };

/** Below this the caller said something else; chosen on the reworded and misheard phrases of the unit test. */
const ACCEPT_SCORE = 0.5;
/** Hanging up on a caller who only said `by` is worse than asking again. */
const ACCEPT_END_SCORE = 0.6;
/** What a stop word counts, as a share of its idf. */
const STOP_WEIGHT = 0.25;
/** What a day or a time counts against an intent that has no use for it, as a share of a full word. */
const UNUSED_SLOT_WEIGHT = 0.25;
const UNKNOWN_STOP_WEIGHT = 0.08;
/** An intent whose reply repeats a slot nobody has filled gives way to one that does not. */
const MISSING_SLOT_FACTOR = 0.8;
const MAX_PHRASES = 5_000;
/** Of a monologue only the end is looked at: there the wish is. */
const MAX_WORDS = 100;
const SLOT_MARK = /\{(day|time|number|name)\}/gu;

/** Finds the intent whose sample phrases share the most informative words with what was heard, or none. */
export class IntentMatcher {
  readonly #intents: readonly ScriptIntent[];
  readonly #phrases: Phrase[] = [];
  readonly #weights = new Map<string, number>();
  readonly #bags: ReadonlySet<string>[];
  readonly #unknownWeight: number;
  readonly #acceptScore: number;
  readonly #index: WordIndex;

  constructor(script: Pick<Script, 'intents'>, acceptScore = ACCEPT_SCORE) {
    this.#acceptScore = acceptScore;
    this.#intents = script.intents;
    const parsed = script.intents.map((intent) => intent.phrases.slice(0, MAX_PHRASES).map(parsePhrase));
    this.#bags = parsed.map((phrases) => new Set(phrases.flatMap((phrase) => phrase.stems)));
    const intentsWith = new Map<string, number>();
    for (const bag of this.#bags) for (const stem of bag) intentsWith.set(stem, (intentsWith.get(stem) ?? 0) + 1);
    for (const [stem, count] of intentsWith) {
      const idf = Math.log(1 + script.intents.length / count);
      this.#weights.set(stem, idf * (isStopWord(stem) ? STOP_WEIGHT : 1));
    }
    this.#index = new WordIndex([...this.#weights.keys()].filter((stem) => !stem.startsWith('{')));
    this.#unknownWeight = Math.log(1 + script.intents.length) * 0.7;
    for (const [intent, phrases] of parsed.entries()) {
      for (const phrase of phrases) {
        if (phrase.stems.length === 0 || this.#phrases.length >= MAX_PHRASES) continue;
        this.#phrases.push({ intent, ...phrase, weight: sum(phrase.stems, (stem) => this.#weights.get(stem)!) });
      }
    }
  }

  /** `known` are slots filled earlier in the conversation: an intent may rely on them. */
  match(text: string, known: SlotValues = {}): IntentMatch | undefined {
    const best = this.rank(text, known)[0];
    return best && best.score >= (best.intent.endCall ? ACCEPT_END_SCORE : this.#acceptScore) ? best : undefined;
  }

  /** Every intent that shares something with the utterance, best first. */
  rank(text: string, known: SlotValues = {}): IntentMatch[] {
    const words = wordsOf(text).slice(-MAX_WORDS);
    const spans = findSlots(words);
    const views = new Map<string, Heard>();
    const viewFor = (slots: readonly Slot[]): Heard => {
      const key = slots.join();
      const view = views.get(key) ?? this.#hear(words, spans, slots);
      views.set(key, view);
      return view;
    };
    const scores = new Map<number, number>();
    for (const phrase of this.#phrases) {
      const score = this.#score(phrase, viewFor(phrase.slots));
      if (score > (scores.get(phrase.intent) ?? 0)) scores.set(phrase.intent, score);
    }
    const filled = new Set<string>([...Object.keys(known), ...spans.map((span) => span.slot)]);
    return [...scores]
      .map(([index, score]) => {
        const intent = this.#intents[index]!;
        const missing = slotsInReply(intent.reply).some((slot) => !filled.has(slot));
        return { intent, score: missing ? score * MISSING_SLOT_FACTOR : score };
      })
      .sort((a, b) => b.score - a.score);
  }

  /** How much of the phrase was heard and how much of what was heard is the phrase; the intent's other phrases lend a hand. */
  #score(phrase: Phrase, heard: Heard): number {
    if (heard.weight === 0 || phrase.weight === 0) return 0;
    const matched = sum(phrase.stems, (stem) => this.#weights.get(stem)! * (heard.certainty.get(stem) ?? 0));
    if (matched === 0) return 0;
    const bag = this.#bags[phrase.intent]!;
    let inBag = 0;
    for (const [stem, certainty] of heard.certainty) if (bag.has(stem)) inBag += (this.#weights.get(stem) ?? 0) * certainty;
    const recall = matched / phrase.weight;
    const precision = Math.min(1, (matched * 0.6 + inBag * 0.4) / heard.weight);
    return Math.sqrt(recall * precision);
  }

  /** Reads the utterance for phrases with these slots: the words that fill them become the slot's mark. */
  #hear(words: readonly string[], spans: readonly SlotSpan[], slots: readonly Slot[]): Heard {
    const certainty = new Map<string, number>();
    let weight = 0;
    const covered = new Map<number, 'used' | 'unused'>();
    for (const span of spans) {
      const used = slots.includes(span.slot);
      for (let i = span.from; i < span.to; i++) if (used || !covered.has(i)) covered.set(i, used ? 'used' : 'unused');
      const mark = `{${span.slot}}`;
      if (used && !certainty.has(mark)) {
        certainty.set(mark, 1);
        weight += this.#weights.get(mark) ?? 0;
      }
    }
    for (let i = 0; i < words.length; i++) {
      if (covered.get(i) === 'used') continue;
      const { stems, consumed } = this.#recognise(words, i);
      for (const { stem, sure } of stems) {
        if (certainty.has(stem)) continue;
        if (sure > 0) certainty.set(stem, sure);
        weight += this.#weightHeard(stem, sure, covered.get(i) === 'unused');
      }
      i += consumed - 1;
    }
    return { certainty, weight };
  }

  #weightHeard(stem: string, sure: number, inUnusedSlot: boolean): number {
    if (sure > 0) return this.#weights.get(stem)!;
    if (inUnusedSlot) return this.#unknownWeight * UNUSED_SLOT_WEIGHT;
    return this.#unknownWeight * (isStopWord(stem) ? UNKNOWN_STOP_WEIGHT : 1);
  }

  /** The script's word for the one heard at `i`: the same, one written apart or together, or the most similar. */
  #recognise(words: readonly string[], i: number): { stems: { stem: string; sure: number }[]; consumed: number } {
    const word = words[i]!;
    const stem = stemOf(word);
    const joined = stemOf(word + (words[i + 1] ?? ''));
    if (i + 1 < words.length && this.#weights.has(joined)) return { stems: [{ stem: joined, sure: 1 }], consumed: 2 };
    if (this.#weights.has(stem)) return { stems: [{ stem, sure: 1 }], consumed: 1 };
    if (isStopWord(word)) return { stems: [{ stem, sure: 0 }], consumed: 1 };
    for (let cut = 3; cut <= word.length - 3; cut++) {
      const parts = [stemOf(word.slice(0, cut)), stemOf(word.slice(cut))];
      if (parts.every((part) => this.#weights.has(part)))
        return { stems: parts.map((part) => ({ stem: part, sure: 1 })), consumed: 1 };
    }
    const nearest = this.#index.nearest(stem);
    return { stems: [nearest ? { stem: nearest.word, sure: nearest.sure } : { stem, sure: 0 }], consumed: 1 };
  }
}

function parsePhrase(phrase: string): { stems: string[]; slots: Slot[] } {
  const slots = SCRIPT_SLOTS.filter((slot) => phrase.includes(`{${slot}}`));
  const words = wordsOf(phrase.replace(SLOT_MARK, ' '));
  return { stems: [...new Set([...words.map(stemOf), ...slots.map((slot) => `{${slot}}`)])], slots };
}

function sum<T>(items: Iterable<T>, value: (item: T) => number): number {
  let total = 0;
  for (const item of items) total += value(item);
  return total;
}
