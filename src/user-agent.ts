import { loadConfig } from './config/load.js';
import { CloseStack } from './core/lifecycle.js';
import { silentLogger } from './core/log.js';
import type { TextToSpeech } from './domain/ports/speech.js';
import { type Endpoint, startEndpoint } from './endpoint.js';
import { createLogger } from './observability/logger.js';
import { startFliteSynthesizer } from './speech/embedded/flite-synthesizer.js';

/** Outside the server's default range, so that both can run on one machine. */
const RTP_PORTS = { min: 30_000, max: 31_999 };

/** The caller of `offhook call`: an endpoint on free ports with a voice, and nothing of the server. */
export async function startUserAgent(
  env: NodeJS.ProcessEnv,
  options: { bind: string; voices: number },
): Promise<Omit<Endpoint, 'sipPort'> & { tts: TextToSpeech }> {
  const { log: logConfig, media } = loadConfig(env);
  const log = env['OFFHOOK_LOG_LEVEL'] === undefined ? silentLogger : createLogger(logConfig.level);
  const stack = new CloseStack();
  const tts = startFliteSynthesizer({ workers: options.voices, log });
  stack.push(() => tts.close());
  try {
    const endpoint = await startEndpoint({
      bind: options.bind,
      sipPort: 0,
      media: { rtpPorts: RTP_PORTS, capacity: 4, srtp: media.srtp, echoCancellation: 'off' },
      log,
    });
    stack.push(() => endpoint.close());
    return { ...endpoint, tts, close: () => stack.close() };
  } catch (error) {
    await stack.close();
    throw error;
  }
}
