import { isUtf8 } from 'node:buffer';
import type { DocumentType } from '../domain/document.js';

const EXTENSIONS: Readonly<Record<string, DocumentType>> = {
  pdf: 'pdf',
  docx: 'docx',
  html: 'html',
  htm: 'html',
  md: 'markdown',
  markdown: 'markdown',
  txt: 'text',
  csv: 'csv',
};

export const EXTENSIONS_TAKEN = Object.keys(EXTENSIONS);

/** The type of a file, by its name and by what is really in it; undefined when the name is of no known kind, or the two disagree. */
export function documentTypeOf(name: string, bytes: Buffer): DocumentType | undefined {
  const named = EXTENSIONS[/\.([a-z]+)$/iu.exec(name)?.[1]?.toLowerCase() ?? ''];
  if (named === undefined) return undefined;
  const found = contentOf(bytes);
  // Text is written in many ways: which, only the name can say.
  const agrees = named === 'pdf' || named === 'docx' ? found === named : found === 'text';
  return agrees ? named : undefined;
}

/** The mark of a PDF may have something before it (ISO 32000-1, annex H.3.4.1). */
const PDF_MARK_WITHIN_BYTES = 1024;

function contentOf(bytes: Buffer): 'pdf' | 'docx' | 'text' | undefined {
  if (bytes.subarray(0, PDF_MARK_WITHIN_BYTES).includes('%PDF-')) return 'pdf';
  if (bytes.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004', 'latin1'))) {
    return bytes.includes('word/document.xml') ? 'docx' : undefined;
  }
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isUtf16) return 'text';
  if (bytes.includes(0)) return undefined;
  return isUtf8(bytes) || bytes.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d)) ? 'text' : undefined;
}
