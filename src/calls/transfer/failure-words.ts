import type { TransferReason } from '../../domain/transfer.js';

const TRY_ELSE = 'Is there anything else I can do for you?';

/** What the agent says when it has the caller back. */
export function failureWords(reason: TransferReason | undefined): string {
  switch (reason) {
    case 'busy':
      return `I am sorry, the line is busy. ${TRY_ELSE}`;
    case 'no_answer':
      return `I am sorry, nobody answers there. ${TRY_ELSE}`;
    case 'declined':
      return `I am sorry, they cannot take your call now. ${TRY_ELSE}`;
    default:
      return `I am sorry, I could not put you through. ${TRY_ELSE}`;
  }
}
