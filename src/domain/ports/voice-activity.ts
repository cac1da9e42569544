import type { MediaSession } from './media.js';

/** What voice activity detection says of one caller. Samples are heard-sample positions of the session (16 kHz). */
export type VoiceEvent =
  /** Speech is suspected (2 of 3 windows >= 0.8): reason to duck. `sample` is where it began. */
  | { type: 'onset'; sample: number; atMs: number }
  /** It is speech (5 of 6 windows >= 0.5): reason to pause. `sample` is where it began. */
  | { type: 'confirmed'; sample: number; atMs: number }
  /** 160 ms below 0.35 after an onset. `sample` is the end of the last window >= 0.5. */
  | { type: 'ended'; sample: number; atMs: number };

/** `suppressesNoise`: the session is heard without its noise, which whoever detects speech takes out. */
export type WatchedSession = Pick<MediaSession, 'slot' | 'generation'> & Partial<Pick<MediaSession, 'suppressesNoise'>>;

export interface VoiceActivity {
  /** Starts detection on the session that owns this slot of the audio memory. Events come in order until `close`. */
  watch(session: WatchedSession, listener: (event: VoiceEvent) => void): { close(): void };
  /** Stops the worker after its present run (never mid-run: that aborts the process). */
  close(): Promise<void>;
}
