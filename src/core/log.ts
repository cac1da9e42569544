/** What components need of pino: static lower-case messages, values in fields with units, one child per call. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(bindings: object): Logger;
}

const nothing = (): void => {};
/** For tests and tools that have nobody to tell. */
export const silentLogger: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silentLogger,
};

/** Owns a promise nobody awaits: its failure is logged under `what` instead of ending the process. */
export function background(promise: Promise<unknown>, what: string, log: Logger): void {
  promise.catch((error: unknown) => log.error({ err: error }, `${what} failed`));
}
