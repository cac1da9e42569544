import t from 'tap';
import { NO_PERMISSION, PAYLOAD, startCallfluent } from '../../support/callfluent.js';
import { OTHER_TENANT } from '../../support/http-harness.js';
import { sampleCompletedCall } from '../../support/sample-records.js';

const without = (name: keyof typeof PAYLOAD): object => ({ ...PAYLOAD, [name]: undefined });
const data = (changes: object) => ({ data: changes });

/** Nothing of them is stored; what is told names the field. `{agent}` is a number that is given. */
const MISTAKES: readonly (readonly [string, string, unknown, RegExp])[] = [
  ['POST', '/create', undefined, /body/],
  ['POST', '/create', '{"workspaceId": 1', /not valid JSON/],
  ['POST', '/create', [], /./],
  ['POST', '/create', without('workspaceId'), /workspaceId/],
  ['POST', '/create', without('format'), /format/],
  ['POST', '/create', without('name'), /name/],
  ['POST', '/create', without('voice'), /voice/],
  ['POST', '/create', without('agent_type'), /agent_type/],
  ['POST', '/create', without('background'), /background/],
  ['POST', '/create', without('goal'), /goal/],
  ['POST', '/create', without('phone_number'), /phone_number: must be given of an outbound agent/],
  ['POST', '/create', { ...PAYLOAD, workspaceId: '1' }, /workspaceId/],
  ['POST', '/create', { ...PAYLOAD, format: 'both' }, /format/],
  ['POST', '/create', { ...PAYLOAD, name: ' ' }, /name/],
  ['POST', '/create', { ...PAYLOAD, name: 'a\u0000b' }, /name/],
  ['POST', '/create', { ...PAYLOAD, phone_number: '0123' }, /phone_number/],
  ['POST', '/create', { ...PAYLOAD, timezone: 'Mars' }, /timezone/],
  ['POST', '/create', { ...PAYLOAD, lang: 'no language' }, /lang/],
  ['POST', '/create', { ...PAYLOAD, avatar: 'javascript:alert(1)' }, /avatar/],
  ['POST', '/create', { ...PAYLOAD, avatar: 'A'.repeat(262_145) }, /avatar/],
  ['POST', '/create', { ...PAYLOAD, avatar: 'A'.repeat(1_048_576) }, /too large/],
  ['POST', '/create', { ...PAYLOAD, welcome_msg_flag: 'yes' }, /welcome_msg_flag/],
  ['POST', '/create', { ...PAYLOAD, welcome_msg_delay: -1 }, /welcome_msg_delay/],
  ['POST', '/create', { ...PAYLOAD, blocked_phone_types: '1,99' }, /blocked_phone_types/],
  ['POST', '/create', { ...PAYLOAD, voice_mail_mode: 3 }, /voice_mail_mode/],
  ['POST', '/create', { ...PAYLOAD, voice_mail_mode: 1 }, /voice_mail_text/],
  ['POST', '/create', { ...PAYLOAD, answer_creativity: 11 }, /answer_creativity/],
  ['POST', '/create', { ...PAYLOAD, speech_stop_sensitivity: 2.5 }, /speech_stop_sensitivity/],
  ['POST', '/create', { ...PAYLOAD, utterance_detection: 499 }, /utterance_detection/],
  ['POST', '/create', { ...PAYLOAD, silence_message_delay: 20, silence_end_call: 20 }, /silence_end_call/],
  ['POST', '/create', { ...PAYLOAD, background_sound: '../etc/passwd' }, /background_sound/],
  ['PUT', '/update/{agent}', { Payload: without('name') }, /name/],
  ['PUT', '/update/{agent}', { Payload: 'x' }, /./],
  ['PUT', '/update/x', { Payload: PAYLOAD }, /must be a number/],
  ['GET', '/get-one/1e3', undefined, /must be a number/],
  ['GET', '/number-list/1/sideways', undefined, /agentType/],
  ['POST', '/hangup-call', { callid: '1' }, /callid/],
  ['POST', '/hangup-call', {}, /callid/],
  ['PUT', '/custom-field/{agent}', { name: 'x', label: 'x' }, /data/],
  ['PUT', '/custom-field/{agent}', data({ label: 'x' }), /data\.name/],
  ['PUT', '/custom-field/{agent}', data({ name: 'has blanks', label: 'x' }), /data\.name/],
  ['PUT', '/webhook-cors-origin/{agent}', data({ webhook_cors_origin: [] }), /has_webhook_cors_origin/],
  [
    'PUT',
    '/webhook-cors-origin/{agent}',
    data({ has_webhook_cors_origin: true, webhook_cors_origin: ['x'] }),
    /webhook_cors_origin/,
  ],
  ['POST', '/create-action', { payload: { actionType: 'sms', name: 'x', instruction: 'x', content: 'x' } }, /agentId/],
  ['POST', '/create-action', { payload: { agentId: 2, actionType: 'dance', name: 'x' } }, /actionType/],
];

void t.test('what is wrong is a 400 that names it, and nothing is stored', async (t) => {
  const { call, agent } = await startCallfluent(t, { otherTenant: OTHER_TENANT });
  const id = await agent();
  const state = async () => JSON.stringify((await call('GET', '/get-all/1')).body);
  const before = await state();
  for (const [method, path, body, named] of MISTAKES) {
    const answer = await call(method, path.replace('{agent}', String(id)), body);
    const what = `${method} ${path} ${(JSON.stringify(body) ?? '').slice(0, 60)} ${named.source}`;
    t.equal(answer.status, 400, what);
    t.match(answer.body, { status: false, msg: named }, what);
    t.same(Object.keys(answer.body), ['status', 'msg'], what);
  }
  const action = { agentId: id, actionType: 'callForwarding', name: 'x', instruction: 'x', forwardNumber: 'next door' };
  t.match((await call('POST', '/create-action', { payload: action })).body, { msg: /forwardNumber: must be/ });
  const hook = { agentId: id, actionType: 'webhook', name: 'x', webhook_url: 'ftp://x', fields: '[]' };
  t.match((await call('POST', '/create-action', { payload: hook })).body, { msg: /webhook_url: must be/ });
  t.match((await call('POST', '/create-action', { payload: { ...hook, fields: '{' } })).body, { msg: /fields: must be/ });
  const text = await call('POST', '/create', 'name=x', { 'content-type': 'application/x-www-form-urlencoded' });
  t.equal(text.status, 400);
  t.match(text.body, { status: false, msg: /application\/json/ });
  t.equal(await state(), before);
});

void t.test("who has no key of this API, asks for another's or for what is not there gets the one 403", async (t) => {
  const { api, call, agent, key, otherKey } = await startCallfluent(t, { otherTenant: OTHER_TENANT });
  const id = await agent();
  const { uuid } = (await call('GET', `/get-one/${id}`)).body.data.agent;
  await api.database.calls.insert(sampleCompletedCall(uuid));
  const [{ id: callid }] = (await call('GET', `/${id}/calls`)).body.data;
  const sms = { actionType: 'sms', name: 'Sms', instruction: 'x', content: 'x' };
  const { id: action } = (await call('POST', '/create-action', { payload: { agentId: id, ...sms } })).body.data;
  const form = new FormData();
  form.append('files', new Blob(['text']), 'a.txt');
  await call('PUT', `/knowledge/${id}`, form);
  const [{ id: file }] = (await call('GET', `/get-one/${id}`)).body.data.files;
  const cors = data({ has_webhook_cors_origin: true, webhook_cors_origin: [] });

  const asking = (of: { agent: number; call: number; action: number; file: number; workspace: number }) =>
    [
      ['GET', `/number-list/${of.workspace}/outbound`],
      ['POST', '/create', { ...PAYLOAD, workspaceId: of.workspace }],
      ['GET', `/get-all/${of.workspace}`],
      ['GET', `/get-one/${of.agent}`],
      ['DELETE', `/delete/${of.agent}`],
      ['GET', `/${of.agent}/calls`],
      ['PUT', `/update/${of.agent}`, { Payload: PAYLOAD }],
      ['PUT', `/knowledge/${of.agent}`, form],
      ['DELETE', `/knowledge/${of.file}`],
      ['DELETE', `/delete-call/${of.call}`],
      ['GET', `/recording/${of.call}`],
      ['POST', '/hangup-call', { callid: of.call }],
      ['PUT', `/custom-field/${of.agent}`, data({ name: 'x', label: 'x' })],
      ['DELETE', `/remove-custom-fields/${of.agent}/x`],
      ['POST', '/create-action', { payload: { agentId: of.agent, ...sms } }],
      ['POST', `/update-action/${of.action}`, sms],
      ['DELETE', `/delete-action/${of.action}`],
      ['PUT', `/webhook-cors-origin/${of.agent}`, cors],
    ] as const;
  const own = { agent: id, call: callid, action, file, workspace: 1 };
  const nobodys = { agent: 999, call: 999, action: 999, file: 999, workspace: 999 };
  const swapped = { agent: action, call: file, action: callid, file: id, workspace: id };
  const core = api.key;
  const tries: [string, string, ReturnType<typeof asking>][] = [
    ['the key of another tenant', otherKey, asking(own)],
    ['the key of another dialect', core, asking(own)],
    ['no key that there is', 'cf_wrong', asking(own)],
    ['numbers that nobody has', key, asking(nobodys)],
    ['numbers of other things', key, asking(swapped)],
  ];
  for (const [who, bearer, requests] of tries) {
    for (const [method, path, body] of requests) {
      const answer = await call(method, path, body, { authorization: `Bearer ${bearer}` });
      t.equal(answer.status, 403, `${who}: ${method} ${path}`);
      t.same(answer.body, NO_PERMISSION, `${who}: ${method} ${path}`);
    }
  }
  t.same((await call('GET', '/nothing')).body, NO_PERMISSION);
  const after = (await call('GET', `/get-one/${id}`)).body.data;
  t.match(after, { totalCalls: 1, files: [{ id: file }], agent: { custom_fields: [], actions: [{ id: action }] } });
});

void t.test('a key does what its scopes say', async (t) => {
  const { api, call, agent } = await startCallfluent(t, { otherTenant: OTHER_TENANT });
  const id = await agent();
  const reader = { authorization: `Bearer ${await api.newKey({ dialect: 'callfluent', scopes: ['agents:read'] })}` };
  t.equal((await call('GET', `/get-one/${id}`, undefined, reader)).status, 200);
  t.same((await call('DELETE', `/delete/${id}`, undefined, reader)).body, NO_PERMISSION);
  t.same((await call('GET', `/${id}/calls`, undefined, reader)).body, NO_PERMISSION);
  t.same((await call('GET', '/number-list/1/inbound', undefined, reader)).body, NO_PERMISSION);
});

void t.test('what the server does not do now is a 500 that says why, and who asks too often gets a 429', async (t) => {
  const { api, call } = await startCallfluent(t, { otherTenant: OTHER_TENANT, rateLimitPerMinute: 2 });
  api.setReady(false);
  const draining = await call('POST', '/create', PAYLOAD);
  t.equal(draining.status, 500);
  t.same(draining.body, { status: false, error: 'The server is shutting down' });
  api.setReady(true);
  t.equal((await call('GET', '/get-all/1')).status, 200);
  const late = await call('GET', '/get-all/1');
  t.equal(late.status, 429);
  t.same(late.body, { status: false, msg: 'Rate limit exceeded' });
  t.ok(Number(late.headers.get('retry-after')) >= 1);
});
