import type { Cancel, Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { Transfer } from '../domain/call.js';
import type { Dialog, ReferProgress } from '../domain/ports/telephony.js';

export type CallTransferDeps = {
  clock: Clock;
  dialog: Pick<Dialog, 'refer'>;
  /** Keeps what is known now. */
  record(transfer: Transfer): void;
  /** The agent is silent while the far end calls somebody else, and takes the caller back when that fails. */
  pause(): void;
  resume(): void;
  /** The far end talks to somebody else: our part is over. */
  done(): void;
};

/** A called party may ring for long, but a far end that tells nothing is not waited for. */
const PATIENCE_MS = 90_000;

/** Hands the far end over to somebody else, one attempt at a time (blind transfer, RFC 5589 section 6). */
export class CallTransfer {
  readonly #deps: CallTransferDeps;
  #running: { target: string; sipCode: number | undefined } | undefined;
  #cancelWait: Cancel = () => {};

  constructor(deps: CallTransferDeps) {
    this.#deps = deps;
  }

  /**
   * Resolves with what is known once the far end has said whether it will try: `pending` or `failed`.
   *
   * @throws AppError `conflict` while another attempt is under way.
   */
  async start(target: string, uri: string): Promise<Transfer> {
    if (this.#running) {
      const publicMessage = 'The call is being transferred already';
      throw new AppError('conflict', publicMessage, { publicMessage });
    }
    const attempt = { target, sipCode: undefined };
    this.#running = attempt;
    this.#deps.pause();
    this.#deps.record({ target, status: 'pending', sipCode: undefined });
    const told = (progress: ReferProgress): void => {
      if (this.#running === attempt) this.#told(progress);
    };
    const status = await this.#deps.dialog.refer(uri, told).catch(() => undefined);
    if (this.#running !== attempt) return { target, status: 'pending', sipCode: undefined };
    if (status === undefined || status >= 300) return this.#failed(status);
    this.#cancelWait = this.#deps.clock.schedule(PATIENCE_MS, () => this.#failed(undefined));
    return { target, status: 'pending', sipCode: attempt.sipCode };
  }

  /** The call is over: nothing more is learned of an attempt under way. */
  close(): void {
    this.#running = undefined;
    this.#cancelWait();
  }

  #told({ sipCode, final }: ReferProgress): void {
    const attempt = this.#running;
    if (!attempt) return;
    attempt.sipCode = sipCode ?? attempt.sipCode;
    const { target } = attempt;
    if (!final) return this.#deps.record({ target, status: 'pending', sipCode: attempt.sipCode });
    if (sipCode === undefined || sipCode >= 300) return void this.#failed(sipCode);
    this.close();
    this.#deps.record({ target, status: 'completed', sipCode });
    this.#deps.done();
  }

  #failed(sipCode: number | undefined): Transfer {
    const transfer: Transfer = {
      target: this.#running?.target ?? '',
      status: 'failed',
      sipCode: sipCode ?? this.#running?.sipCode,
    };
    this.close();
    this.#deps.record(transfer);
    this.#deps.resume();
    return transfer;
  }
}
