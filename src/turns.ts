import { resolve } from 'node:path';
import { ConfigError } from './config/faults.js';
import type { Config } from './config/schema.js';
import type { Clock } from './core/clock.js';
import { toError } from './core/errors.js';
import type { CloseStack } from './core/lifecycle.js';
import type { Logger } from './core/log.js';
import type { TurnModel } from './domain/ports/turn-model.js';
import { startTurnModel } from './vad/turn-model.js';

type Parts = { config: Pick<Config, 'turns' | 'dataDir'>; clock: Clock; log: Logger; stack: CloseStack };

/** The model that judges turns by their sound; undefined where none is configured. @throws ConfigError when it cannot be used. */
export async function startTurns({ config, clock, log, stack }: Parts): Promise<TurnModel | undefined> {
  if (config.turns.model === undefined) return undefined;
  const path = resolve(config.dataDir, config.turns.model);
  try {
    const model = await startTurnModel({ path, clock, log });
    stack.push(() => model.close());
    return model;
  } catch (error) {
    throw new ConfigError([{ field: 'turns.model', source: path, message: `cannot be used: ${toError(error).message}` }]);
  }
}
