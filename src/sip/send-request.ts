import { AppError } from '../core/errors.js';
import type { SignallingLink } from './signalling-link.js';
import type { Headers, SrfClient, SrfRequest, SrfResponse } from './srf-types.js';

export type OutgoingRequest = {
  method: string;
  uri: string;
  proxy: string | undefined;
  headers: Headers;
  body?: string | undefined;
};

/**
 * Sends a request outside a dialog and resolves with its final response; the server makes one up (408, 503) when none comes.
 *
 * @throws AppError `signalling_unavailable`.
 */
export function sendRequest(
  deps: { srf: SrfClient; link: SignallingLink },
  { method, uri, proxy, headers, body }: OutgoingRequest,
): Promise<{ sent: SrfRequest; response: SrfResponse }> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => {
      forget();
      reject(new AppError('signalling_unavailable', `the ${method} could not be sent`, { cause }));
    };
    const forget = deps.link.onLost(() => fail(undefined));
    try {
      // The callback form: it runs before the next frame of the connection is read, so no response is missed.
      const options = { method, headers, ...(proxy !== undefined && { proxy }), ...(body !== undefined && { body }) };
      deps.srf.request(uri, options, (error, sent) => {
        if (error || !sent) return fail(error);
        sent.on('response', (response) => {
          if (response.status < 200) return;
          forget();
          resolve({ sent, response });
        });
      });
    } catch (error) {
      // srf asserts synchronously when it has no connection.
      fail(error);
    }
  });
}
