export const PROVIDER_STAGES = ['stt', 'llm', 'tts'] as const;
export type ProviderStage = (typeof PROVIDER_STAGES)[number];

export const PROVIDER_FAULTS = [
  'refused',
  'unreachable',
  'timeout',
  'malformed',
  'empty',
  /** More than any answer has: one that does not end. */
  'oversized',
  'interrupted',
] as const;
export type ProviderFaultReason = (typeof PROVIDER_FAULTS)[number];

/** One time that a speech provider did not do its part. Carries no key, prompt or body. */
export type ProviderFailure = {
  /** Epoch milliseconds. */
  atMs: number;
  stage: ProviderStage;
  /** Its name in the configuration. */
  provider: string;
  reason: ProviderFaultReason;
  /** Of its HTTP answer, where there was one. */
  statusCode: number | undefined;
  /** The provider that did it instead; undefined: nobody did. */
  instead: string | undefined;
};
