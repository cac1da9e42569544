import t from 'tap';
import { AgentService } from '../../../src/agents/agent-service.js';
import { FakeClock } from '../../../src/core/clock.js';
import { AppError } from '../../../src/core/errors.js';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import type { AgentSettings } from '../../../src/domain/agent.js';
import type { SourceSound } from '../../../src/domain/ports/media.js';
import type { SpeechSuite } from '../../../src/domain/ports/speech.js';
import { openDatabase } from '../../../src/storage/database.js';
import { sampleAgent } from '../../support/sample-records.js';

async function open(t: { teardown(handler: () => Promise<void>): void }) {
  const database = await openDatabase(':memory:');
  t.teardown(() => database.close());
  const known = new Set(['embedded', 'openai']);
  const speech = {
    suiteFor(agent: AgentSettings): SpeechSuite {
      if (agent.providers.tts && !known.has(agent.providers.tts)) throw new AppError('invalid_request', 'unknown provider');
      return {} as SpeechSuite;
    },
  };
  const clock = new FakeClock();
  return { agents: database.agents, clock, known, service: new AgentService({ agents: database.agents, clock, speech }) };
}

void t.test('a provider that the server does not have is refused when an agent chooses it', async (t) => {
  const { service, known } = await open(t);
  const faults = [{ field: 'providers' }];
  await t.rejects(service.create(DEFAULT_TENANT, sampleAgent({ providers: { tts: 'nobody' } })), {
    code: 'invalid_request',
    faults,
  });
  const agent = await service.create(DEFAULT_TENANT, sampleAgent({ providers: { tts: 'openai' } }));
  await t.rejects(service.patch(DEFAULT_TENANT, agent.id, { providers: { tts: 'nobody' } }), { code: 'invalid_request', faults });
  known.delete('openai');
  const disabled = await service.patch(DEFAULT_TENANT, agent.id, { enabled: false });
  t.equal(disabled.enabled, false, 'an agent whose provider went away can still be changed otherwise');
});

void t.test('a background sound has to be one of the configured ones, where it is known which these are', async (t) => {
  const { agents, clock, service } = await open(t);
  const sounds = { named: (name: string) => (name === 'office' ? ({} as SourceSound) : undefined) };
  const strict = new AgentService({ agents, clock, sounds });
  t.throws(() => strict.demandSound('offise'), { code: 'invalid_request', faults: [{ field: 'background_sound' }] });
  strict.demandSound('office');
  strict.demandSound(undefined);
  service.demandSound('offise');
});

void t.test('an agent answers at once under the address it was given, and keeps it through a new name', async (t) => {
  const { service, agents, clock } = await open(t);
  const agent = await service.create(DEFAULT_TENANT, sampleAgent({ name: 'Front Desk' }));
  t.equal((await agents.findBySipUser('front-desk'))?.id, agent.id);
  clock.advance(1000);
  const renamed = await service.patch(DEFAULT_TENANT, agent.id, { name: 'Reception' });
  t.match(renamed, { version: 2, sipUser: 'front-desk', createdAtMs: agent.createdAtMs, updatedAtMs: agent.updatedAtMs + 1000 });
  await service.delete(DEFAULT_TENANT, agent.id);
  t.equal(await agents.findBySipUser('front-desk'), undefined);
  await t.rejects(service.get(DEFAULT_TENANT, agent.id), { code: 'agent_not_found' });
});

void t.test('a patch that loses the race is tried again on what the winner left', async (t) => {
  const { service, agents } = await open(t);
  const agent = await service.create(DEFAULT_TENANT, sampleAgent());
  const find = agents.find.bind(agents);
  agents.find = async (tenant, id) => {
    const found = await find(tenant, id);
    agents.find = find;
    await service.patch(DEFAULT_TENANT, id, { description: 'by the winner' });
    return found;
  };
  const patched = await service.patch(DEFAULT_TENANT, agent.id, { name: 'By the loser' });
  t.match(patched, { name: 'By the loser', description: 'by the winner', version: 3 });
});
