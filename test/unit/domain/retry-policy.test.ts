import t from 'tap';
import type { Termination } from '../../../src/domain/call.js';
import { type RetryPolicy, retryOutcomeOf, waitsAfter } from '../../../src/domain/retry-policy.js';

const POLICY: RetryPolicy = {
  maxAttempts: 4,
  outcomes: { busy: { afterMs: [1000, 5000] }, no_answer: { afterMs: [60_000] } },
};

void t.test(
  'waits grow as they are listed, the last one holds on, and there are no more attempts than there may be',
  async (t) => {
    t.same(waitsAfter(1, POLICY), { busy: 1000, no_answer: 60_000 });
    t.same(waitsAfter(2, POLICY), { busy: 5000, no_answer: 60_000 });
    t.same(waitsAfter(3, POLICY), { busy: 5000, no_answer: 60_000 });
    t.same(waitsAfter(4, POLICY), {});
    t.same(waitsAfter(1, undefined), {});
    t.same(waitsAfter(1, { ...POLICY, maxAttempts: 1 }), {});
  },
);

void t.test('who was reached is not called again, nor who cannot be; what the network or we have spoiled may be', async (t) => {
  const unanswered: [Termination, string | undefined][] = [
    [{ result: 'client_error', reason: 'busy' }, 'busy'],
    [{ result: 'client_error', reason: 'no_answer' }, 'no_answer'],
    [{ result: 'client_error', reason: 'rejected' }, 'rejected'],
    [{ result: 'client_error', reason: 'voicemail' }, 'voicemail'],
    [{ result: 'client_error', reason: 'no_such_number' }, undefined],
    [{ result: 'client_error', reason: 'no_common_codec' }, undefined],
    [{ result: 'client_error', reason: 'cancelled' }, undefined],
    [{ result: 'upstream_error', reason: 'sip_503' }, 'failed'],
    [{ result: 'indeterminate', reason: 'no_response' }, 'failed'],
    [{ result: 'server_error', reason: 'crashed' }, 'failed'],
  ];
  for (const [termination, outcome] of unanswered) {
    t.equal(retryOutcomeOf({ answeredAtMs: undefined, termination }), outcome, termination.reason);
  }
  const answered: [Termination, string | undefined][] = [
    [{ result: 'success', reason: 'callee_hangup' }, undefined],
    [{ result: 'server_error', reason: 'crashed' }, undefined],
    [{ result: 'indeterminate', reason: 'media_timeout' }, undefined],
    [{ result: 'client_error', reason: 'voicemail' }, 'voicemail'],
  ];
  for (const [termination, outcome] of answered) {
    t.equal(retryOutcomeOf({ answeredAtMs: 1, termination }), outcome, `answered, ${termination.reason}`);
  }
  t.equal(retryOutcomeOf({ answeredAtMs: undefined, termination: undefined }), undefined);
});
