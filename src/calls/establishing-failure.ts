import { AppError } from '../core/errors.js';
import type { Termination } from '../domain/call.js';
import { InviteRefused } from '../domain/ports/telephony.js';
import type { EndDetails } from './call-end.js';
import { NotAnswered } from './call-origin.js';

/** What went wrong before a call stood. */
export type EstablishingFailure = {
  termination: Termination;
  details: EndDetails;
  /** The final failure that is still to be sent; absent: the adapter has sent it for what it found itself, or nobody waits for one. */
  refusal?: { status: number; headers?: Readonly<Record<string, string>> };
  /** Nobody has foreseen it. */
  unexpected?: boolean;
};

const RETRY_AFTER = { 'Retry-After': '5' };

export function establishingFailure(error: unknown): EstablishingFailure {
  if (error instanceof NotAnswered) return error;
  if (error instanceof InviteRefused) return badRequest(error.sipCode);
  switch (error instanceof AppError ? error.code : 'internal') {
    case 'no_common_codec':
      return { termination: { result: 'client_error', reason: 'no_common_codec' }, details: { sipCode: 488 } };
    case 'invalid_request':
      return badRequest(400);
    case 'media_ports_exhausted': {
      const refusal = { status: 503, headers: RETRY_AFTER };
      return { termination: { result: 'server_error', reason: 'media_ports_exhausted' }, details: {}, refusal };
    }
    default: {
      const refusal = { status: 500 };
      return { termination: { result: 'server_error', reason: 'internal' }, details: {}, refusal, unexpected: true };
    }
  }
}

const badRequest = (sipCode: number): EstablishingFailure => ({
  termination: { result: 'client_error', reason: 'bad_request' },
  details: { sipCode },
});
