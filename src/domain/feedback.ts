export const FEEDBACKS = ['good', 'bad'] as const;
/** What a contact thinks of something that an agent or an operator has told them. */
export type Feedback = (typeof FEEDBACKS)[number];
