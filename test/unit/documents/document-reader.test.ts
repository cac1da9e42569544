import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { systemClock } from '../../../src/core/clock.js';
import { silentLogger } from '../../../src/core/log.js';
import { documentTypeOf } from '../../../src/documents/document-type.js';
import type { DocumentType } from '../../../src/domain/document.js';
import type { Reading } from '../../../src/domain/ports/documents.js';
import { checkArchive } from '../../../src/extraction/archive.js';
import { ChildDocumentReader } from '../../../src/extraction/document-reader.js';
import { readDocument } from '../../../src/extraction/read-document.js';
import { temporaryDirectory } from '../../support/offhook-process.js';
import { docxOf, pdfOf, zipOf } from '../../support/sample-documents.js';

const textOf = (reading: Reading): string =>
  'failure' in reading
    ? `failed: ${reading.failure}`
    : reading.chunks.map(({ heading, text }) => `${heading}|${text}`).join('\n');
const read = async (content: Buffer | string, type: DocumentType): Promise<string> =>
  textOf(await readDocument(Buffer.from(content), type));

void t.test('each kind of document is read for its text, with its headings', async (t) => {
  const pdf = await readDocument(await pdfOf('The pool opens\nat seven.', 'Towels cost two euros.'), 'pdf');
  t.match(pdf, { pages: 2 });
  t.match(textOf(pdf), /The pool opens at seven\.[^]*Towels cost two euros\./);
  t.equal(await read(await docxOf('Prices', 'A room is 90 euros.'), 'docx'), 'Prices|A room is 90 euros.');
  const html = '<title>x</title><h1>Spa</h1><script>alert(1)</script><p>Massage &amp; sauna</p><ul><li>One<li>Two</ul>';
  t.match(await read(html, 'html'), /^Spa\|.*Massage & sauna[^]*- One/);
  t.notMatch(await read(html, 'html'), /alert/);
  t.equal(await read('# Hours\nNine to five.', 'markdown'), 'Hours|Nine to five.');
  t.equal(await read('#1 in town.', 'text'), '|＃1 in town.');
  const csv = 'name;price\n"Soup; hot";4\nBread;';
  t.equal(await read(csv, 'csv'), '|name: Soup; hot; price: 4\nname: Bread');
  t.equal(await read(Buffer.from([0x43, 0x61, 0x66, 0xe9]), 'text'), '|Café', 'Windows-1252');
  t.equal(await read(Buffer.from('\ufeffGrüße', 'utf16le'), 'text'), '|Grüße', 'UTF-16');
});

void t.test('what cannot be read says why', async (t) => {
  t.equal(await read('%PDF-1.7 and nothing else', 'pdf'), 'failed: unreadable');
  t.equal(await read(await pdfOf(''), 'pdf'), 'failed: no_text', 'a scan has no words');
  t.equal(await read('PK\u0003\u0004 word/document.xml', 'docx'), 'failed: unreadable');
  t.equal(await read('  \n ', 'text'), 'failed: no_text');
  t.equal(await read('a '.repeat(2_100_000), 'text'), 'failed: too_much_text');
  t.equal(await read('<div>'.repeat(2_000), 'html'), 'failed: no_text');
});

void t.test('an archive that unpacks to more than any document is not unpacked, whatever it says of its size', async (t) => {
  const zeros = Buffer.alloc(2_000_000);
  for (const claimed of [zeros.length, 10]) {
    const bomb = zipOf('word/document.xml', zeros, claimed);
    t.ok(bomb.length < 10_000);
    t.throws(() => checkArchive(bomb, 1_000_000), /too large/);
    t.doesNotThrow(() => checkArchive(bomb, 3_000_000));
    t.equal(await read(bomb, 'docx'), 'failed: unreadable');
  }
});

void t.test('what a file is, its name and its content must agree on', async (t) => {
  const pdf = await pdfOf('x');
  const docx = await docxOf('x', 'y');
  t.equal(documentTypeOf('a.PDF', pdf), 'pdf');
  t.equal(documentTypeOf('a.b.docx', docx), 'docx');
  t.equal(documentTypeOf('a.htm', Buffer.from('<p>')), 'html');
  t.equal(documentTypeOf('a.csv', Buffer.from('a,b')), 'csv');
  const wrong: [string, Buffer][] = [
    ['a.txt', pdf],
    ['a.pdf', docx],
    ['a.docx', zipOf('x.txt', Buffer.from('x'))],
    ['a.docx', Buffer.from('text')],
    ['a.exe', Buffer.from('text')],
    ['pdf', pdf],
    ['a.md', Buffer.from([1, 0, 2])],
  ];
  for (const [name, bytes] of wrong) t.equal(documentTypeOf(name, bytes), undefined, name);
});

void t.test('documents are read in a process of their own, which is ended when it takes too long or nobody waits', async (t) => {
  const folder = temporaryDirectory(t);
  const file = join(folder, 'a');
  await writeFile(file, '# Hours\nNine to five.');
  const options = { clock: systemClock, log: silentLogger };
  const reader = new ChildDocumentReader(options);
  const never = new AbortController().signal;
  t.same(await reader.read(file, 'markdown', never), { chunks: [{ heading: 'Hours', text: 'Nine to five.' }] });
  t.same(await reader.read(join(folder, 'gone'), 'text', never), { failure: 'file_missing' });
  const impatient = new ChildDocumentReader({ ...options, deadlineMs: 1 });
  t.same(await impatient.read(file, 'markdown', never), { failure: 'timeout' });
  await t.rejects(reader.read(file, 'markdown', AbortSignal.abort(new Error('stopping'))), /stopping/);
  const stopping = new AbortController();
  const reading = reader.read(file, 'markdown', stopping.signal);
  stopping.abort(new Error('stopping'));
  await t.rejects(reading, /stopping/);
});
