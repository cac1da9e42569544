/**
 * Who is at the other end of a call of ours. `ivr`: a machine that is to be talked to, by words or keys. `silence`: nobody was heard.
 * `unknown`: the call was over before it was clear.
 */
export const ANSWERERS = ['human', 'machine', 'ivr', 'fax', 'silence', 'unknown'] as const;
export type Answerer = (typeof ANSWERERS)[number];

/**
 * What told. A greeting is short when somebody waits for an answer after it, and long when it goes on like a recording; `words` are those that
 * machines say, or people; `early_words` came before the answer; `spoke_over_message`: who was taken for a machine talks into what is left on it.
 */
export const ANSWER_SIGNS = [
  'short_greeting',
  'long_greeting',
  'words',
  'early_words',
  'beep',
  'fax_tone',
  'spoke_over_message',
  'time_over',
  'call_over',
] as const;
export type AnswerSign = (typeof ANSWER_SIGNS)[number];

/** `afterMs`: since the answer, when it was clear. */
export type AnsweredBy = { verdict: Answerer; reason: AnswerSign; afterMs: number };
