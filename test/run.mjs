// `npm test`: prepares the checkout, installs what the tests talk to, runs the native tests and every TAP test, and counts.
// Arguments narrow it: `npm test -- sip` runs only the test files whose path contains "sip".
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { aptInstall, prepare } from '../src/setup.mjs';

const TOOLS = [
  { file: '/usr/bin/sipp', package: 'sip-tester' },
  { file: '/usr/sbin/kamailio', package: 'kamailio' },
  { file: '/usr/share/doc/kamailio-tls-modules', package: 'kamailio-tls-modules' },
  { file: '/usr/bin/baresip', package: 'baresip-core' },
  { file: '/usr/bin/sipsak', package: 'sipsak' },
  { file: '/usr/bin/linphonec', package: 'linphone-cli' },
  { file: '/usr/bin/curl', package: 'curl' },
  { file: '/usr/include/doctest/doctest.h', package: 'doctest-dev' },
  { file: '/usr/include/openssl/evp.h', package: 'libssl-dev' },
  { file: '/usr/lib/python3/dist-packages/requests', package: 'python3-requests' },
];

/** Of the fuzzers; where they cannot be had, `test/native.mjs` says that nothing was fuzzed. */
const FUZZ_TOOLS = [
  { file: '/usr/bin/clang++', package: 'clang' },
  { file: '/usr/lib/llvm-14/lib/clang/14.0.6/lib/linux', package: 'libclang-rt-14-dev' },
];

/** More than there are processors: calls take their time, most of which is waiting. */
const JOBS = 4;

/** More files than this that fail are no accident. */
const MOST_UNSTEADY = 3;

await prepare({ systemPackages: true });
const missing = packagesMissing(TOOLS);
if (missing.length > 0 && !aptInstall(missing)) {
  process.stderr.write(`tests need these Debian packages, and they could not be installed: ${missing.join(' ')}\n`);
  process.exit(1);
}

const filters = process.argv.slice(2);
const files = readdirSync('dist/test', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.js') && existsSync(sourceOf(name)) && filters.every((part) => name.includes(part)))
  .map((name) => join('dist/test', name))
  .sort();

const nativeFailed = filters.length > 0 && !filters.includes('native') ? 0 : testNative();
const tap = files.length > 0 ? await runTwice(files) : { passed: 0, failed: 0 };
const passed = tap.passed + (nativeFailed === 0 ? 1 : 0);
const failed = tap.failed + (nativeFailed === 0 ? 0 : 1);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);

function packagesMissing(tools) {
  return tools.filter((tool) => !existsSync(tool.file)).map((tool) => tool.package);
}

function testNative() {
  const fuzzTools = packagesMissing(FUZZ_TOOLS);
  if (fuzzTools.length > 0) aptInstall(fuzzTools);
  return spawnSync(process.execPath, ['test/native.mjs', '--all'], { stdio: 'inherit' }).status;
}

/** A compiled test whose source is gone is left over from another checkout state. */
function sourceOf(compiled) {
  return join('test', compiled.replace(/\.js$/, '.ts'));
}

/**
 * Calls are real and machines are shared: a few files that failed beside others run once more, alone.
 * What fails again has failed; what does not is named as unsteady, for somebody to mend.
 */
async function runTwice(testFiles) {
  const first = await runTap(testFiles, JOBS);
  if (first.failed === 0 || first.failedFiles.length === 0 || first.failedFiles.length > MOST_UNSTEADY) return first;
  const second = await runTap(first.failedFiles, 1);
  if (second.failed === 0) process.stdout.write(`\nunsteady, passed alone: ${first.failedFiles.join(' ')}\n`);
  // What passed at first in these files is counted there; the second run only settles what failed.
  return { passed: first.passed + (second.failed === 0 ? first.failed : 0), failed: second.failed };
}

function runTap(testFiles, jobs) {
  const args = ['test/tap.mjs', String(jobs), ...testFiles];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (text) => {
      process.stdout.write(text);
      output += text;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      const summary = /# \{ total: (\d+)(?:, pass: (\d+))?(?:, fail: (\d+))?/.exec(output);
      const pass = Number(summary?.[2] ?? 0);
      const fail = Number(summary?.[3] ?? 0);
      // A runner that fails without a failed assertion (a crash, a time-out, nothing run) must not look green.
      const failedFiles = [...output.matchAll(/^not ok \d+ - (dist\/test\/\S+\.test\.js)/gm)].map((match) => match[1]);
      resolve({ passed: pass, failed: fail === 0 && code !== 0 ? 1 : fail, failedFiles });
    });
  });
}
