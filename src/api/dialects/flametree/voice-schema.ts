import { z } from 'zod';
import { VOICE_FORMATS } from '../../../voice-messages/voice-message-service.js';

const MAX_SPOKEN_CHARACTERS = 5000;

export const SynthesizeQuery = z.object({
  text: z
    .string()
    .max(MAX_SPOKEN_CHARACTERS)
    .refine((text) => /[\p{L}\p{N}]/u.test(text), 'must have a letter or a digit')
    .meta({ example: 'Hello, how can I help you today?' }),
  format: z.enum(VOICE_FORMATS).optional().meta({ description: 'Left out, what `Accept` asks for; else wav.' }),
  voice_name: z.string().trim().min(1).max(200).optional().meta({ description: "In place of the agent's or session's voice." }),
});

export const CapabilitiesResource = z
  .object({
    has_stt: z.boolean().meta({ description: 'Whether `transcribe` understands words.' }),
    has_tts: z.boolean(),
  })
  .meta({ id: 'FlametreeCapabilities' });
