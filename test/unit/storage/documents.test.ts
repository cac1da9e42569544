import { setImmediate as nextTurn } from 'node:timers';
import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import type { Document } from '../../../src/domain/document.js';
import { openDatabase } from '../../../src/storage/database.js';
import { sampleAgent, sampleDocument } from '../../support/sample-records.js';

const VECTOR = Float32Array.of(1, 0);
const chunks = Array.from({ length: 200 }, (_, at) => ({ heading: '', text: `Breakfast in room ${at}`, vector: VECTOR }));

async function start(t: { teardown(task: () => Promise<void>): void }) {
  const database = await openDatabase(':memory:');
  t.teardown(() => database.close());
  const agent = sampleAgent();
  await database.agents.insert(agent);
  const document = sampleDocument(agent.id);
  await database.documents.insert(document);
  const ready: Document = { ...document, state: 'ready', chunks: chunks.length, embeddedBy: 'm' };
  const found = async () => [
    ...(await database.passages.matching(agent.id, ['breakfast'], 999)),
    ...(await database.passages.nearest(agent.id, 'm', VECTOR, 999)),
  ];
  return { ...database, agent, document, ready, found };
}

void t.test('calls go on while a long document is stored, and nothing of it is found before all of it is', async (t) => {
  const { documents, ready, found } = await start(t);
  const storage = { done: false };
  const storing = documents.settle(ready, chunks).finally(() => {
    storage.done = true;
  });
  let turns = 0;
  const turn = (): void => {
    turns += 1;
    if (!storage.done) nextTurn(turn);
  };
  nextTurn(turn);
  while (!storage.done) {
    const seen = await found();
    // Both ways to search, each before all of it is there or after.
    t.ok(seen.length % chunks.length === 0, `${seen.length} pieces`);
    await setImmediate();
  }
  await storing;
  t.ok(turns >= chunks.length / 25, `the event loop has turned ${turns} times`);
  t.equal((await found()).length, 2 * chunks.length);
});

void t.test('what a process had stored of one when it died is not there twice', async (t) => {
  const { documents, agent, document, ready, found } = await start(t);
  await documents.settle({ ...document, state: 'processing' }, chunks.slice(0, 50));
  t.equal((await found()).length, 0);
  await documents.settle(ready, chunks);
  t.equal((await found()).length, 2 * chunks.length);
  t.match(await documents.find(DEFAULT_TENANT, agent.id, document.id), { state: 'ready', chunks: chunks.length });
});

void t.test('one that was deleted meanwhile leaves nothing behind', async (t) => {
  const { documents, agent, document, ready, found } = await start(t);
  const storing = documents.settle(ready, chunks);
  await setImmediate();
  t.ok(await documents.delete(DEFAULT_TENANT, agent.id, document.id));
  await storing;
  t.same(await found(), []);
});
