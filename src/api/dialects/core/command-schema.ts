import { z } from 'zod';
import { LINE_SIDES } from '../../../domain/ports/call-control.js';
import { TRANSFER_CONSENTS, TRANSFER_KINDS, TRANSFER_POLICIES } from '../../../domain/transfer.js';
import { WAV_MAX_SECONDS } from '../../http/wav-audio.js';
import { RecordingPauseResource, TransferResource } from './call-schema.js';
import { HandoffResource } from './handoff-schema.js';
import { required } from './text-schema.js';
import { TransferTarget } from './transfer-target.js';

const Interrupt = z
  .boolean()
  .default(false)
  .meta({ description: 'Silences whoever speaks. Otherwise it waits until what is being said has been said and answered.' });
const Stands = required(5000)
  .default('[audio]')
  .meta({ description: 'What stands for the audio in the transcript.', example: 'The office is closed today.' });

export const SayBody = z
  .strictObject({
    text: required(5000).meta({ example: 'A colleague will call you back within the hour.' }),
    interrupt: Interrupt,
  })
  .meta({ id: 'Say' });

export const InjectBody = z
  .strictObject({
    audio: z
      .base64()
      .min(1, 'must not be empty')
      .meta({ description: `A WAV file of 16-bit PCM in base64, ${WAV_MAX_SECONDS} seconds at most.` }),
    text: Stands,
    interrupt: Interrupt,
  })
  .meta({ id: 'Inject' });

/** Beside a body that is the file itself. */
export const InjectQuery = z.object({
  text: Stands,
  interrupt: z
    .enum(['true', 'false'])
    .default('false')
    .transform((value) => value === 'true')
    .meta({ description: 'Silences whoever speaks.', type: 'boolean', default: false }),
});

const To = z
  .enum(LINE_SIDES)
  .default('far_end')
  .meta({ description: 'Who hears it: the far end of the call, the target that it is handed over to, or both.' });

export const PlayOverBody = z
  .strictObject({
    audio: z
      .base64()
      .min(1, 'must not be empty')
      .meta({ description: `A WAV file of 16-bit PCM in base64, ${WAV_MAX_SECONDS} seconds at most.` }),
    to: To,
  })
  .meta({ id: 'PlayOver' });

/** Beside a body that is the file itself. */
export const PlayOverQuery = z.object({ to: To });

export const PlayedOverResource = z
  .object({
    call_id: z.uuid(),
    duration_ms: z.number().int(),
    begins_in_ms: z.number().int().meta({ description: 'What is being played so already goes first.', example: 0 }),
  })
  .meta({ id: 'PlayedOver' });

/** Of the WebSocket. */
export const ListenQuery = z.object({
  channels: z
    .enum(['1', '2'])
    .default('2')
    .meta({ description: 'Both sides in one, or the far end left and what it hears right.' }),
  talk: z.enum(LINE_SIDES).optional().meta({ description: 'To whom you talk; you only listen when left out.' }),
  rate: z
    .enum(['8000', '16000', '22050', '24000', '32000', '44100', '48000'])
    .default('16000')
    .meta({ description: 'Samples a second of what you say.' }),
});

export const ListenResource = z
  .object({
    call_id: z.uuid(),
    websocket_url: z.string(),
    temp_token: z.string().meta({ description: 'Opens this call alone for five minutes, to listen.' }),
    encoding: z.literal('s16le').meta({ description: '16-bit little-endian PCM in binary messages.' }),
    sample_rate_hz: z.number().int().meta({ example: 16_000 }),
  })
  .meta({ id: 'ListenInfo' });

export const InterjectedResource = z
  .object({
    call_id: z.uuid(),
    begins: z.enum(['now', 'waiting']).meta({ description: '`waiting`: others speak, and are let finish.' }),
  })
  .meta({ id: 'Interjected' });

export const DigitsBody = z
  .strictObject({
    digits: z
      .string()
      .regex(/^[0-9*#A-D]{1,32}$/, 'must be 1 to 32 of 0-9 * # A-D')
      .meta({ example: '1234#' }),
  })
  .meta({ id: 'Digits' });

export const TransferBody = z
  .strictObject({
    target: TransferTarget,
    kind: z
      .enum(TRANSFER_KINDS)
      .default('blind')
      .meta({ description: '`attended`: the target is called and told first, and the far end joined when it takes the call.' }),
    method: z.enum(TRANSFER_POLICIES).optional().meta({
      description:
        'The far end is asked to call the target itself (`refer`; attended, to take our place with it: Replaces), we call it and join the two (`bridge`), or the one and then, where the far end cannot or will not, the other (`auto`). As the trunk of the call says when left out.',
    }),
    briefing: required(2000).optional().meta({
      description: "Attended only: said to the target first, in the agent's voice.",
      example: 'Ms Lee about her invoice.',
    }),
    consent: z.enum(TRANSFER_CONSENTS).default('none').meta({
      description:
        'Attended only: how the target takes the call: by hearing the briefing to its end, by a key (1 takes, any other declines), or by `transfer/complete`.',
    }),
    ring_timeout_seconds: z
      .number()
      .int()
      .min(5)
      .max(300)
      .optional()
      .meta({ description: 'As `outbound.ringTimeoutMs` when left out.' }),
    failure_message: z.string().max(2000).optional().meta({
      description: 'What the agent says when it has the caller back; words of its own when left out, nothing when empty.',
    }),
  })
  .superRefine(({ kind, briefing, consent }, context) => {
    const wrong = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if (kind === 'blind' && briefing !== undefined) wrong('briefing', 'is for attended transfers only');
    if (kind === 'blind' && consent !== 'none') wrong('consent', 'is for attended transfers only');
  })
  .meta({ id: 'TransferRequest' });

export const TransferredResource = z.object({ call_id: z.uuid(), transfer: TransferResource }).meta({ id: 'TransferStarted' });

export const HandoffBody = z
  .strictObject({
    agent_id: z.uuid(),
    briefing: required(2000).optional().meta({
      description: 'What the agent is told beside all that was said on the call; the caller does not hear it.',
      example: 'Ms Lee wants to change her booking 4711.',
    }),
  })
  .meta({ id: 'HandoffRequest' });

export const HandedOffResource = z.object({ call_id: z.uuid(), handoff: HandoffResource }).meta({ id: 'HandedOff' });

export const PressedResource = z.object({ call_id: z.uuid(), digits: z.string() }).meta({ id: 'PressedDigits' });

export const RecordingPausesResource = z
  .object({ call_id: z.uuid(), paused: z.boolean(), recording_pauses: z.array(RecordingPauseResource) })
  .meta({ id: 'RecordingPauses' });
