/** One sentence for a worker. `voice` is one of flite's, `durationStretch` 1 at normal speed, 2 at half. */
export type FliteRequest = { id: number; text: string; voice: string; durationStretch: number; pauseMs: number };
export type FliteReply = { id: number; pcm: Int16Array<ArrayBuffer>; rateHz: number } | { id: number; error: string };
