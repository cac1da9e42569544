import t from 'tap';
import { Phone } from '../../support/phone.js';
import { pdfOf } from '../../support/sample-documents.js';
import { startTestServer, TEST_KEY } from '../../support/server.js';
import { until } from '../../support/until.js';

void t.test(
  'a caller is answered from a document that was uploaded, and the turn says which',
  { timeout: 240_000 },
  async (t) => {
    const server = await startTestServer({ speech: { embedded: { sttPool: 0 } } });
    t.teardown(() => server.close());
    // oxlint-disable-next-line typescript/no-explicit-any -- the shape of each answer is what the test is about
    const data = async (response: Promise<Response>): Promise<any> => ((await (await response).json()) as { data: unknown }).data;
    const draft = { name: 'Inn', system_prompt: 'x', sip_user: 'inn', dtmf_rules: { '1': { intent: 'what does a room cost' } } };
    const agent = await data(server.api('/api/v1/agents', { method: 'POST', body: JSON.stringify(draft) }));
    const path = `/api/v1/agents/${agent.id}/documents`;
    const form = new FormData();
    form.append('file', new Blob([await pdfOf('Dogs are welcome.', 'A room costs ninety euros.')]), 'house.pdf');
    const init = { method: 'POST', body: form, headers: { authorization: `Bearer ${TEST_KEY}` } };
    const { id } = await data(fetch(`http://127.0.0.1:${server.httpPort}${path}`, init));
    await until(async () => (await data(server.api(`${path}/${id}`))).state === 'ready');

    const phone = await (await Phone.open(t, server.sipPort)).answered('inn');
    t.equal(await phone.info('1'), 200);
    let call: { transcript: { message: string }[]; turns: { sources: unknown[] }[] };
    await until(async () => {
      const [{ id: callId }] = await data(server.api('/api/v1/calls'));
      call = await data(server.api(`/api/v1/calls/${callId}`));
      return call.turns.some(({ sources }) => sources.length > 0);
    });
    t.ok(call!.transcript.some(({ message }) => message === 'A room costs ninety euros.'));
    t.match(call!.turns.flatMap(({ sources }) => sources)[0], { document_id: id, document: 'house.pdf', chunk: 1, heading: '' });
    await phone.hangUp();
  },
);
