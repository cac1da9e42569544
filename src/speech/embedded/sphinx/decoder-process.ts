import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../../core/clock.js';
import type { ChildSettings, FromChild, ToChild } from './recognizer-protocol.js';

const CHILD = fileURLToPath(new URL('./recognizer.child.js', import.meta.url));
/** A child in the middle of a final search needs a fraction of this. */
const CLOSE_GRACE_MS = 1000;

export type DecoderProcessEvents = { onMessage(message: FromChild): void; onExit(description: string): void };

/** The handle of one recogniser process. `onExit` comes once, however it ended. */
export class DecoderProcess {
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  #exited = false;

  constructor(settings: ChildSettings, clock: Clock, events: DecoderProcessEvents) {
    this.#clock = clock;
    this.#child = fork(CHILD, [JSON.stringify(settings)], {
      serialization: 'advanced',
      // The child needs no secrets of ours, and no loader or inspector either.
      env: { PATH: process.env['PATH'] },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const exit = (description: string): void => {
      if (this.#exited) return;
      this.#exited = true;
      events.onExit(description);
    };
    this.#child.on('message', (message) => events.onMessage(message as FromChild));
    this.#child.on('error', (error) => exit(error.message));
    this.#child.on('exit', (status, signal) => exit(signal ?? `status ${status}`));
    this.unref();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(message: ToChild): void {
    // A dead child's utterance fails by its exit; the channel's own complaint says nothing more.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  /** Keeps the process running for an answer, and no longer than that. */
  ref(): void {
    this.#child.ref();
    this.#child.channel?.ref();
  }

  unref(): void {
    this.#child.unref();
    this.#child.channel?.unref();
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async close(): Promise<void> {
    if (this.#exited || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.ref();
    if (this.#child.connected) this.#child.disconnect();
    const cancel = this.#clock.schedule(CLOSE_GRACE_MS, () => this.kill());
    await gone;
    cancel();
  }
}
