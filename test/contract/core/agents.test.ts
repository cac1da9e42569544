import t from 'tap';
import { startHarness } from '../../support/http-harness.js';

/** The example of the API document. */
const EXAMPLE = {
  name: 'Customer Service Agent',
  system_prompt: 'You are a helpful customer service agent...',
  description: 'Handles customer inquiries',
  starting_message: 'Hello! How can I help you today?',
  enabled: true,
  voice_settings: { stability: 0.5, similarity_boost: 0.75 },
};
const SCRIPT = {
  intents: [
    { name: 'hours', phrases: ['when are you open'], reply: 'From nine to five.', end_call: false },
    {
      name: 'order',
      phrases: ['where is my order'],
      reply: 'Which number has it?',
      end_call: false,
      expect: { kind: 'digits', count: 6 },
    },
    {
      name: 'size',
      phrases: ['i want a pizza'],
      reply: 'Small or large?',
      end_call: false,
      expect: { kind: 'choice', choices: ['small', 'large'] },
    },
  ],
  fallback: 'I did not get that.',
};
/** Every group of settings, every field of it. */
const BEHAVIOUR = {
  welcome: { enabled: false, delay_ms: 1500 },
  turn_taking: {
    interrupt_after_words: 0,
    end_of_utterance_ms: 500,
    idle_message: 'Are you there?',
    idle_message_after_ms: 10_000,
    idle_end_after_ms: 20_000,
    transcribe_fillers: false,
    uninterruptible_welcome: true,
  },
  answer: { max_words: 25, creativity: 3, context_max_tokens: 350, model: 'gpt-4o' },
  persona: {
    type: 'sales',
    background: 'You are a sales agent.',
    goal: 'Close deals.',
    tone: 'Professional',
    instructions: 'Never argue.',
    script_enabled: false,
    script: 'Say who you are. Ask for the order number.',
  },
  voicemail: { enabled: true, mode: 'message', text: 'Please call back.', detection_timeout_ms: 10_000 },
  sessions: { timeout_ms: 86_400_000, idle_timeout_ms: 600_000, daily_limit: 100, answer_texts: false },
  limits: { max_cost: 0.5 },
  memory: { enabled: true, max_facts: 5 },
  background_sound: 'office-ambience',
  noise_suppression: 'on',
  call_recording: false,
  blocked_phone_types: ['premium_rate', 'mobile'],
  timezone: 'UTC-03:30',
  extraction_schema: { type: 'object', properties: { email: { type: 'string', format: 'email' } } },
  custom_fields: [{ id: 'd7d6946a-d90a-438e-954f-08cb5950d680', name: 'order', label: 'Order number', type: 'number' }],
  context_data: { company: 'Riverside', 'order.kind': '' },
  line: { direction: 'inbound', number: '+442079460018' },
  avatar: 'https://your-app.example/face.png',
  web_origins: { enforced: true, origins: ['https://app.example.com'] },
};
const NO_BEHAVIOUR = Object.fromEntries(Object.keys(BEHAVIOUR).map((name) => [name, null]));
const MENU = {
  name: 'main',
  prompt: 'One for hours, two for more.',
  timeout_ms: 5_000,
  retries: 1,
  invalid_say: 'No such choice.',
  options: {
    '1': { intent: 'hours' },
    '2': { menu: { prompt: 'Nine to go back.', options: { '9': { say: 'Back.', goto: 'main' } } } },
  },
};
const TOOL_INTENT = {
  name: 'track',
  phrases: ['where is my order {number}'],
  reply: 'It is {{result.state}}.',
  end_call: false,
  tool: 'look_up_order',
  arguments: { order: '{{number}}', tags: ['phone'] },
  failure_reply: 'I cannot see that now.',
};
const NO_AGENT = '/agents/0197e3b0-0000-7000-8000-000000000000';

void t.test('POST /agents 201: the documented example, with defaults for what it leaves out', async (t) => {
  const api = await startHarness(t);
  const { status, body } = await api.call('POST', '/agents', EXAMPLE);
  t.equal(status, 201);
  t.equal(body.success, true);
  t.match(body.meta, { timestamp: /^\d{4}-\d\d-\d\dT.*Z$/, request_id: /^[0-9a-f-]{36}$/ });
  t.match(body.data, {
    ...EXAMPLE,
    id: /^[0-9a-f-]{36}$/,
    dtmf_rules: {},
    language: 'en-US',
    script: null,
    knowledge: null,
    sip_user: 'customer-service-agent',
    providers: {},
    ...NO_BEHAVIOUR,
    deployment: 'automatic',
    version: 1,
    deployed_version: 1,
    created_at: /Z$/,
  });
  t.same((await api.call('GET', `/agents/${body.data.id}`)).body.data, body.data, 'GET says the same');
});

void t.test('POST /agents 201: everything we add to the document comes back as it was sent', async (t) => {
  const api = await startHarness(t);
  const extended = {
    ...EXAMPLE,
    language: 'de-DE',
    voice_settings: { voice: 'awb', speed: 1.2, future_setting: { kept: [1, 2] } },
    dtmf_rules: {
      '1': { say: 'One.' },
      '2': { intent: 'hours' },
      '9': { action: 'do_not_call' },
      '#': { say: 'Bye.', end_call: true },
      '*': { tool: 'take_the_card', say: 'One moment.' },
      '0': { menu: MENU },
    },
    script: { ...SCRIPT, intents: [...SCRIPT.intents, TOOL_INTENT] },
    knowledge: 'We are in the harbour.',
    sip_user: 'service',
    providers: { llm: 'openai' },
    do_not_call: { phrases: ['lass das'], say: 'Gut.', end_call: false },
    ...BEHAVIOUR,
    deployment: 'manual',
  };
  const { status, body } = await api.call('POST', '/agents', extended);
  t.equal(status, 201);
  const { id, version, deployed_version, created_at, updated_at, ...sent } = body.data;
  t.same(sent, extended);
  t.equal(deployed_version, 1);
  t.ok(id && version && created_at && updated_at);
});

void t.test('PATCH /agents/:id 200: a group is replaced as a whole, null clears it, the others stay', async (t) => {
  const api = await startHarness(t);
  const { data: agent } = (await api.call('POST', '/agents', { ...EXAMPLE, ...BEHAVIOUR })).body;
  const changed = await api.call('PATCH', `/agents/${agent.id}`, {
    welcome: { delay_ms: 0 },
    persona: null,
    custom_fields: [...BEHAVIOUR.custom_fields, { name: 'size', label: 'Shoe size' }],
  });
  t.equal(changed.status, 200);
  const [kept, made] = changed.body.data.custom_fields;
  t.same(kept, BEHAVIOUR.custom_fields[0]);
  t.match(made, { id: /^[0-9a-f-]{36}$/, name: 'size', label: 'Shoe size', type: 'text' }, 'an id of our own, and plain text');
  t.match(changed.body.data, { ...BEHAVIOUR, welcome: { delay_ms: 0 }, persona: null, custom_fields: [kept, made] });
  t.same(Object.keys(changed.body.data.welcome), ['delay_ms'], 'what the new group does not say is as every agent does it');
  const cleared = await api.call('PATCH', `/agents/${agent.id}`, NO_BEHAVIOUR);
  t.match(cleared.body.data, NO_BEHAVIOUR);
});

void t.test('POST /agents 400: settings out of bounds, and those that contradict each other', async (t) => {
  const api = await startHarness(t);
  const { body } = await api.call('POST', '/agents', {
    ...EXAMPLE,
    welcome: { delay_ms: 30_001 },
    turn_taking: { interrupt_after_words: 11, end_of_utterance_ms: 499 },
    answer: { creativity: 10.5, max_words: 0 },
    persona: { mood: 'good' },
    voicemail: { mode: 'fax' },
    background_sound: '../etc/passwd',
    blocked_phone_types: ['landline'],
    timezone: 'Mars/Olympus',
    custom_fields: [{ name: 'two words', label: 'x' }],
    context_data: { '{{x}}': 'y' },
  });
  const faults = body.details.fields.map((fault: { field: string }) => fault.field);
  for (const field of [
    'welcome.delay_ms',
    'turn_taking.interrupt_after_words',
    'turn_taking.end_of_utterance_ms',
    'answer.creativity',
    'answer.max_words',
    'persona.mood',
    'voicemail.mode',
    'background_sound',
    'blocked_phone_types.0',
    'timezone',
    'custom_fields.0.name',
    'context_data.{{x}}',
  ]) {
    t.ok(faults.includes(field), field);
  }
  for (const [change, field] of [
    [{ turn_taking: { idle_message_after_ms: 5000, idle_end_after_ms: 5000 } }, 'turn_taking.idle_end_after_ms'],
    [{ voicemail: { mode: 'message' } }, 'voicemail.text'],
    [{ custom_fields: ['A', 'B'].map((label) => ({ name: 'a', label })) }, 'custom_fields'],
    [{ timezone: 'UTC+15:00' }, 'timezone'],
  ] as const) {
    const refused = await api.call('POST', '/agents', { ...EXAMPLE, ...change });
    t.match(refused, { status: 400, body: { details: { fields: [{ field }] } } });
  }
});

void t.test('POST /agents 201: agents of one name get addresses of their own, never a built-in one', async (t) => {
  const api = await startHarness(t);
  const users: string[] = [];
  for (const name of ['Front Desk', 'Front Desk', 'Zoë & Söhne', 'demo', '日本']) {
    users.push((await api.call('POST', '/agents', { name, system_prompt: 'x' })).body.data.sip_user);
  }
  t.same(users, ['front-desk', 'front-desk-2', 'zoe-sohne', 'demo-2', 'agent-2']);
});

void t.test('POST /agents 409: an address that is taken', async (t) => {
  const api = await startHarness(t);
  await api.call('POST', '/agents', { ...EXAMPLE, sip_user: 'desk' });
  const { status, body } = await api.call('POST', '/agents', { ...EXAMPLE, sip_user: 'desk' });
  t.equal(status, 409);
  t.match(body, { success: false, error: /SIP user/, details: { fields: [{ field: 'sip_user' }] } });
  t.equal((await api.call('GET', '/agents')).body.meta.total, 1);
});

void t.test('POST /agents 400: every fault of a body is named at once', async (t) => {
  const api = await startHarness(t);
  const { status, body } = await api.call('POST', '/agents', {
    system_prompt: 7,
    enabled: 'yes',
    voice_settings: { stability: 2 },
    dtmf_rules: {
      '12': { say: 'x' },
      '3': {},
      '4': { tool: 'a', goto: 'b' },
      '5': { menu: { prompt: 'p', options: {} } },
      '6': { menu: { prompt: 'p', options: { '1': { menu: { options: {} } } } } },
    },
    language: 'klingonese!',
    script: { intents: [{ name: 'a' }] },
    prompt: 'the wrong name of system_prompt',
  });
  t.equal(status, 400);
  t.equal(body.success, false);
  t.equal(typeof body.error, 'string');
  const fields = body.details.fields.map((fault: { field: string }) => fault.field);
  for (const field of [
    'name',
    'system_prompt',
    'enabled',
    'voice_settings.stability',
    'dtmf_rules.12',
    'dtmf_rules.3',
    'dtmf_rules.4',
    'dtmf_rules.5.menu.options',
    'dtmf_rules.6.menu.options.1.menu.prompt',
    'language',
    'prompt',
  ]) {
    t.ok(fields.includes(field), field);
  }
});

void t.test('POST /agents 400: rules that span fields', async (t) => {
  const api = await startHarness(t);
  for (const [change, field] of [
    [{ sip_user: 'echo' }, 'sip_user'],
    [{ sip_user: 'Not Allowed' }, 'sip_user'],
    [{ script: SCRIPT, dtmf_rules: { '1': { intent: 'parking' } } }, 'dtmf_rules.1.intent'],
    [
      { script: SCRIPT, dtmf_rules: { '0': { menu: { prompt: 'p', options: { '1': { intent: 'parking' } } } } } },
      'dtmf_rules.0.menu.options.1.intent',
    ],
    [{ dtmf_rules: { '0': { goto: 'nowhere' } } }, 'dtmf_rules.0.goto'],
    [{ script: { ...SCRIPT, intents: [...SCRIPT.intents, ...SCRIPT.intents] } }, 'script.intents'],
  ] as const) {
    const { status, body } = await api.call('POST', '/agents', { ...EXAMPLE, ...change });
    t.equal(status, 400);
    t.match(body.details.fields, [{ field }]);
  }
});

void t.test('GET /agents 200: newest first, filtered by enabled, in pages', async (t) => {
  const api = await startHarness(t);
  for (let i = 0; i < 5; i += 1) await api.call('POST', '/agents', { ...EXAMPLE, name: `a${i}`, enabled: i % 2 === 0 });
  const all = await api.call('GET', '/agents');
  t.equal(all.status, 200);
  t.match(all.body.meta, { total: 5, limit: 50, offset: 0 });
  const enabled = await api.call('GET', '/agents?enabled=true&limit=2&offset=1');
  t.same(
    enabled.body.data.map((agent: { name: string }) => agent.name),
    ['a2', 'a0'],
  );
  t.match(enabled.body.meta, { total: 3, limit: 2, offset: 1 });
  t.equal((await api.call('GET', '/agents?enabled=false')).body.meta.total, 2);
  t.same((await api.call('GET', '/agents?offset=99999999999')).body.data, []);
});

void t.test('GET /agents 400: pages and filters that make no sense', async (t) => {
  const api = await startHarness(t);
  for (const query of [
    'limit=0',
    'limit=101',
    'limit=-1',
    'limit=1.5',
    'limit=ten',
    'limit=',
    'limit=1&limit=2',
    'limit[]=1',
    'offset=-1',
    'offset=1e9',
    'offset=99999999999999999999',
    'enabled=yes',
    'enabled=1',
  ]) {
    const { status, body } = await api.call('GET', `/agents?${query}`);
    // `limit[]` is no parameter of ours, and others may have theirs.
    t.equal(status, query.includes('[') ? 200 : 400, query);
    if (status === 400) t.match(body.details.fields, [{ field: query.split('=')[0] }]);
  }
});

void t.test('PATCH /agents/:id 200: only what is sent changes, and the version grows', async (t) => {
  const api = await startHarness(t);
  const { data: agent } = (await api.call('POST', '/agents', EXAMPLE)).body;
  const { status, body } = await api.call('PATCH', `/agents/${agent.id}`, {
    name: 'Renamed',
    starting_message: null,
    enabled: false,
  });
  t.equal(status, 200);
  t.match(body.data, {
    ...agent,
    name: 'Renamed',
    starting_message: null,
    enabled: false,
    version: 2,
    deployed_version: 2,
    updated_at: String,
    sip_user: agent.sip_user,
  });
  t.same((await api.call('GET', `/agents/${agent.id}`)).body.data, body.data);
});

void t.test('PATCH /agents/:id: five at once all take effect', async (t) => {
  const api = await startHarness(t);
  const { data: agent } = (await api.call('POST', '/agents', EXAMPLE)).body;
  const statuses = await Promise.all(
    Array.from({ length: 5 }, (_, i) =>
      api.call('PATCH', `/agents/${agent.id}`, { description: `d${i}` }).then((answer) => answer.status),
    ),
  );
  t.same(statuses, [200, 200, 200, 200, 200]);
  t.equal((await api.call('GET', `/agents/${agent.id}`)).body.data.version, 6);
});

void t.test('PATCH /agents/:id 400 leaves the agent as it was; 404 for none', async (t) => {
  const api = await startHarness(t);
  const { data: agent } = (await api.call('POST', '/agents', EXAMPLE)).body;
  for (const bad of [
    { name: '' },
    { name: null },
    { id: 'x' },
    { enabled: null },
    { voice_settings: [] },
    { dtmf_rules: { x: {} } },
    [],
    'null',
    '7',
  ]) {
    t.equal((await api.call('PATCH', `/agents/${agent.id}`, bad)).status, 400, JSON.stringify(bad));
  }
  t.same((await api.call('GET', `/agents/${agent.id}`)).body.data, agent);
  t.equal((await api.call('PATCH', NO_AGENT, { name: 'x' })).status, 404);
});

void t.test('DELETE /agents/:id 200 once, then 404; its address is free again', async (t) => {
  const api = await startHarness(t);
  const { data: agent } = (await api.call('POST', '/agents', EXAMPLE)).body;
  const { status, body } = await api.call('DELETE', `/agents/${agent.id}`);
  t.equal(status, 200);
  t.same(body.data, { id: agent.id, deleted: true });
  for (const method of ['DELETE', 'GET']) t.equal((await api.call(method, `/agents/${agent.id}`)).status, 404, method);
  t.equal((await api.call('GET', '/agents')).body.meta.total, 0);
  t.equal((await api.call('POST', '/agents', EXAMPLE)).body.data.sip_user, agent.sip_user);
});

void t.test("404 for another tenant's agent, whatever is tried, and it stays as it was", async (t) => {
  const api = await startHarness(t);
  const { data: agent } = (await api.call('POST', '/agents', EXAMPLE)).body;
  const other = { authorization: `Bearer ${api.otherKey}` };
  t.equal((await api.call('GET', `/agents/${agent.id}`, undefined, other)).status, 404);
  t.equal((await api.call('PATCH', `/agents/${agent.id}`, { name: 'Stolen' }, other)).status, 404);
  t.equal((await api.call('DELETE', `/agents/${agent.id}`, undefined, other)).status, 404);
  t.equal((await api.call('GET', '/agents', undefined, other)).body.meta.total, 0);
  t.same((await api.call('GET', `/agents/${agent.id}`)).body.data, agent);
});
