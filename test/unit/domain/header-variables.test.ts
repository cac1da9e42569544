import t from 'tap';
import { type HeaderPart, variablesFrom } from '../../../src/domain/header-variables.js';

const read = (value: string | undefined, part: HeaderPart): string | undefined =>
  variablesFrom([{ name: 'x', header: 'H', part }], () => value)['x'];

void t.test('a header becomes a variable: whole, or the part of it that is asked for', async (t) => {
  t.equal(read(' gold ', 'value'), 'gold');
  const address = '"Zoë \\"Z\\" <Desk>, Ltd" <sip:%2B4930123;cpc=ordinary@carrier.example;user=phone>;reason=busy, <tel:+1>';
  t.equal(read(address, 'display_name'), 'Zoë "Z" <Desk>, Ltd');
  t.equal(read(address, 'user'), '+4930123');
  t.equal(read(address, 'uri'), 'sip:%2B4930123;cpc=ordinary@carrier.example;user=phone');
  t.equal(read('Alice Smith <sip:alice@a.example>', 'display_name'), 'Alice Smith');
  t.equal(read('sip:bob:secret@b.example;tag=1', 'user'), 'bob');
  t.equal(read('<tel:+4930;ext=1>', 'user'), '+4930');
  t.equal(read('56a390f3d2b7310023a2;encoding=hex', 'value'), '56a390f3d2b7310023a2;encoding=hex');
  t.equal(read(`${Buffer.from('Kunde 4711').toString('hex')};encoding=hex;purpose=x`, 'text'), 'Kunde 4711');
  t.equal(
    read(`04${Buffer.from('ok').toString('hex')};encoding=hex`, 'text'),
    'ok',
    'the octet that names the protocol is no text',
  );
});

void t.test('what is absent or has no such part makes no variable', async (t) => {
  t.same(
    variablesFrom([{ name: 'x', header: 'H', part: 'value' }], () => undefined),
    {},
  );
  for (const part of ['display_name', 'user', 'text'] as const) t.equal(read('<https://x/>', part), undefined, part);
  t.equal(read('', 'value'), undefined);
  t.equal(read('sip:%zz@a', 'user'), '%zz', 'a user that cannot be unescaped stays as it is');
});

void t.test('a variable is one line and not long, whatever was sent', async (t) => {
  t.equal(read('a\r\nX-Evil: b\u0000', 'value'), 'a X-Evil: b');
  t.equal(read('x'.repeat(100_000), 'value')?.length, 1000);
});
