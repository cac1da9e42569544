// `npm run bench [-- capacity|pacing|leak|peers|echo|quality|setup|conversation|api|api-load|dialects|speech-api|webhooks|registrar|signalling|attack …] [--out results.json]`: prepares
// the checkout, builds the load generator, measures, prints tables. Half an hour for everything; a busy machine spoils the figures,
// so its load is noted beside them.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { aptInstall, prepare } from '../src/setup.mjs';

const GENERATOR = 'dist/rtp-load';
/** Its own sources, and what it shares with the engine: the codecs and SRTP. */
const SOURCES = [
  'test/bench/rtp-load.cc',
  'native/src/dsp/opus_codec.cc',
  'native/src/rtp/srtp.cc',
  'native/src/rtp/srtp_cipher.cc',
];
const HEADERS = ['test/bench/line-payloads.h'];
/** The program of the group `quality`, and the part of the engine that it measures. */
const QUALITY_SOURCES = [
  ...['main', 'line', 'likeness'].map((name) => `native/bench/quality/${name}.cc`),
  ...['dsp/g722', 'dsp/opus_codec', 'engine/line_codec', 'engine/jitter_buffer'].map((name) => `native/src/${name}.cc`),
];
const FLAGS = ['-std=c++20', '-O2', '-Inative/src', '-isystemnode_modules/@discordjs/opus/deps/opus/include'];
const LIBRARIES = ['native/build/Release/opus.a', '-lcrypto', '-lm'];
const COMPILER = process.env.CXX ?? 'g++';

process.chdir(new URL('..', import.meta.url).pathname);
await prepare({ systemPackages: true });
if (!existsSync('/usr/include/openssl/evp.h') && !aptInstall(['libssl-dev'])) process.exit(1);
const builtMs = existsSync(GENERATOR) ? statSync(GENERATOR).mtimeMs : 0;
if ([...SOURCES, ...HEADERS].some((source) => statSync(source).mtimeMs > builtMs)) {
  const compiled = spawnSync(COMPILER, [...FLAGS, ...SOURCES, ...LIBRARIES, '-o', GENERATOR], { stdio: 'inherit' });
  if (compiled.status !== 0) process.exit(1);
}
const groups = process.argv.slice(2);
if (groups.length === 0 || groups.includes('quality')) {
  const compiled = spawnSync(COMPILER, [...FLAGS, '-Inative', ...QUALITY_SOURCES, ...LIBRARIES, '-o', 'dist/line-quality'], {
    stdio: 'inherit',
  });
  if (compiled.status !== 0) process.exit(1);
}
// A peer to compare with; the group says so when it cannot be had.
if ((groups.length === 0 || groups.includes('peers')) && !existsSync('/usr/bin/rtpengine')) aptInstall(['rtpengine-daemon']);
// Recorded people, for the groups that need them.
const recorded = groups.length === 0 || groups.includes('echo') || groups.includes('quality');
if (recorded && !existsSync('/usr/share/asterisk/sounds/it_IT_m_Carlo')) {
  aptInstall(['en', 'it', 'es'].map((language) => `asterisk-core-sounds-${language}-wav`));
}
const { bench } = await import('../dist/test/bench/run.js');
process.exitCode = await bench(groups);
