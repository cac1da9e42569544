import type { CallId, TenantId } from '../../../src/core/ids.js';
import type { Call, TranscriptEntry, Turn } from '../../../src/domain/call.js';
import type { DoNotCallEntry } from '../../../src/domain/do-not-call.js';
import type { CallRepository, CallsListed } from '../../../src/domain/ports/repositories.js';
import type { ToolRun } from '../../../src/domain/tool-run.js';

/** What is stored of calls, and in which order. */
export class MemoryCalls implements CallRepository {
  readonly rows = new Map<CallId, Call>();
  readonly history: string[] = [];
  readonly entries: TranscriptEntry[] = [];
  readonly turnRows: Turn[] = [];
  readonly optOuts: DoNotCallEntry[] = [];
  fault: Error | undefined;
  insert = (call: Call): Promise<void> => this.#put('insert', call);
  update = (call: Call): Promise<void> => this.#put('update', call);
  find = (tenant: TenantId, id: CallId): Promise<Call | undefined> =>
    Promise.resolve([this.rows.get(id)].find((call) => call?.tenantId === tenant));
  findAnywhere = (id: CallId): Promise<Call | undefined> => Promise.resolve(this.rows.get(id));
  list = (): Promise<CallsListed> => Promise.resolve({ items: [...this.rows.values()], total: this.rows.size, next: undefined });
  unfinished = (): Promise<Call[]> =>
    Promise.resolve([...this.rows.values()].filter((call) => call.status === 'initiated' || call.status === 'in_progress'));
  async appendTranscript(entry: TranscriptEntry, optOut?: DoNotCallEntry): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.fault) throw this.fault;
    this.entries.push(entry);
    if (optOut) this.optOuts.push(optOut);
  }
  transcript = (): Promise<TranscriptEntry[]> => Promise.resolve(this.entries);
  react = (): Promise<boolean> => Promise.resolve(false);
  appendTurn(turn: Turn): Promise<void> {
    this.turnRows.push(turn);
    return Promise.resolve();
  }
  readonly runs: ToolRun[] = [];
  appendToolRun(_: CallId, run: ToolRun): Promise<void> {
    this.runs.push(run);
    return Promise.resolve();
  }
  toolRuns = (): Promise<ToolRun[]> => Promise.resolve(this.runs);
  measuredTurns = (): Promise<Turn[]> => Promise.resolve(this.turnRows);
  turns = (): Promise<Turn[]> => Promise.resolve(this.turnRows);
  async #put(what: string, call: Call): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.fault) throw this.fault;
    this.history.push(`${what} ${call.status}`);
    this.rows.set(call.id, call);
  }
}
