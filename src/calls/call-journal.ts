import { type CallId, newTurnId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import type { Call, TranscriptEntry } from '../domain/call.js';
import type { DoNotCallEntry, OptOutSource } from '../domain/do-not-call.js';
import type { ConversationRecord } from '../domain/ports/conversation-record.js';
import type { CallRepository } from '../domain/ports/repositories.js';
import type { ToolRun } from '../domain/tool-run.js';
import type { CallEvent } from './call-event.js';

export type CallJournalDeps = {
  calls: CallRepository;
  /** Asked for at each line. */
  log: () => Logger;
  emit: (event: CallEvent) => void;
  /** What is put on the do-not-call list for the other party; undefined when its number is not known. */
  optOutEntry: (source: OptOutSource) => DoNotCallEntry | undefined;
};

/**
 * Writes one call's rows as things happen, one after the other in the order they happened. A write that fails is logged
 * and costs that row, never the call.
 */
export class CallJournal implements ConversationRecord {
  readonly #callId: CallId;
  readonly #calls: CallRepository;
  readonly #log: () => Logger;
  readonly #emit: (event: CallEvent) => void;
  readonly #optOutEntry: CallJournalDeps['optOutEntry'];
  #chain: Promise<void> = Promise.resolve();
  #entries = 0;
  #turns = 0;

  constructor(callId: CallId, deps: CallJournalDeps) {
    this.#callId = callId;
    this.#calls = deps.calls;
    this.#log = deps.log;
    this.#emit = deps.emit;
    this.#optOutEntry = deps.optOutEntry;
  }

  get counts(): { entries: number; turns: number } {
    return { entries: this.#entries, turns: this.#turns };
  }

  inserted(call: Call): void {
    this.#write('call', () => this.#calls.insert(call));
  }

  updated(call: Call): void {
    this.#write('call', () => this.#calls.update(call));
  }

  entry(entry: Parameters<ConversationRecord['entry']>[0]): void {
    const stored = this.#numbered(entry);
    this.#write('transcript entry', () => this.#calls.appendTranscript(stored));
  }

  optOut(entry: Parameters<ConversationRecord['optOut']>[0], source: OptOutSource): boolean {
    const stored = this.#numbered(entry);
    const listed = this.#optOutEntry(source);
    this.#write('do-not-call wish', () => this.#calls.appendTranscript(stored, listed));
    this.#log().info({ source, listed: listed !== undefined }, 'other party asks not to be called again');
    return listed !== undefined;
  }

  turn(turn: Parameters<ConversationRecord['turn']>[0]): void {
    this.#turns += 1;
    const stored = { ...turn, id: newTurnId(), callId: this.#callId, sequence: this.#turns };
    this.#write('turn', () => this.#calls.appendTurn(stored));
    this.#emit({ type: 'turn', turn: stored });
  }

  tool(run: ToolRun): void {
    this.#write('tool run', () => this.#calls.appendToolRun(this.#callId, run));
    const { name, type, outcome, attempts, durationMs } = run;
    this.#log().info({ tool: name, type, outcome, attempts, durationMs }, 'tool used');
    this.#emit({ type: 'tool', callId: this.#callId, run });
  }

  /** Resolves when everything so far is stored or given up on. */
  settled(): Promise<void> {
    return this.#chain;
  }

  #numbered(entry: Omit<TranscriptEntry, 'callId' | 'sequence'>): TranscriptEntry {
    this.#entries += 1;
    const stored = { ...entry, callId: this.#callId, sequence: this.#entries };
    this.#emit({ type: 'entry', entry: stored });
    return stored;
  }

  #write(what: string, write: () => Promise<void>): void {
    this.#chain = this.#chain
      .then(write)
      .catch((error: unknown) => this.#log().error({ err: error, what }, 'call record not stored'));
  }
}
