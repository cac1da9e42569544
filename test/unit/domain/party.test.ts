import t from 'tap';
import { partyKey, partyOf } from '../../../src/domain/party.js';

void t.test('numbers are equal however they are written, users whatever their case', async (t) => {
  for (const text of ['+1 (555) 01-23', '1.555.0123', ' +15550123 ']) t.equal(partyKey(text), '15550123', text);
  t.equal(partyKey('Alice'), 'alice');
  t.equal(partyKey('+'), '+');
});

void t.test('the party of a URI is its user, without parameters, password and escapes', async (t) => {
  for (const [uri, party] of [
    ['sip:+15550123@pbx.example:5060;transport=tcp', '15550123'],
    ['sip:+15550123;phone-context=x@pbx.example', '15550123'],
    ['SIPS:Alice:secret@example.com', 'alice'],
    ['tel:+1-555-0123;ext=4', '15550123'],
    ['sip:%2B15550123@h', '15550123'],
    ['sip:%E0%A4%A@h', '%e0%a4%a'],
    ['sip:192.0.2.1', '192.0.2.1'],
    ['sip:gateway.example:5060', 'gateway.example'],
    ['mailto:a@b', ''],
    ['', ''],
  ] as const) {
    t.equal(partyOf(uri), party, uri);
  }
});
