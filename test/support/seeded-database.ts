import { DEFAULT_TENANT, newActionId, newApiKeyId, newCampaignId, newTaskId } from '../../src/core/ids.js';
import type { Action } from '../../src/domain/action.js';
import type { Campaign } from '../../src/domain/campaign.js';
import type { OutboundPolicy } from '../../src/domain/ports/outbound-policy.js';
import type { Task } from '../../src/domain/task.js';
import type { Database } from '../../src/storage/database.js';
import { sampleAgent, sampleCall, sampleCompletedCall, sampleEntry, sampleTurn } from './sample-records.js';
import { sampleTrunk } from './sample-trunk.js';

/** Something that was stored, and how the repositories show it. `expected` holds what was known of it from its table's beginning. */
export type Kept = { table: string; expected: object; read: (database: Database) => Promise<unknown> };

const PAGE = { limit: 50, offset: 0 };
const AT_MS = 1_700_000_000_000;

/** Puts a few records of each kind into a database, through its repositories. Add here what a migration adds a table for. */
export async function seedDatabase(database: Database): Promise<Kept[]> {
  const { agents, calls, tasks, outboundPolicies, keys, idempotency, webhooks } = database;
  const agent = sampleAgent({ sipUser: 'front-desk', description: 'Answers.' });
  await agents.insert(agent);
  await agents.update({ ...agent, name: 'Second', version: 2 });

  const task: Task = {
    id: newTaskId(),
    tenantId: DEFAULT_TENANT,
    agentId: agent.id,
    name: 'Order 7',
    description: 'Ask for the address',
    toNumber: '+15550100',
    startingMessage: 'Hello {{name}}.',
    contextData: { name: 'Ann', items: [1, 2] },
    priority: 3,
    scheduledAtMs: AT_MS,
    webhookUrl: 'https://hooks.example/a',
    webhookEvents: ['call_completed'],
    status: 'pending',
    callId: undefined,
    failureReason: undefined,
    callWindow: undefined,
    retry: undefined,
    attempts: 0,
    nextAttemptAtMs: AT_MS,
    createdAtMs: AT_MS,
    updatedAtMs: AT_MS,
  };
  await tasks.insert(task);
  const policy: OutboundPolicy = {
    hours: { days: ['mon'], from: '09:00', to: '20:00' },
    retry: { maxAttempts: 3, outcomes: { busy: { afterMs: [60_000] } } },
  };
  await outboundPolicies.put(DEFAULT_TENANT, policy, AT_MS);

  const ringing = sampleCall();
  const done = sampleCompletedCall(agent.id, { recordingPath: 'recordings/done.wav' });
  for (const call of [ringing, done]) await calls.insert(call);
  await calls.appendTranscript(sampleEntry(done.id, 1, { interrupted: true, heardText: 'We are open' }));
  await calls.appendTurn(sampleTurn(done.id, 1, { interrupted: true, bargeInMs: 180.5 }));

  const hash = 'a'.repeat(64);
  const key = {
    id: newApiKeyId(),
    tenantId: DEFAULT_TENANT,
    name: 'ci',
    dialect: 'core' as const,
    agentId: undefined,
    prefix: 'va_12345678',
    hash,
    createdAtMs: AT_MS,
  };
  const unset = { scopes: undefined, expiresAtMs: undefined, lastUsedAtMs: undefined, revokedAtMs: undefined };
  await keys.insert({ ...key, ...unset, scopes: ['calls:read'] });

  const scope = { tenantId: DEFAULT_TENANT, holder: 'configuration', route: 'POST /api/v1/tasks', key: 'order-7' };
  const claim = { fingerprint: 'b'.repeat(64), nowMs: AT_MS, expiresAtMs: AT_MS + 86_400_000 };
  const answer = { status: 201, body: '{"success":true}' };
  await idempotency.claim(scope, claim);
  await idempotency.answer(scope, answer);

  const refused = {
    tenantId: DEFAULT_TENANT,
    number: '+15550199',
    reason: 'asked',
    createdAtMs: AT_MS,
    expiresAtMs: undefined,
  } as const;
  await database.doNotCall.add([{ ...refused, source: 'caller_voice', callId: done.id }], AT_MS);

  const campaign: Campaign = {
    id: newCampaignId(),
    tenantId: DEFAULT_TENANT,
    agentId: agent.id,
    name: 'Spring',
    description: undefined,
    startingMessage: 'Hello {{name}}.',
    priority: 1,
    callWindow: { from: '09:00', to: '18:00' },
    retry: undefined,
    maxConcurrent: 2,
    webhookUrl: undefined,
    webhookEvents: ['call_completed'],
    status: 'draft',
    startsAtMs: undefined,
    startedAtMs: undefined,
    endedAtMs: undefined,
    createdAtMs: AT_MS,
    updatedAtMs: AT_MS,
  };
  await database.campaigns.insert(campaign);
  const contact = { number: '+15550198', name: 'Bob', variables: { day: 'Monday' } };
  await database.campaigns.addContacts(DEFAULT_TENANT, campaign.id, [contact], { nowMs: AT_MS });

  const [event] = await webhooks.undispatched(1);
  if (!event) throw new Error('a new call writes an event');
  const delivery = { id: 'd1', url: 'https://hooks.example/a', body: '{"event_type":"call_started"}' };
  await webhooks.dispatch(event, [delivery], AT_MS);
  await webhooks.record('d1', { atMs: AT_MS, durationMs: 12.5, statusCode: 500, error: 'status 500' }, { state: 'dead' });
  const secret = await webhooks.secretOf(DEFAULT_TENANT);

  const trunk = sampleTrunk({ sealedPassword: 'v1.a.b.c', inbound: [{ called: '*', agent: 'front-desk' }] });
  await database.trunks.insert(trunk);

  const report: Action = {
    id: newActionId(),
    tenantId: DEFAULT_TENANT,
    agentId: agent.id,
    type: 'webhook',
    name: 'Report',
    enabled: true,
    instruction: undefined,
    preMessage: undefined,
    timeoutMs: 10_000,
    retries: 0,
    secretNames: [],
    sealedSecrets: undefined,
    config: { url: 'https://crm.example/calls' },
    version: 1,
    createdAtMs: AT_MS,
    updatedAtMs: AT_MS,
  };
  await database.actions.insert(report);
  const answered = sampleCall({ agentId: agent.id, agentVersion: 2, status: 'in_progress', answeredAtMs: AT_MS });
  await calls.insert(answered);
  await calls.update({ ...answered, status: 'completed', endedAtMs: AT_MS + 1000 });

  const kept = (table: string, expected: object, read: Kept['read']): Kept => ({ table, expected, read });
  return [
    kept('agents', { name: 'Second', script: agent.script, version: 2 }, (db) => db.agents.find(DEFAULT_TENANT, agent.id)),
    kept('agents', { id: agent.id, knowledge: agent.knowledge }, (db) => db.agents.findBySipUser('front-desk')),
    kept('trunks', { name: trunk.name, sealedPassword: 'v1.a.b.c', inbound: trunk.inbound }, (db) =>
      db.trunks.find(DEFAULT_TENANT, trunk.id),
    ),
    kept('calls', [{ id: ringing.id, status: 'initiated' }], (db) => db.calls.unfinished()),
    kept('calls', { ...done, taskId: undefined }, (db) => db.calls.find(DEFAULT_TENANT, done.id)),
    kept('transcript_entries', [{ heardText: 'We are open', interrupted: true }], (db) => db.calls.transcript(done.id)),
    kept('turns', [{ cause: 'speech', latency: { firstPacketMs: 580.5 }, bargeInMs: 180.5 }], (db) => db.calls.turns(done.id)),
    kept('agent_actions', [{ name: 'Report', config: report.config }], (db) => db.actions.list(DEFAULT_TENANT, agent.id)),
    kept('end_actions', [{ callId: answered.id, actionId: report.id, attempts: 0 }], (db) => db.endActions.due(AT_MS + 1000, 9)),
    kept('api_keys', { ...key, revokedAtMs: undefined }, (db) => db.keys.findByHash(hash)),
    kept('tasks', task, (db) => db.tasks.find(DEFAULT_TENANT, task.id)),
    kept('tasks', [{ id: task.id }], (db) => db.tasks.due(DEFAULT_TENANT, AT_MS, { limit: 10, offset: 0 })),
    kept('outbound_policies', policy, (db) => db.outboundPolicies.find(DEFAULT_TENANT)),
    kept('idempotency_records', { answer }, (db) => db.idempotency.claim(scope, claim)),
    kept('campaigns', campaign, (db) => db.campaigns.find(DEFAULT_TENANT, campaign.id)),
    kept('contacts', { items: [contact] }, (db) => db.campaigns.contacts(campaign.id, {}, PAGE)),
    kept('do_not_call', refused, (db) => db.doNotCall.find(DEFAULT_TENANT, '+15550199', AT_MS)),
    kept('webhook_deliveries', { items: [{ id: 'd1', state: 'dead', body: delivery.body }] }, (db) =>
      db.webhooks.list(DEFAULT_TENANT, {}, PAGE),
    ),
    kept('webhook_attempts', { attempts: [{ statusCode: 500, durationMs: 12.5 }] }, (db) =>
      db.webhooks.attempts(DEFAULT_TENANT, 'd1'),
    ),
    kept('webhook_secrets', { secret }, async (db) => ({ secret: await db.webhooks.secretOf(DEFAULT_TENANT) })),
  ];
}
