import t from 'tap';
import { TollLedger } from '../../../src/calls/toll-ledger.js';
import { FakeClock } from '../../../src/core/clock.js';
import { DEFAULT_TENANT, newApiKeyId, type TenantId } from '../../../src/core/ids.js';
import type { TollLimits } from '../../../src/domain/ports/toll-guard.js';

const OTHER = '00000000-0000-7000-8000-000000000002' as TenantId;

function ledger(common: TollLimits = {}): { tolls: TollLedger; clock: FakeClock } {
  const clock = new FakeClock();
  return { tolls: new TollLedger(common, clock), clock };
}

void t.test('the server says where calls may go; an organisation can only narrow that', async (t) => {
  const { tolls } = ledger({ allowedPrefixes: ['+49', '+1'], deniedPrefixes: ['+1900'] });
  tolls.setLimits(OTHER, { allowedPrefixes: ['+49', '+881'], deniedPrefixes: ['+49900'] });
  const allowed = (tenant: TenantId): string[] =>
    ['+4930', '+49900', '+1555', '+1900', '+33', '+881'].filter((number) => {
      try {
        tolls.check(tenant, number);
        return true;
      } catch (error) {
        t.match(error, { code: 'destination_not_allowed', faults: [{ field: 'to_number' }] });
        return false;
      }
    });
  t.same(allowed(DEFAULT_TENANT), ['+4930', '+49900', '+1555']);
  t.same(allowed(OTHER), ['+4930']);
  tolls.setLimits(OTHER, undefined);
  t.same(allowed(OTHER), ['+4930', '+49900', '+1555']);
});

void t.test('so many calls within any hour and any day, of each organisation, and then again', async (t) => {
  const { tolls, clock } = ledger({ callsPerHour: 3, callsPerDay: 5 });
  const place = (): void => {
    tolls.check(DEFAULT_TENANT, '+4930');
    tolls.placed(DEFAULT_TENANT);
  };
  place();
  clock.advance(600_000);
  place();
  place();
  t.throws(place, { code: 'call_limit_reached', retryAfterMs: 3_000_000, publicMessage: /hour/ });
  tolls.check(OTHER, '+4930');
  clock.advance(2_999_999);
  t.throws(place, { code: 'call_limit_reached', retryAfterMs: 1 });
  clock.advance(1);
  place();
  clock.advance(3_600_000);
  place();
  t.throws(place, { code: 'call_limit_reached', publicMessage: /day/ });
  clock.advance(24 * 3_600_000);
  place();
});

void t.test('what was not placed in the end does not count; what an earlier run placed does', async (t) => {
  const { tolls, clock } = ledger({ callsPerHour: 2 });
  tolls.remember([
    { tenantId: DEFAULT_TENANT, apiKeyId: undefined, startedAtMs: clock.nowMs() - 3_600_001 },
    { tenantId: DEFAULT_TENANT, apiKeyId: undefined, startedAtMs: clock.nowMs() - 1000 },
  ]);
  const takeBack = tolls.placed(DEFAULT_TENANT);
  t.throws(() => tolls.check(DEFAULT_TENANT, '+4930'), { code: 'call_limit_reached' });
  takeBack();
  takeBack();
  tolls.check(DEFAULT_TENANT, '+4930');
});

void t.test('an organisation that may place no calls places none', async (t) => {
  const { tolls } = ledger();
  tolls.setLimits(OTHER, { callsPerDay: 0 });
  t.throws(() => tolls.check(OTHER, '+4930'), { code: 'call_limit_reached' });
  tolls.check(DEFAULT_TENANT, '+4930');
});

void t.test('a key has limits beside those of its organisation, and its calls count for both', async (t) => {
  const { tolls, clock } = ledger({ allowedPrefixes: ['+49', '+1'] });
  const [limited, free] = [newApiKeyId(), newApiKeyId()];
  t.ok(tolls.setLimits(limited, { allowedPrefixes: ['+49', '+33'], callsPerHour: 2 }));
  t.notOk(tolls.setLimits(limited, { callsPerHour: 2, allowedPrefixes: ['+49', '+33'] }), 'the same again changes nothing');
  tolls.setLimits(DEFAULT_TENANT, { callsPerDay: 3 });
  const place = (number: string, apiKeyId = limited): (() => void) => {
    tolls.check(DEFAULT_TENANT, number, { apiKeyId });
    return tolls.placed(DEFAULT_TENANT, apiKeyId);
  };
  t.throws(() => place('+1555'), { code: 'destination_not_allowed', publicMessage: /limits of the API key/ });
  t.throws(() => place('+331'), { code: 'destination_not_allowed', publicMessage: /outbound/ });
  place('+4930')();
  place('+4930');
  place('+4930');
  const reached = {
    code: 'key_limit_reached',
    retryAfterMs: 3_600_000,
    publicMessage: /this API key may place within one hour \(2\)/,
  };
  t.throws(() => place('+4930'), reached);
  tolls.check(DEFAULT_TENANT, '+4930', { apiKeyId: limited, counted: true });
  t.throws(() => tolls.check(DEFAULT_TENANT, '+1555', { apiKeyId: limited, counted: true }), { code: 'destination_not_allowed' });
  place('+1555', free);
  t.throws(() => place('+1555', free), { code: 'call_limit_reached', publicMessage: /your organisation .* \(3\)/ });
  tolls.setLimits(DEFAULT_TENANT, undefined);
  place('+1555', free);
  clock.advance(3_600_000);
  place('+4930');
});

void t.test('what an earlier run placed stands on the account of its key', async (t) => {
  const { tolls, clock } = ledger();
  const apiKeyId = newApiKeyId();
  tolls.setLimits(apiKeyId, { callsPerDay: 1 });
  tolls.remember([{ tenantId: DEFAULT_TENANT, apiKeyId: undefined, startedAtMs: clock.nowMs() - 1000 }]);
  tolls.check(DEFAULT_TENANT, '+4930', { apiKeyId });
  tolls.remember([{ tenantId: DEFAULT_TENANT, apiKeyId, startedAtMs: clock.nowMs() - 1000 }]);
  t.throws(() => tolls.check(DEFAULT_TENANT, '+4930', { apiKeyId }), { code: 'key_limit_reached' });
});
