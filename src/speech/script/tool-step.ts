import type { ScriptIntent } from '../../domain/agent.js';
import { fillPlaceholders } from '../../domain/placeholders.js';
import type { ChatMessage, ToolCall } from '../../domain/ports/speech.js';
import type { SlotValues } from './slots.js';

const DONE = 'All right.';
const FAILED = 'I am sorry, that did not work just now.';

const DIGITS = new Map(
  'zero one two three four five six seven eight nine'.split(' ').map((word, digit): [string, string] => [word, String(digit)]),
).set('oh', '0');

/** Which intent a call of a tool was made for stands in its id: a script remembers nothing but the conversation. */
const ID = /^intent_(\d+)_/;

/** What a tool that the script, or a key, has called came to. */
export type ToolStep = { intent: ScriptIntent | undefined; done: boolean; result: unknown; message: string | undefined };

export const toolCallOf = (intent: ScriptIntent, index: number, tool: string, slots: SlotValues, step: number): ToolCall => ({
  id: `intent_${index}_${step}`,
  name: tool,
  arguments: filled(intent.arguments ?? {}, { ...slots, ...(slots.number && { number: asDigits(slots.number) }) }),
});

/** A number that was dictated digit by digit, as systems write it. */
function asDigits(number: string): string {
  const digits = number.split(' ').map((word) => DIGITS.get(word) ?? word);
  return digits.every((digit) => /^\d+$/.test(digit)) ? digits.join('') : number;
}

/** Undefined where the last message is no tool's. */
export function lastToolStep(messages: readonly ChatMessage[], intents: readonly ScriptIntent[]): ToolStep | undefined {
  const last = messages.at(-1);
  if (last?.role !== 'tool') return undefined;
  const index = ID.exec(last.toolCallId)?.[1];
  const { status, result, message } = contentOf(last.content);
  return {
    intent: index === undefined ? undefined : intents[Number(index)],
    done: status === 'done',
    result,
    message: typeof message === 'string' ? message : undefined,
  };
}

/** What is said of it, but for the slots in it. */
export function wordsFor({ intent, done, result, message }: ToolStep): string {
  if (!done) return intent?.failureReply ?? FAILED;
  if (!intent || intent.reply.trim() === '') return message ?? DONE;
  return fillPlaceholders(intent.reply, { result }, (name) => (/^result\b/.test(name) ? '' : undefined));
}

function contentOf(json: string): { status?: unknown; result?: unknown; message?: unknown } {
  try {
    const content = JSON.parse(json) as unknown;
    return typeof content === 'object' && content !== null ? content : {};
  } catch {
    // Too long to be told as a whole: it was done, but nothing can be repeated of it.
    return { status: json.startsWith('{"status":"done"') ? 'done' : 'failed' };
  }
}

/** A slot that was not heard is left out, so that the tool says what it lacks. */
function filled(value: unknown, slots: SlotValues): unknown {
  if (typeof value === 'string') return fillPlaceholders(value, slots, '');
  if (Array.isArray(value)) return value.map((item: unknown) => filled(item, slots));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, item]) => [name, filled(item, slots)] as const)
      .filter(([name, item]) => item !== '' || (value as Record<string, unknown>)[name] === ''),
  );
}
