import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { DEFAULT_TENANT, type TenantId } from '../../../src/core/ids.js';
import { sessionParts } from '../../support/session-parts.js';

const OTHER = '00000000-0000-7000-8000-00000000000f' as TenantId;

void t.test('files are kept, sealed where recordings are, and given to the model as what they are', async (t) => {
  const { sessions, llm, open, dataDir, database } = await sessionParts(t, { keys: ['a passphrase of some length'] });
  const { id } = await open();
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  llm.replies.push(['Seen.']);
  const { message } = await sessions.send(DEFAULT_TENANT, id, {
    text: 'Look',
    attachments: [
      { name: 'order.txt', bytes: Buffer.from('Two rooms for Anna.') },
      { name: 'room.png', bytes: png },
    ],
  });
  t.match(message?.attachments, [
    { name: 'order.txt', contentType: 'text/plain', sizeBytes: 19 },
    { name: 'room.png', contentType: 'image/png', sizeBytes: 16 },
  ]);
  const [asked] = llm.requests[0]!.messages;
  t.match(asked, { role: 'user', content: /Look[^]*order\.txt[^]*Two rooms for Anna[^]*room\.png/ });
  t.same(asked?.role === 'user' && asked.utterances, ['Look'], 'a script is matched with what was said');
  t.same(asked?.role === 'user' && asked.images, [`data:image/png;base64,${png.toString('base64')}`]);
  const { meta, stream } = await sessions.attachment(DEFAULT_TENANT, message!.attachments[0]!.id);
  t.match(meta, { name: 'order.txt', sessionId: id });
  t.equal(Buffer.concat(await stream.toArray()).toString(), 'Two rooms for Anna.');
  await t.rejects(sessions.attachment(OTHER, message!.attachments[0]!.id), { code: 'not_found' });
  const files = await readdir(join(dataDir, 'attachments'));
  t.equal(files.length, 2);
  for (const name of files) t.notMatch((await readFile(join(dataDir, 'attachments', name))).toString('latin1'), /Anna|PNG/);

  await sessions.close(DEFAULT_TENANT, id, 'completed');
  await sessions.delete(DEFAULT_TENANT, id);
  t.equal((await database.archive.filesToRemove(10)).length, 2, 'their files go with them');
});

void t.test('a model that takes no images is asked again without', async (t) => {
  const { sessions, llm, open } = await sessionParts(t);
  const { id } = await open();
  llm.replies.push([{ error: new Error('no images') }], ['It is called room.png.']);
  const png = Buffer.from('89504e470d0a1a0a', 'hex');
  const { reply } = await sessions.send(DEFAULT_TENANT, id, { text: '', attachments: [{ name: 'room.png', bytes: png }] });
  t.equal(reply?.text, 'It is called room.png.');
  t.same(llm.requests[1]?.messages, [{ role: 'user', content: '[attached file "room.png", image/png]' }]);
});

void t.test('files that are not taken leave nothing behind', async (t) => {
  const { sessions, open, dataDir } = await sessionParts(t);
  const { id } = await open();
  const fine = { name: 'a.txt', bytes: Buffer.from('fine') };
  for (const [what, attachments] of Object.entries({
    program: [fine, { name: 'a.exe', bytes: Buffer.from('MZ') }],
    'another thing than its name says': [fine, { name: 'a.pdf', bytes: Buffer.from('no') }],
    empty: [{ name: 'a.txt', bytes: Buffer.alloc(0) }],
    'too large': [{ name: 'a.txt', bytes: Buffer.alloc(10 * 1024 * 1024 + 1, 32) }],
    'too many': Array.from({ length: 11 }, () => fine),
    'without a name': [{ name: ' ', bytes: fine.bytes }],
  })) {
    await t.rejects(sessions.send(DEFAULT_TENANT, id, { text: 'x', attachments }), { code: 'invalid_request' }, what);
  }
  t.same(await readdir(join(dataDir, 'attachments')).catch(() => []), []);
  t.same(await sessions.messages(DEFAULT_TENANT, id), []);
  await t.rejects(sessions.send(DEFAULT_TENANT, id, { text: ' ' }), { code: 'invalid_request' });
  await t.rejects(sessions.send(DEFAULT_TENANT, id, { text: 'x'.repeat(20_001) }), { code: 'invalid_request' });
});
