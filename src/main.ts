import { isIPv6 } from 'node:net';
import { startApp } from './app.js';
import { loadConfig } from './config/load.js';

/**
 * `offhook start`: serves until SIGTERM or SIGINT, then drains and resolves with the exit code.
 *
 * Prints `offhook ready sip=… http=…` on standard output when calls can come in. A second signal stops waiting for calls to end.
 */
export async function serve(env: NodeJS.ProcessEnv): Promise<number> {
  const config = loadConfig(env);
  const app = await startApp(config);
  const host = isIPv6(config.bind) ? `[${config.bind}]` : config.bind;
  process.stdout.write(`offhook ready sip=${host}:${app.sipPort} http=${host}:${app.httpPort}\n`);
  const stopped = new Promise<number>((resolve) => {
    let signals = 0;
    const onSignal = (): void => {
      signals += 1;
      const limitMs = signals === 1 ? config.drainMs : 0;
      void app.stop(limitMs).then(() => resolve(0));
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
    app.onFailure(() => {
      void app.stop(0).then(() => resolve(1));
    });
  });
  return stopped;
}
