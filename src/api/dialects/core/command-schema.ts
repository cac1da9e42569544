import { z } from 'zod';
import { WAV_MAX_SECONDS } from '../../http/wav-audio.js';
import { TransferResource } from './call-schema.js';
import { required } from './text-schema.js';

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
    target: z
      .string()
      .max(1000)
      .regex(/^(?:\+[1-9]\d{1,14}|sips?:[^\s<>"\\]+)$/, 'must be a number in E.164 or a SIP URI')
      .meta({ example: '+15550199' }),
  })
  .meta({ id: 'TransferRequest' });

export const TransferredResource = z.object({ call_id: z.uuid(), transfer: TransferResource }).meta({ id: 'TransferStarted' });

export const PressedResource = z.object({ call_id: z.uuid(), digits: z.string() }).meta({ id: 'PressedDigits' });
