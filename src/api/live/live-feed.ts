import type { Cancel, Clock } from '../../core/clock.js';
import type { Call, TranscriptEntry } from '../../domain/call.js';
import type { Text } from '../../domain/text.js';
import type { ToolRun } from '../../domain/tool-run.js';
import type { LiveEvent } from '../../pipeline/live-event.js';
import {
  connectedMessage,
  type LiveMessage,
  type Partial,
  statusMessage,
  textMessage,
  toolMessage,
  transcriptMessage,
} from './live-message.js';

/** Somebody who follows a call. Neither method may throw. */
export interface FeedReader {
  take(message: LiveMessage): void;
  /** The call has ended and its last status was given to `take`. */
  end(): void;
}

/** Words come in faster than anybody reads them. */
const PARTIAL_INTERVAL_MS = 250;

/** What happens on one call, told to any number of readers in the same order; who comes late is first told what has been. */
export class LiveFeed {
  /** Its events come from this process; otherwise it was read from the record. */
  begun = false;
  readonly #clock: Clock;
  readonly #readers = new Set<FeedReader>();
  readonly #entries: TranscriptEntry[];
  #call: Call;
  #partial: Partial | undefined;
  /** Pending: a partial was sent so lately that the next one has to wait. */
  #cancelPause: Cancel | undefined;
  #partialIsNew = false;

  constructor(clock: Clock, call: Call, entries: readonly TranscriptEntry[] = []) {
    this.#clock = clock;
    this.#call = call;
    this.#entries = [...entries];
  }

  get call(): Call {
    return this.#call;
  }

  get ended(): boolean {
    return this.#call.status === 'completed' || this.#call.status === 'failed';
  }

  get readers(): number {
    return this.#readers.size;
  }

  /** Tells `reader` what has been and, until the returned function is called, what comes. */
  subscribe(reader: FeedReader): () => void {
    reader.take(connectedMessage(this.#call));
    if (this.#call.status === 'in_progress') reader.take(statusMessage(this.#call));
    if (this.#entries.length > 0) reader.take(transcriptMessage(this.#call.id, this.#entries, undefined));
    if (this.ended) {
      reader.take(statusMessage(this.#call));
      reader.end();
      return () => {};
    }
    this.#readers.add(reader);
    return () => {
      this.#readers.delete(reader);
      if (this.#readers.size === 0) this.#stopPause();
    };
  }

  onStatus(call: Call): void {
    if (this.ended) return;
    const isNews = call.status !== this.#call.status || call.audioFault !== this.#call.audioFault;
    this.#call = call;
    if (isNews) this.#tell(() => statusMessage(call));
    if (!this.ended) return;
    this.#stopPause();
    for (const reader of this.#readers) reader.end();
    this.#readers.clear();
  }

  onEntry(entry: TranscriptEntry): void {
    // A feed that was loaded from the record may have it already.
    if (this.ended || entry.sequence <= (this.#entries.at(-1)?.sequence ?? 0)) return;
    this.#entries.push(entry);
    if (this.#partial?.speaker === entry.speaker) {
      this.#partial = undefined;
      this.#partialIsNew = false;
    }
    this.#tell(() => transcriptMessage(this.#call.id, this.#entries, undefined));
  }

  onText(text: Text): void {
    if (!this.ended) this.#tell(() => textMessage(this.#call.id, text));
  }

  onTool(run: ToolRun): void {
    if (!this.ended) this.#tell(() => toolMessage(this.#call.id, run));
  }

  onLive(event: LiveEvent): void {
    // The end of an utterance comes as its entry.
    if (event.type !== 'speech' || event.final || this.ended) return;
    this.#partial = { speaker: event.speaker, text: event.text, atMs: event.atMs };
    this.#partialIsNew = true;
    if (!this.#cancelPause) this.#tellPartial();
  }

  #tellPartial(): void {
    this.#cancelPause = undefined;
    if (!this.#partialIsNew || this.#readers.size === 0) return;
    this.#partialIsNew = false;
    this.#tell(() => transcriptMessage(this.#call.id, this.#entries, this.#partial));
    this.#cancelPause = this.#clock.schedule(PARTIAL_INTERVAL_MS, () => this.#tellPartial());
  }

  #stopPause(): void {
    this.#cancelPause?.();
    this.#cancelPause = undefined;
  }

  /** `make` is only asked where somebody listens: most calls have no reader. */
  #tell(make: () => LiveMessage): void {
    if (this.#readers.size === 0) return;
    const message = make();
    for (const reader of this.#readers) reader.take(message);
  }
}
