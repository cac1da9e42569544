import t from 'tap';
import { isE164, numberOfUri, writtenNumber } from '../../../src/domain/phone-number.js';

void t.test('E.164 is a plus, a country code and at most 15 digits', async (t) => {
  for (const number of ['+12', '+442071234567', '+123456789012345']) t.ok(isE164(number), number);
  for (const number of ['12', '+', '+1', '+0123', '+1234567890123456', '+12 34', '+12\n', 'sip:+12@x'])
    t.notOk(isE164(number), number);
});

void t.test('a number as people write it loses its marks', async (t) => {
  t.equal(writtenNumber('+44 (20) 7123-4567'), '+442071234567');
  t.equal(writtenNumber(' +1.555.0123\u00a0'), '+15550123');
  for (const text of ['', '020 7123 4567', '+44 20 ext 5', 'none']) t.equal(writtenNumber(text), undefined, text);
});

void t.test("the other party's number is known where its URI tells it", async (t) => {
  for (const [uri, number] of [
    ['sip:+442071234567@trunk.example', '+442071234567'],
    ['sip:+44-20-7123-4567;phone-context=x@trunk.example;user=phone', '+442071234567'],
    ['sips:%2B442071234567@trunk.example', '+442071234567'],
    ['sip:00442071234567@trunk.example', '+442071234567'],
    ['sip:442071234567@trunk.example', '+442071234567'],
    ['sip:442071234567:secret@trunk.example', undefined],
    ['tel:+442071234567', '+442071234567'],
    ['tel:+44-20-7123-4567;isub=1', '+442071234567'],
    ['sip:alice@example.com', undefined],
    ['sip:1001@pbx.example', undefined],
    ['sip:02071234567@pbx.example', undefined],
    ['sip:anonymous@anonymous.invalid', undefined],
    ['sip:trunk.example', undefined],
    ['sip:%zz@x', undefined],
    ['', undefined],
  ] as const) {
    t.equal(numberOfUri(uri), number, uri);
  }
});
