import t from 'tap';
import { systemClock } from '../../../src/core/clock.js';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import { silentLogger } from '../../../src/core/log.js';
import type { Agent } from '../../../src/domain/agent.js';
import { MemoryService } from '../../../src/memory/memory-service.js';
import { NullRecognizer } from '../../../src/speech/embedded/null-recognizer.js';
import { FakeLlm, FakeTts } from '../../support/fake-speech.js';
import { sampleCompletedCall } from '../../support/sample-records.js';
import { sessionParts } from '../../support/session-parts.js';
import { until } from '../../support/until.js';

const ANN = '+442079460001';
const PAGE = { limit: 9, offset: 0 };

async function start(t: Parameters<typeof sessionParts>[0], memory: Agent['memory'] = { enabled: true }) {
  const parts = await sessionParts(t, { agent: { memory } });
  const service = new MemoryService({ memories: parts.database.memories, clock: parts.clock, log: silentLogger });
  const { agent, database } = parts;
  const newCall = async () => {
    const call = sampleCompletedCall(agent.id);
    await database.calls.insert(call);
    return call;
  };
  /** What the model of a new conversation is told. */
  const told = async (contact: string | undefined, callId?: Awaited<ReturnType<typeof newCall>>['id']) => {
    const llm = new FakeLlm(systemClock);
    const speech = { stt: new NullRecognizer(), llm, tts: new FakeTts(systemClock) };
    const encounter = { tenantId: DEFAULT_TENANT, agentId: agent.id, settings: agent, contact, callId };
    const informed = service.inform(speech, encounter).llm;
    const request = { agent, messages: [], tools: [], signal: new AbortController().signal };
    for await (const _ of informed.reply(request)) break;
    return llm.requests[0]?.material?.known;
  };
  return { ...parts, service, newCall, told };
}

void t.test('what came of a call is told to the model of the next one with that number', async (t) => {
  const { service, newCall, told, clock } = await start(t);
  const first = await newCall();
  t.equal(await told(ANN, first.id), undefined, 'nothing is known at first');
  await service.callReported(first.id, { summary: 'Ann booked two nights.', extractedData: { name: 'Ann', nights: 2 } });
  clock.advance(86_400_000);
  const second = await newCall();
  t.equal(await told(ANN, second.id), '- 2023-11-14: Ann booked two nights.\n- name: Ann\n- nights: 2');
  await service.callReported(second.id, { summary: 'Ann wants three.', extractedData: { nights: 3, dogs: ['Rex', 'Bo'] } });
  t.match(await told(ANN), /booked[^]*wants three[^]*name: Ann\n- nights: 3\n- dogs: Rex, Bo$/);
  t.equal(await told('+442079460002'), undefined, 'nobody else');
  t.equal(await told(undefined), undefined, 'nor anybody without a number');
});

void t.test('an agent that is not to remember keeps and is told nothing', async (t) => {
  const { service, newCall, told } = await start(t, { enabled: false });
  const call = await newCall();
  await told(ANN, call.id);
  await service.callReported(call.id, { summary: 'Ann called.', extractedData: {} });
  t.equal(await told(ANN), undefined);
  t.equal((await service.list(DEFAULT_TENANT, {}, PAGE)).total, 0);
});

void t.test('no more facts are told than the agent is to know', async (t) => {
  const { service, newCall, told } = await start(t, { enabled: true, maxFacts: 1 });
  const call = await newCall();
  await told(ANN, call.id);
  await service.callReported(call.id, { summary: 'Ann called.', extractedData: { name: 'Ann', nights: 2 } });
  t.match(await told(ANN), /Ann called\.\n- nights: 2$/);
});

void t.test('memories are forgotten on request, and go with their call', async (t) => {
  const { service, newCall, told, database } = await start(t);
  const calls = [await newCall(), await newCall()];
  for (const { id } of calls) {
    await told(ANN, id);
    await service.callReported(id, { summary: 'Ann called.', extractedData: {} });
  }
  t.equal((await service.list(DEFAULT_TENANT, { contact: ANN }, PAGE)).total, 2);
  await database.archive.remove(DEFAULT_TENANT, calls[0]!.id);
  t.equal((await service.list(DEFAULT_TENANT, { contact: ANN }, PAGE)).total, 1);
  t.equal(await service.forget(DEFAULT_TENANT, ANN), 1);
  t.equal(await told(ANN), undefined);
});

void t.test('what came of a text conversation is told in the next one of that contact', async (t) => {
  const { sessions, llm, open, service } = await start(t);
  const { id } = await open();
  await sessions.send(DEFAULT_TENANT, id, { text: 'When are you open?' });
  await sessions.close(DEFAULT_TENANT, id, 'completed');
  await until(async () => (await service.list(DEFAULT_TENANT, { contact: 'web:visitor-1' }, PAGE)).total === 1);
  const next = await open();
  await sessions.send(DEFAULT_TENANT, next.id, { text: 'Me again' });
  t.match(llm.requests.at(-1)?.material?.known, /when are you open\?/i);
});
