import { AppError } from '../core/errors.js';

/** What went wrong at a speech provider: the `cause` of every `provider_failed`. Carries no key, header, prompt or body. */
export type ProviderFault = {
  /** e.g. `openai`. */
  provider: string;
  stage: 'stt' | 'llm' | 'tts';
  reason: 'refused' | 'unreachable' | 'timeout' | 'malformed' | 'empty' | 'oversized' | 'interrupted';
  /** Whether the same request may succeed when it is sent again. */
  retryable: boolean;
  statusCode: number | undefined;
  requestId: string | undefined;
};

export function providerFailed(fault: ProviderFault): AppError {
  const status = fault.statusCode === undefined ? '' : ` (status ${fault.statusCode})`;
  return new AppError('provider_failed', `${fault.provider} ${fault.stage}: ${fault.reason}${status}`, { cause: fault });
}
