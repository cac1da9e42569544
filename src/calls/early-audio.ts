import type { Clock } from '../core/clock.js';
import type { AgentSettings } from '../domain/agent.js';
import type { MediaSession, SourceSound } from '../domain/ports/media.js';
import type { TextToSpeech } from '../domain/ports/speech.js';
import { whileUnanswered } from './ringback.js';

const POLL_MS = 20;

export type EarlyAudioDeps = {
  session: MediaSession;
  tts: TextToSpeech;
  agent: Pick<AgentSettings, 'language' | 'voiceSettings'>;
  clock: Clock;
  /** The call is over, or taken. */
  signal: AbortSignal;
};

/** Says `text` to somebody who is not answered yet; resolves when it was sent. @throws AppError `provider_failed` */
export async function announce(text: string, { session, tts, agent, clock, signal }: EarlyAudioDeps): Promise<void> {
  const { playout } = session;
  const { language, voiceSettings } = agent;
  for await (const { pcm, rateHz } of tts.synthesize({ text, language, voiceSettings, signal })) playout.write(pcm, rateHz);
  while (playout.queued() > 0 && !signal.aborted) await new Promise<void>((resolve) => clock.schedule(POLL_MS, resolve));
}

/** Rings in the ear of a caller from `country` until `signal`, or plays what is to be heard instead. */
export function ringUntil(
  country: string | undefined,
  { session, signal, sound }: Pick<EarlyAudioDeps, 'session' | 'signal'> & { sound?: SourceSound | undefined },
): void {
  session.setSource(whileUnanswered(country, sound));
  signal.addEventListener('abort', () => session.setSource({ type: 'queue' }), { once: true });
}
