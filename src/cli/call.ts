import { parseArgs } from 'node:util';
import { type CallerStep, playCaller } from '../caller/scripted-caller.js';
import { systemClock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { startUserAgent } from '../user-agent.js';

const STEP_OPTIONS = new Set(['listen', 'say', 'interrupt', 'press']);

export type CallArguments = { uri: string; steps: CallerStep[]; voice: string; record: string | undefined; patienceMs: number };

/** `offhook call <sip-uri> …`: places one call as a plain user agent. Exit code 0 when it was answered. */
export async function call(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const plan = parseCallArguments(args);
  const agent = await startUserAgent(env, { bind: bindFor(plan.uri), voices: 1 });
  try {
    const outcome = await playCaller(
      { ...agent, clock: systemClock, onStep: (step) => process.stdout.write(`caller ${describe(step)}\n`) },
      { uri: plan.uri, steps: plan.steps, voice: plan.voice, recordingPath: plan.record, patienceMs: plan.patienceMs },
    );
    if (outcome.answered) {
      process.stdout.write(`call ended by ${outcome.endedBy === 'them' ? 'the far end' : 'us'}\n`);
      return 0;
    }
    process.stdout.write(`call not answered: ${outcome.sipCode} ${outcome.reason}\n`);
    return 1;
  } finally {
    await agent.close();
  }
}

/** @throws AppError `invalid_request` naming the argument. */
export function parseCallArguments(args: readonly string[]): CallArguments {
  const text = { type: 'string', multiple: true } as const;
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      tokens: true,
      options: {
        listen: { type: 'boolean', multiple: true },
        say: text,
        interrupt: text,
        press: text,
        voice: { type: 'string' },
        record: { type: 'string' },
        patience: { type: 'string' },
      },
    });
  } catch (thrown) {
    throw new AppError('invalid_request', thrown instanceof Error ? thrown.message : String(thrown));
  }
  const uri = parsed.positionals[0];
  if (!uri || !/^sips?:[^\s]+$/.test(uri) || parsed.positionals.length > 1) {
    throw new AppError('invalid_request', 'call takes one SIP URI, e.g. offhook call sip:demo@127.0.0.1');
  }
  const steps = (parsed.tokens ?? []).flatMap((token) =>
    token.kind === 'option' && STEP_OPTIONS.has(token.name) ? [stepOf(token.name, token.value)] : [],
  );
  const patienceS = Number(parsed.values['patience'] ?? 20);
  if (!(patienceS > 0 && patienceS <= 3600)) throw new AppError('invalid_request', '--patience takes seconds from 1 to 3600');
  const stringOf = (name: string): string | undefined => {
    const value = parsed.values[name];
    return typeof value === 'string' ? value : undefined;
  };
  return { uri, steps, voice: stringOf('voice') ?? 'rms', record: stringOf('record'), patienceMs: patienceS * 1000 };
}

function stepOf(name: string, value: string | undefined): CallerStep {
  switch (name) {
    case 'say':
      return { type: 'say', text: value ?? '' };
    case 'interrupt':
      return { type: 'interrupt', text: value ?? '' };
    case 'press':
      if (!/^[0-9A-D*#]+$/.test(value ?? '')) throw new AppError('invalid_request', '--press takes digits: 0-9 A-D * #');
      return { type: 'press', digits: value ?? '' };
    default:
      return { type: 'listen' };
  }
}

function describe(step: CallerStep): string {
  switch (step.type) {
    case 'say':
      return `says: ${step.text}`;
    case 'interrupt':
      return `interrupts: ${step.text}`;
    case 'press':
      return `presses: ${step.digits}`;
    case 'listen':
      return 'listens';
  }
}

/** A call to this machine goes out by loopback; any other leaves by whatever address the system routes it from. */
function bindFor(uri: string): string {
  return /@(127\.|localhost|\[::1\])/.test(uri) ? '127.0.0.1' : '0.0.0.0';
}
