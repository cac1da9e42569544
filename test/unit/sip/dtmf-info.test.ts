import * as fc from 'fast-check';
import t from 'tap';
import { type InfoOutcome, readInfo, writeRelay } from '../../../src/sip/dtmf-info.js';

const RELAY = 'application/dtmf-relay';

void t.test("key presses are read from both body types, whatever the phone's habits", async (t) => {
  const rows: [string, string, InfoOutcome][] = [
    [RELAY, 'Signal=5\r\nDuration=160\r\n', { type: 'digit', digit: '5', durationMs: 160 }],
    [RELAY, 'signal= *\r\nduration= 100', { type: 'digit', digit: '*', durationMs: 100 }],
    [RELAY, 'Signal=11', { type: 'digit', digit: '#', durationMs: 250 }],
    [RELAY, 'Signal=d\nDuration=999999', { type: 'digit', digit: 'D', durationMs: 10_000 }],
    ['application/dtmf', '7\r\n', { type: 'digit', digit: '7', durationMs: 250 }],
    ['application/dtmf', '10', { type: 'digit', digit: '*', durationMs: 250 }],
  ];
  for (const [type, body, expected] of rows) t.same(readInfo(type, body), expected, `${type} ${JSON.stringify(body)}`);
});

void t.test('an INFO without body is a keep-alive, rubbish is 400 and an unknown type 415', async (t) => {
  t.same(readInfo(undefined, ''), { type: 'nothing' });
  t.same(readInfo(RELAY, undefined), { type: 'nothing' });
  for (const body of ['Signal=16', 'Signal=', 'Signal=55', 'Duration=160', '\0\0', 'Signal=5 6']) {
    t.same(readInfo(RELAY, body), { type: 'refused', status: 400 }, JSON.stringify(body));
  }
  t.same(readInfo('application/dtmf', '55'), { type: 'refused', status: 400 });
  t.same(readInfo('application/media_control+xml', '<x/>'), { type: 'refused', status: 415 });
  t.same(readInfo(undefined, 'Signal=5'), { type: 'refused', status: 415 });
});

void t.test('what we write is what we read', async (t) => {
  for (const key of '0123456789*#ABCDabcd') {
    const { type, body } = writeRelay(key, 120);
    t.same(readInfo(type, body), { type: 'digit', digit: key.toUpperCase(), durationMs: 120 });
  }
});

void t.test('no body throws', async (t) => {
  fc.assert(
    fc.property(
      fc.constantFrom(RELAY, 'application/dtmf', undefined),
      fc.string(),
      (type, body) => readInfo(type, body).type !== undefined,
    ),
  );
  t.pass();
});
