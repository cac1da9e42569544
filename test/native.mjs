// Tests the parts of native/src that know nothing of Node, in a program of their own, so that sanitizers can watch.
//
//   node test/native.mjs [doctest options]   build with ASan and UBSan, run the doctest cases
//   node test/native.mjs --fuzz <seconds>    build the libFuzzer targets and run each for that long (needs clang)
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
const MODES = {
  test: { compiler: process.env.CXX ?? 'g++', flags: ['-O1', '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'] },
  fuzz: { compiler: 'clang++', flags: ['-O1', '-g', '-fsanitize=fuzzer-no-link,address,undefined', '-fno-sanitize-recover=all'] },
  bench: { compiler: process.env.CXX ?? 'g++', flags: ['-O3', '-DNDEBUG'] },
};
/** The directories of native/src: all that knows nothing of Node. */
const PARTS = ['dsp', 'rtp', 'record', 'engine'];
const COMPILERS_AT_ONCE = 2;

const [option, ...rest] = process.argv.slice(2);
try {
  if (option === '--fuzz') process.exitCode = await fuzz(Number(rest[0]));
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

async function fuzz(seconds) {
  if (!(seconds > 0)) throw new Error('--fuzz takes the seconds each target may run');
  if (spawnSync('clang++', ['--version']).status !== 0) {
    process.stdout.write('native: clang++ is not installed, so nothing was fuzzed\n');
    return 0;
  }
  const library = await compileAll('fuzz', librarySources());
  const flags = MODES.fuzz.flags.map((flag) => flag.replace('fuzzer-no-link', 'fuzzer'));
  for (const source of sourcesIn('native/fuzz')) {
    const stem = `dist/native/fuzz/${basename(source, '.cc')}`;
    const binary = await link('fuzz', [...(await compileAll('fuzz', [source])), ...library], stem, flags);
    mkdirSync(`${stem}.corpus`, { recursive: true });
    const options = [`-max_total_time=${seconds}`, '-max_len=4096', '-print_final_stats=1', `-artifact_prefix=${stem}-`];
    const { status, stderr } = spawnSync(binary, [...options, `${stem}.corpus`], { encoding: 'utf8', maxBuffer: 1e9 });
    if (status !== 0) {
      process.stdout.write(`${stderr}\nnative: ${basename(stem)} failed; the input is named above\n`);
      return 1;
    }
    process.stdout.write(
      `native: ${basename(stem)} held for ${/units:\s*(\d+)/.exec(stderr)?.[1] ?? '0'} inputs in ${seconds} s\n`,
    );
  }
  return 0;
}

async function bench() {
  const objects = await compileAll('bench', [...sourcesIn('native/bench'), ...librarySources()]);
  return runProgram(await link('bench', objects, 'dist/native/bench/run'), []);
}

async function compileAll(mode, sources) {
  mkdirSync(join('dist/native', mode), { recursive: true });
  const objects = [];
  const waiting = [...sources.entries()];
  const work = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) objects[job[0]] = await compile(mode, job[1]);
  };
  await Promise.all(Array.from({ length: COMPILERS_AT_ONCE }, work));
  return objects;
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
function runProgram(binary, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { stdio: 'inherit', env: { ...process.env, UBSAN_OPTIONS: 'print_stacktrace=1' } });
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
