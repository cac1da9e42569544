import { once } from 'node:events';
import type { Request, Response } from 'express';
import type { Recordings } from '../../calls/recordings.js';
import { RECORDING_TYPES, type RecordingFile } from '../../core/recording-file.js';
import type { Call } from '../../domain/call.js';

type Asked = Pick<Request, 'get' | 'range' | 'method'>;
type Range = { start: number; end: number };

const PIECE_BYTES = 64 * 1024;

/** Sends the recording as it is, or the range of it that is asked for (RFC 9110 section 14); of several ranges at once the whole. */
export async function sendRecording(req: Asked, res: Response, call: Call, recordings: Recordings): Promise<void> {
  const file = await recordings.open(call);
  try {
    const range = rangeOf(req, file.sizeBytes);
    if (range) res.status(206).setHeader('Content-Range', `bytes ${range.start}-${range.end}/${file.sizeBytes}`);
    const { start, end } = range ?? { start: 0, end: file.sizeBytes - 1 };
    res.setHeader('Content-Type', RECORDING_TYPES[file.format]);
    res.setHeader('Content-Disposition', `inline; filename="call-${call.id}.${file.format}"`);
    res.setHeader('Cache-Control', 'private, no-cache');
    res.setHeader('Accept-Ranges', 'bytes');
    res.setHeader('Content-Length', end - start + 1);
    if (req.method !== 'HEAD') await send(res, file, start, end);
    res.end();
  } finally {
    await file.close();
  }
}

/** Undefined: the whole file. @throws an Error of status 416 for a range that is not part of it. */
function rangeOf(req: Asked, size: number): Range | undefined {
  // We give no validator that a range could be bound to, so that such a condition never holds (RFC 9110 section 13.1.5).
  if (req.get('if-range') !== undefined) return undefined;
  const ranges = req.range(size);
  if (ranges === -1) {
    throw Object.assign(new Error('no such range'), { status: 416, headers: { 'Content-Range': `bytes */${size}` } });
  }
  return Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1 ? ranges[0] : undefined;
}

/** One piece in memory at a time: players stop reading in the middle all the time. */
async function send(res: Response, file: RecordingFile, start: number, end: number): Promise<void> {
  const hungUp = once(res, 'close');
  for (let at = start; at <= end && !res.destroyed; ) {
    const piece = Buffer.alloc(Math.min(PIECE_BYTES, end + 1 - at));
    const length = await file.read(piece, at);
    if (length === 0) break;
    if (!res.write(piece.subarray(0, length))) await Promise.race([once(res, 'drain'), hungUp]);
    at += length;
  }
}
