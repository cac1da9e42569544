import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import type { AgentSettings } from '../domain/agent.js';
import type { Call, TranscriptEntry } from '../domain/call.js';
import type { UtteranceReader } from '../domain/ports/reports.js';
import type { AgentRepository } from '../domain/ports/repositories.js';
import type { LanguageModel, SpeechCatalog } from '../domain/ports/speech.js';
import { EMBEDDED, type Report, type ReportContent } from '../domain/report.js';
import { spoken, statisticsOf } from './conversation-facts.js';
import { embeddedReport, type ReportMaterial } from './embedded-report.js';
import { extractedBy, extractedByRules } from './extraction.js';
import { inTime } from './in-time.js';
import { materialText, writtenReport } from './written-report.js';

export type ReportMakerDeps = {
  agents: Pick<AgentRepository, 'settingsAt'>;
  speech: Pick<SpeechCatalog, 'suiteFor'>;
  reader: UtteranceReader;
  demoAgent: AgentSettings;
  clock: Clock;
  log: Logger;
  timeoutMs: number;
};

type CallMaterial = ReportMaterial & { call: Call };
type Writer = { name: string; model: string | undefined } & Required<Pick<LanguageModel, 'write'>>;

/** Makes reports of what was said: by the agent's language model where it has one that writes, else by rules. Stores nothing. */
export class ReportMaker {
  readonly #deps: ReportMakerDeps;
  readonly #closing: AbortSignal;

  constructor(deps: ReportMakerDeps, closing: AbortSignal) {
    this.#deps = deps;
    this.#closing = closing;
  }

  /** @throws AppError `provider_failed` when the language model fails or takes too long. */
  async make(call: Call, entries: readonly TranscriptEntry[]): Promise<Report> {
    const { clock, log, timeoutMs } = this.#deps;
    const material = await this.#materialOf(call, entries);
    const model = this.#writerFor(material);
    if (model) {
      const content = await inTime((signal) => writtenReport(model, material, signal), {
        clock,
        limitMs: timeoutMs,
        closing: this.#closing,
        what: 'the report',
      });
      if (content) return this.#report(material, await this.#withExtraction(content, material, model), model.name, model.model);
      log.warn({ callId: call.id, provider: model.name }, 'the language model wrote no report in the form asked for');
    }
    const content = embeddedReport(material, this.#deps.reader);
    return this.#report(material, await this.#withExtraction(content, material, model), EMBEDDED, undefined);
  }

  /** By the model where there is one and it does it; the report stands without it all the same. */
  async #withExtraction(content: ReportContent, material: CallMaterial, model: Writer | undefined): Promise<ReportContent> {
    const { extractionSchema: schema } = material.agent;
    if (schema === undefined) return content;
    const byRules = (): ReportContent => {
      const { extractedData } = embeddedReport(material, this.#deps.reader);
      return { ...content, extraction: extractedByRules(schema, extractedData) };
    };
    if (!model) return byRules();
    const { clock, log, timeoutMs: limitMs } = this.#deps;
    const closing = this.#closing;
    const work = (signal: AbortSignal) => extractedBy(model, schema, materialText(material), signal);
    try {
      return { ...content, extraction: await inTime(work, { clock, limitMs, closing, what: 'the extraction' }) };
    } catch (error) {
      closing.throwIfAborted();
      log.warn({ err: error, callId: material.call.id, provider: model.name }, 'extraction made by rules');
      return byRules();
    }
  }

  /** What can be said at once, and by rules alone. */
  async summaryOf(call: Call, entries: readonly TranscriptEntry[]): Promise<string> {
    return embeddedReport(await this.#materialOf(call, entries), this.#deps.reader).summary;
  }

  /** Whether the call was held by an agent, be it stored or the built-in one; `echo` and `tone` hold no conversation. */
  isConversation = ({ agentId, agentName }: Call): boolean => agentId !== undefined || agentName === this.#deps.demoAgent.name;

  /** The agent as it was on the call. */
  async settingsOf(call: Call): Promise<AgentSettings> {
    const { agents, demoAgent } = this.#deps;
    const { agentId, agentVersion, tenantId } = call;
    const stored =
      agentId === undefined || agentVersion === undefined ? undefined : await agents.settingsAt(tenantId, agentId, agentVersion);
    return stored ?? (this.isConversation(call) && agentId === undefined ? demoAgent : nobody(call.agentName));
  }

  async #materialOf(call: Call, entries: readonly TranscriptEntry[]): Promise<CallMaterial> {
    return { call, agent: await this.settingsOf(call), entries, statistics: statisticsOf(call, entries) };
  }

  #report({ call, statistics }: CallMaterial, content: ReportContent, generatedBy: string, model: string | undefined): Report {
    const { id: callId, tenantId } = call;
    return { ...content, callId, tenantId, statistics, generatedBy, model, createdAtMs: this.#deps.clock.nowMs() };
  }

  /** The agent's language model, where it can write and there is something to write about. */
  #writerFor({ agent, entries }: ReportMaterial): Writer | undefined {
    if (!spoken(entries, 'caller').some(({ text }) => text !== '')) return undefined;
    try {
      const { llm } = this.#deps.speech.suiteFor(agent);
      return llm.write && { name: llm.name, model: llm.model, write: llm.write.bind(llm) };
    } catch (error) {
      // The agent names a provider that this server no longer has.
      if (error instanceof AppError && error.code === 'invalid_request') return undefined;
      throw error;
    }
  }
}

/** Who answers where no agent does. */
const nobody = (name: string): AgentSettings => ({
  name,
  systemPrompt: '',
  startingMessage: undefined,
  language: 'en-US',
  voiceSettings: {},
  dtmfRules: {},
  script: undefined,
  knowledge: undefined,
  providers: {},
});
