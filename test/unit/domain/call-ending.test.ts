import t from 'tap';
import type { CallDirection, Termination } from '../../../src/domain/call.js';
import { type CallOutcome, type EndedBy, endedByOf, outcomeOf } from '../../../src/domain/call-ending.js';

void t.test('who ended a call follows from the reason and the direction', async (t) => {
  const rows: [Termination, CallDirection, EndedBy][] = [
    [{ result: 'success', reason: 'caller_hangup' }, 'inbound', 'caller'],
    [{ result: 'success', reason: 'callee_hangup' }, 'outbound', 'callee'],
    [{ result: 'success', reason: 'agent_hangup' }, 'inbound', 'agent'],
    [{ result: 'success', reason: 'api_hangup' }, 'outbound', 'operator'],
    [{ result: 'success', reason: 'max_duration' }, 'inbound', 'system'],
    [{ result: 'client_error', reason: 'cancelled' }, 'inbound', 'caller'],
    [{ result: 'client_error', reason: 'cancelled' }, 'outbound', 'network'],
    [{ result: 'client_error', reason: 'busy' }, 'outbound', 'callee'],
    [{ result: 'client_error', reason: 'no_common_codec' }, 'inbound', 'caller'],
    [{ result: 'client_error', reason: 'no_common_codec' }, 'outbound', 'callee'],
    [{ result: 'client_error', reason: 'agent_not_found' }, 'inbound', 'system'],
    [{ result: 'upstream_error', reason: 'sip_502' }, 'outbound', 'network'],
    [{ result: 'upstream_error', reason: 'provider_failed' }, 'inbound', 'system'],
    [{ result: 'server_error', reason: 'crashed' }, 'inbound', 'system'],
    [{ result: 'indeterminate', reason: 'media_timeout' }, 'inbound', 'network'],
  ];
  for (const [termination, direction, by] of rows) {
    t.equal(endedByOf(termination, direction), by, `${direction} ${termination.reason}`);
  }
});

void t.test('an answered call is answered however it ended; of others the reason tells what came of them', async (t) => {
  const rows: [Termination | undefined, number | undefined, CallOutcome | undefined][] = [
    [undefined, undefined, undefined],
    [undefined, 1000, undefined],
    [{ result: 'server_error', reason: 'crashed' }, 1000, 'answered'],
    [{ result: 'client_error', reason: 'busy' }, undefined, 'busy'],
    [{ result: 'client_error', reason: 'no_answer' }, undefined, 'no_answer'],
    [{ result: 'client_error', reason: 'rejected' }, undefined, 'rejected'],
    [{ result: 'client_error', reason: 'cancelled' }, undefined, 'cancelled'],
    [{ result: 'client_error', reason: 'no_such_number' }, undefined, 'failed'],
    [{ result: 'upstream_error', reason: 'sip_500' }, undefined, 'failed'],
  ];
  for (const [termination, answeredAtMs, outcome] of rows) t.equal(outcomeOf({ termination, answeredAtMs }), outcome);
});
