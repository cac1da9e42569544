// `npm run bench [-- calls|setup|conversation|api|api-load|webhooks|registrar|signalling …] [--out results.json]`: prepares the checkout, builds the load generator, measures,
// prints tables. Five to ten minutes for everything; a busy machine spoils the figures, so its load is noted beside them.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { prepare } from '../src/setup.mjs';

const SOURCE = 'test/bench/rtp-load.cc';
const BINARY = 'dist/rtp-load';
const COMPILER = process.env.CXX ?? 'g++';

process.chdir(new URL('..', import.meta.url).pathname);
await prepare({ systemPackages: true });
if (!existsSync(BINARY) || statSync(BINARY).mtimeMs < statSync(SOURCE).mtimeMs) {
  const compiled = spawnSync(COMPILER, ['-std=c++20', '-O2', SOURCE, '-o', BINARY], { stdio: 'inherit' });
  if (compiled.status !== 0) process.exit(1);
}
const { bench } = await import('../dist/test/bench/run.js');
process.exitCode = await bench(process.argv.slice(2));
