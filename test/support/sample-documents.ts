import { deflateRawSync } from 'node:zlib';
import { Document, HeadingLevel, Packer, Paragraph } from 'docx';
import { PDFDocument, StandardFonts } from 'pdf-lib';

/** A PDF with one page per text. */
export async function pdfOf(...pages: string[]): Promise<Buffer> {
  const pdf = await PDFDocument.create();
  const font = await pdf.embedFont(StandardFonts.Helvetica);
  for (const text of pages) pdf.addPage().drawText(text, { x: 40, y: 700, size: 12, lineHeight: 14, font });
  return Buffer.from(await pdf.save());
}

export const docxOf = (heading: string, ...paragraphs: string[]): Promise<Buffer> => {
  const title = new Paragraph({ text: heading, heading: HeadingLevel.HEADING_1 });
  return Packer.toBuffer(new Document({ sections: [{ children: [title, ...paragraphs.map((text) => new Paragraph(text))] }] }));
};

/** A ZIP of one file that claims to be as large as `claimedBytes`. */
export function zipOf(name: string, content: Buffer, claimedBytes = content.length): Buffer {
  const packed = deflateRawSync(content);
  const sizes = (record: Buffer, at: number): void => {
    record.writeUInt32LE(packed.length, at);
    record.writeUInt32LE(claimedBytes, at + 4);
    record.writeUInt16LE(name.length, at + 8);
  };
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  sizes(local, 18);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(8, 10);
  sizes(entry, 20);
  const file = Buffer.concat([local, Buffer.from(name), packed]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length + name.length, 12);
  end.writeUInt32LE(file.length, 16);
  return Buffer.concat([file, entry, Buffer.from(name), end]);
}
