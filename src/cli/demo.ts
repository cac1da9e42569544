import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startApp } from '../app.js';
import type { CallerStep } from '../caller/scripted-caller.js';
import type { CallEvent } from '../calls/call-event.js';
import { loadConfig } from '../config/load.js';
import type { Config } from '../config/schema.js';
import { renderCallPage } from '../console/call-page.js';
import { AppError } from '../core/errors.js';
import type { Call, TranscriptEntry } from '../domain/call.js';
import type { App } from '../running-app.js';
import { demoSteps, judge } from './demo-story.js';
import { waterfallTable } from './waterfall-table.js';

/** `offhook demo [--provider openai]`: a real call between two processes. Exit code 0 only when everything it promises happened. */
export async function demo(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const config = demoConfig(args, env);
  let ended = (_call: Call): void => undefined;
  const callEnded = new Promise<Call>((resolve) => {
    ended = resolve;
  });
  const app = await startApp(config, {
    onCallEvent: (event) => {
      narrate(event);
      if (event.type === 'ended') ended(event.call);
    },
  });
  try {
    if (!app.understands)
      print('(no speech recogniser on this machine: the demo goes on by keys and by hearing that the caller spoke)');
    print(`calling sip:demo@127.0.0.1:${app.sipPort}\n`);
    const callerExitCode = await runCaller(app.sipPort, demoSteps(app.understands), env);
    if (callerExitCode !== 0) throw new AppError('internal', `the caller's process ended with ${callerExitCode}`);
    return await report(app, config, await callEnded, callerExitCode);
  } finally {
    await app.stop(0);
  }
}

function demoConfig(args: readonly string[], env: NodeJS.ProcessEnv): Config {
  const { values } = parseArgs({ args: [...args], options: { provider: { type: 'string', default: 'embedded' } } });
  const stages = {
    embedded: { stt: 'embedded', llm: 'script', tts: 'embedded' },
    openai: { stt: 'openai', llm: 'openai', tts: 'openai' },
  }[values.provider];
  if (!stages) throw new AppError('invalid_request', '--provider takes embedded or openai');
  const level = env['OFFHOOK_LOG_LEVEL'] === undefined ? { log: { level: 'error' } } : {};
  return loadConfig(env, {
    overrides: {
      bind: '127.0.0.1',
      sip: { port: 0 },
      http: { port: 0 },
      overload: { shed: false },
      speech: { defaults: stages },
      ...level,
    },
  });
}

/** The second user agent is a process of its own: real SIP and RTP over UDP, nothing shared. */
function runCaller(sipPort: number, steps: readonly CallerStep[], env: NodeJS.ProcessEnv): Promise<number | null> {
  const command = fileURLToPath(new URL('../../../src/offhook.mjs', import.meta.url));
  const stepArguments = steps.flatMap((step) => {
    if (step.type === 'listen') return ['--listen'];
    return [`--${step.type}`, step.type === 'press' ? step.digits : step.text];
  });
  const child = spawn(process.execPath, [command, 'call', `sip:demo@127.0.0.1:${sipPort}`, ...stepArguments], {
    env: { ...env, OPENAI_API_KEY: undefined, OPENAI_BASE_URL: undefined },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}

function narrate(event: CallEvent): void {
  if (event.type === 'entry') print(transcriptLine(event.entry));
}

/** `12.3 s  agent   We are open from nine |to six.|` with what nobody heard between bars. */
function transcriptLine(entry: TranscriptEntry): string {
  const at = `${(entry.startMs / 1000).toFixed(1).padStart(5)} s`;
  const text = entry.text === '' ? '(spoke, not understood)' : entry.text;
  if (!entry.interrupted) return `${at}  ${entry.speaker.padEnd(6)}  ${text}`;
  const unheard = text.slice(entry.heardText.length).trim();
  return `${at}  ${entry.speaker.padEnd(6)}  ${entry.heardText} [cut off: ${unheard}]`;
}

async function report(app: App, config: Config, call: Call, callerExitCode: number | null): Promise<number> {
  const [entries, turns] = await Promise.all([app.calls.transcript(call.id), app.calls.turns(call.id)]);
  const recordingFile = join(config.dataDir, call.recordingPath ?? 'missing');
  const pageFile = recordingFile.replace(/\.wav$/, '.html');
  const transcriptFile = recordingFile.replace(/\.wav$/, '.json');
  await writeFile(pageFile, renderCallPage({ call, transcript: entries, turns, recordingUrl: `${call.id}.wav` }));
  await writeFile(transcriptFile, `${JSON.stringify({ call, transcript: entries, turns }, undefined, 2)}\n`);

  print(`\n${waterfallTable(turns)}`);
  print(
    "\nMilliseconds after the caller's last speech packet arrived; barge-in: first speech packet to the agent's last full-level packet.\n",
  );
  print(`recording   ${relative('.', recordingFile)}   (left: caller, right: agent)`);
  print(`transcript  ${relative('.', transcriptFile)}`);
  print(`call page   ${relative('.', pageFile)}   (while the server runs: /console/calls/${call.id})\n`);

  const { llm } = config.speech.defaults;
  const checks = await judge(call, entries, {
    understands: app.understands,
    verbatim: llm === 'script',
    recordingFile,
    callerExitCode,
  });
  for (const check of checks) print(`${check.ok ? 'ok    ' : 'FAILED'}  ${check.what}`);
  return checks.every((check) => check.ok) ? 0 : 1;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
