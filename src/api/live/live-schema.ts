import { z } from 'zod';
import { CALL_STATUSES } from '../../domain/call.js';
import { AudioFaultResource, CallSummary, ToolRunResource, TransferResource } from '../dialects/core/call-schema.js';
import { TranscriptEntryResource } from '../dialects/core/report-schema.js';

const Partial = z
  .object({
    role: TranscriptEntryResource.shape.role,
    message: z.string().meta({ example: 'We are open from' }),
    time_in_call_secs: z.number(),
  })
  .meta({ description: 'Words that are still being said; left out for readers who lag.' });

const status = z.enum(CALL_STATUSES).meta({ example: 'in_progress' });

export const Connected = z
  .object({ type: z.literal('connected'), data: z.object({ call_id: z.uuid(), status }) })
  .meta({ id: 'Connected', description: 'First of all, when the connection is established.' });

export const TranscriptUpdate = z
  .object({
    type: z.literal('transcript_update'),
    data: z.object({
      call_id: z.uuid(),
      transcript: z.array(TranscriptEntryResource).meta({ description: 'The whole transcript so far, in order.' }),
      partial: Partial.optional(),
    }),
  })
  .meta({
    id: 'TranscriptUpdate',
    description: 'Somebody said something. Each replaces the one before, so a reader needs no memory.',
  });

export const CallStatusUpdate = z
  .object({
    type: z.literal('call_status_update'),
    data: z.object({
      call_id: z.uuid(),
      status,
      result: CallSummary.shape.result.meta({ example: null }),
      end_reason: z.string().nullable().meta({ description: 'Null until the call has ended.' }),
      audio_fault: AudioFaultResource.nullable(),
      transfer: TransferResource.optional().meta({ description: 'Once the call was to be handed over: what is known of that.' }),
    }),
  })
  .meta({
    id: 'CallStatusUpdate',
    description:
      "The call's status changed, or that of its transfer, or whether its audio passes. After `completed` and `failed` nothing comes.",
  });

export const TextReceived = z
  .object({
    type: z.literal('text_received'),
    data: z.object({ call_id: z.uuid(), text_id: z.uuid(), text: z.string().meta({ example: 'My number is 4711' }) }),
  })
  .meta({ id: 'TextReceived', description: 'The other party sent a text in the dialog of the call (SIP MESSAGE).' });

export const ToolUsed = z
  .object({ type: z.literal('tool_used'), data: ToolRunResource.extend({ call_id: z.uuid() }) })
  .meta({ id: 'ToolUsed', description: 'A tool that the agent used has ended.' });

export const LiveError = z
  .object({ type: z.literal('error'), error: z.string().meta({ example: 'Unknown message type: only ping is understood' }) })
  .meta({ id: 'LiveError', description: 'What was sent was not understood, or the connection is about to be closed.' });

export const Ping = z
  .looseObject({ type: z.literal('ping') })
  .meta({ id: 'Ping', description: 'All that a client may say. Keeps the connection alive through proxies.' });

export const Pong = z.object({ type: z.literal('pong') }).meta({ id: 'Pong', description: 'The answer to `ping`.' });

/** What a server says, by type. */
export const LIVE_MESSAGES = {
  connected: Connected,
  transcript_update: TranscriptUpdate,
  call_status_update: CallStatusUpdate,
  text_received: TextReceived,
  tool_used: ToolUsed,
  error: LiveError,
  pong: Pong,
} as const;
export type LiveMessageType = keyof typeof LIVE_MESSAGES;
/** A message as it is sent. */
export type LiveMessageBody = { [Type in LiveMessageType]: z.input<(typeof LIVE_MESSAGES)[Type]> }[LiveMessageType];
