import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Band } from './recognizer-protocol.js';

const MODEL_FILES = ['mdef', 'means', 'variances', 'transition_matrices', 'sendump', 'noisedict'] as const;
/**
 * Cepstral means of speech after G.711, so that the first utterance of a fresh decoder is not lost to a wrong start value. They must
 * stand in the model's own `feat.params`: on the command line they are silently overridden.
 */
const NARROW_CEPSTRAL_MEANS = '46.00,27.02,-25.67,53.53,-22.68,11.92,4.30,-14.65,9.71,-13.45,10.70,-0.01,0.95';
/** `dist/src/speech/embedded/sphinx` is five folders below the repository root. */
const TRANSFORMS = fileURLToPath(new URL('../../../../../config/speech/', import.meta.url));

export type AcousticModel = { hmmDir: string; transformFile: string | undefined };

/**
 * The model for one band: the stock one is for 16 kHz; for a telephone band its means are moved by a transform learned from synthetic
 * speech before and after G.711. Made once under `dataDir`, from links to the installed files.
 */
export function acousticModel(modelDir: string, dataDir: string, band: Band): AcousticModel {
  const stock = join(modelDir, 'en-us');
  if (band === 'wide') return { hmmDir: stock, transformFile: undefined };
  const hmmDir = join(dataDir, 'acoustic-narrow');
  if (!existsSync(join(hmmDir, 'feat.params'))) makeNarrowModel(stock, dataDir, hmmDir);
  return { hmmDir, transformFile: join(TRANSFORMS, 'g711-full.mllr') };
}

function makeNarrowModel(stock: string, dataDir: string, hmmDir: string): void {
  mkdirSync(dataDir, { recursive: true });
  const draft = mkdtempSync(join(dataDir, 'draft-'));
  for (const file of MODEL_FILES) symlinkSync(join(stock, file), join(draft, file));
  const params = readFileSync(join(stock, 'feat.params'), 'utf8');
  writeFileSync(join(draft, 'feat.params'), params.replace(/^-cmninit.*$/m, `-cmninit ${NARROW_CEPSTRAL_MEANS}`));
  publish(draft, hmmDir);
}

/** Moves a finished folder to its name in one step. Another process may have been first: then its folder stands. */
export function publish(draft: string, target: string): void {
  try {
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
}
