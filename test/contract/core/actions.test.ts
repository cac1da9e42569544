import t from 'tap';
import { startHarness } from '../../support/http-harness.js';

const WEBHOOK = { type: 'webhook', name: 'Send data', config: { url: 'https://your-app.example/hook' } };
const COLLECT = {
  type: 'data_collection',
  name: 'Note the address',
  instruction: 'When the caller tells their e-mail address.',
  pre_message: 'One moment.',
  config: { fields: [{ name: 'email', type: 'email' }] },
};
const DIGITS = {
  type: 'collect_digits',
  name: 'Order number',
  instruction: 'To look an order up.',
  config: { field: 'order', prompt: 'Please key in your order number.', max_length: 8, finish_key: '#' },
};
const CALENDAR = {
  type: 'google_calendar',
  name: 'Visit',
  instruction: 'When the caller wants to come.',
  config: { google_title: 'Visit', google_duration: '45 mins', calendar_period: '2weeks' },
};

async function withAgent(t: Parameters<typeof startHarness>[0]) {
  const api = await startHarness(t);
  const agent = await api.call('POST', '/agents', { name: 'Desk', system_prompt: 'Be brief.' });
  const path = `/agents/${agent.body.data.id}/actions`;
  return { api, path };
}

void t.test('an agent is given actions, which are listed in order, changed, and taken away', async (t) => {
  const { api, path } = await withAgent(t);
  t.same((await api.call('GET', path)).body.data, []);
  const first = await api.call('POST', path, COLLECT);
  t.equal(first.status, 201);
  t.match(first.body.data, { ...COLLECT, enabled: true, retries: 0, timeout_ms: 10_000, secret_names: [], version: 1 });
  t.match((await api.call('POST', path, DIGITS)).body.data.config, {
    ...DIGITS.config,
    first_digit_timeout_ms: 8_000,
    inter_digit_timeout_ms: 4_000,
    retries: 1,
    validate: 'none',
    masked: false,
  });
  t.match((await api.call('POST', path, CALENDAR)).body.data.config, {
    ...CALENDAR.config,
    google_calendar_id: 'primary',
    available_from: '09:00',
    available_days: [1, 2, 3, 4, 5],
    base_url: 'https://www.googleapis.com',
  });
  await api.call('POST', path, WEBHOOK);
  t.same(
    (await api.call('GET', path)).body.data.map(({ name }: { name: string }) => name),
    ['Note the address', 'Order number', 'Visit', 'Send data'],
  );
  const one = `${path}/${first.body.data.id}`;
  const changed = await api.call('PATCH', one, { enabled: false, config: { fields: [{ name: 'day', type: 'date' }] } });
  t.equal(changed.status, 200);
  t.match(changed.body.data, {
    enabled: false,
    instruction: COLLECT.instruction,
    version: 2,
    config: { fields: [{ name: 'day' }] },
  });
  t.same((await api.call('GET', one)).body.data, changed.body.data);
  t.match((await api.call('DELETE', one)).body.data, { deleted: true });
  t.equal((await api.call('GET', one)).status, 404);
  t.equal((await api.call('DELETE', one)).status, 404);
});

void t.test('secrets are taken and named, but never given back', async (t) => {
  const { api, path } = await withAgent(t);
  const made = await api.call('POST', path, { ...WEBHOOK, secrets: { signing: 'hush-hush', other: 'psst' } });
  t.same(made.body.data.secret_names, ['signing', 'other']);
  const one = `${path}/${made.body.data.id}`;
  const changed = await api.call('PATCH', one, { secrets: { other: null, third: 'sh' } });
  t.same(changed.body.data.secret_names, ['signing', 'third']);
  for (const answer of [made, changed, await api.call('GET', path)]) t.notMatch(JSON.stringify(answer.body), /hush|psst/);
});

void t.test('400 names what is wrong with an action', async (t) => {
  const { api, path } = await withAgent(t);
  const http = { type: 'http', name: 'Look up', instruction: 'Always.', config: { url: 'https://h.example/' } };
  for (const [body, field] of [
    [{ ...WEBHOOK, type: 'teleport' }, 'type'],
    [{ ...WEBHOOK, config: { url: 'gopher://x' } }, 'config.url'],
    [{ ...WEBHOOK, config: { url: 'https://h.example', extra: 1 } }, 'config.extra'],
    [{ ...WEBHOOK, retries: 9 }, 'retries'],
    [{ ...COLLECT, instruction: undefined }, 'instruction'],
    [{ ...COLLECT, config: { fields: [] } }, 'config.fields'],
    [{ ...COLLECT, config: { fields: [{ name: 'not a name' }] } }, 'config.fields.0.name'],
    [{ ...http, config: { ...http.config, parameters: { type: 'array' } } }, 'config.parameters'],
    [
      { ...http, config: { ...http.config, parameters: { type: 'object', properties: { a: { type: 'nonsense' } } } } },
      'config.parameters',
    ],
    [{ ...http, config: { ...http.config, headers: { 'bad header': 'x' } } }, 'config.headers.bad header'],
    [{ ...http, secrets: { 'a b': 'x' } }, 'secrets.a b'],
    [{ ...DIGITS, config: { ...DIGITS.config, masked: true } }, 'config.send_to'],
    [{ ...DIGITS, config: { ...DIGITS.config, min_length: 9 } }, 'config.min_length'],
    [{ ...DIGITS, config: { ...DIGITS.config, validate: 'mod11' } }, 'config.validate'],
    [{ ...CALENDAR, config: { ...CALENDAR.config, calendar_period: 'soon' } }, 'config.calendar_period'],
    [{ ...CALENDAR, config: { ...CALENDAR.config, google_duration: '0 mins' } }, 'config.google_duration'],
    [{ ...CALENDAR, config: { ...CALENDAR.config, available_to: '08:00' } }, 'config.available_to'],
    [{ ...CALENDAR, type: 'ghl_calendar', config: {} }, 'config.ghl_calendar_id'],
  ] as const) {
    const answer = await api.call('POST', path, body);
    t.equal(answer.status, 400, field);
    t.match(answer.body.details?.fields, [{ field }], field);
  }
  const made = await api.call('POST', path, COLLECT);
  const one = `${path}/${made.body.data.id}`;
  for (const [patch, field] of [
    [{ config: { url: 'https://h.example/' } }, 'config.fields'],
    [{ instruction: null }, 'instruction'],
    [{ type: 'webhook' }, 'type'],
  ] as const) {
    const answer = await api.call('PATCH', one, patch);
    t.equal(answer.status, 400, field);
    t.match(answer.body.details?.fields, [{ field }], field);
  }
});

void t.test('409 for a name that a model could not tell from another', async (t) => {
  const { api, path } = await withAgent(t);
  await api.call('POST', path, WEBHOOK);
  t.equal((await api.call('POST', path, { ...WEBHOOK, name: 'send  DATA!' })).status, 409);
  const other = await api.call('POST', path, { ...WEBHOOK, name: 'Other' });
  t.equal((await api.call('PATCH', `${path}/${other.body.data.id}`, { name: 'Send data' })).status, 409);
});

void t.test("404 for another tenant's agent and for actions of another agent", async (t) => {
  const { api, path } = await withAgent(t);
  const made = await api.call('POST', path, WEBHOOK);
  const foreign = { authorization: `Bearer ${api.otherKey}` };
  t.equal((await api.call('GET', path, undefined, foreign)).status, 404);
  t.equal((await api.call('POST', path, WEBHOOK, foreign)).status, 404);
  const second = await api.call('POST', '/agents', { name: 'Second', system_prompt: 'Be brief.' });
  const elsewhere = `/agents/${second.body.data.id}/actions/${made.body.data.id}`;
  for (const method of ['GET', 'PATCH', 'DELETE'])
    t.equal((await api.call(method, elsewhere, method === 'PATCH' ? {} : undefined)).status, 404);
  await api.call('DELETE', `/agents/${second.body.data.id}`);
  t.equal((await api.call('GET', `/agents/${second.body.data.id}/actions`)).status, 404);
});
