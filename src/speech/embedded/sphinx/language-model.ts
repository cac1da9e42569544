import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publish } from './acoustic-model.js';
import { CALLER_PHRASES } from './caller-phrases.js';
import { EVERYDAY_WORDS } from './everyday-words.js';
import { guessPronunciation, possibleParts } from './pronunciation.js';
import { fillSlots, spokenWords } from './spoken-words.js';
import { trigramModel, type WeightedSentence } from './trigram-model.js';

/** The agent's own phrases are likelier than what callers say to anybody. */
const SCRIPT_WEIGHT = 3;
const COMMON_WEIGHT = 1;
const EVERYDAY_WEIGHT = 0.5;

/** Compiling again takes a tenth of a second. */
const MODEL_LIFETIME_MS = 30 * 86_400_000;
const DRAFT_LIFETIME_MS = 3_600_000;

export type LanguageModelFiles = { modelFile: string; dictionaryFile: string };
type Compiled = { model: string; dictionary: string; guessedWords: string[] };

/** The general model that comes with the recogniser, for agents that do not say what they expect to hear. */
export function generalLanguageModel(modelDir: string): LanguageModelFiles {
  return { modelFile: join(modelDir, 'en-us.lm.bin'), dictionaryFile: dictionaryOf(modelDir) };
}

/**
 * Language model and dictionary of a vocabulary under `dataDir`, compiled when they are not there yet. The dictionary holds the
 * vocabulary's words only: a tenth of the memory and of the loading time of the whole one.
 */
export function languageModelFor(
  options: { key: string; sentences: readonly string[]; modelDir: string; dataDir: string },
  onGuessed: (words: string[]) => void,
): LanguageModelFiles {
  const folder = join(options.dataDir, `vocabulary-${options.key}`);
  const files = { modelFile: join(folder, 'model.lm'), dictionaryFile: join(folder, 'words.dict') };
  if (existsSync(folder)) return files;

  const compiled = compileVocabulary(options.sentences, dictionaryOf(options.modelDir));
  if (compiled.guessedWords.length > 0) onGuessed(compiled.guessedWords);
  mkdirSync(options.dataDir, { recursive: true });
  const draft = mkdtempSync(join(options.dataDir, 'draft-'));
  writeFileSync(join(draft, 'model.lm'), compiled.model);
  writeFileSync(join(draft, 'words.dict'), compiled.dictionary);
  publish(draft, folder);
  return files;
}

/** Removes what was compiled long ago, for an agent that has changed since, and drafts of processes that died over them. */
export function pruneLanguageModels(dataDir: string, nowMs: number): void {
  for (const entry of readdirSync(dataDir).filter((name) => /^(?:vocabulary|draft)-/.test(name))) {
    const folder = join(dataDir, entry);
    const ageMs = nowMs - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? nowMs);
    if (ageMs > (entry.startsWith('draft-') ? DRAFT_LIFETIME_MS : MODEL_LIFETIME_MS))
      rmSync(folder, { recursive: true, force: true });
  }
}

/** Forgets compiled files that could not be loaded. */
export function forgetLanguageModel(dataDir: string, key: string): void {
  rmSync(join(dataDir, `vocabulary-${key}`), { recursive: true, force: true });
}

export function compileVocabulary(sentences: readonly string[], dictionaryFile: string): Compiled {
  const expected = [...weighted(sentences, SCRIPT_WEIGHT), ...weighted(CALLER_PHRASES, COMMON_WEIGHT)];
  const words = new Set([...expected.flatMap((sentence) => sentence.words), ...EVERYDAY_WORDS]);
  const dictionary = readFileSync(dictionaryFile, 'latin1');
  const found = pronunciationsOf(words, dictionary);

  const absent = [...words].filter((word) => !found.has(word));
  const parts =
    absent.length === 0 ? new Map<string, string[]>() : pronunciationsOf(new Set(absent.flatMap(possibleParts)), dictionary);
  const unpronounceable = new Set<string>();
  for (const word of absent) {
    const phones = guessPronunciation(word, (part) => parts.get(part)?.[0]);
    if (phones === undefined) unpronounceable.add(word);
    else found.set(word, [phones]);
  }

  const sayable = expected.map(({ words, weight }) => ({ words: words.filter((word) => !unpronounceable.has(word)), weight }));
  const entries = [...found].flatMap(([word, variants]) =>
    variants.map((phones, i) => `${word}${i === 0 ? '' : `(${i + 1})`} ${phones}\n`),
  );
  return {
    model: trigramModel(sayable, { words: EVERYDAY_WORDS, weight: EVERYDAY_WEIGHT }),
    dictionary: entries.join(''),
    guessedWords: absent,
  };
}

function weighted(sentences: readonly string[], weight: number): WeightedSentence[] {
  return sentences
    .flatMap((sentence, turn) => fillSlots(sentence, turn))
    .map((sentence) => ({ words: spokenWords(sentence), weight }));
}

/** All pronunciations the dictionary has for `words`; its lines read `word P H O N E S`, further ones `word(2) …`. */
function pronunciationsOf(words: ReadonlySet<string>, dictionary: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (let start = 0; start < dictionary.length; ) {
    const newline = dictionary.indexOf('\n', start);
    const end = newline === -1 ? dictionary.length : newline;
    const space = dictionary.indexOf(' ', start);
    if (space > start && space < end) {
      const entry = dictionary.slice(start, space);
      const word = entry.endsWith(')') ? entry.slice(0, entry.lastIndexOf('(')) : entry;
      if (words.has(word)) found.set(word, [...(found.get(word) ?? []), dictionary.slice(space + 1, end).trim()]);
    }
    start = end + 1;
  }
  return found;
}

function dictionaryOf(modelDir: string): string {
  return join(modelDir, 'cmudict-en-us.dict');
}
