import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Agent } from '../../../domain/agent.js';
import { CALL_DIRECTIONS } from '../../../domain/call.js';
import type { TrunkNumber } from '../../../trunks/trunk-numbers.js';
import { PathId } from './fields.js';

export const NumberListParams = z.object({ id: PathId, agentType: z.enum(CALL_DIRECTIONS) });
type AgentType = z.output<typeof NumberListParams>['agentType'];

export const NumberResource = z
  .object({
    number: z.string().meta({ example: '+442079460018' }),
    sid: z.string().meta({ description: 'Stays as long as the trunk.', example: `PN${'0'.repeat(32)}` }),
    type: z.enum(['twilio', 'verified']).meta({ description: '`twilio`: calls to it come in; `verified`: it is only shown.' }),
  })
  .meta({ id: 'CallfluentNumber' });
export const AgentNumbers = z
  .record(z.string(), z.string())
  .meta({ description: 'The pictures of the agents that work on a number already.', example: { '+442079460018': '' } });

/** Whoever takes calls needs a number that they come in on. */
export const presentNumbers = (numbers: readonly TrunkNumber[], agentType: AgentType): z.input<typeof NumberResource>[] =>
  numbers
    .filter(({ comesIn }) => comesIn || agentType === 'outbound')
    .map(({ number, trunkId, comesIn }) => ({ number, sid: sidOf(trunkId, number), type: comesIn ? 'twilio' : 'verified' }));

export const presentUsed = (agents: readonly Agent[], agentType: AgentType): Record<string, string> =>
  Object.fromEntries(
    agents.flatMap(({ line, avatar = '' }): [string, string][] =>
      line?.direction === agentType && line.number !== undefined ? [[line.number, avatar]] : [],
    ),
  );

/** In the form of Twilio's; no trunk has any of its own. */
const sidOf = (trunk: string, number: string): string =>
  `PN${createHash('sha256').update(`${trunk} ${number}`).digest('hex').slice(0, 32)}`;
