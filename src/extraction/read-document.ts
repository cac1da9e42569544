import { isUtf8 } from 'node:buffer';
import { type DocumentFailure, type DocumentType, MAX_DOCUMENT_CHARACTERS, MAX_PAGES } from '../domain/document.js';
import type { Reading } from '../domain/ports/documents.js';
import { BadArchive, checkArchive } from './archive.js';
import { chunksOf } from './chunk-text.js';

type Text = { text: string; pages?: number };

class Unreadable extends Error {
  override readonly name = 'Unreadable';
  readonly failure: DocumentFailure;
  constructor(failure: DocumentFailure) {
    super(failure);
    this.failure = failure;
  }
}

/** Reads a document's text and cuts it into chunks. Never rejects: what goes wrong is an answer, too. */
export async function readDocument(bytes: Buffer, type: DocumentType): Promise<Reading> {
  try {
    const { text, pages } = await READERS[type](bytes);
    if (text.length > MAX_DOCUMENT_CHARACTERS) return { failure: 'too_much_text' };
    const chunks = chunksOf(text.normalize('NFC').replaceAll('\u0000', ''));
    return chunks.length === 0 ? { failure: 'no_text' } : { pages, chunks };
  } catch (error) {
    return { failure: error instanceof Unreadable ? error.failure : 'unreadable' };
  }
}

/** Each loads its library only when it is needed: a document is read by a process of its own, which begins anew. */
const READERS: Readonly<Record<DocumentType, (bytes: Buffer) => Promise<Text> | Text>> = {
  pdf: readPdf,
  docx: readDocx,
  html: async (bytes) => ({ text: await htmlText(plainText(bytes)) }),
  markdown: (bytes) => ({ text: plainText(bytes) }),
  text: (bytes) => ({ text: plainText(bytes).replace(/^(\s*)#/gmu, '$1＃') }),
  csv: readCsv,
};

async function readPdf(bytes: Buffer): Promise<Text> {
  const { extractText, getDocumentProxy } = await import('unpdf');
  const pdf = await getDocumentProxy(new Uint8Array(bytes)).catch((error: unknown) => {
    throw new Unreadable(error instanceof Error && error.name === 'PasswordException' ? 'encrypted' : 'unreadable');
  });
  if (pdf.numPages > MAX_PAGES) throw new Unreadable('too_many_pages');
  const { text, totalPages } = await extractText(pdf, { mergePages: false });
  return { text: text.map(joinLines).join('\n\n'), pages: totalPages };
}

/** A PDF has lines, not paragraphs: those that go on in the next line are put together again. */
const joinLines = (page: string): string =>
  page
    .replace(/(\p{L})-\n(?=\p{Ll})/gu, '$1')
    .replace(/(?<![.!?:])\n(?=[\p{Ll}\d(])/gu, ' ')
    .replace(/(?<=[,;])\n/gu, ' ');

async function readDocx(bytes: Buffer): Promise<Text> {
  try {
    checkArchive(bytes);
  } catch (error) {
    throw new Unreadable(error instanceof BadArchive && error.message === 'encrypted' ? 'encrypted' : 'unreadable');
  }
  const { default: mammoth } = await import('mammoth');
  // Pictures would be written into the page as base64.
  const convertImage = mammoth.images.imgElement(() => Promise.resolve({ src: '' }));
  const { value } = await mammoth.convertToHtml({ buffer: bytes }, { convertImage });
  return { text: await htmlText(value) };
}

/** Each row says by itself what its cells are. */
async function readCsv(bytes: Buffer): Promise<Text> {
  const { parse } = await import('csv-parse/sync');
  const text = plainText(bytes);
  const [header = ''] = text.split('\n', 1);
  const delimiter = [';', '\t', ','].find((mark) => header.includes(mark)) ?? ',';
  const [names = [], ...rows] = parse(text, {
    bom: true,
    trim: true,
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: 100_000,
  });
  const sentences = rows.map((row) =>
    row.flatMap((cell, column) => (cell === '' ? [] : [names[column] ? `${names[column]}: ${cell}` : cell])).join('; '),
  );
  return { text: (rows.length === 0 ? [names.join('; ')] : sentences).map((line) => line.replace(/\s+/gu, ' ')).join('\n\n') };
}

const htmlText = async (html: string): Promise<string> => (await import('./markup.js')).textOfHtml(html);

/** UTF-8, UTF-16 with its mark, or else what Windows writes in western Europe. */
function plainText(bytes: Buffer): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : '';
  return new TextDecoder(encoding || (isUtf8(bytes) ? 'utf-8' : 'windows-1252')).decode(bytes);
}
