import t from 'tap';
import { countryOf, ringback } from '../../../src/calls/ringback.js';

void t.test('a telephone rings as in the country of the trunk, else of the number', async (t) => {
  t.equal(countryOf('FR', '+4930123456'), 'FR');
  t.equal(countryOf(undefined, '+4930123456'), 'DE');
  t.equal(countryOf(undefined, '+12125550100'), 'US');
  t.equal(countryOf(undefined, '+8835100'), undefined);
  t.equal(countryOf(undefined, undefined), undefined);
  t.match(ringback('IT'), { type: 'cadence', steps: [{ hz: [425], ms: 1000 }, { ms: 4000 }] });
});
