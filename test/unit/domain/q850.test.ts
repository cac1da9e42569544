import t from 'tap';
import type { Termination } from '../../../src/domain/call.js';
import { causeOf } from '../../../src/domain/q850.js';

void t.test('a call that was not answered has the cause of its SIP status (RFC 3398)', async (t) => {
  const termination: Termination = { result: 'upstream_error', reason: 'sip_500' };
  const rows = [
    [404, 1],
    [486, 17],
    [480, 18],
    [403, 21],
    [410, 22],
    [484, 28],
    [488, 65],
    [502, 38],
    [503, 41],
    [504, 102],
    [603, 21],
    [607, 21],
    [499, 41],
    [599, 41],
    [699, 17],
    [302, 23],
  ];
  for (const [sipCode, cause] of rows) t.equal(causeOf({ termination, sipCode, answeredAtMs: undefined }), cause, `${sipCode}`);
});

void t.test('otherwise why it ended tells', async (t) => {
  const rows: [Termination, sipCode: number | undefined, answeredAtMs: number | undefined, cause: number][] = [
    [{ result: 'success', reason: 'caller_hangup' }, 200, 1, 16],
    [{ result: 'indeterminate', reason: 'media_timeout' }, 200, 1, 102],
    [{ result: 'upstream_error', reason: 'ack_timeout' }, 200, 1, 102],
    [{ result: 'client_error', reason: 'no_common_codec' }, 200, 1, 65],
    [{ result: 'server_error', reason: 'crashed' }, 200, 1, 41],
    [{ result: 'upstream_error', reason: 'provider_failed' }, 200, 1, 41],
    [{ result: 'client_error', reason: 'cancelled' }, 487, undefined, 16],
    [{ result: 'client_error', reason: 'cancelled' }, undefined, undefined, 16],
    [{ result: 'client_error', reason: 'no_answer' }, 487, undefined, 19],
    [{ result: 'client_error', reason: 'no_answer' }, 480, undefined, 18],
    [{ result: 'indeterminate', reason: 'no_response' }, undefined, undefined, 102],
  ];
  for (const [termination, sipCode, answeredAtMs, cause] of rows) {
    t.equal(causeOf({ termination, sipCode, answeredAtMs }), cause, termination.reason);
  }
});
