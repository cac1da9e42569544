import t from 'tap';
import { masked } from '../../../src/actions/masking.js';
import { pick, requestOf } from '../../../src/actions/send-request.js';
import { Templates } from '../../../src/actions/templates.js';

const templates = new Templates(() => ({ city: 'Bad Tölz', order: { id: 7 }, day: 'monday' }), { key: 's3cret' });

void t.test('values cannot leave their place in a URL or a header', async (t) => {
  const args = { q: 'a/../b?x=1#y', header: 'one\r\nX-Evil: two' };
  t.equal(
    templates.url('https://h.example/{{q}}?city={{city}}', args),
    'https://h.example/a%2F..%2Fb%3Fx%3D1%23y?city=Bad%20T%C3%B6lz',
  );
  t.same(templates.headers({ a: '{{header}}', authorization: 'Bearer {{secret.key}}' }, args), {
    a: 'one X-Evil: two',
    authorization: 'Bearer s3cret',
  });
});

void t.test('a JSON template keeps the type of what stands alone in a string, and the model cannot name a secret', async (t) => {
  const body = {
    n: '{{count}}',
    text: 'n={{count}}',
    deep: [{ id: '{{order.id}}' }],
    none: '{{nothing}}',
    own: '{{secret.key}}',
  };
  t.same(templates.json(body, { count: 3, secret: { key: 'mine' } }), {
    n: 3,
    text: 'n=3',
    deep: [{ id: '7' }],
    none: '',
    own: 's3cret',
  });
  t.equal(templates.text('{{day}}', { day: 'friday' }), 'friday', 'what the model gives is newer than what was collected');
});

void t.test('what the URL does not mention goes into the query of a GET, and into the body of others', async (t) => {
  const base = { headers: {}, url: 'https://h.example/{{id}}' };
  const get = requestOf({ ...base, method: 'GET' }, templates, { id: '4', name: 'a b' });
  t.equal(get.url, 'https://h.example/4?name=a+b');
  t.equal(get.init.body, undefined);
  const post = requestOf({ ...base, method: 'POST' }, templates, { id: '4', name: 'a b' });
  t.equal(post.url, 'https://h.example/4');
  t.equal(post.init.body, '{"id":"4","name":"a b"}');
  const form = requestOf(
    { ...base, method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: { To: '{{id}}' } },
    templates,
    { id: '+1' },
  );
  t.equal(form.init.body, 'To=%2B1');
});

void t.test('a path leads to what is there, and to nothing that objects have by nature', async (t) => {
  const value = { data: { items: [{ name: 'a' }] } };
  t.equal(pick(value, 'data.items.0.name'), 'a');
  t.equal(pick(value, ''), value);
  for (const path of ['data.nothing', 'data.items.length.x', 'constructor', 'data.__proto__'])
    t.equal(pick(value, path), undefined, path);
});

void t.test('secrets are masked in what is written down, wherever they lie', async (t) => {
  const schema = { properties: { note: { writeOnly: true }, list: { items: { properties: { code: { format: 'password' } } } } } };
  t.same(masked({ note: 'x', pin: '1234', card_number: '4111', email: 'a@b.c', list: [{ code: 'y', ok: 1 }] }, schema), {
    note: '[masked]',
    pin: '[masked]',
    card_number: '[masked]',
    email: 'a@b.c',
    list: [{ code: '[masked]', ok: 1 }],
  });
  t.equal(masked('x'.repeat(600)), `${'x'.repeat(500)}…`);
  t.equal(masked(undefined), null);
});
