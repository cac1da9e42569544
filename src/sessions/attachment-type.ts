import { documentTypeOf } from '../documents/document-type.js';
import type { DocumentType } from '../domain/document.js';

const DOCUMENT_CONTENT = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  html: 'text/html',
  markdown: 'text/markdown',
  text: 'text/plain',
  csv: 'text/csv',
} as const satisfies Record<DocumentType, string>;

/** By what stands at the beginning of the file, and for `RIFF` and `ftyp` a few bytes on. */
const MEDIA: readonly { contentType: string; mark: string; at: number; and?: { mark: string; at: number } }[] = [
  { contentType: 'image/png', mark: '\u0089PNG\r\n\u001a\n', at: 0 },
  { contentType: 'image/jpeg', mark: '\u00ff\u00d8\u00ff', at: 0 },
  { contentType: 'image/gif', mark: 'GIF8', at: 0 },
  { contentType: 'image/webp', mark: 'RIFF', at: 0, and: { mark: 'WEBP', at: 8 } },
  { contentType: 'audio/wav', mark: 'RIFF', at: 0, and: { mark: 'WAVE', at: 8 } },
  { contentType: 'audio/ogg', mark: 'OggS', at: 0 },
  { contentType: 'audio/mp4', mark: 'ftypM4A', at: 4 },
  { contentType: 'video/mp4', mark: 'ftyp', at: 4 },
  { contentType: 'video/webm', mark: '\u001aE\u00df\u00a3', at: 0 },
];

/** What can be attached, for people. */
export const ATTACHMENTS_TAKEN = 'png, jpeg, gif, webp, wav, ogg, m4a, mp4, webm, pdf, docx, html, md, txt, csv';

export type AttachmentType = { contentType: string; document: DocumentType | undefined };

/** What a file is by what is in it, whatever its sender says it is; undefined: none that is taken. */
export function attachmentTypeOf(name: string, bytes: Buffer): AttachmentType | undefined {
  const isAt = ({ mark, at }: { mark: string; at: number }): boolean =>
    bytes.subarray(at, at + mark.length).equals(Buffer.from(mark, 'latin1'));
  const media = MEDIA.find((kind) => isAt(kind) && (kind.and === undefined || isAt(kind.and)));
  if (media) return { contentType: media.contentType, document: undefined };
  const document = documentTypeOf(name, bytes);
  return document && { contentType: DOCUMENT_CONTENT[document], document };
}
