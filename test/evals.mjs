// `npm run evals [-- interruptions|disturbances|pauses|words|digits|keys|noise|silence …] [--out results.json]`: prepares the checkout, fetches
// recorded voices, calls the agent as people do, and judges what came back over the line. A busy machine spoils the figures, so its
// load is noted beside them.
import { existsSync } from 'node:fs';
import { aptInstall, prepare } from '../src/setup.mjs';

process.chdir(new URL('..', import.meta.url).pathname);
await prepare({ systemPackages: true });
if (!existsSync('/usr/share/asterisk/sounds/en_US_f_Allison')) aptInstall(['asterisk-core-sounds-en-wav']);
const { evaluate } = await import('../dist/test/evals/run.js');
process.exitCode = await evaluate(process.argv.slice(2));
