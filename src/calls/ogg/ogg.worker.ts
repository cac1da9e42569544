import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { OPUS_RATE_HZ } from '../../core/ogg-opus.js';
import { openRecording } from '../../core/recording-file.js';
import { RecordingKeys } from '../../core/recording-seal.js';
import { convertToOgg } from './convert.js';
import type { Conversion, Converted, OggWorkerSetup } from './worker-protocol.js';

/** The least there is: calls go before. On Linux it is that of this thread alone. */
const LOWEST_PRIORITY = 19;

const port = parentPort;
if (!port) throw new Error('ogg.worker must run in a worker thread');
setPriority(LOWEST_PRIORITY);
const keys = new RecordingKeys((workerData as OggWorkerSetup).passphrases);

port.on('message', (conversion: Conversion) => {
  void answer(conversion);
});

async function answer(conversion: Conversion): Promise<void> {
  port?.postMessage(await convert(conversion));
}

async function convert({ from, to, tenant }: Conversion): Promise<Converted> {
  try {
    const wav = await openRecording(from, keys, tenant);
    try {
      await convertToOgg(wav, to, keys.seal(tenant, OPUS_RATE_HZ));
    } finally {
      await wav.close();
    }
    return { ok: true };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
