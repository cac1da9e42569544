import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse as parseYaml } from 'yaml';
import type { z } from 'zod';
import { toError } from '../core/errors.js';
import { CONFIG_FILE_VARIABLE, settingsOf } from './environment.js';
import { ConfigError, type ConfigFault } from './faults.js';
import { isTree, Layers } from './layers.js';
import { type Config, ConfigSchema } from './schema.js';

export type LoadOptions = {
  /** Laid over everything else, e.g. from the command line: `{ speech: { defaults: { llm: 'openai' } } }`. */
  overrides?: Readonly<Record<string, unknown>>;
  /** Instead of the `config/default.yaml` that is shipped. */
  defaultFile?: string;
};

/** Above this a configuration file is a mistake (a recording, a device) and is not read into the parser. */
const MAX_FILE_BYTES = 1_048_576;

/**
 * Schema defaults < `config/default.yaml` < the file in `OFFHOOK_CONFIG` < environment < `options.overrides`.
 * `dataDir` comes out absolute.
 *
 * @throws ConfigError with all faults of all sources.
 */
export function loadConfig(env: NodeJS.ProcessEnv, options: LoadOptions = {}): Config {
  const layers = new Layers();
  const faults: ConfigFault[] = [];
  readInto(layers, faults, options.defaultFile ?? shippedDefaults(), 'config/default.yaml');
  const file = env[CONFIG_FILE_VARIABLE];
  if (file !== undefined && file !== '') readInto(layers, faults, file, file);

  const fromEnvironment = settingsOf(env);
  faults.push(...fromEnvironment.faults);
  for (const { path, value, source } of fromEnvironment.settings) layers.put(path, value, source);
  layers.put([], options.overrides ?? {}, 'command line');

  const parsed = ConfigSchema.safeParse(layers.value);
  if (!parsed.success) faults.push(...parsed.error.issues.flatMap((issue) => faultsOf(issue, layers)));
  if (faults.length > 0 || !parsed.success) throw new ConfigError(faults);
  return { ...parsed.data, dataDir: resolve(parsed.data.dataDir) };
}

function readInto(layers: Layers, faults: ConfigFault[], file: string, source: string): void {
  let content: unknown;
  try {
    const bytes = readFileSync(file);
    if (bytes.length > MAX_FILE_BYTES) throw new Error(`is larger than ${MAX_FILE_BYTES} bytes`);
    // Aliases are how a small YAML file grows to gigabytes; a configuration needs none.
    content = parseYaml(bytes.toString('utf8'), { maxAliasCount: 0 });
  } catch (thrown) {
    faults.push({ field: 'file', source, message: `cannot be read: ${firstLine(toError(thrown).message)}` });
    return;
  }
  if (content === null || content === undefined) return;
  if (!isTree(content)) {
    faults.push({ field: 'file', source, message: 'must be a YAML mapping' });
    return;
  }
  layers.put([], content, source);
}

/** An issue with unrecognised keys becomes one fault per key, so that each names itself and its own source. */
function faultsOf(issue: z.core.$ZodIssue, layers: Layers): ConfigFault[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: [...path, key].join('.'),
      source: layers.sourceOf([...path, key]),
      message: 'is not a setting',
    }));
  }
  return [{ field: path.join('.') || 'configuration', source: layers.sourceOf(path), message: issue.message }];
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? text;

/** The sources may run from `src` or from a build below it: the package's root is where package.json is. */
function shippedDefaults(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
  return join(folder, 'config', 'default.yaml');
}
