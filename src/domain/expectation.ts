export const EXPECTATION_KINDS = ['digits', 'yes_no', 'name', 'email', 'date', 'choice'] as const;

/** What the agent has asked for. How long the caller may pause in the answer follows from it; what is answered does not. */
export type Expectation = {
  kind: (typeof EXPECTATION_KINDS)[number];
  /** Of `digits`: how many there are, where that is known. */
  count?: number;
  /** Of `choice`: the answers, each as the caller may put it. */
  choices?: readonly string[];
};
