import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { startHarness } from '../../support/http-harness.js';

const DESK = { username: 'desk', password: 'hunter2 of the desk' };
const FULL = {
  username: '1001',
  enabled: false,
  display_name: 'Zoë at the desk',
  call_proof: 'binding',
  may_call: 'anywhere',
  max_contacts: 2,
  number: '+4930123456',
  srtp: 'require',
};
const NO_PHONE = '/phones/0197e3b0-0000-7000-8000-000000000000';

void t.test('POST /phones 201: a phone with defaults; its password is nowhere to be seen', async (t) => {
  const lines: string[] = [];
  const note = (fields: object, message: string): void => void lines.push(JSON.stringify({ ...fields, message }));
  const log = { debug: note, info: note, warn: note, error: note, child: () => log };
  const api = await startHarness(t, { log });
  const { status, body } = await api.call('POST', '/phones', DESK);
  t.equal(status, 201);
  t.match(body.data, {
    username: 'desk',
    enabled: true,
    display_name: null,
    call_proof: 'digest',
    may_call: 'phones',
    max_contacts: 5,
    number: null,
    srtp: null,
    registered: false,
    contacts: [],
    version: 1,
  });
  const answers = [body, (await api.call('GET', `/phones/${body.data.id}`)).body, (await api.call('GET', '/phones')).body];
  await api.call('POST', '/phones', { ...DESK, username: '' });
  t.notMatch(JSON.stringify([answers, lines]), /hunter2/);
  t.notOk(readFileSync(join(api.dataDir, 'offhook.db')).includes(DESK.password));
  t.notOk(readFileSync(join(api.dataDir, 'offhook.db-wal')).includes(DESK.password));
});

void t.test('POST, GET, PATCH /phones: every field comes back as it was sent', async (t) => {
  const api = await startHarness(t);
  const created = await api.call('POST', '/phones', { ...FULL, password: 'a long word' });
  t.match(created.body.data, FULL);
  const path = `/phones/${created.body.data.id}`;
  t.match((await api.call('GET', path)).body.data, FULL);
  const patched = await api.call('PATCH', path, { number: null, enabled: true });
  t.match(patched.body.data, { ...FULL, number: null, enabled: true, version: 2 });
  t.equal((await api.call('DELETE', path)).status, 200);
  t.equal((await api.call('GET', path)).status, 404);
});

void t.test('POST /phones 400: each field says what is wrong with it', async (t) => {
  const api = await startHarness(t);
  const wrong = {
    username: { username: 'a b' },
    password: { password: 'short' },
    max_contacts: { max_contacts: 0 },
    number: { number: '030 123' },
    call_proof: { call_proof: 'none' },
    may_call: { may_call: 'everybody' },
    display_name: { display_name: 'a\r\nX: b' },
  };
  for (const [field, part] of Object.entries(wrong)) {
    const { status, body } = await api.call('POST', '/phones', { ...DESK, ...part });
    t.equal(status, 400, field);
    t.match(body.details.fields[0].field, field);
  }
});

void t.test('a user name is one on the whole server: 409 for phones and for trunks that register here', async (t) => {
  const api = await startHarness(t);
  const phone = await api.call('POST', '/phones', DESK);
  t.match(await api.call('POST', '/phones', DESK), {
    status: 409,
    body: { details: { fields: [{ field: 'username' }] } },
  });
  const other = await api.call('POST', '/phones', DESK, { authorization: `Bearer ${api.otherKey}` });
  t.equal(other.status, 409, 'of another organisation as well');
  const pbx = { name: 'Branch', kind: 'accept', host: 'branch.example', username: 'desk', password: 'p' };
  t.match(await api.call('POST', '/trunks', pbx), {
    status: 409,
    body: { details: { fields: [{ field: 'username' }] } },
  });
  const trunk = await api.call('POST', '/trunks', { ...pbx, username: 'branch' });
  t.equal(trunk.status, 201);
  t.match((await api.call('GET', `/trunks/${trunk.body.data.id}/status`)).body.data, { state: 'unregistered' });
  t.equal((await api.call('PATCH', `/phones/${phone.body.data.id}`, { username: 'branch' })).status, 409);
  await api.call('DELETE', `/trunks/${trunk.body.data.id}`);
  t.equal((await api.call('PATCH', `/phones/${phone.body.data.id}`, { username: 'branch' })).status, 200);
  const { username: _, ...nameless } = pbx;
  t.match(await api.call('POST', '/trunks', { ...nameless, name: 'x' }), {
    status: 400,
    body: { details: { fields: [{ field: 'username' }] } },
  });
});

void t.test('GET, PATCH, DELETE /phones/:id 404: none of this id, or of another organisation', async (t) => {
  const api = await startHarness(t);
  const mine = `/phones/${(await api.call('POST', '/phones', DESK)).body.data.id}`;
  const foreign = { authorization: `Bearer ${api.otherKey}` };
  for (const [path, headers] of [
    [NO_PHONE, {}],
    ['/phones/x', {}],
    [mine, foreign],
  ] as const) {
    t.equal((await api.call('GET', path, undefined, headers)).status, 404, path);
    t.equal((await api.call('PATCH', path, { max_contacts: 1 }, headers)).status, 404, path);
    t.equal((await api.call('DELETE', path, undefined, headers)).status, 404, path);
  }
  t.equal((await api.call('GET', '/phones', undefined, foreign)).body.meta.total, 0);
  t.equal((await api.call('GET', mine)).status, 200);
});
