import t from 'tap';
import { type Occasion, readValue } from '../../../src/actions/values/read-value.js';
import type { ValueType } from '../../../src/domain/action.js';

/** A Wednesday, before noon in London and on the day before in Honolulu. */
const NOW: Occasion = { nowMs: Date.UTC(2027, 2, 3, 9), timezone: 'Europe/London', language: 'en-GB' };

const valueOf = (type: ValueType, words: unknown, occasion: Partial<Occasion> = {}, country?: string) => {
  const reading = readValue(words, { type, country }, { ...NOW, ...occasion });
  return 'value' in reading ? reading.value : undefined;
};

void t.test('an e-mail address is read as it is said, spelled or not', async (t) => {
  for (const [words, address] of [
    ['ann@example.com', 'ann@example.com'],
    ['John dot Smith at example dot com', 'john.smith@example.com'],
    ['j o h n underscore s at example dot co dot uk', 'john_s@example.co.uk'],
    ['B as in Bravo, O, B at my dash shop dot org.', 'bob@my-shop.org'],
    ['info plus four two at example.com', 'info+42@example.com'],
  ] as const) {
    t.equal(valueOf('email', words), address, words);
  }
  for (const words of ['ann', 'ann at example', 'at example dot com', 'ann@example..com', 'two @ at @ example.com'])
    t.equal(valueOf('email', words), undefined, words);
});

void t.test('spelled letters become a word, a word stays itself, a sentence is neither', async (t) => {
  for (const [words, value] of [
    ['S M I T H', 'SMITH'],
    ['B as in Bravo, double O, K', 'BOOK'],
    ['sierra mike four two', 'SM42'],
    ['M for Mike, double u, why', 'MWY'],
    ['n like november o a h', 'NOAH'],
    ['X-ray, dash, 7', 'X-7'],
    ['k-o-w', 'KOW'],
    ['Jones', 'Jones'],
    ['my name is Jones', undefined],
    ['', undefined],
  ] as const) {
    t.equal(valueOf('spelled', words), value, words);
  }
});

void t.test('a telephone number is brought to E.164 by the country it is said in', async (t) => {
  t.equal(valueOf('phone', 'oh two oh, seven nine four six, oh one double eight'), '+442079460188');
  t.equal(valueOf('phone', '020 7946 0018'), '+442079460018');
  t.equal(valueOf('phone', 'plus four nine 30 901820'), '+4930901820');
  t.equal(valueOf('phone', '(201) 555-0123', { language: 'en-US' }), '+12015550123');
  t.equal(valueOf('phone', '030 901820', {}, 'DE'), '+4930901820');
  for (const words of ['12', 'four', 'my number', '+99912345']) t.equal(valueOf('phone', words), undefined, words);
});

void t.test('dates are read in the time zone of the agent, the next such day where no year is said', async (t) => {
  for (const [words, day] of [
    ['2027-12-24', '2027-12-24'],
    ['today', '2027-03-03'],
    ['tomorrow', '2027-03-04'],
    ['the day after tomorrow', '2027-03-05'],
    ['Friday', '2027-03-05'],
    ['wednesday', '2027-03-03'],
    ['next wednesday', '2027-03-10'],
    ['in two weeks', '2027-03-17'],
    ['march the fourth', '2027-03-04'],
    ['the 2nd of March', '2028-03-02'],
    ['twenty-first of may 2030', '2030-05-21'],
    ['the 31st', '2027-03-31'],
    ['on Monday, the 8th of March', '2027-03-08'],
    ['4/3/2027', '2027-03-04'],
    ['24.12.', '2027-12-24'],
    ['february 29', '2028-02-29'],
  ] as const) {
    t.equal(valueOf('date', words), day, words);
  }
  t.equal(valueOf('date', 'today', { timezone: 'Pacific/Honolulu' }), '2027-03-02');
  t.equal(valueOf('date', '4/3/2027', { language: 'en-US' }), '2027-04-03');
  for (const words of ['30 february 2027', 'someday', '2027-13-01', 'february 30', 'march', '99/99/2027'])
    t.equal(valueOf('date', words), undefined, words);
});

void t.test('times of day, numbers and yes or no are read as people say them', async (t) => {
  for (const [words, time] of [
    ['15:30', '15:30'],
    ['3 p.m.', '15:00'],
    ['half past three', '03:30'],
    ['quarter to five in the afternoon', '16:45'],
    ['nine thirty am', '09:30'],
    ["nine o'clock", '09:00'],
    ['noon', '12:00'],
    ['12 am', '00:00'],
    ['ten oh five', '10:05'],
  ] as const) {
    t.equal(valueOf('time', words), time, words);
  }
  t.equal(valueOf('time', '25:00'), undefined);
  t.equal(valueOf('time', 'later'), undefined);
  for (const [words, number] of [
    ['two hundred and five', 205],
    ['twenty-one', 21],
    ['1,250', 1250],
    ['three point one four', 3.14],
    ['minus four', -4],
    ['a hundred thousand', 100_000],
  ] as const) {
    t.equal(valueOf('number', words), number, words);
  }
  t.equal(valueOf('number', 'a few'), undefined);
  t.equal(valueOf('boolean', 'yes please'), true);
  t.equal(valueOf('boolean', 'Nope'), false);
  t.equal(valueOf('boolean', 'maybe'), undefined);
});

void t.test('a value must be one of the options, however it is written', async (t) => {
  const field = { type: 'text', options: ['Window', 'Aisle'] } as const;
  t.same(readValue('window', field, NOW), { value: 'Window' });
  t.same(readValue('the middle', field, NOW), { fault: 'is none of: Window, Aisle' });
  t.same(readValue({ not: 'words' }, field, NOW), { fault: 'is not a text' });
  t.equal(valueOf('name', "john o'neil-smith"), "John O'Neil-Smith");
  t.equal(valueOf('name', 'McDonald'), 'McDonald');
});
