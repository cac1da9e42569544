import type { Chunk } from '../domain/document.js';

/** A chunk says one thing: long enough to answer from, short enough that several go into a prompt. */
const WORDS = 200;
/** The end of a chunk is repeated in the next, so that what stands on the seam is found whole. */
const OVERLAP_WORDS = 40;
const MAX_HEADING_CHARACTERS = 300;

/**
 * Cuts a text with Markdown headings into chunks of about 200 words. None goes across a heading, each knows the headings above it, and
 * paragraphs, lines of a list and rows of a table stay whole where they fit.
 */
export function chunksOf(text: string): Chunk[] {
  const chunks: Chunk[] = [];
  for (const { heading, body } of sectionsOf(text)) {
    for (const piece of packed(body.flatMap(unitsOf))) chunks.push({ heading, text: piece });
  }
  return chunks;
}

type Section = { heading: string; body: string[] };

function sectionsOf(text: string): Section[] {
  const sections: Section[] = [];
  const above: string[] = [];
  let section: Section = { heading: '', body: [] };
  let paragraph: string[] = [];
  const endParagraph = (): void => {
    if (paragraph.length > 0) section.body.push(paragraph.join('\n'));
    paragraph = [];
  };
  for (const line of text.split(/\r\n?|\n/u)) {
    const found = /^\s{0,3}(#{1,6})\s+(\S.*?)\s*#*$/u.exec(line);
    if (found) {
      endParagraph();
      sections.push(section);
      above.length = Math.min(above.length, found[1]!.length - 1);
      above[found[1]!.length - 1] = found[2]!;
      const heading = above.filter((part) => part !== undefined && part !== '').join(' > ');
      section = { heading: heading.slice(-MAX_HEADING_CHARACTERS), body: [] };
    } else if (line.trim() === '') endParagraph();
    else paragraph.push(line.trim());
  }
  endParagraph();
  sections.push(section);
  return sections.filter(({ body }) => body.length > 0);
}

/** A paragraph that is too long for one chunk comes apart at its lines, then at its sentences, then anywhere between words. */
function unitsOf(paragraph: string): string[] {
  let units = [paragraph];
  for (const seam of [/\n/u, /(?<=[.!?。！？])\s+/u]) {
    units = units.flatMap((unit) => (wordCount(unit) > WORDS ? unit.split(seam) : [unit]));
  }
  return units.flatMap((unit) => (wordCount(unit) > WORDS ? cutAnywhere(unit) : [unit])).filter((unit) => unit.trim() !== '');
}

function cutAnywhere(unit: string): string[] {
  const words = unit.split(/\s+/u);
  return Array.from({ length: Math.ceil(words.length / WORDS) }, (_, index) =>
    words.slice(index * WORDS, (index + 1) * WORDS).join(' '),
  );
}

function packed(units: readonly string[]): string[] {
  const chunks: string[] = [];
  let held: string[] = [];
  let heldWords = 0;
  let fresh = 0;
  for (const unit of units) {
    const words = wordCount(unit);
    if (fresh > 0 && heldWords + words > WORDS) {
      chunks.push(held.join('\n'));
      held = overlapOf(held, words);
      heldWords = held.reduce((sum, part) => sum + wordCount(part), 0);
      fresh = 0;
    }
    held.push(unit);
    heldWords += words;
    fresh += 1;
  }
  if (fresh > 0) chunks.push(held.join('\n'));
  return chunks;
}

/** The last whole units that are short enough; none where the next unit fills a chunk by itself. */
function overlapOf(units: readonly string[], nextWords: number): string[] {
  const kept: string[] = [];
  let words = 0;
  for (const unit of units.toReversed()) {
    words += wordCount(unit);
    if (words > OVERLAP_WORDS || words + nextWords > WORDS) break;
    kept.unshift(unit);
  }
  return kept;
}

/** Scripts without spaces count by length: two characters weigh about a word. */
function wordCount(text: string): number {
  const spaced = text.split(/\s+/u).filter(Boolean).length;
  return Math.max(spaced, Math.ceil(text.length / 12));
}
