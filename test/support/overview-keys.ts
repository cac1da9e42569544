import { systemClock } from '../../src/core/clock.js';
import { DEFAULT_TENANT } from '../../src/core/ids.js';
import { KeyService } from '../../src/keys/key-service.js';
import { openDatabase } from '../../src/storage/database.js';

/** Keys of the overview dialect, which gives each a hundred requests a minute; the server may be running. */
export async function overviewKeys(dataDir: string, count: number): Promise<string[]> {
  const database = await openDatabase(dataDir);
  const service = new KeyService({ ...database, clock: systemClock });
  const made: string[] = [];
  for (let i = 0; i < count; i += 1)
    made.push((await service.create(DEFAULT_TENANT, `number ${i}`, { dialect: 'overview' })).key);
  await database.close();
  return made;
}
