import type { Cancel, Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { DigestSession } from './digest.js';
import type { SignallingLink } from './signalling-link.js';
import type { Headers, RequestListener, SrfDialog, SrfRequest, SrfResponse } from './srf-types.js';

export type DialogRequest = { method: string; headers: Headers; body?: string | undefined };

export type Answered = {
  response: SrfResponse;
  /** Of an INVITE that got a 2xx: must be called, with our answer when the 2xx brought the offer. */
  acknowledge: (body?: string) => void;
};

/** An INVITE that only ever got provisional answers is taken back after this: what has no end would block all others. */
const INVITE_PATIENCE_MS = 40_000;

export type InDialogDeps = {
  link: SignallingLink;
  clock: Clock;
  /** Answers challenges; absent when we have no credentials for the far end. */
  digest: DigestSession | undefined;
  /** srf hands an UPDATE that arrives while a request of ours is under way to that request, not to the dialog. */
  onUpdate: RequestListener;
};

/** Our requests inside one dialog. One that is challenged is sent again with credentials (RFC 3261 section 22.2). */
export class InDialogRequests {
  readonly #dialog: SrfDialog;
  readonly #deps: InDialogDeps;

  constructor(dialog: SrfDialog, deps: InDialogDeps) {
    this.#dialog = dialog;
    this.#deps = deps;
  }

  /**
   * Resolves with the final response; the server makes one up (408, 503) when none comes.
   *
   * @throws AppError `signalling_unavailable` when it cannot be sent, or the connection to the server is lost meanwhile.
   */
  async send(request: DialogRequest): Promise<Answered> {
    const { digest } = this.#deps;
    digest?.begin();
    let credentials: Headers = {};
    for (;;) {
      const { sent, answered } = await this.#sendOnce({ ...request, headers: { ...request.headers, ...credentials } });
      if (!digest?.takeFrom(answered.response)) return answered;
      credentials = digest.headers(request.method, sent.uri);
    }
  }

  #sendOnce({ method, headers, body }: DialogRequest): Promise<{ sent: SrfRequest; answered: Answered }> {
    const { link, clock, onUpdate } = this.#deps;
    return new Promise((resolve, reject) => {
      let cancelPatience: Cancel = () => {};
      const forget = link.onLost(() => fail(undefined));
      const done = (): void => {
        forget();
        cancelPatience();
      };
      const fail = (cause: unknown): void => {
        done();
        reject(new AppError('signalling_unavailable', `the ${method} could not be sent`, { cause }));
      };
      const { agent, id, socket } = this.#dialog;
      try {
        // Not by the dialog's own methods: they hide the request as it was sent, whose URI the credentials are for.
        agent.request({ method, stackDialogId: id, headers, body, _socket: socket }, (error, sent) => {
          if (error || !sent) return fail(error);
          if (method === 'INVITE') cancelPatience = clock.schedule(INVITE_PATIENCE_MS, () => sent.cancel(() => {}));
          sent.on('update', onUpdate);
          sent.on('response', (response, ack) => {
            if (response.status < 200) return;
            done();
            const acknowledge = (answer?: string): void => ack(answer === undefined ? {} : { body: answer });
            resolve({ sent, answered: { response, acknowledge } });
          });
        });
      } catch (error) {
        // srf asserts synchronously when it has no connection.
        fail(error);
      }
    });
  }
}
