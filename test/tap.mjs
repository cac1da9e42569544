// `node test/tap.mjs <jobs> <file …>`: runs compiled test files, each in a process of its own, and writes one TAP stream.
//
// tap's own command does the same with loaders for TypeScript, mocks and coverage in every process. We use none of them, and they
// are a third of a second of each file.
import { t } from 'tap';

const TIMEOUT_S = 240;

const [jobs, ...files] = process.argv.slice(2);
t.jobs = Number(jobs);
t.setTimeout(0);
for (const file of files) {
  const options = { env: { ...process.env, TAP_TIMEOUT: String(TIMEOUT_S) }, timeout: TIMEOUT_S * 1000 };
  void t.spawn(process.execPath, ['--enable-source-maps', file], options, file);
}
