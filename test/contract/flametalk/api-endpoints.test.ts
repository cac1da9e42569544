import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import { type Flametalk, startFlametalk } from '../../support/flametalk.js';
import type { HttpHarness } from '../../support/http-harness.js';
import { sampleAgent, sampleCall, sampleCompletedCall, sampleEntry } from '../../support/sample-records.js';

const AGENT = { name: 'Sales Agent', instructions: 'Sell.' };

void t.test('Agents', async (t) => {
  const { api, ask, make } = await startFlametalk(t);
  const settings = {
    description: 'Handles inbound sales calls',
    starting_message: 'Hello.',
    enabled: true,
    language: 'de-DE',
    voice_settings: { voice: 'anna', speed: 1.1, own: 1 },
    script: { intents: [{ name: 'hours', phrases: ['open'], reply: 'Nine.', end_call: true }], fallback: 'Pardon?' },
    knowledge: 'We sell tea.',
    timezone: 'Europe/Berlin',
    call_recording: false,
    variables: { company: 'Tea & Co' },
    sip_user: 'tea',
  };
  const created = await ask('POST', '/agents', { ...AGENT, ...settings });
  t.equal(created.status, 201);
  t.match(created.body.data, { ...AGENT, ...settings, deployed_version: { id: 'v-1', version_label: 'v1' } });
  const id: string = created.body.data.id;
  t.same((await ask('GET', `/agents/${id}`)).body, created.body);
  const live = async (): Promise<string | undefined> =>
    (await api.database.agents.findLive(DEFAULT_TENANT, created.body.data.id))?.systemPrompt;

  await t.test('changes are a draft until they are deployed', async (t) => {
    const changed = await ask('PATCH', `/agents/${id}`, { instructions: 'Sell more.', knowledge: null });
    t.match(changed.body.data, {
      instructions: 'Sell more.',
      knowledge: null,
      latest_version_id: 'v-2',
      deployed_version: { id: 'v-1' },
    });
    t.equal(await live(), 'Sell.');
    const deployed = await ask('POST', `/agents/${id}/deploy`, { version_label: 'v1.2' });
    t.same(deployed.body.data.deployed_version, { id: 'v-2', version_label: 'v1.2' });
    t.equal(await live(), 'Sell more.');
    t.match((await ask('GET', '/agents')).body.data, [{ id, deployed_version: { id: 'v-2', version_label: 'v1.2' } }]);
  });
  await t.test('an earlier version comes back, by itself or by its id', async (t) => {
    t.match((await ask('POST', `/agents/${id}/rollback`)).body.data.deployed_version, { id: 'v-1' });
    t.equal(await live(), 'Sell.');
    t.match((await ask('POST', `/agents/${id}/rollback`)).body.data.deployed_version, { id: 'v-2' }, 'and forth again');
    await ask('PATCH', `/agents/${id}`, { instructions: 'Sell nothing.' });
    t.match((await ask('POST', `/agents/${id}/deploy`)).body.data.deployed_version, { id: 'v-3', version_label: 'v3' });
    t.match((await ask('POST', `/agents/${id}/rollback`, { version_id: 'v-1' })).body.data.deployed_version, { id: 'v-1' });
    t.equal((await ask('POST', `/agents/${id}/rollback`, { version_id: 'v-9' })).status, 404);
    const { body } = await ask('GET', `/agents/${id}/versions`);
    t.match(body.data, [
      { id: 'v-3', version_label: 'v3', name: 'Sales Agent', deployed: false },
      { id: 'v-2', version_label: 'v1.2', deployed: false, deployed_at: /Z$/ },
      { id: 'v-1', deployed: true, deployed_at: /Z$/ },
    ]);
    const alone = await make('/agents', AGENT);
    t.match(await ask('POST', `/agents/${alone}/rollback`), { status: 409, body: { error: { code: 'CONFLICT' } } });
    const { id: automatic } = (await api.call('POST', '/agents', { name: 'x', system_prompt: 'one' })).body.data;
    await api.call('PATCH', `/agents/${automatic}`, { system_prompt: 'two' });
    t.match((await ask('POST', `/agents/${automatic}/rollback`)).body.data, {
      deployed_version: { id: 'v-1' },
      instructions: 'two',
    });
  });
  await t.test('they are listed by whether they take calls, and deleted', async (t) => {
    const off = await make('/agents', { ...AGENT, enabled: false });
    t.same(
      (await ask('GET', '/agents?enabled=false')).body.data.map((agent: { id: string }) => agent.id),
      [off],
    );
    t.match(await ask('DELETE', `/agents/${off}`), { status: 200, body: { success: true, data: { id: off, deleted: true } } });
    t.equal((await ask('GET', `/agents/${off}`)).status, 404);
  });
});

void t.test('Calls', async (t) => {
  const { api, ask, make } = await startFlametalk(t);
  const agent = sampleAgent();
  await api.database.agents.insert(agent);
  const done = await seedCall(api, agent.id);

  await t.test('logs', async (t) => {
    const { body } = await ask('GET', `/calls/${done.id}`);
    t.match(body.data, {
      id: done.id,
      agent_id: agent.id,
      direction: 'inbound',
      status: 'completed',
      outcome: 'answered',
      started_at: /Z$/,
      duration_seconds: Number,
      recording_url: `${api.url}/v1/calls/${done.id}/recording`,
    });
    await api.database.calls.insert(sampleCall({ fromUri: 'sip:+15550199@carrier.example', toUri: 'sip:tea@here' }));
    const ids = async (query: string): Promise<string[]> =>
      (await ask('GET', `/calls?${query}`)).body.data.map((call: { id: string }) => call.id);
    t.equal((await ids('')).length, 2);
    for (const query of [`agent_id=${agent.id}`, 'status=completed', 'outcome=answered', 'search=waterfall']) {
      t.same(await ids(query), [done.id], query);
    }
    const [other] = (await ask('GET', '/calls?phone=%2B15550199')).body.data;
    t.match(other, { from: '+15550199', to: 'tea', recording_url: null, outcome: null });
    for (const query of ['status=x', 'started_after=yesterday', 'agent_id=7'])
      t.equal((await ask('GET', `/calls?${query}`)).status, 400);
  });
  await t.test('transcripts', async (t) => {
    const { body } = await ask('GET', `/calls/${done.id}/transcript`);
    t.match(body.data, {
      call_id: done.id,
      source: 'live',
      entries: [{ sequence: 1, role: 'user', text: 'Where is the waterfall?' }],
    });
  });
  await t.test('recordings', async (t) => {
    const authorization = `Bearer ${await api.newKey({ dialect: 'flametalk' })}`;
    const file = await api.raw(`/v1/calls/${done.id}/recording`, { headers: { authorization } });
    t.equal(file.status, 200);
    t.equal(file.headers.get('content-type'), 'audio/wav');
    t.ok(Buffer.from(await file.arrayBuffer()).equals(WAV));
    const part = await api.raw(`/v1/calls/${done.id}/recording`, { headers: { authorization, range: 'bytes=0-3' } });
    t.same([part.status, await part.text()], [206, 'RIFF']);
    const beyond = await ask('GET', `/calls/${done.id}/recording`, undefined, { range: 'bytes=999-' });
    t.match(beyond, { status: 416, body: { success: false, error: { code: 'VALIDATION_ERROR' } } });
  });
  await t.test('reports', async (t) => {
    const { status, body } = await ask('GET', `/calls/${done.id}/report`);
    t.equal(status, 200);
    t.match(body.data, { call_id: done.id, summary: String, outcome: String, key_points: [], extracted_data: {} });
  });
  await t.test('placed, ended and deleted', async (t) => {
    const placed = await ask('POST', '/calls', { agent_id: agent.id, to: '+15550123', variables: { customer_name: 'Ann' } });
    t.match(placed, { status: 201, body: { success: true, data: { agent_id: agent.id, direction: 'outbound' } } });
    t.match(api.outbound.requests, [{ number: '+15550123', contextData: { customer_name: 'Ann' } }]);
    const { id } = placed.body.data;
    t.match(await ask('DELETE', `/calls/${id}`), { status: 409, body: { error: { code: 'CONFLICT' } } });
    t.match(await ask('POST', `/calls/${id}/end`), { status: 200, body: { data: { id, ended_at: /Z$/ } } });
    t.match(await ask('POST', `/calls/${id}/end`), { status: 409, body: { error: { code: 'CALL_ENDED' } } });
    t.equal((await ask('DELETE', `/calls/${id}`)).status, 200);
    const off = await make('/agents', { ...AGENT, enabled: false });
    const tasks = async (): Promise<number> => (await api.call('GET', '/tasks')).body.meta.total;
    const before = await tasks();
    t.equal((await ask('POST', '/calls', { agent_id: off, to: '+15550123' })).status, 409);
    t.equal(await tasks(), before, 'what is refused leaves nothing behind');
  });
});

const WAV = Buffer.concat([Buffer.from('RIFF'), Buffer.alloc(60)]);

async function seedCall(api: HttpHarness, agentId: ReturnType<typeof sampleAgent>['id']) {
  writeFileSync(join(api.dataDir, 'one.wav'), WAV);
  const call = { ...sampleCompletedCall(undefined), agentId, recordingPath: 'one.wav' };
  await api.database.calls.insert(call);
  await api.database.calls.appendTranscript({ ...sampleEntry(call.id, 1), speaker: 'caller', text: 'Where is the waterfall?' });
  return call;
}

void t.test('Contacts', async (t) => {
  const { api, ask, make } = await startFlametalk(t);
  const ann = {
    phone: '+15550123',
    name: 'Ann',
    email: 'ann@example.com',
    tags: ['vip'],
    custom_fields: { city: 'Bern', age: 40 },
  };
  const id = await make('/contacts', ann);
  t.match((await ask('GET', `/contacts/${id}`)).body, { success: true, data: { id, ...ann, do_not_call: false } });
  t.match(await ask('POST', '/contacts', ann), {
    status: 409,
    body: { error: { code: 'CONFLICT', details: { phone: 'is taken' } } },
  });
  t.match((await ask('PATCH', `/contacts/${id}`, { name: 'Anna', do_not_call: true })).body.data, {
    name: 'Anna',
    do_not_call: true,
  });
  t.equal((await api.call('GET', `/do-not-call/${ann.phone}`)).status, 200, 'the flag is the do-not-call list');

  const csv = 'phone,name,city\n+15550124,Bob,Basel\n15550125,Eve,\n';
  const type = { 'content-type': 'text/csv' };
  const refused = await ask('POST', '/contacts/import', csv, type);
  t.match(refused, { status: 400, body: { error: { code: 'VALIDATION_ERROR', details: { 'row 3, column phone': String } } } });
  t.equal((await ask('GET', '/contacts')).body.pagination.total, 1);
  t.match((await ask('POST', '/contacts/import?partial=true', csv, type)).body.data, { created: 1, rejected: 1 });
  const names = async (query: string): Promise<string[]> =>
    (await ask('GET', `/contacts${query}`)).body.data.map((contact: { name: string }) => contact.name);
  t.same(await names(''), ['Bob', 'Anna']);
  t.same(await names('?search=ann'), ['Anna']);
  t.same(await names('?tag=vip'), ['Anna']);
  t.same(await names('?do_not_call=false'), ['Bob']);
  t.match(await ask('DELETE', `/contacts/${id}`), { status: 200, body: { data: { id, deleted: true } } });
  t.same(await names(''), ['Bob']);
});

const campaignOf = async ({ ask, make }: Flametalk) => {
  const agent = await make('/agents', AGENT);
  const contacts = [
    await make('/contacts', { phone: '+15550123', name: 'Ann', custom_fields: { city: 'Bern' }, tags: ['spring'] }),
    await make('/contacts', { phone: '+15550124', do_not_call: true, tags: ['spring'] }),
  ];
  const settings = {
    name: 'Spring',
    agent_id: agent,
    starting_message: 'Hello {{name}}.',
    max_concurrent_calls: 2,
    call_window: { from: '00:00', to: '24:00', timezone: 'Europe/Berlin' },
    retry: { max_attempts: 2, outcomes: { busy: { after_seconds: [60] } } },
  };
  const created = await ask('POST', '/campaigns', { ...settings, contact_filter: { tag: 'spring' } });
  return { created, settings, contacts };
};

void t.test('Campaigns', async (t) => {
  const flametalk = await startFlametalk(t);
  const { api, ask, make } = flametalk;
  const { created, settings, contacts } = await campaignOf(flametalk);
  const { id } = created.body.data;

  await t.test('create from contacts', async (t) => {
    const skipped = [{ contact_id: contacts[1], phone: '+15550124', reason: 'do_not_call' }];
    t.match(created, { status: 201, body: { data: { ...settings, status: 'draft', contacts: { added: 1, skipped } } } });
    const { data } = (await ask('GET', `/campaigns/${id}/contacts`)).body;
    t.match(data, [{ phone: '+15550123', name: 'Ann', custom_fields: { city: 'Bern' }, status: 'pending', call_id: null }]);
    const more = await make('/contacts', { phone: '+15550125' });
    t.match(await ask('POST', `/campaigns/${id}/contacts`, { contact_ids: [more] }), {
      status: 201,
      body: { data: { added: 1 } },
    });
    t.equal((await ask('GET', `/campaigns/${id}/contacts?search=0125`)).body.pagination.total, 1);
    const before = (await ask('GET', '/campaigns')).body.pagination.total;
    const unknown = await ask('POST', '/campaigns', { ...settings, contact_ids: [id] });
    t.match(unknown, { status: 400, body: { error: { details: { 'contact_ids.0': 'is no contact' } } } });
    t.equal((await ask('GET', '/campaigns')).body.pagination.total, before, 'no campaign is half made');
  });
  await t.test('schedule, start, pause, resume, cancel', async (t) => {
    const act = async (action: string, body?: object) => (await ask('POST', `/campaigns/${id}/${action}`, body)).body;
    const at = new Date(api.clock.nowMs() + 3_600_000).toISOString();
    t.match((await act('schedule', { scheduled_at: at })).data, { status: 'scheduled', scheduled_at: at });
    t.match((await act('resume')).error, { code: 'CONFLICT', message: /scheduled/ });
    t.match((await act('start')).data, { status: 'running', started_at: /Z$/ });
    t.match((await ask('PATCH', `/campaigns/${id}`, { priority: 1 })).body.error, { code: 'CONFLICT' });
    t.match((await ask('PATCH', `/campaigns/${id}`, { name: 'Summer' })).body.data, { name: 'Summer' });
    t.match((await act('pause')).data, { status: 'paused' });
    t.match((await act('resume')).data, { status: 'running' });
    t.match((await ask('DELETE', `/campaigns/${id}`)).body.error, { code: 'CONFLICT' });
    t.same(
      (await ask('GET', '/campaigns?status=running')).body.data.map((campaign: { id: string }) => campaign.id),
      [id],
    );
    t.match((await act('cancel')).data, { status: 'cancelled', ended_at: /Z$/ });
  });
  await t.test('statistics', async (t) => {
    const { body } = await ask('GET', `/campaigns/${id}/statistics`);
    t.match(body.data, {
      campaign_id: id,
      contacts: 2,
      by_status: { pending: 0, cancelled: 2 },
      by_outcome: { campaign_cancelled: 2 },
      calls: 0,
      answered_calls: 0,
      average_talk_seconds: null,
    });
    t.match(await ask('DELETE', `/campaigns/${id}`), { status: 200, body: { data: { id, deleted: true } } });
  });
});

void t.test('Channels', async (t) => {
  const { api, ask } = await startFlametalk(t);
  for (const name of ['Berlin', 'Bern', 'Basel']) {
    const inbound = [{ called: '+4930123456', agent: 'tea' }];
    const { status } = await api.call('POST', '/trunks', {
      name,
      kind: 'static',
      host: '192.0.2.10',
      inbound,
      max_concurrent_calls: 4,
    });
    t.equal(status, 201);
  }
  const target = { type: 'agent', agent: 'demo' };
  await api.call('POST', '/routes', { name: 'Bern only', match: { trunks: ['Bern'], called: ['+41311234567'] }, target });
  const { body } = await ask('GET', '/channels');
  t.same(body.pagination, { total: 6, limit: 20, offset: 0, has_more: false });
  const bern = body.data.find(({ name, type }: { name: string; type: string }) => name === 'Bern' && type === 'voice');
  t.match(bern, {
    provider: 'sip',
    host: '192.0.2.10',
    enabled: true,
    status: 'ready',
    last_error: null,
    numbers: [
      { number: '+4930123456', agent: 'tea' },
      { number: '+41311234567', agent: 'demo' },
    ],
    max_concurrent_calls: 4,
  });
  t.same((await ask('GET', `/channels/${bern.id}`)).body.data, bern);
  const messaging = await ask('GET', `/channels/messaging-${bern.id}`);
  t.match(messaging.body.data, { id: `messaging-${bern.id}`, type: 'messaging', name: 'Bern', max_concurrent_calls: null });
  const ids = async (query: string): Promise<string[]> =>
    (await ask('GET', `/channels?${query}`)).body.data.map((channel: { id: string }) => channel.id);
  const all = await ids('');
  t.same((await Promise.all([0, 1, 2, 3, 4, 5].map((offset) => ids(`limit=1&offset=${offset}`)))).flat(), all, 'page by page');
  t.same(await ids('limit=3&offset=1'), all.slice(1, 4));
  t.equal((await ids('type=voice')).length, 3);
  t.match((await ask('GET', '/channels/messaging-x')).body, {
    success: false,
    error: { code: 'NOT_FOUND', message: 'Channel not found' },
  });
  t.equal((await ask('POST', '/channels', {})).status, 404, 'they are to be looked at');
});

void t.test('Webhooks', async (t) => {
  const { api, ask } = await startFlametalk(t);
  const draft = { url: 'https://example.com/hook', events: ['call_completed'], description: 'CRM' };
  const created = await ask('POST', '/webhooks', draft);
  t.match(created, { status: 201, body: { data: { ...draft, enabled: true, secret: /^whsec_/ } } });
  const { id, secret } = created.body.data;
  t.notMatch((await ask('GET', `/webhooks/${id}`)).body.data, { secret: String }, 'it is shown once');
  const rotated = (await ask('POST', `/webhooks/${id}/rotate-secret`)).body.data;
  t.match(rotated, { secret: /^whsec_/, previous_secret_until: /Z$/ });
  t.not(rotated.secret, secret);
  t.match((await ask('POST', `/webhooks/${id}/test`)).body.data, { delivered: true, status_code: 204, error: null });
  t.match((await ask('PATCH', `/webhooks/${id}`, { enabled: false })).body.data, { ...draft, enabled: false });

  await t.test('deliveries', async (t) => {
    const call = sampleCompletedCall(undefined);
    await api.database.calls.insert(call);
    const event = (await api.database.webhooks.undispatched(1000)).find(({ callId }) => callId === call.id);
    if (!event) throw new Error('no event');
    const delivery = { id: event.id, url: draft.url, body: '{"event_type":"call_started"}', subscriptionId: id };
    await api.database.webhooks.dispatch(event, [delivery], 1);
    const path = `/webhooks/${id}/deliveries`;
    t.match((await ask('GET', path)).body.data, [{ webhook_id: id, call_id: call.id, status: 'pending', attempts: 0 }]);
    t.equal((await ask('POST', `${path}/${event.id}/retry`)).status, 409, 'it is under way');
    await api.database.webhooks.record(
      event.id,
      { atMs: 2, durationMs: 5, statusCode: 500, error: 'status 500' },
      { state: 'dead' },
    );
    t.match((await ask('GET', `${path}/${event.id}`)).body.data, {
      status: 'dead',
      payload: { event_type: 'call_started' },
      log: [{ status_code: 500, error: 'status 500', duration_ms: 5 }],
    });
    t.equal((await ask('GET', `${path}?status=delivered`)).body.pagination.total, 0);
    t.match(await ask('POST', `${path}/${event.id}/retry`), { status: 200, body: { data: { status: 'pending', attempts: 0 } } });
    const other = (await ask('POST', '/webhooks', { url: 'https://example.com/other' })).body.data.id as string;
    t.equal((await ask('GET', `/webhooks/${other}/deliveries/${event.id}`)).status, 404, 'of another webhook');
  });
  t.match(await ask('DELETE', `/webhooks/${id}`), { status: 200, body: { data: { id, deleted: true } } });
  t.equal((await ask('GET', `/webhooks/${id}`)).status, 404);
});
