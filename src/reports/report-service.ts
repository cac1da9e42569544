import { setMaxListeners } from 'node:events';
import { AppError } from '../core/errors.js';
import type { CallId } from '../core/ids.js';
import { background } from '../core/log.js';
import type { RecordingFile } from '../core/recording-file.js';
import type { AgentSettings } from '../domain/agent.js';
import type { Call, TranscriptEntry } from '../domain/call.js';
import type { ReportExcerpts, ReportRepository } from '../domain/ports/reports.js';
import type { CallRepository } from '../domain/ports/repositories.js';
import type { SpeechSuite } from '../domain/ports/speech.js';
import type { RecordedTranscript, Report } from '../domain/report.js';
import { spoken } from './conversation-facts.js';
import { inTime } from './in-time.js';
import { ReportMaker, type ReportMakerDeps } from './report-maker.js';
import { transcribeRecording } from './transcribe-recording.js';
import { Turnstile } from './turnstile.js';

export type ReportServiceDeps = ReportMakerDeps & {
  calls: Pick<CallRepository, 'transcript'>;
  reports: ReportRepository;
  /** Where the recording lies. @throws AppError `recording_not_found`, or `conflict` while it is being made */
  openRecording: (call: Call) => Promise<RecordingFile>;
  /** A report is made after each answered call of an agent, and not only when it is asked for. */
  automatic: boolean;
  transcriptionTimeoutMs: number;
  /** How long after a call's end a webhook waits for the report that is being made. */
  webhookWaitMs: number;
  /** One was made and stored. */
  onMade?: ((report: Report) => Promise<void>) | undefined;
  /** An automatic report was made, or will not be. */
  onSettled?: (() => void) | undefined;
};

export type TranscriptSource = 'live' | 'recording';
export type Transcript = { source: TranscriptSource; entries: readonly TranscriptEntry[] };
export type Transcribed = { transcript: RecordedTranscript; report: Report };

/** So many at once, and so many that wait; what comes on top is made when it is asked for. */
const AUTOMATIC = { parallel: 2, waiting: 1000 };
/** Calls in progress need the recogniser more. */
const TRANSCRIPTIONS = { parallel: 1, waiting: 8 };

/** Makes the reports of calls that are over, off the calls' path; one at a time per call, however many ask for it. */
export class ReportService implements ReportExcerpts {
  readonly #deps: ReportServiceDeps;
  readonly #maker: ReportMaker;
  readonly #making = new Map<CallId, Promise<Report>>();
  readonly #transcribing = new Map<CallId, Promise<Transcribed>>();
  /** Calls whose report will be there by itself. */
  readonly #expected = new Set<CallId>();
  readonly #automatic = new Turnstile(AUTOMATIC);
  readonly #transcriptions = new Turnstile(TRANSCRIPTIONS);
  readonly #closing = new AbortController();

  constructor(deps: ReportServiceDeps) {
    this.#deps = deps;
    // Every report that is made or waited for listens to it.
    setMaxListeners(0, this.#closing.signal);
    this.#maker = new ReportMaker(deps, this.#closing.signal);
  }

  /** A call is over. */
  onEnded(call: Call): void {
    const { automatic, log, onSettled } = this.#deps;
    if (!automatic || call.answeredAtMs === undefined || !this.#maker.isConversation(call)) return;
    const made = this.#automatic.run(() => this.get(call));
    if (!made) {
      log.warn({ callId: call.id }, 'too many reports to make: this one is made when it is asked for');
      return;
    }
    this.#expected.add(call.id);
    const settled = made.finally(() => {
      this.#expected.delete(call.id);
      onSettled?.();
    });
    background(settled, 'report', log.child({ callId: call.id }));
  }

  /** Undefined while none was made. */
  find(call: Call): Promise<Report | undefined> {
    return this.#deps.reports.find(call.tenantId, call.id);
  }

  /**
   * The stored report, or else one that is made and stored now.
   *
   * @throws AppError `conflict` while the call goes on, `provider_failed` when the language model fails, and then nothing is stored.
   */
  async get(call: Call): Promise<Report> {
    if (call.endedAtMs === undefined) {
      throw new AppError('conflict', `call ${call.id} goes on`, { publicMessage: 'The report is made when the call has ended' });
    }
    return (await this.find(call)) ?? (await this.#make(call));
  }

  async excerptOf(call: Call): Promise<string | undefined> {
    const { clock, webhookWaitMs } = this.#deps;
    const stored = await this.find(call);
    if (stored) return stored.summary;
    if (this.#expected.has(call.id) && clock.nowMs() - (call.endedAtMs ?? 0) < webhookWaitMs) return undefined;
    return await this.#maker.summaryOf(call, (await this.transcriptOf(call)).entries);
  }

  /**
   * What was understood of the recording, if that was asked for, else what was written down while the call lasted; or the one of `source`.
   *
   * @throws AppError `not_found` when the recording was not listened to.
   */
  async transcriptOf(call: Call, source?: TranscriptSource): Promise<Transcript> {
    const { calls, reports } = this.#deps;
    const recorded = source === 'live' ? undefined : await reports.recordedTranscript(call.tenantId, call.id);
    if (recorded) return { source: 'recording', entries: recorded.entries };
    if (source !== 'recording') return { source: 'live', entries: await calls.transcript(call.id) };
    throw new AppError('not_found', `recording of ${call.id} not transcribed`, {
      publicMessage: 'The recording was not transcribed yet: POST to this path to have it done',
    });
  }

  /**
   * Listens to the recording again and makes the report anew from what it hears; both take the place of what there was.
   *
   * @throws AppError `recording_not_found`, `conflict` while the call goes on, `capacity_exhausted` when too many wait, and
   * `provider_failed` when there is no recogniser, or a provider fails or takes too long. In all these cases everything stays as it was.
   */
  async transcribe(call: Call): Promise<Transcribed> {
    const running = this.#transcribing.get(call.id);
    if (running) return await running;
    return await shared(this.#transcribing, call.id, () => {
      const begun = this.#transcriptions.run(() => this.#transcribe(call));
      if (begun) return begun;
      throw new AppError('capacity_exhausted', 'too many recordings to listen to', {
        publicMessage: 'Too many recordings are being transcribed: try again later',
      });
    });
  }

  /** Breaks off what is under way. */
  async close(): Promise<void> {
    this.#closing.abort(new AppError('draining', 'the server stops'));
    await Promise.allSettled([...this.#making.values(), ...this.#transcribing.values()]);
  }

  #made(report: Report): void {
    const { onMade, log } = this.#deps;
    if (onMade) background(onMade(report), 'what follows a report', log.child({ callId: report.callId }));
  }

  #make(call: Call): Promise<Report> {
    return shared(this.#making, call.id, async () => {
      const report = await this.#maker.make(call, (await this.transcriptOf(call)).entries);
      await this.#deps.reports.save(report);
      this.#made(report);
      return report;
    });
  }

  async #transcribe(call: Call): Promise<Transcribed> {
    const { calls, reports, clock, transcriptionTimeoutMs: limitMs } = this.#deps;
    const closing = this.#closing.signal;
    closing.throwIfAborted();
    const agent = await this.#maker.settingsOf(call);
    const live = await calls.transcript(call.id);
    const suites = this.#suitesFor(agent, live);
    const file = await this.#deps.openRecording(call);
    const entries = await inTime((signal) => transcribeRecording({ call, file, agent, live, suites, clock, signal }), {
      clock,
      limitMs,
      closing,
      what: 'the transcription',
    });
    const report = await this.#maker.make(call, entries);
    const { tenantId, id: callId } = call;
    const transcript = { callId, tenantId, recogniser: suites.caller.stt.name, entries, createdAtMs: clock.nowMs() };
    await reports.save(report, transcript);
    this.#made(report);
    return { transcript, report };
  }

  /** What the agent said is known: its recogniser is told to expect that. */
  #suitesFor(agent: AgentSettings, live: readonly TranscriptEntry[]): { caller: SpeechSuite; agent: SpeechSuite } {
    const { speech } = this.#deps;
    const knowledge = spoken(live, 'agent')
      .map(({ heardText }) => heardText)
      .join('\n');
    try {
      const hearing = { ...agent, script: undefined, knowledge };
      const options = { unhurried: true };
      const suites = { caller: speech.suiteFor(agent, options), agent: speech.suiteFor(hearing, options) };
      if (suites.caller.stt.understands) return suites;
    } catch (cause) {
      throw new AppError('provider_failed', 'the agent names a provider that is not there', { cause });
    }
    throw new AppError('provider_failed', 'no recogniser understands words', {
      publicMessage: 'No speech recogniser that understands words is available',
    });
  }
}

/** Whoever asks while it is under way gets the same. */
function shared<T>(underWay: Map<CallId, Promise<T>>, id: CallId, begin: () => Promise<T>): Promise<T> {
  const running = underWay.get(id);
  if (running) return running;
  const begun = begin();
  underWay.set(id, begun);
  const forget = (): void => void underWay.delete(id);
  begun.then(forget, forget);
  return begun;
}
