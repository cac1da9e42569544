const MAX_TEXT_CHARS = 1000;
/** Below this a sentence is joined with the next: `Dr.` or `No.` is no sentence, and one clip per syllable would stutter. */
const MIN_SENTENCE_CHARS = 12;

/**
 * Text as a voice can say it: no markup, no control characters, no emoji, white space collapsed, not longer than a voice should speak at
 * once. Returns an empty string when nothing in it can be said.
 */
export function speakableText(text: string): string {
  const plain = text
    .slice(0, MAX_TEXT_CHARS * 2)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/<[^<>]{0,200}>/g, ' ')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[‘’ʼ]/g, "'")
    .replace(/[“”«»]/g, '"')
    .replace(/\s*[–—]\s*/g, ', ')
    .replace(/…/g, '...')
    .replace(/[*_`#~|<>\\^{}[\]]+/g, ' ')
    .replace(/[^\x20-\x7e€£]/g, ' ')
    .replace(/€\s?(\d[\d.,]*)/g, '$1 euros')
    .replace(/£\s?(\d[\d.,]*)/g, '$1 pounds')
    .replace(/[€£]/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/ ([,.!?;:])/g, '$1')
    .trim();
  if (!/[a-z0-9$%&+=@]/i.test(plain)) return '';
  if (plain.length <= MAX_TEXT_CHARS) return plain;
  const lastSpace = plain.lastIndexOf(' ', MAX_TEXT_CHARS);
  return plain.slice(0, lastSpace > 0 ? lastSpace : MAX_TEXT_CHARS);
}

/** The sentences of a speakable text, so that the first can be heard while the next is made. */
export function splitSentences(text: string): string[] {
  const sentences: string[] = [];
  let open = '';
  for (const part of text.split(/(?<=[.!?]["')]?)\s+(?=["'(]?[A-Z0-9])/)) {
    open = open === '' ? part : `${open} ${part}`;
    if (open.length < MIN_SENTENCE_CHARS || /\b(?:Dr|Mr|Mrs|Ms|St|No|vs|approx)\.$/i.test(open)) continue;
    sentences.push(open);
    open = '';
  }
  if (open !== '') sentences.push(open);
  return sentences;
}

/** The pause a listener expects after this clause. */
export function pauseAfterMs(clause: string): number {
  return /[.!?]["')]*$/.test(clause) ? 120 : 80;
}
