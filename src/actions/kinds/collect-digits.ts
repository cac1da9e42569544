import { v7 } from 'uuid';
import { toError } from '../../core/errors.js';
import type { KeyedIn } from '../../domain/key-collection.js';
import type { CallSetting } from '../../domain/ports/toolbox.js';
import { type ActionDeps, type OpenAction, type Tool, type ToolAnswer, ToolFailure } from '../tool.js';

const HIDDEN = '••••';

/** In words that are fit to be told to the caller. */
const NOT_KEYED_IN: Readonly<Record<Exclude<KeyedIn['outcome'], 'complete'>, string>> = {
  nothing: 'The caller keyed in nothing.',
  invalid: 'What the caller keyed in is not valid.',
  interrupted: 'The caller spoke instead of keying anything in.',
  busy: 'The caller is being asked for other digits already.',
};

/** Asks the caller for digits. Masked ones are told to nobody but the action they are for. */
export const openCollectDigits: OpenAction<'collect_digits'> = async ({ action, setting, deps, openOther }) => {
  const { field, sendTo, say, minLength, ...request } = action.config;
  const { masked } = request;
  if (sendTo !== undefined) await receiverOf(sendTo, setting, openOther);
  return [
    {
      action,
      definition: {
        name: '',
        description: `Asks the caller to key in digits, and waits for them. ${masked ? 'You are not told which.' : ''} Do not ask yourself.`,
        parameters: { type: 'object', properties: {}, additionalProperties: false },
      },
      prompt: request.prompt,
      listens: true,
      // The caller takes as long as the time-outs of the digits say.
      untimed: true,
      async run() {
        const keyed = await setting.keyIn?.({ ...request, minLength: minLength ?? request.maxLength });
        if (!keyed) throw new ToolFailure('Nobody can key anything in here.', { reason: 'no telephone' });
        if (keyed.outcome !== 'complete') throw new ToolFailure(NOT_KEYED_IN[keyed.outcome], { reason: keyed.outcome });
        const { digits } = keyed;
        if (!masked) setting.collect({ [field]: digits });
        const told = masked ? { received: `${digits.length} digits` } : { [field]: digits };
        if (sendTo === undefined) return { message: say, result: told };
        const receiver = await receiverOf(sendTo, knowing(setting, field, digits), openOther);
        const { message, result } = await handOver(receiver, { [field]: digits }, deps, masked ? digits : undefined);
        return { message: say ?? message, result: { ...told, result } };
      },
    },
  ];
};

/** @throws ToolFailure when the agent has no such action, or one that is more than a request. */
async function receiverOf(
  name: string,
  setting: CallSetting,
  openOther: (name: string, setting: CallSetting) => Promise<readonly Tool[]>,
): Promise<Tool> {
  const [tool] = await openOther(name, setting);
  if (tool?.action.type === 'http' || tool?.action.type === 'webhook') return tool;
  throw new ToolFailure('The digits have nowhere to go.', { reason: `no http or webhook action named ${name}` });
}

/** The call as the receiver of the digits sees it: only there are they known. */
const knowing = (setting: CallSetting, field: string, digits: string): CallSetting => ({
  ...setting,
  values: () => ({ ...setting.values(), [field]: digits }),
  call: () => {
    const call = setting.call();
    return { ...call, collectedData: { ...call.collectedData, [field]: digits } };
  },
});

/** `secret`: what nothing that comes back may show, whoever echoes it. */
async function handOver(
  tool: Tool,
  args: Readonly<Record<string, string>>,
  { clock }: Pick<ActionDeps, 'clock'>,
  secret: string | undefined,
): Promise<ToolAnswer> {
  const abort = new AbortController();
  const { timeoutMs } = tool.action;
  const late = new ToolFailure('It took too long. Nobody knows whether it was done.', { reason: `no answer in ${timeoutMs} ms` });
  const cancel = clock.schedule(timeoutMs, () => abort.abort(late));
  const hidden = <T>(value: T): T => (secret === undefined ? value : (withoutDigits(value, secret) as T));
  try {
    const { message, result } = await tool.run({ args, signal: abort.signal, key: v7() });
    return { message: hidden(message), result: hidden(result) };
  } catch (thrown) {
    const { message, reason = message } =
      thrown instanceof ToolFailure ? thrown : { message: '', reason: toError(thrown).message };
    // Without its cause, which may hold the request.
    throw new ToolFailure(hidden(message) || 'It did not work.', { reason: hidden(reason) });
  } finally {
    cancel();
  }
}

/** Whoever echoes a card number may write it in groups. */
function withoutDigits(value: unknown, digits: string): unknown {
  const written = new RegExp(Array.from(digits).join('[ .-]?'), 'g');
  if (typeof value === 'string') return value.replace(written, HIDDEN);
  if (typeof value === 'number') return written.test(String(value)) ? HIDDEN : value;
  if (Array.isArray(value)) return value.map((item: unknown) => withoutDigits(item, digits));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutDigits(item, digits)]));
}
