import { AppError } from '../core/errors.js';
import type { ChatMessage } from '../domain/ports/speech.js';

/** The words alone: what tools were called and answered means nothing to somebody who has others. */
export const wordsOf = (messages: readonly ChatMessage[]): ChatMessage[] =>
  messages.flatMap((message) =>
    message.role === 'tool' || message.content === '' ? [] : [{ role: message.role, content: message.content }],
  );

export const keyingIn = (): AppError =>
  new AppError('conflict', 'masked digits are being keyed in', {
    publicMessage: 'The caller is keying in what nobody may hear',
  });
