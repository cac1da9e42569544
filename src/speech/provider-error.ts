import { AppError } from '../core/errors.js';
import { PROVIDER_FAULTS, type ProviderFaultReason, type ProviderStage } from '../domain/provider-failure.js';
import { DeadlineError } from '../pipeline/deadline.js';

/** What went wrong at a speech provider: the `cause` of every `provider_failed`. Carries no key, header, prompt or body. */
export type ProviderFault = {
  /** Its name in the configuration, e.g. `openai`. */
  provider: string;
  stage: ProviderStage | 'embeddings';
  reason: ProviderFaultReason;
  /** Whether the same request may succeed when it is sent again. */
  retryable: boolean;
  statusCode: number | undefined;
  requestId: string | undefined;
};

export function providerFailed(fault: ProviderFault): AppError {
  const status = fault.statusCode === undefined ? '' : ` (status ${fault.statusCode})`;
  return new AppError('provider_failed', `${fault.provider} ${fault.stage}: ${fault.reason}${status}`, { cause: fault });
}

/** What an error of a provider says about it; of one that says nothing, that it broke off. */
export function faultOf(error: unknown): Pick<ProviderFault, 'reason' | 'statusCode'> {
  if (error instanceof DeadlineError) return { reason: 'timeout', statusCode: undefined };
  const cause = error instanceof AppError ? (error.cause as Partial<ProviderFault> | undefined) : undefined;
  const reason = PROVIDER_FAULTS.find((known) => known === cause?.reason) ?? 'interrupted';
  return { reason, statusCode: cause?.statusCode };
}
