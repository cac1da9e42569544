import { type Logger, silentLogger } from '../../src/core/log.js';

/** Keeps what is logged, for the test to look at; children log to the same place. */
export function collectingLogger(logged: { level: string; message: string; fields: object }[]): Logger {
  const at =
    (level: string) =>
    (fields: object, message: string): void =>
      void logged.push({ level, message, fields });
  const log: Logger = {
    ...silentLogger,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => log,
  };
  return log;
}
