// Makes a checkout ready to run: npm packages, the recogniser's system packages, the native engine, the compiled TypeScript.
// Each step leaves a stamp of what it was made from under `dist/` or `node_modules/`, so a ready checkout costs milliseconds.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const RECOGNIZER_PACKAGES = ['libpocketsphinx3', 'pocketsphinx-en-us'];
const RECOGNIZER_MODEL = '/usr/share/pocketsphinx/model/en-us/en-us/mdef';

/** Installs and builds what is missing or out of date. Progress goes to standard error; standard output stays the program's. */
export async function prepare({ systemPackages = false } = {}) {
  installDependencies();
  if (systemPackages) installRecognizer();
  buildNative();
  buildTypeScript();
}

function installDependencies() {
  const stamp = join(root, 'node_modules', '.offhook-stamp');
  const wanted = hashOf([join(root, 'package.json'), join(root, 'package-lock.json')]) + process.versions.modules;
  if (isStamped(stamp, wanted)) return;
  // A linked node_modules is another checkout's: `npm ci` here would empty it under whoever works there.
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) return;
  // onnxruntime-node's install script would download a GPU build; the CPU library it needs is inside the package.
  run(
    'npm',
    ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
    'installing npm packages (builds two of them, a few minutes)',
    { ONNXRUNTIME_NODE_INSTALL: 'skip' },
  );
  writeStamp(stamp, wanted);
}

function buildNative() {
  const stamp = join(root, 'native', 'build', '.offhook-stamp');
  const sources = ['binding.gyp', 'include', 'src', 'binding'].flatMap((name) => filesUnder(join(root, 'native', name)));
  const wanted = hashOf(sources) + process.versions.modules;
  if (isStamped(stamp, wanted)) return;
  run('npm', ['run', '--silent', 'build:native', '--', '--loglevel=error'], 'building the native media engine');
  writeStamp(stamp, wanted);
}

function buildTypeScript() {
  const stamp = join(root, 'dist', '.offhook-stamp');
  const sources = ['src', 'test'].flatMap((name) => filesUnder(join(root, name))).filter((file) => file.endsWith('.ts'));
  const wanted = hashOf([...sources, join(root, 'tsconfig.json')]);
  if (isStamped(stamp, wanted)) return;
  run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', root], 'compiling');
  writeStamp(stamp, wanted);
}

/** The embedded recogniser is optional: without it calls work, agents hear *that* somebody spoke, and keys are understood. */
function installRecognizer() {
  if (existsSync(RECOGNIZER_MODEL) || process.env.OFFHOOK_NO_APT) return;
  const command = `apt-get install -y --no-install-recommends ${RECOGNIZER_PACKAGES.join(' ')}`;
  const mayInstall = process.getuid?.() === 0 && spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;
  if (!mayInstall || !aptInstall(RECOGNIZER_PACKAGES)) {
    process.stderr.write(`offhook: no embedded speech recogniser; to have one, run as root: ${command}\n`);
  }
}

/** Installs Debian packages, fetching the package lists only when they are needed. Returns whether it worked. */
export function aptInstall(packages) {
  const options = { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  const install = () =>
    spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], options).status === 0;
  process.stderr.write(`offhook: installing ${packages.join(' ')}\n`);
  return install() || (spawnSync('apt-get', ['update', '-q'], options).status === 0 && install());
}

/** `JOBS` is node-gyp's: on all processors. */
function run(command, args, what, env = {}) {
  process.stderr.write(`offhook: ${what}\n`);
  const result = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, JOBS: 'max', ...env },
    maxBuffer: 1 << 26,
  });
  if (result.status === 0) return;
  process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}\noffhook: ${what} failed\n`);
  process.exit(1);
}

function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file.slice(root.length)).update(readFileSync(file));
  return hash.digest('hex');
}

function isStamped(stamp, wanted) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
}

function writeStamp(stamp, wanted) {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}
