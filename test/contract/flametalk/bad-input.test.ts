import t from 'tap';
import { newCallId } from '../../../src/core/ids.js';
import { type Flametalk, startFlametalk } from '../../support/flametalk.js';
import { sampleCompletedCall } from '../../support/sample-records.js';

const AGENT = { name: 'Sales Agent', instructions: 'Sell.' };
const LONG = 'x'.repeat(2_000_000);

/** A path and a body that would be taken, and what may stand wrong in it by the field that is then named. */
const BODIES = (
  agent: string,
  campaign: string,
): readonly { path: string; body: object; wrong: readonly (readonly [object, string])[] }[] => [
  {
    path: '/agents',
    body: AGENT,
    wrong: [
      [{ name: '' }, 'name'],
      [{ name: 7 }, 'name'],
      [{ name: null }, 'name'],
      [{ instructions: undefined }, 'instructions'],
      [{ enabled: 'yes' }, 'enabled'],
      [{ language: 'klingon!' }, 'language'],
      [{ voice_settings: { speed: 9 } }, 'voice_settings.speed'],
      [{ script: { intents: [{}] } }, 'script'],
      [{ timezone: 'Moon' }, 'timezone'],
      [{ variables: { a: 1 } }, 'variables.a'],
      [{ system_prompt: 'x' }, 'system_prompt'],
      [{ sip_user: 'has space' }, 'sip_user'],
    ],
  },
  {
    path: '/calls',
    body: { agent_id: agent, to: '+15550123' },
    wrong: [
      [{ agent_id: 'x' }, 'agent_id'],
      [{ agent_id: undefined }, 'agent_id'],
      [{ to: '0301234' }, 'to'],
      [{ to: undefined }, 'to'],
      [{ variables: { a: {} } }, 'variables.a'],
    ],
  },
  {
    path: '/contacts',
    body: { phone: '+15550123' },
    wrong: [
      [{ phone: '0301234' }, 'phone'],
      [{ phone: undefined }, 'phone'],
      [{ email: 'x' }, 'email'],
      [{ tags: 'vip' }, 'tags'],
      [{ custom_fields: { a: [] } }, 'custom_fields.a'],
      [{ do_not_call: 1 }, 'do_not_call'],
    ],
  },
  {
    path: '/campaigns',
    body: { name: 'Spring', agent_id: agent },
    wrong: [
      [{ name: ' ' }, 'name'],
      [{ agent_id: 'x' }, 'agent_id'],
      [{ max_concurrent_calls: 0 }, 'max_concurrent_calls'],
      [{ call_window: { from: '25:00', to: '26:00' } }, 'call_window.from'],
      [{ retry: 3 }, 'retry'],
      [{ contact_ids: [] }, 'contact_ids'],
      [{ contact_ids: [newCallId()] }, 'contact_ids.0'],
      [{ contact_ids: [newCallId()], contact_filter: {} }, 'contact_filter'],
      [{ status: 'running' }, 'status'],
    ],
  },
  {
    path: `/campaigns/${campaign}/contacts`,
    body: { contact_filter: {} },
    wrong: [[{ contact_filter: undefined }, 'contact_ids']],
  },
  {
    path: `/campaigns/${campaign}/schedule`,
    body: { scheduled_at: '2031-01-01T00:00:00Z' },
    wrong: [
      [{ scheduled_at: 'soon' }, 'scheduled_at'],
      [{ scheduled_at: undefined }, 'scheduled_at'],
    ],
  },
  {
    path: '/webhooks',
    body: { url: 'https://example.com/' },
    wrong: [
      [{ url: 'http://example.com/' }, 'url'],
      [{ url: undefined }, 'url'],
      [{ events: ['x'] }, 'events.0'],
      [{ events: [] }, 'events'],
    ],
  },
];

/** How much there is of everything. */
const totals = async ({ ask }: Flametalk): Promise<number[]> => {
  const lists = ['/agents', '/calls', '/contacts', '/campaigns', '/webhooks'];
  return Promise.all(lists.map(async (list) => (await ask('GET', list)).body.pagination.total));
};

void t.test('Bad input: every fault is named by its field, and nothing is stored', async (t) => {
  const flametalk = await startFlametalk(t);
  const { ask, make } = flametalk;
  const agent = await make('/agents', AGENT);
  const campaign = await make('/campaigns', { name: 'x', agent_id: agent });
  const before = await totals(flametalk);
  for (const { path, body, wrong } of BODIES(agent, campaign)) {
    for (const [change, field] of wrong) {
      const { status, body: answer } = await ask('POST', path, { ...body, ...change });
      const what = `${path} ${JSON.stringify(change)}`;
      t.equal(status, 400, what);
      t.match(answer, { success: false, error: { code: 'VALIDATION_ERROR', message: String } }, what);
      t.ok(
        Object.keys(answer.error.details).some((name) => name.startsWith(field)),
        `${what} names ${field}`,
      );
    }
    const whole = JSON.stringify(body);
    for (const [text, type, status] of [
      [whole.slice(0, -2), 'application/json', 400],
      ['null', 'application/json', 400],
      ['[]', 'application/json', 400],
      [whole, 'text/plain', 400],
      [whole, 'application/json; charset=klingon', 415],
      [JSON.stringify({ ...body, name: LONG }), 'application/json', 413],
      ['--x\r\ncontent-disposition: form-data; name="a"\r\n\r\ncut off', 'multipart/form-data; boundary=x', 400],
    ] as const) {
      const refused = await ask('POST', path, text, { 'content-type': type });
      t.equal(refused.status, status, `${path} ${type} ${text.slice(0, 20)}`);
      t.match(refused.body, { success: false, error: { code: 'VALIDATION_ERROR' } });
    }
  }
  t.same(await totals(flametalk), before);
});

void t.test('Bad input: what belongs to another organisation is not found, nor what never was', async (t) => {
  const flametalk = await startFlametalk(t);
  const { api, ask, make, otherKey } = flametalk;
  const agent = await make('/agents', AGENT);
  const call = sampleCompletedCall(undefined);
  await api.database.calls.insert(call);
  const trunk = (await api.call('POST', '/trunks', { name: 'PBX', kind: 'static', host: '192.0.2.10' })).body.data.id as string;
  const ids: Record<string, string> = {
    agents: agent,
    calls: call.id,
    contacts: await make('/contacts', { phone: '+15550123' }),
    campaigns: await make('/campaigns', { name: 'x', agent_id: agent }),
    channels: trunk,
    webhooks: await make('/webhooks', { url: 'https://example.com/' }),
  };
  const requests: readonly (readonly [string, string, object?])[] = [
    ...Object.keys(ids).map((kind) => ['GET', `/${kind}/:id`] as const),
    ...['agents', 'contacts', 'campaigns', 'webhooks'].map((kind) => ['PATCH', `/${kind}/:id`, {}] as const),
    ...['agents', 'calls', 'contacts', 'campaigns', 'webhooks'].map((kind) => ['DELETE', `/${kind}/:id`] as const),
    ['GET', '/agents/:id/versions'],
    ['POST', '/agents/:id/deploy'],
    ['POST', '/agents/:id/rollback'],
    ...['transcript', 'report', 'recording'].map((part) => ['GET', `/calls/:id/${part}`] as const),
    ['POST', '/calls/:id/end'],
    ...['start', 'pause', 'resume', 'cancel'].map((action) => ['POST', `/campaigns/:id/${action}`] as const),
    ['POST', '/campaigns/:id/schedule', { scheduled_at: '2031-01-01T00:00:00Z' }],
    ['GET', '/campaigns/:id/statistics'],
    ['GET', '/campaigns/:id/contacts'],
    ['POST', '/campaigns/:id/contacts', { contact_filter: {} }],
    ['POST', '/webhooks/:id/rotate-secret'],
    ['POST', '/webhooks/:id/test'],
    ['GET', '/webhooks/:id/deliveries'],
  ];
  const before = await totals(flametalk);
  for (const [method, path, body] of requests) {
    const kind = path.split('/')[1] ?? '';
    for (const [id, authorization] of [
      [ids[kind] ?? '', `Bearer ${otherKey}`],
      [newCallId(), `Bearer ${flametalk.key}`],
      ['nonsense', `Bearer ${flametalk.key}`],
    ] as const) {
      const { status, body: answer } = await ask(method, path.replace(':id', id), body, { authorization });
      t.equal(status, 404, `${method} ${path} of ${id}`);
      t.match(answer, { success: false, error: { code: 'NOT_FOUND', details: {} } });
    }
  }
  const authorization = `Bearer ${otherKey}`;
  for (const [path, body] of [
    ['/calls', { agent_id: agent, to: '+15550123' }],
    ['/campaigns', { agent_id: agent, name: 'x' }],
  ] as const) {
    t.equal((await ask('POST', path, body, { authorization })).status, 404, `${path} with another's agent`);
  }
  t.same(await totals(flametalk), before);
  t.match((await ask('GET', `/agents/${agent}`)).body.data, AGENT, 'nothing has changed');
});
