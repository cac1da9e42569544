import t from 'tap';
import { newAgentId } from '../../../src/core/ids.js';
import { NO_PERMISSION, PAYLOAD, runCurl, startCallfluent } from '../../support/callfluent.js';
import { OTHER_TENANT } from '../../support/http-harness.js';
import { sampleCompletedCall } from '../../support/sample-records.js';

const CURL_NUMBERS = `curl -X GET https://api.callfluent.ai/api/agent/number-list/1/outbound \\
-H "Authorization: Bearer {api_key}"`;
const CURL_CREATE = `curl -X POST https://api.callfluent.ai/api/agent/create \\
-H "Authorization: Bearer {api_key}" \\
-H "Content-Type: application/json" \\
-d '{
"workspaceId": 1,
"format": "outbound",
"name": "Sales Bot",
"voice": "alloy",
"phone_number": "+123456789",
"agent_type": "sales",
"background": "You are a sales agent.",
"goal": "Close deals."
}'`;
/** Every field of the table, each with its example, but for those that must differ from it to be told apart from what is usual. */
const FULL = {
  ...PAYLOAD,
  timezone: 'UTC-03:30',
  avatar: 'https://your-app.example/face.png',
  lang: 'de',
  welcome_msg_flag: false,
  welcome_msg: 'How are you today?',
  welcome_msg_delay: 3,
  call_recording: false,
  blocked_phone_types: '1,2,3',
  enable_voice_mail: true,
  voice_mail_mode: 1,
  voice_mail_text: 'Please try again.',
  machine_detection_timeout: 10,
  openai_model: 'gpt-4o',
  answer_creativity: 3,
  context_max_tokens: 350,
  speech_stop_sensitivity: 5,
  answer_length: 25,
  silence_message_delay: 10,
  silence_end_call: 20,
  utterance_detection: 1000,
  transcribe_filler_words: true,
  tone: 'Professional',
  instructions: 'Be brief.',
  script_option: true,
  script: 'Say who you are.',
  background_sound: 'office-ambience.wav',
};

void t.test('Agent Endpoints', async (t) => {
  const { api, key, call, agent } = await startCallfluent(t, { otherTenant: OTHER_TENANT });
  const { workspaceId: _, ...fields } = FULL;

  await t.test('1. Get Twilio Number List', async (t) => {
    const before = await runCurl(CURL_NUMBERS, api.url, key);
    t.same(before, { status: true, data: [], agentNumMap: {} }, 'the example, on a server without trunks');
    const trunk = {
      name: 'provider',
      kind: 'static',
      host: 'sip.provider.example',
      identity: { from_user: '+442079460099' },
      inbound: [
        { called: '+442079460018', agent: 'x' },
        { called: '+4420*', agent: 'x' },
      ],
    };
    t.equal((await api.call('POST', '/trunks', trunk)).status, 201);
    const avatar = 'https://your-app.example/face.png';
    const id = await agent({ format: 'inbound', phone_number: '+442079460018', avatar });
    const { status, body } = await call('GET', '/number-list/1/inbound');
    t.equal(status, 200);
    t.match(body, { status: true, data: [{ number: '+442079460018', sid: /^PN[0-9a-f]{32}$/, type: 'twilio' }] });
    t.same(body.agentNumMap, { '+442079460018': avatar });
    const outbound = await call('GET', '/number-list/1/outbound');
    t.same(
      outbound.body.data.map(({ number, type }: { number: string; type: string }) => `${type} ${number}`),
      ['twilio +442079460018', 'verified +442079460099'],
      'a number that is only shown takes no calls',
    );
    t.equal(outbound.body.data[0].sid, body.data[0].sid, 'it is the same each time');
    t.same(outbound.body.agentNumMap, {});
    await call('DELETE', `/delete/${id}`);
  });

  await t.test('2. Create a New Agent', async (t) => {
    const created = (await runCurl(CURL_CREATE, api.url, key)) as { status: true; data: { id: number; uuid: string } };
    t.match(created, { status: true, data: { ...PAYLOAD, timezone: 'UTC+00:00', lang: 'en' } }, 'the example');
    t.match((await api.call('GET', `/agents/${created.data.uuid}`)).body.data, {
      name: 'Sales Bot',
      voice_settings: { voice: 'alloy' },
      persona: { type: 'sales', background: 'You are a sales agent.', goal: 'Close deals.' },
    });
    await call('DELETE', `/delete/${created.data.id}`);

    const full = await call('POST', '/create', FULL);
    t.equal(full.status, 200);
    t.match(full.body.data, FULL, 'every field is returned as it was sent');
    t.match((await api.call('GET', `/agents/${full.body.data.uuid}`)).body.data, {
      language: 'de',
      timezone: 'UTC-03:30',
      starting_message: 'How are you today?',
      welcome: { enabled: false, delay_ms: 3000 },
      call_recording: false,
      blocked_phone_types: ['mobile', 'fixed_line_or_mobile', 'toll_free'],
      voicemail: { enabled: true, mode: 'message', text: 'Please try again.', detection_timeout_ms: 10_000 },
      answer: { model: 'gpt-4o', creativity: 3, context_max_tokens: 350, max_words: 25 },
      turn_taking: {
        interrupt_after_words: 5,
        idle_message_after_ms: 10_000,
        idle_end_after_ms: 20_000,
        end_of_utterance_ms: 1000,
        transcribe_fillers: true,
      },
      persona: { tone: 'Professional', instructions: 'Be brief.', script_enabled: true, script: 'Say who you are.' },
      background_sound: 'office-ambience',
    });
    await call('DELETE', `/delete/${full.body.data.id}`);

    const image = `data:image/png;base64,${Buffer.alloc(3000, 7).toString('base64')}`;
    const pictured = await call('POST', '/create', { payload: { ...PAYLOAD, avatar: image } });
    t.equal(pictured.body.data.avatar, image);
    await call('DELETE', `/delete/${pictured.body.data.id}`);
  });

  await t.test('2. Create a New Agent: one that calls reach has its number alone', async (t) => {
    const inbound = { format: 'inbound', phone_number: '+44 20 7946 0018' };
    const id = await agent(inbound);
    const taken = await call('POST', '/create', { ...PAYLOAD, ...inbound, name: 'Another' });
    t.equal(taken.status, 400);
    t.match(taken.body, { status: false, msg: /Calls to this number reach another agent/ });
    await call('DELETE', `/delete/${id}`);
    t.equal((await call('POST', '/create', { ...PAYLOAD, ...inbound, name: 'Another' })).status, 200, 'it is free again');
    const unnumbered = await call('POST', '/create', { ...PAYLOAD, format: 'inbound', phone_number: undefined });
    t.match(unnumbered.body.data, { format: 'inbound', phone_number: null });
    for (const made of (await call('GET', '/get-all/1')).body.data) await call('DELETE', `/delete/${made.id}`);
  });

  await t.test('3. Get All Agents in Workspace', async (t) => {
    const ids = [await agent(), await agent()];
    const elsewhere = await api.call('POST', '/agents', { name: 'Made elsewhere', system_prompt: 'x' });
    const { status, body } = await call('GET', '/get-all/1');
    t.equal(status, 200);
    t.match(body, { status: true, data: [{ id: ids[0] }, { id: ids[1] }, { uuid: elsewhere.body.data.id, workspaceId: 1 }] });
    for (const made of body.data) await call('DELETE', `/delete/${made.id}`);
  });

  await t.test('4. Get Agent Details', async (t) => {
    const { id, uuid } = (await call('POST', '/create', FULL)).body.data;
    t.same((await call('GET', `/get-one/${id}`)).body.data.totalCalls, 0);
    for (const seconds of [10, 20, 33]) {
      const times = { answeredAtMs: 1_700_000_005_000, endedAtMs: 1_700_000_005_000 + seconds * 1000 };
      await api.database.calls.insert(sampleCompletedCall(uuid, times));
    }
    await api.database.calls.insert(sampleCompletedCall(newAgentId()));
    const { status, body } = await call('GET', `/get-one/${id}`);
    t.equal(status, 200);
    t.match(body, { status: true, data: { agent: { id, ...fields }, files: [], totalCalls: 3, averageDuration: 21 } });
    await call('DELETE', `/delete/${id}`);
  });

  await t.test('5. Delete an Agent', async (t) => {
    const [gone, left] = [await agent(), await agent()];
    const { status, body } = await call('DELETE', `/delete/${gone}`);
    t.equal(status, 200);
    t.match(body, { status: true, data: [{ id: left }] });
    t.equal(body.data.length, 1);
    t.same((await call('GET', `/get-one/${gone}`)).body, NO_PERMISSION);
    t.ok((await agent()) > left, 'its number is nobody else’s');
  });

  await t.test('7. Update an Agent', async (t) => {
    const { id, uuid } = (await call('POST', '/create', FULL)).body.data;
    const changed = { ...PAYLOAD, name: 'Desk', voice_mail_mode: 2, silence_end_call: 60, welcome_msg: null };
    const { status, body } = await call('PUT', `/update/${id}`, { Payload: changed });
    t.equal(status, 200);
    t.match(body.data, { ...FULL, ...changed, welcome_msg: '', id, uuid }, 'what is left out stays');
    t.match((await call('PUT', `/update/${id}`, { payload: { ...PAYLOAD, format: 'inbound' } })).body.data, {
      format: 'inbound',
      phone_number: PAYLOAD.phone_number,
      name: 'Sales Bot',
    });
    const late = await call('PUT', `/update/${id}`, { Payload: { ...PAYLOAD, silence_message_delay: 90 } });
    t.match(late.body, { status: false, msg: /silence_end_call: must be longer/ }, 'rules hold with what is there');
  });
});

void t.test('2. Create a New Agent: 400 (Bad Request) – Agent limit reached.', async (t) => {
  const { call, agent } = await startCallfluent(t, { otherTenant: OTHER_TENANT, maxAgents: 2 });
  await agent();
  const second = await agent();
  const { status, body } = await call('POST', '/create', PAYLOAD);
  t.equal(status, 400);
  t.same(body, { status: false, msg: 'You have reached limit.' });
  await call('DELETE', `/delete/${second}`);
  t.equal((await call('POST', '/create', PAYLOAD)).status, 200);
});

void t.test("17. Set Agent's CORS Origin", async (t) => {
  const { call, agent } = await startCallfluent(t, { otherTenant: OTHER_TENANT });
  const id = await agent();
  const other = await agent();
  const data = { has_webhook_cors_origin: true, webhook_cors_origin: ['https://google.com', 'https://yahoo.com'] };
  const set = await call('PUT', `/webhook-cors-origin/${id}`, { data });
  t.equal(set.status, 200);
  t.same(set.body, { status: true, data });
  t.match((await call('GET', `/get-one/${id}`)).body.data.agent, data);

  const page = (origin: string) => ({ origin });
  const welcome = await call('GET', `/get-one/${id}`, undefined, page('https://yahoo.com'));
  t.equal(welcome.status, 200);
  t.equal(welcome.headers.get('access-control-allow-origin'), 'https://yahoo.com');
  const stranger = await call('GET', `/get-one/${id}`, undefined, page('https://elsewhere.example'));
  t.equal(stranger.status, 403);
  t.same(stranger.body, NO_PERMISSION);
  t.equal(stranger.headers.get('access-control-allow-origin'), null);
  t.equal((await call('GET', `/get-one/${other}`, undefined, page('https://yahoo.com'))).status, 403, 'of this agent alone');

  await call('PUT', `/webhook-cors-origin/${id}`, { data: { ...data, has_webhook_cors_origin: false } });
  const off = await call('GET', `/get-one/${id}`, undefined, page('https://yahoo.com'));
  t.equal(off.status, 403, "turned off, the organisation's list is what counts");
  t.same((await call('GET', `/get-one/${id}`)).body.data.agent.webhook_cors_origin, data.webhook_cors_origin);
  const wrong = { data: { ...data, webhook_cors_origin: ['google.com'] } };
  t.equal((await call('PUT', `/webhook-cors-origin/${id}`, wrong)).status, 400);
});
