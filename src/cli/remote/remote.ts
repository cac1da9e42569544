import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { Command, CommanderError } from 'commander';
import { type ApiClient, createApiClient } from '../../client/api-client.js';
import type { components } from '../../client/api-types.js';
import { AppError, toError } from '../../core/errors.js';

const DEFAULT_URL = 'http://127.0.0.1:8080';

/** A running server, and how what it says is to be shown. */
export type Remote = { client: ApiClient; json: boolean };

/** A group of commands that talk to a running server; `connect` is to be called when the options are known. */
export function remoteCommand(
  name: string,
  description: string,
  env: NodeJS.ProcessEnv,
): { command: Command; connect: () => Remote } {
  const command = new Command(`offhook ${name}`)
    .description(description)
    .option('--url <url>', `where the server is (OFFHOOK_URL, else ${DEFAULT_URL})`)
    .option('--key <key>', 'API key (OFFHOOK_API_KEY, else OFFHOOK_ADMIN_KEY)')
    .option('--json', 'print data as JSON')
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  const connect = (): Remote => {
    const options = command.opts<{ url?: string; key?: string; json?: boolean }>();
    const url = options.url ?? env['OFFHOOK_URL'] ?? DEFAULT_URL;
    const key = options.key || env['OFFHOOK_API_KEY'] || env['OFFHOOK_ADMIN_KEY'];
    if (!/^https?:\/\//.test(url) || !URL.canParse(url))
      throw new AppError('invalid_request', '--url takes an http:// or https:// URL');
    if (!key) throw new AppError('invalid_request', 'no API key: pass --key, or set OFFHOOK_API_KEY');
    const client = createApiClient({ url: url.replace(/\/+$/, ''), key });
    client.use({ onError: ({ error }) => new AppError('internal', `cannot reach ${url}: ${reasonOf(error)}`) });
    return { client, json: options.json === true };
  };
  return { command, connect };
}

/** Runs the subcommand that `args` name. @throws AppError for arguments that cannot be meant, and what the server refuses. */
export async function runRemote(command: Command, args: readonly string[]): Promise<number> {
  try {
    await command.parseAsync(args, { from: 'user' });
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    // Help was asked for, or given to somebody who named no subcommand.
    if (thrown.code.startsWith('commander.help')) return thrown.exitCode;
    throw new AppError('invalid_request', thrown.message.replace(/^error: /, ''));
  }
}

/** The `fetch` of Node.js hides the reason in the cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = toError(error);
  const { code } = (cause ?? {}) as { code?: string };
  return code ?? (cause === undefined ? message : toError(cause).message);
}

type Failure = components['schemas']['Failure'];
type Answer<Body> = { data?: Body; error?: Failure | string; response: Response };

/** What the server answered. @throws AppError in its words, with a line for each field at fault. */
export function answerOf<Body>({ data, error, response }: Answer<Body>): Body {
  if (data !== undefined) return data;
  const { error: words, details } = (typeof error === 'object' ? error : {}) as Partial<Failure>;
  const fields = (details?.fields ?? []).map(({ field, message }) => `\n  ${field}: ${message}`);
  throw new AppError('invalid_request', `${words ?? 'the server refused'} (${response.status})${fields.join('')}`);
}

/** A field of a body as an option: `['--to <number>', 'whom to call']`, with a parser where it is no text. */
export type FieldOptions = Readonly<
  Record<string, readonly [flag: string, description: string, parse?: (text: string) => unknown]>
>;

const optionName = (field: string): string => `field_${field}`;

/** The command with an option for each field, and `--data` for all that there are. */
export function withBody(command: Command, fields: FieldOptions): Command {
  command.option('--data <json>', 'the body as JSON, as @file, or - for standard input; options go before it');
  for (const [field, [flags, description, parse = (text: string): unknown => text]] of Object.entries(fields)) {
    const option = command.createOption(flags, description).argParser(parse);
    option.attributeName = () => optionName(field);
    command.addOption(option);
  }
  return command;
}

/** The body that the options of the command make. @throws AppError when `--data` is no JSON object. */
export async function bodyOf<Body extends object>(command: Command, fields: FieldOptions): Promise<Body> {
  const options = command.opts<Record<string, unknown>>();
  const given = Object.keys(fields).flatMap((field) => {
    const value = options[optionName(field)];
    return value === undefined ? [] : [[field, value] as const];
  });
  const { data } = options;
  const base: unknown = typeof data === 'string' ? parseJson(await readText(data), '--data') : {};
  if (typeof base !== 'object' || base === null || Array.isArray(base))
    throw new AppError('invalid_request', '--data takes a JSON object');
  return { ...base, ...Object.fromEntries(given) } as Body;
}

export const asBoolean = (value: string): unknown => (value === 'true' ? true : value === 'false' ? false : value);
export const asNumber = (value: string): number => Number(value);
export const asList = (value: string): string[] => value.split(',').map((item) => item.trim());
export const asJson =
  (option: string) =>
  (value: string): unknown =>
    parseJson(value, option);

function parseJson(json: string, option: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new AppError('invalid_request', `${option} is not valid JSON`);
  }
}

async function readText(source: string): Promise<string> {
  if (source === '-') return await text(process.stdin);
  return source.startsWith('@') ? await readFile(source.slice(1), 'utf8') : source;
}
