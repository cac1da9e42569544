import type { Expectation } from '../../domain/expectation.js';

/** How people are asked for things in one language, as patterns of lower-case text. */
type Asking = {
  digits: RegExp;
  email: RegExp;
  name: RegExp;
  date: RegExp;
  /** Whether something is right: what stands in the question has been said already. */
  confirms: RegExp;
};

const ASKING: ReadonlyMap<string, Asking> = new Map([
  [
    'en',
    {
      digits: /\b(?:numbers?(?! of\b)|digits|code|pin|zip|extension)\b/u,
      email: /\be-?mail\b/u,
      name: /\b(?:your|full|first|last|family) name\b|\bsurname\b|\bspell\b/u,
      date: /\b(?:what|which) (?:day|date)\b|\bwhen\b|\bdate of birth\b|\bbirthday\b/u,
      confirms: /^(?:is|are|was|were) (?:that|this|it|your)\b|\b(?:right|correct)\s*\?$/u,
    },
  ],
  [
    'de',
    {
      digits: /nummer\b|\bziffern\b|\bpostleitzahl\b|\bpin\b|\bcode\b/u,
      email: /\be-?mail/u,
      name: /\b(?:nach|vor)?name\b|buchstabier/u,
      date: /\bwelche[mnrs]? tag\b|\bwann\b|\bdatum\b|\bgeburtstag\b/u,
      confirms: /^(?:ist|war|lautet) (?:das|dies|es|ihre?|deine?)\b|(?:richtig|korrekt|stimmt das)\s*\?$/u,
    },
  ],
  [
    'fr',
    {
      digits: /\bnuméro\b|\bchiffres\b|\bcode\b/u,
      email: /\b(?:e-?mail|mail|courriel)\b|adresse électronique/u,
      name: /(?<!\p{L})(?:pré)?nom\b|(?<!\p{L})épel/u,
      date: /\bquel jour\b|\bquelle date\b|\bquand\b/u,
      confirms: /^c'est\b|(?:correct|exact|ça|cela)\s*\?$/u,
    },
  ],
  [
    'es',
    {
      digits: /\bnúmero\b(?! de personas)|\bdígitos\b|\bcódigo\b/u,
      email: /\bcorreo\b|\be-?mail\b/u,
      name: /\bnombre\b|\bapellidos?\b|\bdeletre/u,
      date: /\bqué (?:día|fecha)\b|\bcuándo\b/u,
      confirms: /^¿?(?:es|era)\b|(?:correcto|verdad|cierto|así)\s*\?$/u,
    },
  ],
  [
    'it',
    {
      digits: /\bnumero\b(?! di persone)|\bcifre\b|\bcodice\b/u,
      email: /\be-?mail\b|\bposta elettronica\b/u,
      name: /\b(?:cog)?nome\b|\blettera per lettera\b/u,
      date: /\b(?:che|quale) giorno\b|\bquale data\b|\bquando\b/u,
      confirms: /^è(?!\p{L})|(?:giusto|corretto|vero)\s*\?$/u,
    },
  ],
]);

const KINDS = ['digits', 'email', 'name', 'date'] as const;

/** What the agent's words ask the caller for, as far as that is clear from their last question, or their last sentence. BCP 47. */
export function askedFor(words: string, language: string): Expectation | undefined {
  const asking = ASKING.get(baseOf(language));
  const question = asking && lastQuestion(words);
  if (!asking || question === undefined) return undefined;
  if (asking.confirms.test(question)) return { kind: 'yes_no' };
  const kind = KINDS.find((each) => asking[each].test(question));
  return kind && { kind };
}

/** Whether the caller says themselves that digits follow: "my number is …". `spoken` is in lower case. */
export const announcesDigits = (spoken: readonly string[], language: string): boolean =>
  ASKING.get(baseOf(language))?.digits.test(spoken.join(' ')) === true;

/** In lower case. Words behind a question may only be polite; without one, the last sentence is what the caller answers. */
export function lastQuestion(words: string): string | undefined {
  const sentences =
    words
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[^.!?…]+[.!?…]*/gu) ?? [];
  return (sentences.findLast((sentence) => sentence.includes('?')) ?? sentences.at(-1))?.trim();
}

const baseOf = (language: string): string => language.toLowerCase().split(/[-_]/)[0] ?? '';
