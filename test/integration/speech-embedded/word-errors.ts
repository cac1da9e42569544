/** Words to insert, delete or replace to make `heard` of `said`. */
export function wordErrors(said: string, heard: string): number {
  const wanted = said.split(' ').filter(Boolean);
  const got = heard.split(' ').filter(Boolean);
  let row = Array.from({ length: got.length + 1 }, (_, i) => i);
  for (const [i, word] of wanted.entries()) {
    const next = [i + 1];
    for (const [j, other] of got.entries()) {
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (word === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
