// Tests the parts of native/src that know nothing of Node, in a program of their own, so that sanitizers can watch.
//
//   node test/native.mjs [doctest options]   build with ASan and UBSan, run the doctest cases
//   node test/native.mjs --threads           build with TSan and run the cases in which threads meet
//   node test/native.mjs --fuzz <seconds> [target …]   build the libFuzzer targets and run each for that long (needs clang)
//   node test/native.mjs --all               the three of them, as `npm test` does
//   node test/native.mjs --bench             build optimised and print the cost of each part
//
// Objects live in dist/native/<mode> and are rebuilt when a file they include has changed.
import { execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

process.chdir(join(import.meta.dirname, '..'));
const run = promisify(execFile);

/** libopus as the installation of @discordjs/opus or of the addon compiled it; without it the Opus stages go untested. */
const OPUS_DIR = 'node_modules/@discordjs/opus';
const OPUS_LIBRARY = findOpusLibrary();
const OPUS_FLAGS = OPUS_LIBRARY ? [`-isystem${OPUS_DIR}/deps/opus/include`] : [];
const WARNINGS = ['-Wall', '-Wextra', '-Wconversion', '-Wsign-conversion', '-Wshadow', '-Werror'];
const COMMON = ['-std=c++20', '-pthread', '-Inative/src', '-Inative', ...WARNINGS];
/** ASan finds what these would, and they are half of the time that compiling takes. */
const FASTER = '-fno-sanitize=null,vptr,object-size';
const MODES = {
  test: {
    compiler: process.env.CXX ?? 'g++',
    flags: ['-O1', '-g1', '-fsanitize=address,undefined', FASTER, '-fno-sanitize-recover=all'],
  },
  threads: { compiler: process.env.CXX ?? 'g++', flags: ['-O1', '-g1', '-fsanitize=thread'] },
  fuzz: {
    compiler: 'clang++',
    flags: ['-O1', '-g1', '-fsanitize=fuzzer-no-link,address,undefined', FASTER, '-fno-sanitize-recover=all'],
  },
  bench: { compiler: process.env.CXX ?? 'g++', flags: ['-O3', '-DNDEBUG'] },
};
/** The directories of native/src: all that knows nothing of Node. */
const PARTS = ['dsp', 'rtp', 'record', 'engine', 'vad'];
const COMPILERS_AT_ONCE = 2;
/** The tests whose objects are used by more than one thread. */
const THREADED_TESTS = ['allocation', 'media_engine', 'playout_queue', 'wav_recorder'];
const FUZZERS_AT_ONCE = 2;
/** In `npm test`; for more there is `--fuzz`. */
const FUZZ_SECONDS = 6;

const [option, ...rest] = process.argv.slice(2);
try {
  if (option === '--fuzz') process.exitCode = await fuzz(Number(rest[0]), rest.slice(1));
  else if (option === '--threads') process.exitCode = await threads();
  else if (option === '--all') process.exitCode = (await test([])) || (await threads()) || (await fuzz(FUZZ_SECONDS, []));
  else if (option === '--bench') process.exitCode = await bench();
  else process.exitCode = await test(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`native: ${error.stderr?.trim() || error.message}\n`);
  process.exitCode = 1;
}

async function test(args) {
  if (!OPUS_LIBRARY) process.stdout.write('native: libopus is not built, so the Opus cases are left out\n');
  const objects = await compileAll('test', [...sourcesIn('native/test'), ...librarySources()]);
  return runProgram(await link('test', objects, 'dist/native/test/run'), args);
}

async function threads() {
  const tests = sourcesIn('native/test').filter((file) => ['main', ...THREADED_TESTS].includes(testNameOf(file)));
  const objects = await compileAll('threads', [...tests, ...librarySources()]);
  const binary = await link('threads', objects, 'dist/native/threads/run');
  const options = { TSAN_OPTIONS: 'halt_on_error=1' };
  if (spawnSync(binary, ['--count'], { stdio: 'ignore' }).status === 0) return runProgram(binary, [], options);
  // Where addresses are more random than this version of TSan knows.
  return runProgram('setarch', ['-R', binary], options);
}

function testNameOf(file) {
  return basename(file, '.cc').replace(/_test$/, '');
}

async function fuzz(seconds, only) {
  if (!(seconds > 0)) throw new Error('--fuzz takes the seconds each target may run');
  if (!hasLibFuzzer()) {
    process.stdout.write('native: clang++ with libFuzzer is not installed, so nothing was fuzzed\n');
    return 0;
  }
  const targets = sourcesIn('native/fuzz').filter((file) => only.length === 0 || only.includes(fuzzNameOf(file)));
  if (targets.length === 0) throw new Error(`no such target; there are ${sourcesIn('native/fuzz').map(fuzzNameOf).join(' ')}`);
  const library = await compileAll('fuzz', librarySources());
  const objects = await compileAll('fuzz', targets);
  const flags = MODES.fuzz.flags.map((flag) => flag.replace('fuzzer-no-link', 'fuzzer'));
  let failed = 0;
  await inParallel(FUZZERS_AT_ONCE, targets, async (source, index) => {
    const name = fuzzNameOf(source);
    const stem = `dist/native/fuzz/${name}`;
    const binary = await link('fuzz', [objects[index], ...library], stem, flags);
    const { code, stderr } = await fuzzOne(binary, stem, seconds);
    if (code === 0) {
      process.stdout.write(`native: ${name} held for ${/units:\s*(\d+)/.exec(stderr)?.[1] ?? '0'} inputs in ${seconds} s\n`);
    } else {
      failed += 1;
      process.stdout.write(`${stderr}\nnative: ${name} failed; the input is named above\n`);
    }
  });
  return failed === 0 ? 0 : 1;
}

function hasLibFuzzer() {
  const target = 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }';
  const args = ['-fsanitize=fuzzer,address', '-x', 'c++', '-', '-o', 'dist/native/fuzz-probe'];
  mkdirSync('dist/native', { recursive: true });
  return spawnSync('clang++', args, { input: target }).status === 0;
}

function fuzzNameOf(file) {
  return basename(file, '.cc').replace(/_fuzz$/, '');
}

/** What was found worth keeping before is where it begins, and inputs that once broke the target. */
function fuzzOne(binary, stem, seconds) {
  mkdirSync(`${stem}.corpus`, { recursive: true });
  const corpora = [`${stem}.corpus`, join('native/fuzz/seeds', basename(stem))].filter((corpus) => existsSync(corpus));
  const options = [`-max_total_time=${seconds}`, '-max_len=4096', '-print_final_stats=1', `-artifact_prefix=${stem}-`];
  return new Promise((resolve, reject) => {
    const child = spawn(binary, [...options, ...corpora], { stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr = (stderr + text).slice(-100_000);
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stderr }));
  });
}

async function bench() {
  const objects = await compileAll('bench', [...sourcesIn('native/bench'), ...librarySources()]);
  return runProgram(await link('bench', objects, 'dist/native/bench/run'), []);
}

async function compileAll(mode, sources) {
  mkdirSync(join('dist/native', mode), { recursive: true });
  const objects = [];
  await inParallel(COMPILERS_AT_ONCE, sources, async (source, index) => {
    objects[index] = await compile(mode, source);
  });
  return objects;
}

async function inParallel(atOnce, items, work) {
  const waiting = [...items.entries()];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

async function compile(mode, source) {
  const { compiler, flags } = MODES[mode];
  const stem = join('dist/native', mode, source.replaceAll('/', '-').replace(/\.cc$/, ''));
  if (!isFresh(`${stem}.o`, `${stem}.d`)) {
    await run(compiler, [...COMMON, ...OPUS_FLAGS, ...flags, '-MMD', '-c', source, '-o', `${stem}.o`]);
  }
  return `${stem}.o`;
}

/** The compiler's own list (-MMD) says which headers an object depends on. */
function isFresh(object, dependencies) {
  if (!existsSync(object) || !existsSync(dependencies)) return false;
  const builtMs = statSync(object).mtimeMs;
  const files = readFileSync(dependencies, 'utf8').replaceAll('\\\n', ' ').trim().split(/\s+/).slice(1);
  return [...files, 'test/native.mjs'].every((file) => existsSync(file) && statSync(file).mtimeMs <= builtMs);
}

async function link(mode, objects, binary, flags = MODES[mode].flags) {
  await run(MODES[mode].compiler, [
    '-pthread',
    ...flags,
    ...objects,
    ...(OPUS_LIBRARY ? [OPUS_LIBRARY] : []),
    '-lcrypto',
    '-lm',
    '-o',
    binary,
  ]);
  return binary;
}

/** Resolves with the exit code; a program that a signal ended counts as failed. */
function runProgram(binary, args, options = { UBSAN_OPTIONS: 'print_stacktrace=1' }) {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { stdio: 'inherit', env: { ...process.env, ...options } });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** Without libopus the sources that include its header are left out, tests as well as stages. */
function sourcesIn(directory) {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith('.cc') && (OPUS_LIBRARY !== undefined || !name.startsWith('opus')))
    .sort()
    .map((name) => join(directory, name));
}

function librarySources() {
  return PARTS.flatMap((part) => sourcesIn(join('native/src', part)));
}

function findOpusLibrary() {
  const candidates = ['native/build/Release/opus.a'];
  if (existsSync(OPUS_DIR)) {
    for (const name of readdirSync(OPUS_DIR))
      if (name.startsWith('build-tmp-')) candidates.push(`${OPUS_DIR}/${name}/Release/opus.a`);
  }
  return candidates.find((path) => existsSync(path));
}
