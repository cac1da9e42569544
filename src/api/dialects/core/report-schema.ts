import { z } from 'zod';
import { CALL_STATUSES } from '../../../domain/call.js';
import { FEEDBACKS } from '../../../domain/feedback.js';
import { REPORT_OUTCOMES, SENTIMENTS } from '../../../domain/report.js';

const time = z.iso.datetime();
const Milliseconds = z.number();
const SOURCES = ['live', 'recording'] as const;

export const TranscriptEntryResource = z
  .object({
    sequence: z.number().int(),
    role: z.enum(['user', 'agent', 'operator']).meta({
      description: '`operator`: somebody who has taken over, in whatever voice.',
      example: 'agent',
    }),
    message: z.string().meta({
      description: 'What was really heard: of ours that was interrupted only the words that were sent before it stopped.',
      example: 'We are open from nine to',
    }),
    full_message: z.string().meta({
      description: 'All the agent meant to say; equals `message` unless it was interrupted.',
      example: 'We are open from nine to five.',
    }),
    interrupted: z.boolean(),
    agent_id: z
      .uuid()
      .nullable()
      .meta({ description: 'The agent that led the call then, whoever spoke; null for the built-in one.' }),
    start_ms: Milliseconds.meta({ description: 'Since the call was answered.' }),
    end_ms: Milliseconds,
    time_in_call_secs: z.number(),
    feedback: z.union([z.enum(FEEDBACKS), z.null()]).meta({ description: 'What the other party thinks of it.' }),
  })
  .meta({ id: 'TranscriptEntry' });

export const TranscriptSource = z.enum(SOURCES).meta({
  description: '`live`: written down while the call lasted; `recording`: understood from the recording afterwards.',
});

export const TranscriptQuery = z.object({
  source: z.enum(SOURCES).optional().meta({
    description: 'Left out: that of the recording if it was transcribed, else the live one.',
  }),
});

/** A POST that says it all by its path. */
export const EmptyBody = z.strictObject({}).optional();

export const TranscriptResource = z
  .object({
    call_id: z.uuid(),
    status: z.enum(CALL_STATUSES),
    source: TranscriptSource,
    transcript: z.array(TranscriptEntryResource),
  })
  .meta({ id: 'Transcript' });

const ExtractedData = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]))
  .meta({ example: { intents: ['opening-hours'], days: ['Monday'], keys_pressed: '2' } });

export const ReportResource = z
  .object({
    call_id: z.uuid(),
    summary: z.string().meta({
      example: 'Inbound call to Front desk, 42 s. The caller spoke twice (5 s), the agent 3 times (9 s). The caller hung up.',
    }),
    outcome: z.enum(REPORT_OUTCOMES),
    sentiment: z.enum(SENTIMENTS).nullable().meta({ description: "The caller's; null where nobody judged it." }),
    topics: z.array(z.string()).meta({
      description:
        'What it was about, the main one first; without a language model the intents of the script that were recognised.',
      example: ['opening hours'],
    }),
    key_points: z.array(z.string()).meta({ example: ['The caller asked: “when are you open”'] }),
    action_items: z.array(z.string()),
    extracted_data: ExtractedData,
    extraction: z
      .union([
        z.object({
          data: z
            .union([z.record(z.string(), z.unknown()), z.null()])
            .meta({ description: 'Null where the model gave no object.' }),
          valid: z.boolean().meta({ description: 'Whether `data` keeps to the schema.' }),
          faults: z.array(z.string()).meta({ example: ["the object must have required property 'email'"] }),
          attempts: z.number().int().meta({ description: 'How often the model was asked, 3 at most; 0: the rules found it.' }),
        }),
        z.null(),
      ])
      .meta({ description: "By the agent's `extraction_schema`; null for an agent without one." }),
    statistics: z.object({
      duration_ms: Milliseconds.meta({ description: 'From answer to end.' }),
      caller_speech_ms: Milliseconds,
      agent_speech_ms: Milliseconds,
      caller_utterances: z.number().int(),
      agent_utterances: z.number().int(),
      interruptions: z.number().int(),
    }),
    generated_by: z.string().meta({
      description:
        '`embedded`: by rules alone, which claim nothing but what the records show; else the provider of the language model.',
      example: 'embedded',
    }),
    model: z.string().nullable(),
    created_at: time,
  })
  .meta({ id: 'Report' });

export const TranscribedResource = TranscriptResource.extend({
  extracted_data: ExtractedData,
  report: ReportResource,
}).meta({ id: 'Transcribed' });
