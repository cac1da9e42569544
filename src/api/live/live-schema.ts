import { z } from 'zod';
import { CALL_STATUSES } from '../../domain/call.js';
import { HEARD_TONES } from '../../domain/tone-recognizer.js';
import { CONVERSATION_STATES } from '../../pipeline/live-event.js';
import {
  AnsweredByResource,
  AudioFaultResource,
  CallSummary,
  ToolRunResource,
  TransferResource,
  TurnResource,
} from '../dialects/core/call-schema.js';
import { GuidanceResource } from '../dialects/core/guidance-schema.js';
import { HandoffResource } from '../dialects/core/handoff-schema.js';
import { ParticipantsOfCall } from '../dialects/core/participant-schema.js';
import { TranscriptEntryResource } from '../dialects/core/report-schema.js';

const Partial = z
  .object({
    role: TranscriptEntryResource.shape.role,
    message: z.string().meta({ example: 'We are open from' }),
    time_in_call_secs: z.number(),
  })
  .meta({ description: 'Words that are still being said; left out for readers who lag.' });

const serial = z.number().int().meta({
  description:
    'Grows with everything that happens on the call. Whoever connects again and names the newest it has seen (`after`, or `Last-Event-ID`) is told what it missed.',
  example: 17,
});
const Moment = z.object({ call_id: z.uuid(), time_in_call_secs: z.number().meta({ example: 12.4 }) });

const status = z.enum(CALL_STATUSES).meta({ example: 'in_progress' });

export const Connected = z
  .object({
    type: z.literal('connected'),
    serial,
    data: z.object({
      call_id: z.uuid(),
      status,
      resumed: z.boolean().meta({
        description:
          'Only what came after the serial number that was asked for follows; otherwise all that has been is told first.',
      }),
    }),
  })
  .meta({ id: 'Connected', description: 'First of all, when the connection is established.' });

export const TranscriptUpdate = z
  .object({
    type: z.literal('transcript_update'),
    serial,
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
    serial,
    data: z.object({
      call_id: z.uuid(),
      status,
      result: CallSummary.shape.result.meta({ example: null }),
      end_reason: z.string().nullable().meta({ description: 'Null until the call has ended.' }),
      audio_fault: AudioFaultResource.nullable(),
      transfer: TransferResource.optional().meta({ description: 'Once the call was to be handed over: what is known of that.' }),
      handoffs: z.array(HandoffResource).optional().meta({ description: 'Once it was passed on to another agent.' }),
    }),
  })
  .meta({
    id: 'CallStatusUpdate',
    description:
      "The call's status changed, or that of its transfer, the agent that leads it, or whether its audio passes. After `completed` and `failed` nothing comes.",
  });

export const TextReceived = z
  .object({
    type: z.literal('text_received'),
    serial,
    data: z.object({ call_id: z.uuid(), text_id: z.uuid(), text: z.string().meta({ example: 'My number is 4711' }) }),
  })
  .meta({ id: 'TextReceived', description: 'The other party sent a text in the dialog of the call (SIP MESSAGE).' });

export const ToolUsed = z
  .object({ type: z.literal('tool_used'), serial, data: ToolRunResource.extend({ call_id: z.uuid() }) })
  .meta({ id: 'ToolUsed', description: 'A tool that the agent used has ended.' });

export const StateUpdate = z
  .object({
    type: z.literal('state_update'),
    serial,
    data: Moment.extend({ state: z.enum(CONVERSATION_STATES).meta({ example: 'thinking' }) }),
  })
  .meta({ id: 'StateUpdate', description: 'Who has the floor of the conversation.' });

export const TurnCompleted = z
  .object({ type: z.literal('turn_completed'), serial, data: TurnResource.extend({ call_id: z.uuid() }) })
  .meta({
    id: 'TurnCompleted',
    description: 'Something of ours was said to its end, or was interrupted: how long each stage took.',
  });

export const DtmfReceived = z
  .object({ type: z.literal('dtmf_received'), serial, data: Moment.extend({ digit: z.string().meta({ example: '5' }) }) })
  .meta({ id: 'DtmfReceived', description: 'The caller pressed a key.' });

export const ToneHeard = z
  .object({ type: z.literal('tone_heard'), serial, data: z.object({ call_id: z.uuid(), tone: z.enum(HEARD_TONES) }) })
  .meta({ id: 'ToneHeard', description: 'A machine said something by tones.' });

export const AnsweredByUpdate = z
  .object({ type: z.literal('answered_by_update'), serial, data: AnsweredByResource.extend({ call_id: z.uuid() }) })
  .meta({
    id: 'AnsweredByUpdate',
    description: 'Who has answered a call out became clear; once more where that turned out to be wrong.',
  });

export const GuidanceUpdate = z
  .object({ type: z.literal('guidance_update'), serial, data: GuidanceResource.extend({ call_id: z.uuid() }) })
  .meta({ id: 'GuidanceUpdate', description: 'An operator leads the agent in another way: mode, mute, instructions.' });

export const ParticipantsUpdate = z.object({ type: z.literal('participants_update'), serial, data: ParticipantsOfCall }).meta({
  id: 'ParticipantsUpdate',
  description: 'Somebody is called into the call, joins, is heard in another way, or leaves. Each replaces the one before.',
});

export const Suggestion = z
  .object({
    type: z.literal('suggestion'),
    serial,
    data: Moment.extend({ text: z.string().meta({ example: 'We could refund you today.' }) }),
  })
  .meta({
    id: 'Suggestion',
    description: 'In the mode `copilot`: what the agent would say. It is heard when somebody has it said.',
  });

export const LiveError = z
  .object({ type: z.literal('error'), error: z.string().meta({ example: 'Unknown message type: only ping is understood' }) })
  .meta({ id: 'LiveError', description: 'What was sent was not understood, or the connection is about to be closed.' });

export const Ping = z
  .looseObject({ type: z.literal('ping') })
  .meta({ id: 'Ping', description: 'All that a client may say. Keeps the connection alive through proxies.' });

export const Pong = z.object({ type: z.literal('pong') }).meta({ id: 'Pong', description: 'The answer to `ping`.' });

/** Of the WebSocket and of server-sent events. */
export const FollowQuery = z.object({
  after: z.coerce.number().int().min(0).optional().meta({
    description:
      'The newest serial number seen: what came later is told first. Where not all of it is known any more, everything is.',
    example: 17,
  }),
});

/** What a server says, by type. */
export const LIVE_MESSAGES = {
  connected: Connected,
  transcript_update: TranscriptUpdate,
  call_status_update: CallStatusUpdate,
  text_received: TextReceived,
  tool_used: ToolUsed,
  state_update: StateUpdate,
  turn_completed: TurnCompleted,
  dtmf_received: DtmfReceived,
  tone_heard: ToneHeard,
  answered_by_update: AnsweredByUpdate,
  guidance_update: GuidanceUpdate,
  participants_update: ParticipantsUpdate,
  suggestion: Suggestion,
  error: LiveError,
  pong: Pong,
} as const;
export type LiveMessageType = keyof typeof LIVE_MESSAGES;
/** A message as it is sent. */
export type LiveMessageBody = { [Type in LiveMessageType]: z.input<(typeof LIVE_MESSAGES)[Type]> }[LiveMessageType];
