import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { NO_PERMISSION, startCallfluent } from '../../support/callfluent.js';
import { OTHER_TENANT } from '../../support/http-harness.js';

function form(files: Readonly<Record<string, string>>, field = 'files'): FormData {
  const made = new FormData();
  for (const [name, content] of Object.entries(files)) made.append(field, new Blob([content]), name);
  return made;
}

void t.test('Agent Endpoints', async (t) => {
  const { api, call, agent, key } = await startCallfluent(t, { otherTenant: OTHER_TENANT });
  const id = await agent();
  const filesOf = async () => (await call('GET', `/get-one/${id}`)).body.data.files as { id: number; name: string }[];

  await t.test("8. Upload an Agent's Knowledge Base File", async (t) => {
    const { status, body } = await call('PUT', `/knowledge/${id}`, form({ 'a.txt': 'We open at nine.', 'b.md': '# Prices' }));
    t.equal(status, 200);
    t.match(body, { status: true, data: [{ id }] });
    t.match(await filesOf(), [{ name: 'b.md', size: 8, status: 'processing' }, { name: 'a.txt' }]);
  });

  await t.test("8. Upload an Agent's Knowledge Base File: all of it or nothing", async (t) => {
    const before = await filesOf();
    const refused: [string, FormData][] = [
      ['one that is no document', form({ 'c.txt': 'Good.', 'd.exe': 'Bad.' })],
      ['an empty one', form({ 'c.txt': 'Good.', 'd.txt': '' })],
      ['another field', form({ 'c.txt': 'Good.' }, 'file')],
      ['none', new FormData()],
    ];
    for (const [what, sent] of refused) {
      const { status, body } = await call('PUT', `/knowledge/${id}`, sent);
      t.equal(status, 400, what);
      t.match(body, { status: false, msg: /file/ }, what);
    }
    const cut = await call(
      'PUT',
      `/knowledge/${id}`,
      '--x\r\nContent-Disposition: form-data; name="files"; filename="c.txt"\r\n\r\nGo',
      {
        'content-type': 'multipart/form-data; boundary=x',
      },
    );
    t.equal(cut.status, 400, 'cut off in the middle');
    t.equal((await call('PUT', `/knowledge/${id}`, { files: 'text' })).status, 400, 'JSON');
    const large = await call('PUT', `/knowledge/${id}`, form({ 'c.txt': 'Good.', 'd.txt': 'x'.repeat(20 * 1024 * 1024 + 1) }));
    t.equal(large.status, 400, 'too large');
    t.match(large.body, { status: false, msg: 'The body is too large' });
    t.same(await filesOf(), before);
    t.equal((await readdir(join(api.dataDir, 'documents'))).length, 2);
  });

  await t.test("9. Delete an Agent's Knowledge Base File", async (t) => {
    const [newest] = await filesOf();
    const { status, body } = await call('DELETE', `/knowledge/${newest?.id}`);
    t.equal(status, 200);
    t.match(body, { status: true, data: [{ id }] });
    t.match(await filesOf(), [{ name: 'a.txt' }]);
    t.same((await call('DELETE', `/knowledge/${newest?.id}`)).body, NO_PERMISSION);
    t.same((await call('DELETE', `/knowledge/${id}`)).body, NO_PERMISSION, 'the number of an agent is no file’s');
    t.ok(key.startsWith('cf_'));
  });
});
