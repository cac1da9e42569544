import t from 'tap';
import { NO_PERMISSION, startCallfluent } from '../../support/callfluent.js';
import { OTHER_TENANT } from '../../support/http-harness.js';

const FIELDS = '[{"value":"dev1","label":"dev1"},{"value":"email","label":"email"}]';
/** The tables of the document; what its examples leave out ("+1XXXXXXXX") is filled in, and no two have the same name. */
const PAYLOADS = {
  'Send Email': {
    actionType: 'sendEmail',
    name: 'Send email action',
    instruction: 'This is a test email',
    content: 'This is test email',
    subject: 'Introduction email',
  },
  'Call Forwarding': {
    actionType: 'callForwarding',
    name: 'Call forwarding action',
    instruction: 'Forward to the phone number',
    forwardNumber: '+12025550123',
  },
  'Send Text Message': {
    actionType: 'sms',
    name: 'Sms action',
    instruction: 'Trigger when user wants sms',
    content: 'It is test sms',
  },
  'Webhook / Zapier': {
    actionType: 'webhook',
    name: 'webhook action',
    webhook_url: 'https://webhook-test/XXX',
    fields: FIELDS,
  },
  'Data Collection': {
    actionType: 'dataCollection',
    name: 'Data collection action',
    instruction: 'Trigger when user shares his name',
    collectField: 'email',
  },
  'Email Data Push': {
    actionType: 'email_push',
    name: 'Email push action',
    target_email: 'jane@example.com',
    subject: 'Call summary',
    fields: FIELDS,
  },
  'GHL Calendar': {
    actionType: 'ghl_calendar',
    name: 'GHL meeting action',
    ghlCalendarId: 'B6blCXXXXX',
    calendarPeriod: '1week',
    instruction: 'Trigger when user want to schedule call',
  },
  'Google Calendar': {
    actionType: 'google_calendar',
    name: 'Google meeting action',
    google_title: 'Introduction meeting',
    google_description: '',
    instruction: 'Trigger when user want to schedule call',
    calendarPeriod: '1week',
    google_duration: '30 mins',
  },
};
/** What they are for everybody else. */
const CONFIGS: Readonly<Record<string, object>> = {
  sendEmail: { type: 'send_email', config: { subject: 'Introduction email', content: 'This is test email' } },
  callForwarding: { type: 'call_forwarding', config: { target: '+12025550123', kind: 'blind' } },
  sms: { type: 'sms', config: { content: 'It is test sms' } },
  webhook: { type: 'webhook', instruction: null, config: { url: 'https://webhook-test/XXX', fields: ['dev1', 'email'] } },
  dataCollection: { type: 'data_collection', config: { fields: [{ name: 'email', type: 'text' }] } },
  ghl_calendar: { type: 'ghl_calendar', config: { ghl_calendar_id: 'B6blCXXXXX', calendar_period: '1week' } },
  google_calendar: {
    type: 'google_calendar',
    config: { google_title: 'Introduction meeting', google_duration: '30 mins', calendar_period: '1week' },
  },
  email_push: { type: 'email_push', instruction: null, config: { target_email: 'jane@example.com', fields: ['dev1', 'email'] } },
};

void t.test('Agent Endpoints', async (t) => {
  const { api, call, agent } = await startCallfluent(t, { otherTenant: OTHER_TENANT });
  const agentId = await agent();
  const { uuid } = (await call('GET', `/get-one/${agentId}`)).body.data.agent;
  const made: Record<string, { id: number; uuid: string }> = {};

  for (const [heading, payload] of Object.entries(PAYLOADS)) {
    await t.test(`14. Create a New Agent Action: ${heading}`, async (t) => {
      const { status, body } = await call('POST', '/create-action', { payload: { agentId, ...payload } });
      t.equal(status, 200);
      t.match(body, { status: true, data: { ...payload, agentId } });
      made[heading] = body.data;
      const stored = await api.call('GET', `/agents/${uuid}/actions/${body.data.uuid}`);
      t.match(stored.body.data, CONFIGS[payload.actionType] ?? {});
    });
    await t.test(`15. Update an Agent Action: ${heading}`, async (t) => {
      const changed = { ...payload, name: `${payload.name} 2` };
      const { status, body } = await call('POST', `/update-action/${made[heading]?.id}`, changed);
      t.equal(status, 200);
      t.match(body, { status: true, data: { ...changed, id: made[heading]?.id, agentId } });
      const wrapped = await call('POST', `/update-action/${made[heading]?.id}`, { actionPayload: payload });
      t.equal(wrapped.body.data.name, payload.name);
    });
  }

  await t.test('15. Update an Agent Action: the type stays', async (t) => {
    const { status, body } = await call('POST', `/update-action/${made['Call Forwarding']?.id}`, PAYLOADS['Send Email']);
    t.equal(status, 400);
    t.match(body, { status: false, msg: /actionType: cannot be changed/ });
  });

  await t.test('15. Update an Agent Action: what the payload has no words for stays', async (t) => {
    const { id, uuid: action } = made['Send Text Message'] ?? { id: 0, uuid: '' };
    const path = `/agents/${uuid}/actions/${action}`;
    await api.call('PATCH', path, { config: { to: '+442079460018', content: 'x' }, secrets: { key: 'hush' } });
    await call('POST', `/update-action/${id}`, { ...PAYLOADS['Send Text Message'], content: 'Other words' });
    t.match((await api.call('GET', path)).body.data, {
      config: { to: '+442079460018', content: 'Other words' },
      secret_names: ['key'],
    });
  });

  await t.test('16. Delete an Agent Action', async (t) => {
    const { actions } = (await call('GET', `/get-one/${agentId}`)).body.data.agent;
    t.equal(actions.length, Object.keys(PAYLOADS).length);
    for (const { id, actionType } of actions) {
      const { status, body } = await call('DELETE', `/delete-action/${id}`);
      t.equal(status, 200);
      t.match(body, { status: true, data: { id, actionType } });
      t.same((await call('DELETE', `/delete-action/${id}`)).body, NO_PERMISSION);
    }
    t.same((await call('GET', `/get-one/${agentId}`)).body.data.agent.actions, []);
  });

  await t.test("12. Create an Agent's Custom Fields", async (t) => {
    const data = { name: 'name', label: "Call's name" };
    const first = await call('PUT', `/custom-field/${agentId}`, { data });
    t.equal(first.status, 200);
    t.match(first.body, { status: true, data: [data] });
    const [{ id }] = first.body.data;
    await call('PUT', `/custom-field/${agentId}`, { data: { name: 'email', label: 'Address' } });
    const changed = await call('PUT', `/custom-field/${agentId}`, { data: { id, name: 'caller', label: 'Who calls' } });
    t.match(changed.body.data, [
      { id, name: 'caller', label: 'Who calls' },
      { name: 'email', label: 'Address' },
    ]);
    const taken = await call('PUT', `/custom-field/${agentId}`, { data: { id, name: 'email', label: 'x' } });
    t.match(taken.body, { status: false, msg: /data\.name: is taken/ });
    const foreign = { id: 'd7d6946a-d90a-438e-954f-08cb5950d680', name: 'more', label: 'x' };
    t.same((await call('PUT', `/custom-field/${agentId}`, { data: foreign })).body, NO_PERMISSION);
    const stored = (await api.call('GET', `/agents/${uuid}`)).body.data.custom_fields;
    t.match(stored, [{ id, name: 'caller', label: 'Who calls', type: 'text' }, { name: 'email' }]);
  });

  await t.test("12. Create an Agent's Custom Fields: many at once are all kept", async (t) => {
    const names = Array.from({ length: 5 }, (_, index) => `at_once_${index}`);
    const answers = await Promise.all(
      names.map((name) => call('PUT', `/custom-field/${agentId}`, { data: { name, label: name } })),
    );
    const kept = answers.filter(({ status }) => status === 200).length;
    const { custom_fields: fields } = (await call('GET', `/get-one/${agentId}`)).body.data.agent;
    t.equal(fields.filter(({ name }: { name: string }) => name.startsWith('at_once')).length, kept);
  });

  await t.test("13. Delete an Agent's Custom Fields", async (t) => {
    const { custom_fields: fields } = (await call('GET', `/get-one/${agentId}`)).body.data.agent;
    const [{ id }, ...rest] = fields;
    const { status, body } = await call('DELETE', `/remove-custom-fields/${agentId}/${id}`);
    t.equal(status, 200);
    t.same(body, { status: true, data: rest });
    t.same((await call('DELETE', `/remove-custom-fields/${agentId}/${id}`)).body, NO_PERMISSION);
  });
});
