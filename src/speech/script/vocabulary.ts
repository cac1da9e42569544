import type { AgentSettings } from '../../domain/agent.js';
import { DEFAULT_OPT_OUT_PHRASES } from '../../domain/opt-out.js';
import type { Vocabulary } from '../../domain/ports/speech.js';
import { sentencesOf } from './knowledge.js';
import { expandSlots } from './slots.js';

/** What callers answer or say to any agent, whatever its script. */
const EXPECTED_ANSWERS = (
  "yes|yes please|yeah|yes that is right|no|no thanks|no thank you|that's right|that's wrong|okay|sure|hello|hi|thank you|thanks|goodbye|bye|bye bye|" +
  "that's all|nothing else|thank you goodbye|could you repeat that|say that again please|what did you say|stop|wait a moment|i don't know|excuse me"
).split('|');
/** What listeners say: in a model without them they become whatever sounds like it, and the agent stops for nothing. */
const LISTENING = 'uh huh|mm hmm|hmm|aha|okay|yeah|yep|right|all right|i see|got it|sure'.split('|');
const DIGITS = [
  'zero one two three four five six seven eight nine',
  'oh nine eight seven six five four three two one',
  'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty',
];
/** A bigger model recognises worse; a script that needs more is one for a real recogniser. */
const MAX_SENTENCES = 2_000;
const MAX_KNOWLEDGE_SENTENCES = 200;
const MAX_WORDS = 40;
/** The first of the list are the likeliest; all of them would weigh more than the script of a small agent. */
const LIKELY_OPT_OUT_PHRASES = 6;

const ONES =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = '_ _ twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

/**
 * What callers of this agent are likely to say, for the recogniser's language model: the script's phrases with their slots
 * filled, expected answers, the wish not to be called again, numbers, and the knowledge text, whose words questions borrow. Lower-case words and apostrophes only.
 */
export function scriptVocabulary(agent: AgentSettings): Vocabulary {
  const phrases = (agent.script?.intents ?? []).flatMap((intent) => intent.phrases.flatMap(expandSlots));
  const knowledge = sentencesOf(agent.knowledge ?? '').slice(0, MAX_KNOWLEDGE_SENTENCES);
  const optOut = agent.doNotCall?.phrases ?? DEFAULT_OPT_OUT_PHRASES.slice(0, LIKELY_OPT_OUT_PHRASES);
  const spoken = [...phrases, ...EXPECTED_ANSWERS, ...LISTENING, ...optOut, ...DIGITS, ...knowledge]
    .map(spokenForm)
    .filter((sentence) => sentence !== '');
  return { sentences: [...new Set(spoken)].slice(0, MAX_SENTENCES) };
}

/** As somebody would say it: numbers as words, nothing but words. */
function spokenForm(sentence: string): string {
  const words = sentence
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/\p{N}+/gu, (digits) => ` ${numberInWords(digits)} `)
    .match(/\p{L}[\p{L}\p{M}]*(?:'\p{L}+)*/gu);
  return (words ?? []).slice(0, MAX_WORDS).join(' ');
}

function numberInWords(digits: string): string {
  const value = Number(digits);
  if (!Number.isSafeInteger(value) || value > 9_999 || digits.startsWith('0')) {
    return digits.replace(/./gu, (digit) => `${ONES[Number(digit)] ?? ''} `);
  }
  const parts: string[] = [];
  if (value >= 1_000) parts.push(ONES[Math.floor(value / 1_000)]!, 'thousand');
  if (value % 1_000 >= 100) parts.push(ONES[Math.floor((value % 1_000) / 100)]!, 'hundred');
  const rest = value % 100;
  if (rest >= 20) parts.push(TENS[Math.floor(rest / 10)]!, ...(rest % 10 ? [ONES[rest % 10]!] : []));
  else if (rest > 0) parts.push(ONES[rest]!);
  return parts.join(' ');
}
