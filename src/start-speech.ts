import { join } from 'node:path';
import type { Config } from './config/schema.js';
import type { CloseStack } from './core/lifecycle.js';
import type { Logger } from './core/log.js';
import type { SpeechCatalog, SpeechToText } from './domain/ports/speech.js';
import { startFliteSynthesizer } from './speech/embedded/flite-synthesizer.js';
import { NullRecognizer } from './speech/embedded/null-recognizer.js';
import { startPocketsphinx } from './speech/embedded/pocketsphinx-recognizer.js';
import { createSpeechCatalog, type ProviderAnswer } from './speech/speech-catalog.js';

/** The embedded providers always run: they are the fallback tier, and cost nothing while nobody uses them. */
export async function startSpeech(
  config: Config,
  log: Logger,
  stack: CloseStack,
  onAnswer: (answer: ProviderAnswer) => void,
): Promise<SpeechCatalog> {
  const { embedded, openai, defaults } = config.speech;
  const tts = startFliteSynthesizer({ workers: embedded.ttsWorkers, log });
  stack.push(() => tts.close());
  const catalog = await createSpeechCatalog({
    embedded: { tts, stt: await startRecognizer(config, log, stack) },
    openai,
    defaults,
    dataDir: config.dataDir,
    log,
    onAnswer,
  });
  stack.push(() => catalog.close());
  return catalog;
}

async function startRecognizer(config: Config, log: Logger, stack: CloseStack): Promise<SpeechToText> {
  const { sttPool } = config.speech.embedded;
  if (sttPool === 0) return new NullRecognizer();
  const recognizer = await startPocketsphinx({ dataDir: join(config.dataDir, 'cache', 'recognizer'), poolSize: sttPool, log });
  if ('missing' in recognizer) {
    log.warn({}, recognizer.missing);
    return new NullRecognizer();
  }
  stack.push(() => recognizer.close());
  return recognizer;
}
