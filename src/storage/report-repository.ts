import type { Kysely } from 'kysely';
import { z } from 'zod';
import { AppError } from '../core/errors.js';
import type { CallId, TenantId } from '../core/ids.js';
import type { ReportRepository } from '../domain/ports/reports.js';
import { REPORT_OUTCOMES, type RecordedTranscript, type Report, SENTIMENTS } from '../domain/report.js';
import { sqliteCode } from './storage-error.js';
import type { Tables } from './tables.js';

const ContentJson = z.object({
  summary: z.string(),
  outcome: z.enum(REPORT_OUTCOMES),
  sentiment: z.enum(SENTIMENTS).optional(),
  // Reports of earlier versions have none.
  topics: z.array(z.string()).default([]),
  keyPoints: z.array(z.string()),
  actionItems: z.array(z.string()),
  extractedData: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])),
  extraction: z
    .object({ data: z.looseObject({}).optional(), faults: z.array(z.string()), attempts: z.number() })
    .transform(({ data, ...rest }) => ({ data, ...rest }))
    .optional(),
});

const StatisticsJson = z.object({
  durationMs: z.number(),
  callerSpeechMs: z.number(),
  agentSpeechMs: z.number(),
  callerUtterances: z.number(),
  agentUtterances: z.number(),
  interruptions: z.number(),
});

const EntriesJson = z.array(
  z.object({ speaker: z.enum(['caller', 'agent']), text: z.string(), startMs: z.number(), endMs: z.number() }),
);

export class SqlReportRepository implements ReportRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async find(tenant: TenantId, call: CallId): Promise<Report | undefined> {
    const row = await this.#db
      .selectFrom('reports')
      .selectAll()
      .where('tenant_id', '=', tenant)
      .where('call_id', '=', call)
      .executeTakeFirst();
    if (!row) return undefined;
    const { sentiment, ...content } = ContentJson.parse(JSON.parse(row.content));
    return {
      ...content,
      sentiment,
      callId: call,
      tenantId: tenant,
      statistics: StatisticsJson.parse(JSON.parse(row.statistics)),
      generatedBy: row.generated_by,
      model: row.model ?? undefined,
      createdAtMs: row.created_at_ms,
    };
  }

  async save(report: Report, transcript?: RecordedTranscript): Promise<void> {
    try {
      await this.#db.transaction().execute(async (trx) => {
        await trx.replaceInto('reports').values(reportRow(report)).execute();
        if (transcript) await trx.replaceInto('recorded_transcripts').values(transcriptRow(transcript)).execute();
      });
    } catch (error) {
      // The call was deleted while its report was made.
      if (sqliteCode(error) === 'SQLITE_CONSTRAINT_FOREIGNKEY') throw new AppError('call_not_found', 'no such call');
      throw error;
    }
  }

  async recordedTranscript(tenant: TenantId, call: CallId): Promise<RecordedTranscript | undefined> {
    const row = await this.#db
      .selectFrom('recorded_transcripts')
      .selectAll()
      .where('tenant_id', '=', tenant)
      .where('call_id', '=', call)
      .executeTakeFirst();
    if (!row) return undefined;
    const said = EntriesJson.parse(JSON.parse(row.entries));
    return {
      callId: call,
      tenantId: tenant,
      recogniser: row.recogniser,
      // In a recording there is only what was heard.
      entries: said.map((entry, index) => ({
        ...entry,
        callId: call,
        sequence: index + 1,
        heardText: entry.text,
        interrupted: false,
      })),
      createdAtMs: row.created_at_ms,
    };
  }
}

const reportRow = ({ callId, tenantId, statistics, generatedBy, model, createdAtMs, ...content }: Report) => ({
  call_id: callId,
  tenant_id: tenantId,
  content: JSON.stringify(content),
  statistics: JSON.stringify(statistics),
  generated_by: generatedBy,
  model: model ?? null,
  created_at_ms: createdAtMs,
});

const transcriptRow = ({ callId, tenantId, recogniser, entries, createdAtMs }: RecordedTranscript) => ({
  call_id: callId,
  tenant_id: tenantId,
  recogniser,
  entries: JSON.stringify(entries.map(({ speaker, text, startMs, endMs }) => ({ speaker, text, startMs, endMs }))),
  created_at_ms: createdAtMs,
});
