import t from 'tap';
import { AppError } from '../../../src/core/errors.js';
import { DEFAULT_TENANT, newAgentId, newApiKeyId, newCallId, type TenantId } from '../../../src/core/ids.js';
import { directionQuality } from '../../../src/domain/call-quality.js';
import { openDatabase } from '../../../src/storage/database.js';
import { sampleAgent, sampleCall, sampleCompletedCall, sampleEntry, sampleTurn } from '../../support/sample-records.js';

const OTHER = 'other-tenant' as TenantId;
const PAGE = { limit: 50, offset: 0 };

async function open(t: { teardown(handler: () => Promise<void>): void }) {
  const database = await openDatabase(':memory:');
  t.teardown(() => database.close());
  return database;
}

void t.test('an agent comes back as it was put in, every field', async (t) => {
  const { agents } = await open(t);
  const full = sampleAgent({
    sipUser: 'front-desk',
    description: 'Answers.',
    doNotCall: { phrases: ['stop it'], say: 'Done.', endCall: false },
    welcome: { enabled: false, delayMs: 100 },
    turnTaking: {
      interruptAfterWords: 3,
      endOfUtteranceMs: 900,
      idleMessage: 'Hello?',
      idleMessageAfterMs: 5000,
      idleEndAfterMs: 9000,
      transcribeFillers: false,
      uninterruptibleWelcome: true,
    },
    answer: { maxWords: 20, creativity: 2.5, contextMaxTokens: 4000, model: 'small' },
    persona: { type: 'a', background: 'b', goal: 'c', tone: 'd', instructions: 'e', scriptEnabled: true, script: 'f' },
    voicemail: { enabled: true, mode: 'message', text: 'Call back.', detectionTimeoutMs: 4000 },
    sessions: { timeoutMs: 60_000, idleTimeoutMs: 10_000, dailyLimit: 5, answerTexts: false },
    memory: { enabled: true, maxFacts: 5 },
    backgroundSound: 'office',
    noiseSuppression: 'off',
    callRecording: false,
    blockedPhoneTypes: ['pager'],
    timezone: 'Europe/Berlin',
    customFields: [{ id: '1', name: 'order', label: 'Order', type: 'number' }],
    contextData: { company: 'Riverside' },
    line: { direction: 'inbound', number: '+442079460018' },
    avatar: 'https://your-app.example/face.png',
    webOrigins: { enforced: true, origins: ['https://app.example.com'] },
  });
  const bare = sampleAgent({ startingMessage: undefined, script: undefined, knowledge: undefined, providers: {}, dtmfRules: {} });
  for (const agent of [full, bare]) {
    await agents.insert(agent);
    t.same(await agents.find(DEFAULT_TENANT, agent.id), agent);
  }
});

void t.test('an update needs the version before it, so nobody overwrites what they have not seen', async (t) => {
  const { agents } = await open(t);
  const agent = sampleAgent();
  await agents.insert(agent);
  await agents.update({ ...agent, name: 'Second', version: 2 });
  await t.rejects(agents.update({ ...agent, name: 'Late', version: 2 }), { code: 'conflict' });
  t.match(await agents.find(DEFAULT_TENANT, agent.id), { name: 'Second', version: 2 });
  await t.rejects(agents.update({ ...agent, tenantId: OTHER, version: 3 }), { code: 'conflict' }, 'nor another tenant');
});

void t.test('routing finds enabled agents by address in any case and by id, and no other', async (t) => {
  const { agents } = await open(t);
  const agent = sampleAgent({ sipUser: 'front-desk' });
  const asleep = sampleAgent({ sipUser: 'asleep', enabled: false });
  await agents.insert(agent);
  await agents.insert(asleep);
  t.equal((await agents.findBySipUser('Front-Desk'))?.id, agent.id);
  t.equal((await agents.findBySipUser(agent.id))?.id, agent.id);
  t.equal(await agents.findBySipUser('asleep'), undefined);
  t.equal(await agents.findBySipUser(asleep.id), undefined);
  t.equal(await agents.findBySipUser("' OR 1=1 --"), undefined);
  t.equal(await agents.findBySipUser(''), undefined);
});

void t.test('two agents cannot have one address, until the first is deleted', async (t) => {
  const { agents } = await open(t);
  const first = sampleAgent({ sipUser: 'front-desk' });
  await agents.insert(first);
  const error = await agents.insert(sampleAgent({ sipUser: 'front-desk' })).catch((thrown: unknown) => thrown);
  t.ok(error instanceof AppError && error.code === 'conflict');
  t.equal((await agents.list(DEFAULT_TENANT, {}, PAGE)).total, 1, 'the refused agent left nothing behind');
  t.equal(await agents.delete(DEFAULT_TENANT, first.id), true);
  t.equal(await agents.delete(DEFAULT_TENANT, first.id), false, 'only once');
  await agents.insert(sampleAgent({ sipUser: 'front-desk' }));
});

void t.test('lists are newest first, filtered, paged, with the total of all pages', async (t) => {
  const { agents, calls } = await open(t);
  for (let i = 1; i <= 5; i += 1) await agents.insert(sampleAgent({ name: `agent ${i}`, enabled: i !== 3 }));
  const page = await agents.list(DEFAULT_TENANT, { enabled: true }, { limit: 2, offset: 1 });
  t.equal(page.total, 4);
  t.same(
    page.items.map((agent) => agent.name),
    ['agent 4', 'agent 2'],
  );
  t.same(await agents.list(DEFAULT_TENANT, {}, { limit: 10, offset: 99 }), { items: [], total: 5 });

  const agentId = newAgentId();
  await calls.insert(sampleCall());
  await calls.insert(sampleCompletedCall(agentId));
  await calls.insert(sampleCall({ agentId }));
  t.equal((await calls.list(DEFAULT_TENANT, { agentId }, PAGE)).total, 2);
  t.equal((await calls.list(DEFAULT_TENANT, { agentId, status: 'completed' }, PAGE)).items.length, 1);
  t.equal((await calls.list(OTHER, {}, PAGE)).total, 0);
});

void t.test('a call comes back as it was put in, at its beginning and at its end', async (t) => {
  const { calls } = await open(t);
  const call = sampleCall();
  await calls.insert(call);
  t.same(await calls.find(DEFAULT_TENANT, call.id), call);
  const ended = sampleCompletedCall(newAgentId(), { id: call.id, recordingPath: 'recordings/a.wav' });
  await calls.update(ended);
  t.same(await calls.find(DEFAULT_TENANT, call.id), ended);
  t.equal(await calls.find(OTHER, call.id), undefined, 'not for another tenant');
  await t.rejects(calls.update(sampleCall()), /is not stored/);
});

void t.test('only calls that never ended are unfinished', async (t) => {
  const { calls } = await open(t);
  const ringing = sampleCall();
  const talking = sampleCall({ status: 'in_progress' });
  for (const call of [ringing, talking, sampleCompletedCall(undefined), sampleCall({ status: 'failed' })])
    await calls.insert(call);
  t.same(
    (await calls.unfinished()).map((call) => call.id),
    [ringing.id, talking.id],
  );
});

void t.test('transcript and turns keep order, fractions and gaps', async (t) => {
  const { calls } = await open(t);
  const call = sampleCall();
  await calls.insert(call);
  const entries = [
    sampleEntry(call.id, 1),
    sampleEntry(call.id, 2, { speaker: 'caller', text: '', heardText: '', interrupted: true }),
  ];
  for (const entry of entries.toReversed()) await calls.appendTranscript(entry);
  t.same(await calls.transcript(call.id), entries);
  const turns = [
    sampleTurn(call.id, 1, { cause: 'digit', latency: {} }),
    sampleTurn(call.id, 2, { interrupted: true, bargeInMs: 181.5 }),
    sampleTurn(call.id, 3, {
      speculation: { attempts: 2, discarded: 1, inputTokens: 90, outputTokens: 4 },
      doneProbability: 0.25,
    }),
  ];
  for (const turn of turns) await calls.appendTurn(turn);
  t.same(await calls.turns(call.id), turns);
  t.same(await calls.transcript(newCallId()), []);
  await t.rejects(calls.appendTranscript(sampleEntry(newCallId(), 1)), /FOREIGN KEY/, 'nothing is kept of a call that is not');
});

void t.test('a counter that is no finite number does not cost the call its record', async (t) => {
  const { calls } = await open(t);
  const call = sampleCall({ mediaStats: { jitterMs: Number.NaN, packetsLost: Number.POSITIVE_INFINITY, packetsSent: 7 } });
  await calls.insert(call);
  t.same((await calls.find(DEFAULT_TENANT, call.id))?.mediaStats, { packetsSent: 7 });
});

void t.test('who answered a call, and the tones that were heard on it, are kept', async (t) => {
  const { calls } = await open(t);
  const answeredBy = { verdict: 'machine', reason: 'long_greeting', afterMs: 2900 } as const;
  const from = { agentId: undefined, name: 'Demo', version: undefined };
  const to = { agentId: newAgentId(), name: 'Baker', version: 2 };
  const handoffs = [{ by: 'agent', from, to, afterMs: 4200 }] as const;
  const call = sampleCall({ answeredBy, handoffs, heardTones: [{ tone: 'beep', atMs: 5 }] });
  await calls.insert(call);
  t.match(await calls.find(DEFAULT_TENANT, call.id), { answeredBy, handoffs, heardTones: call.heardTones });
});

void t.test('what providers failed of a call, and what they were asked, is kept in order', async (t) => {
  const { calls } = await open(t);
  const common = { stage: 'llm', provider: 'openai', reason: 'refused' } as const;
  const providerFailures = [
    { ...common, atMs: 1, statusCode: 503, instead: 'script' },
    { ...common, atMs: 2, statusCode: undefined, instead: undefined },
  ];
  const tokens = { inputTokens: 10, outputTokens: 3, inputAudioTokens: 1, outputAudioTokens: 2 };
  const counted = { requests: 2, ...tokens, audioMs: 0, characters: 0 };
  const providerUsage = [
    { stage: 'llm', provider: 'openai', ...counted, cost: 0.25 },
    { stage: 'llm', provider: 'standby', ...counted, cost: undefined },
  ] as const;
  const call = sampleCall({ providerFailures, providerUsage });
  await calls.insert(call);
  t.same((await calls.find(DEFAULT_TENANT, call.id))?.providerUsage, providerUsage);
  t.same((await calls.find(DEFAULT_TENANT, call.id))?.providerFailures, providerFailures);
});

void t.test('the quality of a call keeps the inputs of its rating, and what is not known stays unknown', async (t) => {
  const { calls } = await open(t);
  const inbound = directionQuality({ packets: 1502, lost: 2, jitterMs: 1.25 }, { codec: 'PCMU', ptimeMs: 20 }, undefined);
  const quality = { codec: 'PCMU', roundTripMs: undefined, roundTripMaxMs: undefined, inbound, outbound: undefined } as const;
  const call = sampleCall({ quality });
  await calls.insert(call);
  t.same((await calls.find(DEFAULT_TENANT, call.id))?.quality, quality);
});

void t.test('a key is found by its hash, revoked once, and only by its tenant', async (t) => {
  const { keys } = await open(t);
  const key = {
    id: newApiKeyId(),
    tenantId: DEFAULT_TENANT,
    name: 'ci',
    dialect: 'core' as const,
    agentId: undefined,
    prefix: 'va_12345678',
    hash: 'a'.repeat(64),
    scopes: ['agents:read', 'calls:write'] as const,
    createdAtMs: 1,
    expiresAtMs: 7,
    lastUsedAtMs: undefined,
    revokedAtMs: undefined,
  };
  await keys.insert(key);
  t.same(await keys.findByHash(key.hash), key);
  t.equal(await keys.findByHash('b'.repeat(64)), undefined);
  t.same(await keys.find(DEFAULT_TENANT, key.id), key);
  t.equal(await keys.find(OTHER, key.id), undefined);
  const by = { prefix: 'va_87654321', hash: 'c'.repeat(64), expiresAtMs: undefined };
  t.equal(await keys.replace(OTHER, key.id, by), false);
  t.equal(await keys.replace(DEFAULT_TENANT, key.id, by), true);
  t.equal(await keys.findByHash(key.hash), undefined);
  t.same(await keys.findByHash(by.hash), { ...key, ...by });
  t.equal(await keys.revoke(OTHER, key.id, 5), false);
  t.equal(await keys.revoke(DEFAULT_TENANT, key.id, 5), true);
  t.equal(await keys.revoke(DEFAULT_TENANT, key.id, 6), false);
  t.equal(await keys.replace(DEFAULT_TENANT, key.id, { ...by, hash: 'd'.repeat(64) }), false, 'not when it was revoked');
  await keys.touch(key.id, 9);
  t.match(await keys.list(DEFAULT_TENANT), [{ revokedAtMs: 5, lastUsedAtMs: 9 }]);
  t.same(await keys.list(OTHER), []);
});
