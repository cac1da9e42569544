export type OggWorkerSetup = { passphrases: readonly string[] };

/** Paths of the WAV and of the Ogg file that is to be made of it. */
export type Conversion = { from: string; to: string; tenant: string };

export type Converted = { ok: true } | { ok: false; reason: string };
