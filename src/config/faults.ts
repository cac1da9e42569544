/** One thing wrong with the configuration. `source` is the file, the variable or the command line it came from. */
export type ConfigFault = { field: string; source: string; message: string };

/** The configuration cannot be used; `message` lists every fault, one a line, and holds no value of a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly ConfigFault[];
  constructor(faults: readonly ConfigFault[]) {
    super(['invalid configuration:', ...faults.map((f) => `  ${f.field} (${f.source}): ${f.message}`)].join('\n'));
    this.faults = faults;
  }
}
