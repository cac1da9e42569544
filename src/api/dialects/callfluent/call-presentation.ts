import { z } from 'zod';
import { CALL_DIRECTIONS, CALL_STATUSES, type Call } from '../../../domain/call.js';
import { shownParty } from '../../../domain/party.js';
import type { Report } from '../../../domain/report.js';
import type { Transcript } from '../../../reports/report-service.js';
import { PublicId } from './fields.js';

const time = z.iso.datetime();

export const CallResource = z
  .object({
    id: PublicId,
    uuid: z.uuid().meta({ description: 'The id of the same call in the other dialects.' }),
    agentId: PublicId,
    direction: z.enum(CALL_DIRECTIONS),
    status: z.enum(CALL_STATUSES),
    end_reason: z.string().nullable(),
    from: z.string().meta({ description: 'A number in E.164 where there is one, else the user.' }),
    to: z.string(),
    started_at: time,
    answered_at: time.nullable(),
    ended_at: time.nullable(),
    duration: z.number().nullable().meta({ description: 'Seconds from answer to end.' }),
    transcript: z.array(
      z.object({ speaker: z.enum(['caller', 'agent']), text: z.string(), start: z.number().meta({ description: 'Seconds.' }) }),
    ),
    summary: z.string().nullable().meta({ description: 'Of the report, once there is one.' }),
    collected_data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    recording_url: z.string().nullable().meta({ description: 'To be asked with the same key.' }),
  })
  .meta({ id: 'CallfluentCall' });

type Presented = z.input<typeof CallResource>;

/** A call of an agent that is known by these numbers. `base`: the URL that this dialect is at. */
export const presentCall = (
  call: Call,
  ids: { id: number; agentId: number },
  { transcript, report, base }: { transcript: Transcript; report: Report | undefined; base: string },
): Presented => ({
  ...ids,
  uuid: call.id,
  direction: call.direction,
  status: call.status,
  end_reason: call.termination?.reason ?? null,
  from: shownParty(call.fromUri),
  to: shownParty(call.toUri),
  started_at: new Date(call.startedAtMs).toISOString(),
  answered_at: isoTime(call.answeredAtMs),
  ended_at: isoTime(call.endedAtMs),
  duration: call.answeredAtMs === undefined || call.endedAtMs === undefined ? null : seconds(call.endedAtMs - call.answeredAtMs),
  transcript: transcript.entries.map(({ speaker, heardText, startMs }) => ({
    // The document knows no operator.
    speaker: speaker === 'caller' ? speaker : 'agent',
    text: heardText,
    start: seconds(startMs),
  })),
  summary: report?.summary ?? null,
  collected_data: { ...call.collectedData },
  recording_url: call.recordingPath !== undefined && call.endedAtMs !== undefined ? `${base}/recording/${ids.id}` : null,
});

const isoTime = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());
export const seconds = (ms: number): number => Math.round(ms) / 1000;
