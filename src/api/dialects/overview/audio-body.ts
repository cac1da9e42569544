import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ReadableStream } from 'node:stream/web';
import express, { type Request, type RequestHandler, type Response } from 'express';
import multer from 'multer';
import { AppError } from '../../../core/errors.js';
import type { AudioFileFailure, AudioFileReader } from '../../../domain/ports/audio-files.js';
import { AUDIO_RATE_HZ } from '../../../domain/ports/media.js';
import { parseInput } from '../../http/parse.js';
import { AudioBody, RawQuery } from './schema.js';

export type AudioSource = {
  reader: AudioFileReader;
  /** Of an address that a client names: refuses what is not public. */
  fetch: (url: string, init: { signal: AbortSignal }) => Promise<globalThis.Response>;
};

const FIELD = 'audio';
const MAX_BYTES = 12 * 1024 * 1024;
const MAX_SECONDS = 120;
const FETCH_LIMIT_MS = 15_000;

const FAULTS: Readonly<Record<AudioFileFailure, string>> = {
  unreadable: 'is no audio that can be read: WAV, MP3, MP4, Ogg and WebM can, and raw samples with format=raw',
  no_audio: 'holds no audio',
  too_long: `must not be longer than ${MAX_SECONDS} seconds`,
  timeout: 'takes too long to read',
};

/** Takes a file as the body or in a form; JSON is left to its own parser. */
export function audioBody(): RequestHandler[] {
  const limits = { fileSize: MAX_BYTES, files: 1, fields: 0, parts: 2, headerPairs: 20 };
  const form = multer({ storage: multer.memoryStorage(), limits }).single(FIELD);
  return [
    express.raw({ type: ['audio/*', 'video/mp4', 'application/octet-stream'], limit: MAX_BYTES }),
    (req, res, next) => {
      form(req, res, (thrown: unknown) => {
        if (thrown instanceof multer.MulterError && thrown.code === 'LIMIT_FILE_SIZE')
          next(Object.assign(new Error('audio too large'), { status: 413 }));
        else if (thrown) next(fault('must be the only part of the form, with this name', thrown));
        else if (req.is('multipart/form-data') && !req.file) next(fault('must be sent'));
        else {
          if (req.file) req.body = req.file.buffer;
          next();
        }
      });
    },
  ];
}

/** The audio of a request, however it was sent. @throws AppError `invalid_request` */
export async function audioOf(req: Request, res: Response, source: AudioSource): Promise<{ pcm: Int16Array; rateHz: number }> {
  const { format, sampleRate } = parseInput(RawQuery, req.query);
  const gone = new AbortController();
  res.once('close', () => gone.abort(new AppError('invalid_request', 'the client is gone')));
  const file = await fileOf(req.body, source, gone.signal);
  if (format === 'raw') return { pcm: samplesOf(file, sampleRate), rateHz: sampleRate };
  const reading = await source.reader.read(file, { maxSeconds: MAX_SECONDS, signal: gone.signal });
  if ('failure' in reading) throw fault(FAULTS[reading.failure]);
  return { pcm: reading.pcm, rateHz: AUDIO_RATE_HZ };
}

async function fileOf(body: unknown, { fetch }: AudioSource, gone: AbortSignal): Promise<Buffer> {
  if (Buffer.isBuffer(body)) return body;
  const given = parseInput(AudioBody, body);
  if ('audio' in given) return Buffer.from(given.audio, 'base64');
  try {
    const signal = AbortSignal.any([gone, AbortSignal.timeout(FETCH_LIMIT_MS)]);
    const answer = await fetch(given.url, { signal });
    if (answer.status !== 200 || answer.body === null) throw new Error(`status ${answer.status}`);
    return await buffer(limited(Readable.fromWeb(answer.body as ReadableStream<Uint8Array>)));
  } catch (error) {
    throw fault('could not be fetched from there', error, 'url');
  }
}

async function* limited(stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let bytes = 0;
  for await (const piece of stream) {
    bytes += piece.length;
    if (bytes > MAX_BYTES) throw new Error('too large');
    yield piece;
  }
}

function samplesOf(file: Buffer, rateHz: number): Int16Array {
  const samples = Math.floor(file.length / 2);
  if (samples === 0) throw fault(FAULTS.no_audio);
  if (samples > MAX_SECONDS * rateHz) throw fault(FAULTS.too_long);
  return Int16Array.from({ length: samples }, (_, i) => file.readInt16LE(i * 2));
}

const fault = (message: string, cause?: unknown, field = FIELD): AppError =>
  new AppError('invalid_request', `${field} ${message}`, { cause, faults: [{ field, message }] });
