import type { SpeechCatalogOptions } from '../../src/speech/speech-catalog.js';

const deadlines = { firstMs: 4_000, nextMs: 5_000, totalMs: 30_000 };

/** As a server has them that says nothing of them. */
export const FAILOVER: Pick<SpeechCatalogOptions, 'fallbacks' | 'deadlines' | 'breaker' | 'prices'> = {
  fallbacks: { stt: [], llm: [], tts: ['embedded'] },
  deadlines: { stt: deadlines, llm: deadlines, tts: deadlines },
  breaker: { windowRequests: 4, minimumRequests: 2, failurePercent: 50, openMs: 30_000 },
  prices: {},
};
