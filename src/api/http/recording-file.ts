import { stat } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import type { Response } from 'express';
import { AppError } from '../../core/errors.js';
import type { Call } from '../../domain/call.js';

/**
 * Where the recording of an ended call lies.
 *
 * @throws AppError `conflict` while the call goes on, `recording_not_found` when there is none or its file is gone.
 */
export async function recordingFileOf(call: Call, dataDir: string): Promise<{ path: string; sizeBytes: number }> {
  if (call.status === 'initiated' || call.status === 'in_progress') {
    throw new AppError('conflict', `call ${call.id} is being recorded`, {
      publicMessage: 'The recording is available when the call has ended',
    });
  }
  const path = join(dataDir, call.recordingPath ?? '');
  const inside = relative(dataDir, path);
  if (call.recordingPath === undefined || inside.startsWith('..') || isAbsolute(inside)) throw missing(call);
  const file = await stat(path).catch(() => undefined);
  if (!file?.isFile()) throw missing(call);
  return { path: inside, sizeBytes: file.size };
}

/** Sends the file, or the ranges of it that the request asks for (RFC 9110 section 14). */
export async function sendRecording(res: Response, call: Call, dataDir: string): Promise<void> {
  const { path } = await recordingFileOf(call, dataDir);
  await new Promise<void>((resolve, reject) => {
    const headers = { 'Content-Type': 'audio/wav', 'Content-Disposition': `inline; filename="call-${call.id}.wav"` };
    res.setHeader('Cache-Control', 'private, no-cache');
    // Below the data directory a leading dot is the operator's choice of folder, nothing that was asked for by URL.
    res.sendFile(path, { root: dataDir, headers, cacheControl: false, dotfiles: 'allow' }, (error: Error | undefined) => {
      if (!error || wasHungUp(error)) resolve();
      else reject(error);
    });
  });
}

/** Players stop reading in the middle all the time. */
const wasHungUp = (error: Error): boolean =>
  ['ECONNABORTED', 'EPIPE', 'ECONNRESET'].includes((error as { code?: string }).code ?? '');

const missing = (call: Call): AppError => new AppError('recording_not_found', `no recording of call ${call.id}`);
