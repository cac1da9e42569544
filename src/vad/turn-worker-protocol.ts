export type TurnWorkerSetup = { path: string };

export type ToTurnWorker =
  /** `askedMs`: monotonic. */
  { type: 'judge'; id: number; pcm: Int16Array; askedMs: number } | { type: 'stop' };

export type FromTurnWorker =
  | { type: 'ready' }
  | { type: 'unusable'; reason: string }
  | { type: 'verdict'; id: number; probability: number | undefined };
