import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { systemClock } from '../../../src/core/clock.js';
import { type AgentId, DEFAULT_TENANT } from '../../../src/core/ids.js';
import { silentLogger } from '../../../src/core/log.js';
import { DocumentProcessor, type DocumentProcessorDeps } from '../../../src/documents/document-processor.js';
import { DOCUMENTS_FOLDER } from '../../../src/documents/document-service.js';
import { type DocumentType, MAX_DOCUMENT_BYTES, MAX_DOCUMENTS_PER_AGENT } from '../../../src/domain/document.js';
import { readDocument } from '../../../src/extraction/read-document.js';
import { type Answer, type HttpHarness, startHarness } from '../../support/http-harness.js';
import { temporaryDirectory } from '../../support/offhook-process.js';
import { docxOf, pdfOf } from '../../support/sample-documents.js';
import { sampleAgent } from '../../support/sample-records.js';
import { until } from '../../support/until.js';

async function start(t: Test): Promise<{ api: HttpHarness; agent: AgentId; path: string }> {
  const api = await startHarness(t, { dataDir: temporaryDirectory(t) });
  const { id } = sampleAgent();
  await api.database.agents.insert(sampleAgent({ id }));
  return { api, agent: id, path: `/agents/${id}/documents` };
}

async function upload(api: HttpHarness, path: string, name: string, content: Buffer | string, key = api.key): Promise<Answer> {
  const form = new FormData();
  form.append('file', new Blob([Buffer.from(content)]), name);
  const response = await api.raw(`/api/v1${path}`, { method: 'POST', body: form, headers: { authorization: `Bearer ${key}` } });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

function startProcessor(t: Test, api: HttpHarness, changes: Partial<DocumentProcessorDeps> = {}): DocumentProcessor {
  const reader = { read: async (file: string, type: DocumentType) => readDocument(await readFile(file), type) };
  const common = { documents: api.database.documents, dataDir: api.dataDir, clock: systemClock, log: silentLogger };
  const processor = new DocumentProcessor({ ...common, reader, embedder: undefined, ...changes });
  t.teardown(() => processor.close());
  return processor;
}

const settled = async (api: HttpHarness, path: string, id: string): Promise<Answer['body']> => {
  let found: Answer['body'];
  await until(async () => {
    found = (await api.call('GET', `${path}/${id}`)).body.data;
    return found.state !== 'processing';
  });
  return found;
};

void t.test('POST 202: the document is kept, read, found by its words, listed, and gone when it is deleted', async (t) => {
  const { api, agent, path } = await start(t);
  const { status, body } = await upload(api, path, 'Preise für Gäste.pdf', await pdfOf('A room costs ninety euros.'));
  t.equal(status, 202);
  t.match(body.data, {
    agent_id: agent,
    name: 'Preise für Gäste.pdf',
    type: 'pdf',
    state: 'processing',
    failure: null,
    chunks: 0,
  });
  const processor = startProcessor(t, api);
  await processor.start();
  const pdf = await settled(api, path, body.data.id);
  t.match(pdf, { state: 'ready', pages: 1, chunks: 1, embedding_model: null });
  const docx = (await upload(api, path, 'spa.docx', await docxOf('Spa', 'The sauna opens at noon.'))).body.data;
  processor.wake();
  t.match(await settled(api, path, docx.id), { state: 'ready', type: 'docx', pages: null });
  const { passages } = api.database;
  t.match(await passages.matching(agent, ['saunas', 'price'], 5), [
    { documentId: docx.id, documentName: 'spa.docx', sequence: 1, heading: 'Spa', text: 'The sauna opens at noon.' },
  ]);
  t.same(await passages.matching(sampleAgent().id, ['sauna'], 5), [], 'not for another agent');
  t.same(await passages.matching(agent, ['"', 'OR', 'NEAR(', '*'], 5), [], 'words are no query language');

  const list = await api.call('GET', `${path}?limit=1`);
  t.equal(list.body.meta.total, 2);
  t.equal(list.body.data[0].id, docx.id, 'newest first');
  t.same(new Set(await readdir(join(api.dataDir, DOCUMENTS_FOLDER))), new Set([pdf.id, docx.id]));
  t.same((await api.call('DELETE', `${path}/${pdf.id}`)).body.data, { id: pdf.id, deleted: true });
  t.equal((await api.call('GET', `${path}/${pdf.id}`)).status, 404);
  t.equal((await api.call('DELETE', `${path}/${pdf.id}`)).status, 404);
  t.same(await readdir(join(api.dataDir, DOCUMENTS_FOLDER)), [docx.id]);
  t.same(await passages.matching(agent, ['room'], 5), []);

  t.equal((await api.call('DELETE', `/agents/${agent}`)).status, 200);
  t.same(await readdir(join(api.dataDir, DOCUMENTS_FOLDER)), [], 'they go with their agent');
  t.same(await passages.matching(agent, ['sauna'], 5), []);
});

void t.test('POST 400, 404, 409, 413: what is no document is not kept', async (t) => {
  const { api, agent, path } = await start(t);
  const refused = async (name: string, content: Buffer | string): Promise<string> => {
    const { status, body } = await upload(api, path, name, content);
    t.equal(status, 400, name);
    t.equal(body.details.fields[0].field, 'file');
    return body.details.fields[0].message;
  };
  t.match(await refused('a.exe', 'MZ'), /one of pdf/);
  t.match(await refused('a.pdf', 'not a pdf'), /what its name says/);
  t.match(await refused('a.txt', ''), /empty/);
  t.match(await refused(`${'a'.repeat(256)}.txt`, 'x'), /name/);
  t.equal((await upload(api, path, 'a.txt', Buffer.alloc(MAX_DOCUMENT_BYTES + 1, 'a'))).status, 413);
  t.equal((await upload(api, path, 'a.txt', 'x', api.otherKey)).status, 404, "another tenant's agent");
  t.equal((await api.call('POST', path, { file: 'x' })).status, 400, 'no form');
  const form = new FormData();
  form.append('document', new Blob(['x']), 'a.txt');
  const init = { method: 'POST', body: form, headers: { authorization: `Bearer ${api.key}` } };
  t.equal((await api.raw(`/api/v1${path}`, init)).status, 400, 'another field');
  const headers = { authorization: `Bearer ${api.key}`, 'content-type': 'multipart/form-data; boundary=x' };
  const cut = {
    method: 'POST',
    headers,
    body: '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nabc',
  };
  t.equal((await api.raw(`/api/v1${path}`, cut)).status, 400, 'half a form');
  t.equal((await api.call('GET', path)).body.meta.total, 0);
  t.equal((await api.call('GET', path, undefined, { authorization: `Bearer ${api.otherKey}` })).status, 404);

  const one = (await upload(api, path, 'a.txt', 'x')).body.data;
  const stored = await api.database.documents.find(DEFAULT_TENANT, agent, one.id);
  for (let at = 1; at < MAX_DOCUMENTS_PER_AGENT; at += 1) {
    await api.database.documents.insert({ ...stored!, id: `${one.id}-${at}` as never, path: `p${at}` });
  }
  t.equal((await upload(api, path, 'a.txt', 'x')).status, 409, 'as many as an agent may have');
});

void t.test(
  'a document that cannot be read is failed with a reason; one that was begun is read by the next process',
  async (t) => {
    const { api, agent, path } = await start(t);
    const damaged = (await upload(api, path, 'a.pdf', '%PDF-1.4 damaged')).body.data;
    let begun = false;
    const hanging = {
      read: (_file: string, _type: string, signal: AbortSignal) =>
        new Promise<never>((_, reject) => {
          begun = true;
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        }),
    };
    const first = startProcessor(t, api, { reader: hanging });
    await first.start();
    await until(() => begun);
    await first.close();
    t.equal((await api.call('GET', `${path}/${damaged.id}`)).body.data.state, 'processing');
    await writeFile(join(api.dataDir, DOCUMENTS_FOLDER, 'written-and-never-noted'), 'x');
    await startProcessor(t, api).start();
    t.same(await readdir(join(api.dataDir, DOCUMENTS_FOLDER)), [damaged.id]);
    t.match(await settled(api, path, damaged.id), { state: 'failed', failure: 'unreadable', chunks: 0 });
    t.same(await api.database.passages.contents(agent), { isEmpty: true, models: [] });
  },
);

void t.test('where a provider makes vectors, passages are found by meaning; where it fails, by their words alone', async (t) => {
  const { api, agent, path } = await start(t);
  const meanings: Record<string, number[]> = { pets: [1, 0, 0], cars: [0, 1, 0] };
  const vectorOf = (text: string): Float32Array<ArrayBuffer> => Float32Array.from(meanings[/dog/.test(text) ? 'pets' : 'cars']!);
  const embedder = { model: 'three', embed: async (texts: readonly string[]) => texts.map(vectorOf) };
  const processor = startProcessor(t, api, { embedder });
  await processor.start();
  const both = (await upload(api, path, 'a.md', '# A\nBring your dog.\n# B\nParking is free.')).body.data;
  processor.wake();
  t.match(await settled(api, path, both.id), { state: 'ready', chunks: 2, embedding_model: 'three' });
  const { passages } = api.database;
  t.same(await passages.contents(agent), { isEmpty: false, models: ['three'] });
  const near = await passages.nearest(agent, 'three', Float32Array.of(0.9, 0.1, 0), 2);
  t.same(
    near.map(({ text, sequence }) => [text, sequence]),
    [
      ['Bring your dog.', 1],
      ['Parking is free.', 2],
    ],
  );
  t.ok(near[0]!.score > 0.9 && near[1]!.score < 0.2);
  t.same(await passages.nearest(agent, 'another', Float32Array.of(1, 0, 0), 2), [], 'of another model');
  t.same(await passages.nearest(agent, 'three', Float32Array.of(1, 0), 2), [], 'of another length');

  await processor.close();
  const failing = { model: 'three', embed: () => Promise.reject(new Error('refused')) };
  const clock = { ...systemClock, schedule: (_ms: number, task: () => void) => systemClock.schedule(0, task) };
  const second = startProcessor(t, api, { embedder: failing, clock });
  const plain = (await upload(api, path, 'b.txt', 'Smoking is not allowed.')).body.data;
  await second.start();
  t.match(await settled(api, path, plain.id), { state: 'ready', chunks: 1, embedding_model: null });
  t.equal((await passages.matching(agent, ['smoking'], 1))[0]?.documentId, plain.id);
});
