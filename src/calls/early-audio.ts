import type { Clock } from '../core/clock.js';
import type { AgentSettings } from '../domain/agent.js';
import { AUDIO_RATE_HZ, type MediaSession } from '../domain/ports/media.js';
import type { TextToSpeech } from '../domain/ports/speech.js';
import { ringback } from './ringback.js';

const FADE_MS = 20;
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

/** Rings in the caller's ear until `signal`. */
export function ringUntil({ session, clock, signal }: Pick<EarlyAudioDeps, 'session' | 'clock' | 'signal'>): void {
  const ring = ringback();
  const ringOnce = (): void => {
    session.playout.write(ring, AUDIO_RATE_HZ);
    cancel = clock.schedule((ring.length / AUDIO_RATE_HZ) * 1000, ringOnce);
  };
  let cancel = (): void => {};
  ringOnce();
  signal.addEventListener(
    'abort',
    () => {
      cancel();
      session.playout.flush(FADE_MS);
    },
    { once: true },
  );
}
