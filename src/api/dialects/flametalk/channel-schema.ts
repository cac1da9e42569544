import { z } from 'zod';
import { TRUNK_STATES } from '../../../trunks/active-trunks.js';
import { orNull, PAGE, Time } from './fields.js';

export const CHANNEL_TYPES = ['voice', 'messaging'] as const;
export type ChannelType = (typeof CHANNEL_TYPES)[number];

export const ChannelsQuery = z.object({
  type: z.enum(CHANNEL_TYPES).optional().meta({ description: 'Only channels of this type.' }),
  ...PAGE,
});

export const ChannelResource = z
  .object({
    id: z.string().meta({
      description: 'Of a voice channel that of its trunk; of a messaging channel `messaging-` and that of its trunk.',
      example: '0194bd3a-7c00-7000-8000-000000000001',
    }),
    type: z.enum(CHANNEL_TYPES).meta({ description: '`messaging`: SIP MESSAGE over the same trunk.' }),
    name: z.string().meta({ example: 'Berlin PBX' }),
    provider: z.literal('sip'),
    host: z.string().meta({ example: 'sip.provider.example' }),
    enabled: z.boolean(),
    status: z.enum(TRUNK_STATES).meta({
      description:
        '`ready` needs no registration; `unregistered` accepts registrations and has none; `failed` is not registered; `down` does not answer.',
    }),
    last_error: orNull(z.string()).meta({ description: 'Of the last attempt to register.', example: null }),
    numbers: z
      .array(
        z.object({
          number: z.string().meta({ description: 'Exact, or a pattern.', example: '+4930123456' }),
          agent: z.string().meta({ description: 'SIP user or id of the agent that answers there.', example: 'sales-agent' }),
        }),
      )
      .meta({ description: "What is called, by the trunk's own rules and by the routes for it." }),
    max_concurrent_calls: orNull(z.number().int()).meta({ description: 'Null is no limit.' }),
    created_at: Time,
    updated_at: Time,
  })
  .meta({ id: 'FlametalkChannel' });
