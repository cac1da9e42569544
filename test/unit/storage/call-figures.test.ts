import t from 'tap';
import { DEFAULT_TENANT, newAgentId } from '../../../src/core/ids.js';
import { openDatabase } from '../../../src/storage/database.js';
import { sampleAgent, sampleCall, sampleCompletedCall, sampleEntry } from '../../support/sample-records.js';

void t.test('what the calls of an agent come to follows whatever becomes of them', async (t) => {
  const database = await openDatabase(':memory:');
  t.teardown(() => database.close());
  const [agent, other] = [sampleAgent({ sipUser: 'a' }), sampleAgent({ sipUser: 'b' })];
  for (const one of [agent, other]) await database.agents.insert(one);
  const figures = async (id = agent.id) => await database.callFigures.ofAgent(DEFAULT_TENANT, id);
  t.same(await figures(newAgentId()), { calls: 0, averageDurationMs: undefined }, 'none yet');
  const running = sampleCall({ agentId: agent.id, status: 'in_progress', answeredAtMs: 1_700_000_001_000 });
  await database.calls.insert(running);
  t.same(await figures(), { calls: 1, averageDurationMs: undefined }, 'none that is over');
  await database.calls.insert(sampleCompletedCall(agent.id));
  t.same(await figures(), { calls: 2, averageDurationMs: 30_500 });
  const ended = sampleCompletedCall(agent.id, { id: running.id, endedAtMs: 1_700_000_002_500 });
  await database.calls.update(ended);
  t.same(await figures(), { calls: 2, averageDurationMs: 16_000 });
  await database.calls.update({ ...ended, agentId: other.id });
  t.same(
    [await figures(), (await figures(other.id)).calls],
    [{ calls: 2 - 1, averageDurationMs: 30_500 }, 1],
    'it is another agent’s now',
  );
  await database.calls.insert(sampleCall());
  t.equal((await figures()).calls, 1, 'that of no agent counts for none');
});

void t.test('a reaction stays with what was said by us, and can be taken back', async (t) => {
  const database = await openDatabase(':memory:');
  t.teardown(() => database.close());
  const call = sampleCompletedCall(undefined);
  await database.calls.insert(call);
  await database.calls.appendTranscript(sampleEntry(call.id, 1));
  await database.calls.appendTranscript(sampleEntry(call.id, 2, { speaker: 'caller' }));
  const feedback = async () => (await database.calls.transcript(call.id)).map((entry) => entry.feedback);
  t.equal(await database.calls.react(call.id, 1, 'good'), true);
  t.equal(await database.calls.react(call.id, 2, 'good'), false, 'the words of the caller');
  t.equal(await database.calls.react(call.id, 3, 'good'), false, 'nothing was said');
  t.same(await feedback(), ['good', undefined]);
  await database.calls.react(call.id, 1, undefined);
  t.same(await feedback(), [undefined, undefined]);
});
