import t from 'tap';
import { TollLedger } from '../../../src/calls/toll-ledger.js';
import { FakeClock } from '../../../src/core/clock.js';
import { DEFAULT_TENANT, type TenantId } from '../../../src/core/ids.js';
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
    { tenantId: DEFAULT_TENANT, startedAtMs: clock.nowMs() - 3_600_001 },
    { tenantId: DEFAULT_TENANT, startedAtMs: clock.nowMs() - 1000 },
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
