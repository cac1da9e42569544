import { AppError } from '../core/errors.js';
import { resample } from '../core/resample.js';
import type { SpeechChunk, SynthesisRequest, TextToSpeech } from '../domain/ports/speech.js';
import { ClauseSplitter } from '../pipeline/clause-splitter.js';

export type Speech = { pieces: AsyncIterable<Int16Array>; rateHz: number };

/** A whole text in one voice, clause by clause. Resolves with the first of it. @throws AppError `provider_failed` */
export async function speechOf(tts: TextToSpeech, text: string, terms: Omit<SynthesisRequest, 'text'>): Promise<Speech> {
  const chunks = clausesOf(text, tts, terms);
  const first = await chunks.next();
  if (first.done) throw new AppError('provider_failed', 'the synthesiser made no audio');
  const { rateHz } = first.value;
  return { pieces: atRate(first.value, chunks, rateHz), rateHz };
}

async function* clausesOf(
  text: string,
  tts: TextToSpeech,
  terms: Omit<SynthesisRequest, 'text'>,
): AsyncGenerator<SpeechChunk, void> {
  const splitter = new ClauseSplitter();
  for (const clause of [...splitter.push(text), ...splitter.flush()]) {
    // Punctuation alone has no sound.
    if (!/[\p{L}\p{N}]/u.test(clause)) continue;
    for await (const chunk of tts.synthesize({ ...terms, text: clause })) if (chunk.pcm.length > 0) yield chunk;
  }
}

/** Another voice that takes over may have another rate. */
async function* atRate(first: SpeechChunk, rest: AsyncIterable<SpeechChunk>, rateHz: number): AsyncGenerator<Int16Array> {
  yield first.pcm;
  for await (const chunk of rest) yield resample(chunk.pcm, chunk.rateHz, rateHz);
}
