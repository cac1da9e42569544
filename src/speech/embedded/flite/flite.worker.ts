import { parentPort, workerData } from 'node:worker_threads';
import { toError } from '../../../core/errors.js';
import type { FliteReply, FliteRequest } from './flite-protocol.js';
import { trimSilence } from './trim-silence.js';
import { DIRECTORY, runWasiCommand } from './wasi-host.js';

const WAV_HEADER_BYTES = 44;
const RATE_OFFSET_BYTES = 24;

if (!parentPort) throw new Error('flite.worker runs as a worker thread only');
const port = parentPort;
const module = workerData as WebAssembly.Module;

function synthesize(request: FliteRequest): { pcm: Int16Array<ArrayBuffer>; rateHz: number } {
  const wav = runWasiCommand(module, [
    'flite',
    '-voice',
    request.voice,
    '--setf',
    `duration_stretch=${request.durationStretch}`,
    '-t',
    request.text,
    '-o',
    `${DIRECTORY}/speech.wav`,
  ]);
  if (wav.length < WAV_HEADER_BYTES) throw new Error('flite wrote no audio');
  const rateHz = new DataView(wav.buffer, wav.byteOffset).getUint32(RATE_OFFSET_BYTES, true);
  const pcm = new Int16Array(wav.slice(WAV_HEADER_BYTES, wav.length - (wav.length % 2)).buffer);
  return { pcm: trimSilence(pcm, rateHz, request.pauseMs), rateHz };
}

port.on('message', (request: FliteRequest) => {
  try {
    const { pcm, rateHz } = synthesize(request);
    port.postMessage({ id: request.id, pcm, rateHz } satisfies FliteReply, [pcm.buffer]);
  } catch (error) {
    port.postMessage({ id: request.id, error: toError(error).message } satisfies FliteReply);
  }
});
