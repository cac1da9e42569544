import { GERMAN } from './de.js';
import { ENGLISH } from './en.js';
import { SPANISH } from './es.js';
import { FRENCH } from './fr.js';
import { ITALIAN } from './it.js';

/** What words tell about whose turn it is, in one language; all in lower case. */
export type LanguageCues = {
  /** Nobody ends a sentence with these. */
  trailing: ReadonlySet<string>;
  /** Sounds of somebody who is still thinking. */
  fillers: ReadonlySet<string>;
  numbers: NumberWords;
  /** As an e-mail address is dictated: what stands for `@`, and what stands between the parts. */
  at: ReadonlySet<string>;
  separators: ReadonlySet<string>;
  /** Complete as they are. */
  answers: ReadonlySet<string>;
  /** A day by itself. */
  days: ReadonlySet<string>;
  /** How a call is taken and people greet each other. */
  greetings: ReadonlySet<string>;
  /**
   * What a listener says without wanting the floor, in up to three words. Where one word is both "yes" and "yeah" it is among them:
   * said into the agent's last words it is an answer all the same.
   */
  backchannels: ReadonlySet<string>;
  /** Said while the caller has to wait. */
  holding: readonly string[];
};

/** Tens and teens stand for two digits, all others for one; a word for tens takes the unit after it in. */
export type NumberWords = {
  units: ReadonlySet<string>;
  teens: ReadonlySet<string>;
  tens: ReadonlySet<string>;
  others: ReadonlySet<string>;
};

const CUES: ReadonlyMap<string, LanguageCues> = new Map([
  ['en', ENGLISH],
  ['de', GERMAN],
  ['fr', FRENCH],
  ['es', SPANISH],
  ['it', ITALIAN],
]);

/** Of a BCP 47 tag; undefined for a language whose words are not known. */
export const cuesOf = (language: string): LanguageCues | undefined => CUES.get(language.toLowerCase().split(/[-_]/)[0] ?? '');
