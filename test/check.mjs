// `npm run check`: format, lint, types, import boundaries, dead code. Everything is run, so that one round shows all faults.
import { spawnSync } from 'node:child_process';
import { prepare } from '../src/setup.mjs';

await prepare();
const steps = [
  ['format', 'biome', ['check', '--linter-enabled=false', '.']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['types', 'tsc', ['-p', '.', '--noEmit']],
  ['imports', 'depcruise', ['--config', '.dependency-cruiser.json', 'src']],
  ['dead code', 'knip', ['--no-progress']],
];
let failed = 0;
for (const [name, tool, args] of steps) {
  const result = spawnSync(`node_modules/.bin/${tool}`, args, { encoding: 'utf8' });
  if (result.status === 0) {
    process.stdout.write(`ok ${name}\n`);
  } else {
    failed += 1;
    process.stdout.write(`not ok ${name}\n${result.stdout ?? ''}${result.stderr ?? ''}\n`);
  }
}
process.exit(failed === 0 ? 0 : 1);
