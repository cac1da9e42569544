import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { readWav } from './api/http/wav-audio.js';
import { ConfigError, type ConfigFault } from './config/faults.js';
import type { Config } from './config/schema.js';
import { AppError, toError } from './core/errors.js';
import type { MediaEngine, Sounds, SourceSound } from './domain/ports/media.js';

const MAX_SECONDS = 600;
/** Ten minutes of stereo at 48 kHz, with room for a header. */
const MAX_BYTES = 120 * 1024 * 1024;

/** Reads the configured recordings. @throws ConfigError that names every one that cannot be used. */
export function loadSounds({ sounds, dataDir }: Pick<Config, 'sounds' | 'dataDir'>, media: MediaEngine): Sounds {
  const faults: ConfigFault[] = [];
  const ready = new Map<string, SourceSound>();
  for (const [name, { file, gainDb }] of Object.entries(sounds.files)) {
    const path = resolve(dataDir, file);
    try {
      if (statSync(path).size > MAX_BYTES) throw new Error(`is larger than ${MAX_BYTES} bytes`);
      const { pcm, rateHz } = readWav(readFileSync(path), 'file', MAX_SECONDS);
      ready.set(name, { sound: media.prepareSound(pcm, rateHz), gainDb });
    } catch (error) {
      faults.push({ field: `sounds.files.${name}.file`, source: path, message: reasonOf(error) });
    }
  }
  if (faults.length > 0) throw new ConfigError(faults);
  const named = (name: string | undefined): SourceSound | undefined => (name === undefined ? undefined : ready.get(name));
  return { named, musicOnHold: named(sounds.musicOnHold), beforeAnswer: named(sounds.beforeAnswer) };
}

const reasonOf = (error: unknown): string =>
  error instanceof AppError ? error.faults.map(({ message }) => message).join(', ') : `cannot be read: ${toError(error).message}`;
