import type { Clock } from '../core/clock.js';
import { background, type Logger } from '../core/log.js';
import type { DigitTiming } from '../domain/ports/telephony.js';
import { writeRelay } from './dtmf-info.js';
import type { InDialogRequests } from './in-dialog-requests.js';

export type DigitInfosDeps = {
  requests: Pick<InDialogRequests, 'send'>;
  clock: Clock;
  log: Logger;
  isOver: () => boolean;
};

/** Our key presses in one dialog, each an INFO: the next goes when the one before is answered and its time has passed. */
export class DigitInfos {
  readonly #deps: DigitInfosDeps;
  #last: Promise<void> = Promise.resolve();

  constructor(deps: DigitInfosDeps) {
    this.#deps = deps;
  }

  send(digits: string, timing: DigitTiming): void {
    this.#last = this.#last.then(() => this.#press(digits, timing));
    background(this.#last, 'key presses by INFO', this.#deps.log);
  }

  async #press(digits: string, { durationMs, gapMs }: DigitTiming): Promise<void> {
    const { requests, clock, log, isOver } = this.#deps;
    for (const digit of digits) {
      if (isOver()) return;
      const passed = new Promise<void>((resolve) => void clock.schedule(durationMs + gapMs, resolve));
      const { type, body } = writeRelay(digit, durationMs);
      try {
        const { response } = await requests.send({ method: 'INFO', headers: { 'Content-Type': type }, body });
        if (response.status >= 300) log.warn({ status: response.status }, 'key press refused');
      } catch (error) {
        log.warn({ err: error }, 'key press not sent');
        return;
      }
      await passed;
    }
  }
}
