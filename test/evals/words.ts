/** Lower case, without punctuation. */
export const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];

/** The fewest words to put in, take out or replace. */
export function wordErrors(said: readonly string[], heard: readonly string[]): number {
  let row = heard.map((_, i) => i + 1);
  for (const [index, word] of said.entries()) {
    let diagonal = index;
    let left = index + 1;
    row = heard.map((other, i) => {
      const above = row[i] ?? 0;
      const cell = Math.min(above + 1, left + 1, diagonal + (word === other ? 0 : 1));
      diagonal = above;
      left = cell;
      return cell;
    });
  }
  return row.at(-1) ?? said.length;
}
