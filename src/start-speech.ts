import { join } from 'node:path';
import type { Config } from './config/schema.js';
import type { CloseStack } from './core/lifecycle.js';
import type { Logger } from './core/log.js';
import type { ProviderWatch, SpeechCatalog, SpeechToText } from './domain/ports/speech.js';
import type { ProviderFailure } from './domain/provider-failure.js';
import { startFliteSynthesizer } from './speech/embedded/flite-synthesizer.js';
import { NullRecognizer } from './speech/embedded/null-recognizer.js';
import { startPocketsphinx } from './speech/embedded/pocketsphinx-recognizer.js';
import type { ProviderAnswer } from './speech/providers.js';
import { createSpeechCatalog } from './speech/speech-catalog.js';

/** The embedded providers always run: they are the fallback tier, and cost nothing while nobody uses them. */
export async function startSpeech(
  config: Config,
  log: Logger,
  stack: CloseStack,
  told: {
    onAnswer: (answer: ProviderAnswer) => void;
    onFailure: (failure: ProviderFailure) => void;
    onUsage: ProviderWatch['used'];
  },
): Promise<SpeechCatalog> {
  const { embedded, openai, providers, ...settings } = config.speech;
  const tts = startFliteSynthesizer({ workers: embedded.ttsWorkers, log });
  stack.push(() => tts.close());
  const catalog = await createSpeechCatalog({
    embedded: { tts, stt: await startRecognizer(config, log, stack) },
    ...settings,
    remote: { openai: { type: 'openai', ...openai }, ...providers },
    dataDir: config.dataDir,
    log,
    ...told,
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
