import t from 'tap';
import { fillHeaders, withHeaders } from '../../../src/domain/header-templates.js';

const only = (template: string, values: object, name = 'X-A'): string | undefined =>
  fillHeaders({ [name]: template }, { ...values })[name];

void t.test('placeholders are filled; what has no value for any of its own is left out', (t) => {
  t.same(fillHeaders({ 'X-Account': '42', 'X-Order': '{{order.id}}', 'X-None': '{{none}}' }, { order: { id: 7 } }), {
    'X-Account': '42',
    'X-Order': '7',
  });
  t.equal(only('{{a}}/{{b}}', { b: 'two' }), '/two');
  t.equal(only('{{a}}', { a: '' }), undefined);
  t.equal(only('{{constructor}}', {}), undefined, 'only what was given');
  t.end();
});

void t.test('no value ends its line, its string or its URI', (t) => {
  t.equal(only('{{a}}', { a: 'x\r\nRoute: <sip:evil>\u0000\u0085y' }), 'x Route: <sip:evil> y');
  t.equal(only('"{{a}}" <sip:a@b>', { a: 'x" <sip:evil>, \\' }), '"x\\" <sip:evil>, \\\\" <sip:a@b>');
  t.equal(only('<sip:{{a}}@b>', { a: 'x@evil>,<sip:y' }), '<sip:x%40evil%3E%2C%3Csip%3Ay@b>');
  t.equal(only('"a<b" {{a}}', { a: 'x>' }), '"a<b" x>');
  t.end();
});

void t.test('long values are cut between characters, and headers that grow too long are left out', (t) => {
  t.equal(only('{{a}}', { a: 'x'.repeat(900) })?.length, 500);
  t.equal(only('{{a}}', { a: `${'x'.repeat(499)}😀` }), 'x'.repeat(499));
  t.equal(only('{{a}}{{a}}{{a}}{{a}}{{a}}', { a: 'x'.repeat(900) }), undefined);
  t.end();
});

void t.test('User-to-User has the digits of the text (RFC 7433)', (t) => {
  t.equal(only('{{a}};encoding=hex', { a: 'Zoë' }, 'User-to-User'), '5a6fc3ab;encoding=hex');
  t.equal(only('{{a}};encoding=hex', { a: 'Zoë' }), 'Zoë;encoding=hex');
  t.end();
});

void t.test('a URI takes headers along, whatever stands in them', (t) => {
  t.equal(withHeaders('sip:a@b', {}), 'sip:a@b');
  t.equal(withHeaders('sip:a@b', { 'X-A': 'x>?&=, y', 'X-B': '1' }), 'sip:a@b?X-A=x%3E%3F%26%3D%2C%20y&X-B=1');
  t.equal(withHeaders('sip:a@b?X-C=1', { 'X-A': '2' }), 'sip:a@b?X-C=1&X-A=2');
  t.end();
});
