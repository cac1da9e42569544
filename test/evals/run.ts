import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { markdown } from '../bench/tables.js';
import { AgentLine } from './agent-line.js';
import { digits } from './digits.js';
import { echo } from './echo.js';
import { machines } from './machines.js';
import { answering } from './offline-answers.js';
import { silence } from './silence.js';
import { slots } from './slots.js';
import { disturbances, type Figure, interruptions, keys, noise, pauses, quiet, words } from './suites.js';

const SUITES = {
  interruptions,
  disturbances,
  echo,
  pauses,
  words,
  slots,
  digits,
  keys,
  noise,
  quiet,
  silence,
  machines,
  answering,
};

/** Runs the evals asked for, all when none is, and prints a table. Resolves with the exit code: figures do not fail, only what cannot be run. */
export async function evaluate(args: readonly string[]): Promise<number> {
  const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options: { out: { type: 'string' } } });
  const known = Object.keys(SUITES) as (keyof typeof SUITES)[];
  const wanted = positionals.length === 0 ? known : known.filter((name) => positionals.includes(name));
  if (positionals.some((name) => !(name in SUITES))) {
    process.stderr.write(`usage: npm run evals -- [${known.join('|')} …] [--out file.json]\n`);
    return 2;
  }
  const load = (): string =>
    loadavg()
      .map((each) => each.toFixed(2))
      .join(' ');
  process.stdout.write(`${cpus().length} cores (${cpus()[0]?.model ?? ''}), Node ${process.version}, load before: ${load()}\n`);
  const figures: Figure[] = [];
  const line = await AgentLine.open();
  try {
    for (const name of wanted) {
      process.stderr.write(`evals: ${name}\n`);
      figures.push(...(await SUITES[name](line)));
    }
  } finally {
    await line.close();
  }
  const rows = figures.map(({ eval: name, figure, n, value, unit, aim }) => [
    name,
    figure,
    String(n),
    `${value.toFixed(1)} ${unit}`,
    aim ?? '',
  ]);
  process.stdout.write(`\n${markdown(['eval', 'figure', 'n', 'value', 'aim'], rows)}\n\nload after: ${load()}\n`);
  if (values.out !== undefined)
    await writeFile(values.out, `${JSON.stringify({ date: new Date().toISOString(), figures }, undefined, 2)}\n`);
  return 0;
}
