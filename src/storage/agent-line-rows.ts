import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { Agent } from '../domain/agent.js';
import { CALL_DIRECTIONS } from '../domain/call.js';
import type { AgentsTable } from './tables.js';

const WebOriginsJson = z.object({ enforced: z.boolean(), origins: z.array(z.string()) });

type Facts = Pick<Agent, 'line' | 'avatar' | 'webOrigins'>;

export const lineColumns = ({ line, avatar, webOrigins }: Facts) => ({
  line_direction: line?.direction ?? null,
  line_number: line?.number ?? null,
  avatar: avatar ?? null,
  web_origins: webOrigins ? JSON.stringify(webOrigins) : null,
});

/** What an agent does not have is absent. */
export function lineOf(row: Pick<Selectable<AgentsTable>, 'line_direction' | 'line_number' | 'avatar' | 'web_origins'>): Facts {
  const direction = CALL_DIRECTIONS.find((known) => known === row.line_direction);
  return {
    ...(direction && { line: { direction, number: row.line_number ?? undefined } }),
    ...(row.avatar !== null && { avatar: row.avatar }),
    ...(row.web_origins !== null && { webOrigins: WebOriginsJson.parse(JSON.parse(row.web_origins)) }),
  };
}
