import { readFile } from 'node:fs/promises';
import type { DocumentType } from '../domain/document.js';
import type { Reading } from '../domain/ports/documents.js';
import { readDocument } from './read-document.js';

/** What the readers have to say is not for our output. */
console.log = console.warn = console.error = () => {};

process.once('message', ({ file, type }: { file: string; type: DocumentType }) => {
  const missing: Reading = { failure: 'file_missing' };
  void readFile(file)
    .then(
      (bytes) => readDocument(bytes, type),
      () => missing,
    )
    .then((reading) => process.send?.(reading, () => process.disconnect()));
});
