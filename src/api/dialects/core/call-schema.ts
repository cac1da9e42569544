import { z } from 'zod';
import { ACTION_TYPES } from '../../../domain/action.js';
import { ANSWER_SIGNS, ANSWERERS } from '../../../domain/answered-by.js';
import { CALL_DIRECTIONS, CALL_RESULTS, CALL_STATUSES, MISSING_AUDIO } from '../../../domain/call.js';
import { CALL_OUTCOMES, ENDED_BY } from '../../../domain/call-ending.js';
import { SRTP_SUITES } from '../../../domain/ports/media.js';
import { PROVIDER_FAULTS, PROVIDER_STAGES } from '../../../domain/provider-failure.js';
import { HEARD_TONES } from '../../../domain/tone-recognizer.js';
import { TOOL_OUTCOMES } from '../../../domain/tool-run.js';
import {
  TRANSFER_ASKERS,
  TRANSFER_KINDS,
  TRANSFER_METHODS,
  TRANSFER_REASONS,
  TRANSFER_STATUSES,
} from '../../../domain/transfer.js';
import { GuidanceResource } from './guidance-schema.js';
import { HandoffResource } from './handoff-schema.js';
import { ParticipantResource } from './participant-schema.js';
import { QualityResource } from './quality-schema.js';
import { ReportResource, TranscriptEntryResource, TranscriptSource } from './report-schema.js';

const time = z.iso.datetime();
const Milliseconds = z.number();

export const CallLeg = z
  .object({
    leg: z.enum(['a', 'b', 'c']),
    sip_call_id: z.string(),
    from_uri: z.string(),
    to_uri: z.string(),
    trunk: z
      .object({ id: z.uuid(), name: z.string() })
      .nullable()
      .meta({ description: 'The trunk it came over or went out over; its name is as it was then.' }),
    sip_peer: z
      .string()
      .nullable()
      .meta({ description: 'Where the INVITE came from; null of calls out.', example: 'udp:192.0.2.1:5060' }),
    media_peer: z.string().nullable().meta({ description: 'Where audio is exchanged with.', example: '192.0.2.1:40000' }),
    codec: z.string().nullable(),
    srtp: z.enum(SRTP_SUITES).nullable().meta({ description: 'The suite that audio is protected with; null: in the clear.' }),
    answered_at: time.nullable(),
    ended_at: time.nullable(),
  })
  .meta({
    id: 'CallLeg',
    description:
      'One SIP dialog of the call: `a` is the one with the caller or callee, `b` ours with the target of a transfer, each `c` ours with a participant.',
  });

export const TransferResource = z
  .object({
    target: z.string().meta({ example: '+15550199' }),
    kind: z.enum(TRANSFER_KINDS),
    method: z.enum(TRANSFER_METHODS).meta({
      description:
        '`refer`: the far end calls the target. `bridge`: we do, and carry the audio. `replaces`: somebody took the call over by an INVITE of their own.',
    }),
    by: z.enum(TRANSFER_ASKERS).meta({ description: 'Who wanted it.' }),
    status: z.enum(TRANSFER_STATUSES).meta({
      description:
        '`consulting`: the target has answered and is being briefed. `completed`: handed over. After `failed` and `cancelled` the agent has the caller back.',
    }),
    sip_code: z.number().int().nullable().meta({ description: 'Last SIP status that was told of the new call.' }),
    reason: z.enum(TRANSFER_REASONS).nullable().meta({ description: 'Why it did not come about.' }),
    started_at: time,
    answered_at: time.nullable().meta({ description: 'The target answered us.' }),
    ended_at: time.nullable().meta({ description: 'It failed, was handed over for good, or the joined call ended.' }),
  })
  .meta({ id: 'Transfer' });

export const AudioFaultResource = z
  .object({
    missing: z.enum(MISSING_AUDIO).meta({
      description:
        '`inbound`: nothing of theirs arrives here; `outbound`: by their reports (RTCP) nothing of ours arrives there.',
    }),
    since: time,
    healed_at: time.nullable().meta({ description: 'Null while it lasts.' }),
  })
  .meta({ id: 'AudioFault' });

const HeardToneResource = z
  .object({ tone: z.enum(HEARD_TONES), at: time })
  .meta({ id: 'HeardTone', example: { tone: 'busy', at: '2026-03-02T09:15:02.000Z' } });

export const AnsweredByResource = z
  .object({
    verdict: z.enum(ANSWERERS).meta({
      description:
        '`ivr`: a machine that is to be talked to; `silence`: nobody was heard; `unknown`: the call was over before it was clear.',
    }),
    reason: z.enum(ANSWER_SIGNS).meta({
      description:
        '`words`: those that machines say, or people; `early_words`: they came before the answer; `spoke_over_message`: who was taken for a machine talked into the message.',
    }),
    after_ms: z.number().int().meta({ description: 'Since the answer.' }),
  })
  .meta({ id: 'AnsweredBy', example: { verdict: 'machine', reason: 'long_greeting', after_ms: 2900 } });

export const RecordingPauseResource = z
  .object({
    paused_at: time,
    resumed_at: time.nullable().meta({ description: 'Null while it lasts, and when it lasted to the end of the call.' }),
  })
  .meta({ id: 'RecordingPause' });

export const AttemptResource = z
  .object({
    uri: z.string().meta({ example: 'sip:+15550123@trunk.example' }),
    trunk: z.string().nullable().meta({ description: 'Its name.' }),
    invited_at: time,
    ringing_at: time.nullable().meta({ description: 'First 18x.' }),
    sip_code: z.number().int().nullable().meta({ description: 'Final status; null while there is none, or where none came.' }),
    sip_reason: z.string().nullable(),
    redirected: z.boolean().meta({ description: 'A 3xx had pointed there.' }),
  })
  .meta({ id: 'CallAttempt', description: 'One INVITE that was sent for the call.' });

export const ProviderFailureResource = z
  .object({
    at: time,
    stage: z.enum(PROVIDER_STAGES).meta({ description: 'What it was asked to do: hear, think or speak.' }),
    provider: z.string().meta({ example: 'openai' }),
    reason: z.enum(PROVIDER_FAULTS),
    status_code: z.number().int().nullable().meta({ description: 'Of its HTTP answer, where there was one.', example: 503 }),
    instead: z.string().nullable().meta({ description: 'The provider that did it; null: nobody did.', example: 'embedded' }),
  })
  .meta({ id: 'ProviderFailure' });

export const ProviderUsageResource = z
  .object({
    stage: z.enum(PROVIDER_STAGES),
    provider: z.string().meta({ example: 'openai' }),
    requests: z.number().int(),
    input_tokens: z.number().int(),
    output_tokens: z.number().int(),
    input_audio_tokens: z.number().int().meta({ description: 'Of what a realtime model heard; not among the others.' }),
    output_audio_tokens: z.number().int().meta({ description: 'Of what a realtime model said; not among the others.' }),
    audio_seconds: z.number().meta({ description: 'Of speech that was listened to.' }),
    characters: z.number().int().meta({ description: 'Of text that was spoken; what came from a cache is not asked for again.' }),
    cost: z.number().nullable().meta({ description: 'By `speech.prices`; null: the provider has none there.', example: 0.0042 }),
  })
  .meta({ id: 'ProviderUsage', description: 'All requests of the call to one provider for one stage.' });

const SetupTimings = z.object({
  pdd_ms: Milliseconds.nullable().meta({ description: 'Post-dial delay: INVITE to first 18x.' }),
  ring_ms: Milliseconds.nullable().meta({ description: 'First 18x to the answer, or to the end without one.' }),
  answer_ms: Milliseconds.nullable().meta({ description: 'INVITE to answer.' }),
  duration_ms: Milliseconds.nullable().meta({ description: 'From the beginning to the end.' }),
  talk_ms: Milliseconds.nullable().meta({ description: 'From the answer to the end.' }),
});

export const CallSummary = z
  .object({
    id: z.uuid(),
    agent_id: z.uuid().nullable().meta({ description: 'Null for the built-in echo and tone.' }),
    agent_name: z.string().meta({ example: 'Front desk' }),
    agent_version: z.number().int().nullable(),
    task_id: z.uuid().nullable(),
    api_key_id: z.uuid().nullable().meta({ description: 'Of a call that goes out: the API key that asked for it.' }),
    direction: z.enum(CALL_DIRECTIONS),
    status: z.enum(CALL_STATUSES).meta({ example: 'completed' }),
    from_uri: z.string().meta({ example: 'sip:+15550123@trunk.example' }),
    to_uri: z.string().meta({ example: 'sip:front-desk@voice.example' }),
    sip_call_id: z.string().meta({ example: 'a84b4c76e66710@trunk.example' }),
    codec: z.string().nullable().meta({ example: 'PCMU' }),
    started_at: time,
    answered_at: time.nullable(),
    ended_at: time.nullable(),
    timings: SetupTimings.meta({ description: 'Of the last attempt; null for what was not reached.' }),
    diverted_from: z
      .string()
      .nullable()
      .meta({ description: 'Who sent the call on to us (Diversion or History-Info), newest.', example: '+4930123456' }),
    diversion_reason: z.string().nullable().meta({ example: 'no-answer' }),
    diversions: z
      .array(z.object({ uri: z.string(), reason: z.string().nullable() }))
      .meta({ description: 'All of them, the newest first.' }),
    attempts: z.array(AttemptResource).meta({ description: 'INVITEs of a call out, in order.' }),
    duration_seconds: z
      .number()
      .nullable()
      .meta({ description: 'From answer to end; null while the call lasts, and when it was not answered.' }),
    result: z.enum(CALL_RESULTS).nullable().meta({ description: 'Who is answerable for how the call ended.' }),
    outcome: z
      .enum(CALL_OUTCOMES)
      .nullable()
      .meta({ description: 'What came of trying to talk: answered, or why not; null while the call lasts.' }),
    ended_by: z
      .enum(ENDED_BY)
      .nullable()
      .meta({ description: '`operator` is somebody over the API, `system` this server: its limits, a shutdown or a crash.' }),
    end_reason: z.string().nullable().meta({ example: 'caller_hangup' }),
    sip_code: z.number().int().nullable().meta({ description: 'Final SIP status of the INVITE.', example: 200 }),
    sip_reason: z.string().nullable().meta({ description: 'The words beside that status.', example: 'Busy Here' }),
    q850_cause: z.number().int().nullable().meta({
      description:
        "Cause of the end (ITU-T Q.850): the far end's own, or what the SIP status and the reason amount to (RFC 3398).",
      example: 16,
    }),
    audio_fault: AudioFaultResource.nullable().meta({
      description: 'The newest time that audio did not pass; null: it always did.',
    }),
    transfer: TransferResource.nullable().meta({ description: 'The newest attempt to hand the far end over.' }),
    participants: z.array(ParticipantResource).meta({ description: 'Who was called into the call, those who have left too.' }),
    variables: z.record(z.string(), z.string()).meta({
      description: 'What was read from the headers of a call that came in, as its trunk and route say.',
      example: { customer_id: '4711' },
    }),
    handoffs: z.array(HandoffResource).meta({
      description: 'From one agent to the next, in order; `agent_id` is the one that leads the call now, or led it last.',
    }),
    guidance: GuidanceResource.meta({ description: 'How an operator leads the agent now, or led it to the end.' }),
    collected_data: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .meta({ description: 'What the agent has found out in the call, checked.', example: { email: 'ann@example.com' } }),
    legs: z.array(CallLeg),
    recording_available: z.boolean(),
    recording_pauses: z
      .array(RecordingPauseResource)
      .meta({ description: 'When neither side was recorded: silence of the same length stands there.' }),
    heard_tones: z.array(HeardToneResource).meta({
      description: 'What machines said by tones, where the trunk has us listen for them, or the agent for answering machines.',
    }),
    answered_by: z.union([AnsweredByResource, z.null()]).meta({
      description: 'Who is at the other end of a call out, where `voicemail` of the agent has us find out; null otherwise.',
    }),
    media_stats: z
      .record(z.string(), z.number())
      .nullable()
      .meta({ description: 'RTP counters at the end of the call.', example: { packetsReceived: 1500, packetsLost: 2 } }),
    provider_failures: z
      .array(ProviderFailureResource)
      .meta({ description: 'When speech providers did not do their part, and who did it instead.' }),
    provider_usage: z
      .array(ProviderUsageResource)
      .meta({ description: 'What was asked of providers over the network; known when the call has ended.' }),
    cost: z.number().nullable().meta({ description: 'Of all of it that has a price; null: nothing has.', example: 0.0117 }),
    quality: QualityResource.nullable().meta({
      description: 'How the audio passed. Of a call in progress: now, and in the detail of the call only.',
    }),
  })
  .meta({ id: 'Call' });

export const TurnResource = z
  .object({
    sequence: z.number().int(),
    cause: z.enum(['greeting', 'speech', 'digit', 'silence', 'operator']),
    agent_id: z.uuid().nullable().meta({ description: 'The agent that led the call then.' }),
    origin_ms: Milliseconds.meta({ description: "Since the call was answered: arrival of the caller's last speech packet." }),
    latency_ms: z
      .object({
        vad_end: Milliseconds.nullable(),
        endpoint: Milliseconds.nullable(),
        stt_final: Milliseconds.nullable(),
        ahead: Milliseconds.nullable(),
        filler: Milliseconds.nullable(),
        first_text: Milliseconds.nullable(),
        first_clause: Milliseconds.nullable(),
        first_audio: Milliseconds.nullable(),
        first_packet: Milliseconds.nullable(),
      })
      .meta({ description: 'When each stage was reached, counted from `origin_ms`; null for a stage the turn did not have.' }),
    interrupted: z.boolean(),
    barge_in_ms: Milliseconds.nullable(),
    providers: z.object({ stt: z.string().nullable(), llm: z.string().nullable(), tts: z.string().nullable() }).meta({
      description: 'Who has heard, thought and spoken for it; null where that was nobody.',
      example: { stt: 'openai', llm: 'openai', tts: 'elevenlabs' },
    }),
    sources: z
      .array(
        z.object({
          document_id: z.uuid(),
          document: z.string().meta({ example: 'prices.pdf' }),
          chunk: z.number().int().meta({ description: 'Its place in the document, from 1.' }),
          heading: z.string().meta({ description: 'What stands above it, outermost first.', example: 'Prices > Rooms' }),
          score: z.number().meta({ description: 'How well it fits; to be compared within one turn.' }),
        }),
      )
      .meta({ description: "What was looked up in the agent's documents, the best first." }),
    speculation: z
      .object({
        attempts: z.number().int(),
        discarded: z.number().int().meta({ description: 'Of these nothing was said.' }),
        discarded_input_tokens: z.number().int(),
        discarded_output_tokens: z.number().int(),
      })
      .nullable()
      .meta({
        description:
          'Answers that the model began while the end of the turn was still waited for; what they cost is part of the usage of the call.',
      }),
    done_probability: z
      .number()
      .nullable()
      .meta({ description: 'That the caller was done, as `turns.model` judged their last pause by its sound.', example: 0.87 }),
  })
  .meta({ id: 'Turn' });

export const ToolRunResource = z
  .object({
    action_id: z.uuid().nullable(),
    type: z.enum(ACTION_TYPES).nullable(),
    name: z.string().meta({ description: 'As the model called it.', example: 'note_the_address' }),
    arguments: z.unknown().meta({ description: 'What is secret is masked.', example: { email: 'ann@example.com' } }),
    outcome: z.enum(TOOL_OUTCOMES).meta({
      description: '`refused`: the arguments were not what the tool takes; `timed_out`: nobody knows whether it was done.',
    }),
    reason: z.string().nullable().meta({ description: 'Why nothing came of it.' }),
    attempts: z.number().int().meta({ example: 1 }),
    started_at: z.iso.datetime(),
    duration_ms: Milliseconds,
  })
  .meta({ id: 'ToolRun' });

export const CallDetail = CallSummary.extend({
  transcript: z.array(TranscriptEntryResource),
  transcript_source: TranscriptSource,
  turns: z.array(TurnResource),
  tool_runs: z.array(ToolRunResource).meta({ description: 'The tools that the agent used, in the order they ended.' }),
  report: ReportResource.nullable().meta({ description: 'Null while none was made; GET /calls/{id}/report makes it.' }),
}).meta({ id: 'CallDetail' });

export const RecordingResource = z
  .object({
    call_id: z.uuid(),
    recording_url: z
      .string()
      .meta({ format: 'uri-reference', description: 'Asks for the same key as the API; answers range requests.' }),
    content_type: z.enum(['audio/wav', 'audio/ogg']),
    size_bytes: z.number().int().meta({ example: 960_044 }),
  })
  .meta({ id: 'Recording' });

/** A screen has no more columns. */
const MOST_BUCKETS = 8000;

export const PeaksQuery = z.object({
  buckets: z.coerce.number().int().min(1).max(MOST_BUCKETS).default(800).meta({
    description: 'How many parts the recording is cut into; there are fewer when they would be shorter than 20 ms.',
  }),
});

const Peaks = z.array(z.number().min(0).max(1)).meta({ description: 'Loudest sample of each part.', example: [0, 0.41, 0.38] });
export const PeaksResource = z
  .object({ call_id: z.uuid(), duration_ms: z.number().int(), caller: Peaks, agent: Peaks })
  .meta({ id: 'RecordingPeaks', description: 'What a waveform is drawn from.' });

const SOCKET_URL = 'wss://voice.example/ws/calls/0194bd3a-7c00-7000-8000-000000000001';

export const LiveResource = z
  .object({
    websocket_url: z.string().meta({ example: SOCKET_URL }),
    call_id: z.uuid(),
    temp_token: z.string().meta({ description: 'Opens the live feed of this call for five minutes.' }),
    connection_info: z.object({
      url: z.string().meta({ example: SOCKET_URL }),
      auth_method: z.literal('query_param'),
      auth_param: z.literal('api_key'),
      temp_auth_param: z.literal('session_token'),
      example: z.string().meta({ example: `${SOCKET_URL}?api_key=YOUR_API_KEY` }),
      example_session: z.string().meta({ example: `${SOCKET_URL}?session_token=TEMP_TOKEN` }),
      message_format: z.literal('json'),
      message_types: z.array(
        z.enum([
          'connected',
          'transcript_update',
          'call_status_update',
          'text_received',
          'tool_used',
          'state_update',
          'turn_completed',
          'dtmf_received',
          'tone_heard',
          'answered_by_update',
          'guidance_update',
          'participants_update',
          'suggestion',
          'error',
        ]),
      ),
    }),
  })
  .meta({ id: 'Live' });

export const EndedCall = CallSummary.extend({ call_id: z.uuid(), message: z.string().meta({ example: 'Call ended' }) }).meta({
  id: 'EndedCall',
});
