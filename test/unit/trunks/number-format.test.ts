import t from 'tap';
import type { NumberRules } from '../../../src/domain/trunk.js';
import { readNumber, writeNumber } from '../../../src/trunks/number-format.js';

const rules = (changes: Partial<NumberRules>): NumberRules => ({ country: undefined, out: 'e164', in: 'e164', ...changes });

void t.test('numbers go out as the trunk wants them', async (t) => {
  for (const [number, change, written] of [
    ['+49301234567', {}, '+49301234567'],
    ['+49301234567', { out: 'e164_without_plus' }, '49301234567'],
    ['+49301234567', { out: 'national', country: 'DE' }, '0301234567'],
    ['+442071234567', { out: 'national', country: 'DE' }, '00442071234567'],
    ['+12125550123', { out: 'national', country: 'US' }, '2125550123'],
    ['+49301234567', { out: 'national', country: 'US' }, '01149301234567'],
    ['+14165550123', { out: 'national', country: 'US' }, '14165550123'],
    ['+442071234567', { out: 'national', country: 'GB' }, '02071234567'],
    ['+390612345678', { out: 'national', country: 'IT' }, '0612345678'],
    ['+49110', { out: 'national', country: 'DE' }, '110'],
  ] as const) {
    t.equal(writeNumber(number, rules(change)), written, `${number} ${JSON.stringify(change)}`);
  }
});

void t.test('numbers that come are E.164 to us, however the trunk writes them', async (t) => {
  for (const [text, change, read] of [
    ['+49301234567', {}, '+49301234567'],
    ['+49 (30) 123-4567', {}, '+49301234567'],
    ['200', {}, '200'],
    ['49301234567', { in: 'e164_without_plus' }, '+49301234567'],
    ['+49301234567', { in: 'e164_without_plus' }, '+49301234567'],
    ['0301234567', { in: 'national', country: 'DE' }, '+49301234567'],
    ['00442071234567', { in: 'national', country: 'DE' }, '+442071234567'],
    ['+442071234567', { in: 'national', country: 'DE' }, '+442071234567'],
    ['2125550123', { in: 'national', country: 'US' }, '+12125550123'],
    ['01149301234567', { in: 'national', country: 'US' }, '+49301234567'],
    ['12', { in: 'national', country: 'DE' }, '12'],
    ['front-desk', { in: 'national', country: 'DE' }, 'front-desk'],
    ['anonymous', { in: 'e164_without_plus' }, 'anonymous'],
    ['', {}, ''],
  ] as const) {
    t.equal(readNumber(text, rules(change)), read, `${text} ${JSON.stringify(change)}`);
  }
});
