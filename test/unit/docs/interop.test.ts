import { readFileSync } from 'node:fs';
import t from 'tap';
import { parse } from 'yaml';
import { TrunkCreate } from '../../../src/trunks/trunk-input.js';

const page = readFileSync('docs/interop.md', 'utf8');
const rows = [...page.matchAll(/^\|.*\| `(test\/[\w/.-]+)`: (.*?) \|$/gm)].map(([, file = '', title = '']) => ({ file, title }));

void t.test('each case that the page says was run is a test that there is', async (t) => {
  t.ok(rows.length > 10);
  for (const { file, title } of rows) t.ok(readFileSync(file, 'utf8').includes(title), `${file}: ${title}`);
});

void t.test('no test with another program is left out', async (t) => {
  for (const file of new Set(rows.map((row) => row.file).filter((name) => !name.includes('scenarios')))) {
    const titles = [...readFileSync(file, 'utf8').matchAll(/\bt\.test\(\s*(['`])(.*?)(?:\$\{|\1,)/g)].map(([, , title = '']) =>
      title.trim(),
    );
    for (const title of titles) t.ok(page.includes(title), `${file}: ${title}`);
  }
});

void t.test('each trunk that the page shows is one that can be made', async (t) => {
  const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, text = '']) => parse(text) as { trunks: object[] });
  t.ok(blocks.length >= 7);
  for (const trunk of blocks.flatMap(({ trunks }) => trunks)) {
    const { error } = TrunkCreate.safeParse(trunk);
    t.equal(error, undefined, `${JSON.stringify(trunk)} ${error?.message ?? ''}`);
  }
});
