import { z } from 'zod';
import { CALL_STATUSES } from '../../../domain/call.js';

const time = z.iso.datetime();
const Milliseconds = z.number();

export const CallSummary = z
  .object({
    id: z.uuid(),
    agent_id: z.uuid().nullable().meta({ description: 'Null for the built-in echo and tone.' }),
    agent_name: z.string(),
    agent_version: z.number().int().nullable(),
    task_id: z.uuid().nullable(),
    direction: z.enum(['inbound', 'outbound']),
    status: z.enum(CALL_STATUSES),
    from_uri: z.string(),
    to_uri: z.string(),
    sip_call_id: z.string(),
    codec: z.string().nullable(),
    started_at: time,
    answered_at: time.nullable(),
    ended_at: time.nullable(),
    duration_seconds: z
      .number()
      .nullable()
      .meta({ description: 'From answer to end; null while the call lasts, and when it was not answered.' }),
    result: z
      .enum(['success', 'client_error', 'upstream_error', 'server_error', 'indeterminate'])
      .nullable()
      .meta({ description: 'Who is answerable for how the call ended.' }),
    end_reason: z.string().nullable().meta({ example: 'caller_hangup' }),
    sip_code: z.number().int().nullable().meta({ description: 'Final SIP status of the INVITE.' }),
    recording_available: z.boolean(),
    media_stats: z.record(z.string(), z.number()).nullable().meta({ description: 'RTP counters at the end of the call.' }),
  })
  .meta({ id: 'Call' });

export const TranscriptEntryResource = z
  .object({
    sequence: z.number().int(),
    role: z.enum(['user', 'agent']),
    message: z
      .string()
      .meta({ description: 'What was really heard: of an interrupted agent only the words that were sent before it stopped.' }),
    full_message: z.string().meta({ description: 'All the agent meant to say; equals `message` unless it was interrupted.' }),
    interrupted: z.boolean(),
    start_ms: Milliseconds.meta({ description: 'Since the call was answered.' }),
    end_ms: Milliseconds,
    time_in_call_secs: z.number(),
  })
  .meta({ id: 'TranscriptEntry' });

export const TurnResource = z
  .object({
    sequence: z.number().int(),
    cause: z.enum(['greeting', 'speech', 'digit', 'silence']),
    origin_ms: Milliseconds.meta({ description: "Since the call was answered: arrival of the caller's last speech packet." }),
    latency_ms: z
      .object({
        vad_end: Milliseconds.nullable(),
        endpoint: Milliseconds.nullable(),
        stt_final: Milliseconds.nullable(),
        first_text: Milliseconds.nullable(),
        first_clause: Milliseconds.nullable(),
        first_audio: Milliseconds.nullable(),
        first_packet: Milliseconds.nullable(),
      })
      .meta({ description: 'When each stage was reached, counted from `origin_ms`; null for a stage the turn did not have.' }),
    interrupted: z.boolean(),
    barge_in_ms: Milliseconds.nullable(),
  })
  .meta({ id: 'Turn' });

export const CallDetail = CallSummary.extend({
  transcript: z.array(TranscriptEntryResource),
  turns: z.array(TurnResource),
  report: z.null().meta({ description: 'Reports are not made by this version.' }),
}).meta({ id: 'CallDetail' });

export const TranscriptResource = z
  .object({ call_id: z.uuid(), status: z.enum(CALL_STATUSES), transcript: z.array(TranscriptEntryResource) })
  .meta({ id: 'Transcript' });

export const RecordingResource = z
  .object({
    call_id: z.uuid(),
    recording_url: z
      .string()
      .meta({ format: 'uri-reference', description: 'Asks for the same key as the API; answers range requests.' }),
    content_type: z.literal('audio/wav'),
    size_bytes: z.number().int(),
  })
  .meta({ id: 'Recording' });

export const LiveResource = z
  .object({
    websocket_url: z.string(),
    call_id: z.uuid(),
    temp_token: z.string().meta({ description: 'Opens the live feed of this call for five minutes.' }),
    connection_info: z.object({
      url: z.string(),
      auth_method: z.literal('query_param'),
      auth_param: z.literal('api_key'),
      temp_auth_param: z.literal('session_token'),
      example: z.string(),
      example_session: z.string(),
      message_format: z.literal('json'),
      message_types: z.array(z.enum(['connected', 'transcript_update', 'call_status_update', 'error'])),
    }),
  })
  .meta({ id: 'Live' });

export const EndedCall = CallSummary.extend({ call_id: z.uuid(), message: z.string() }).meta({ id: 'EndedCall' });
