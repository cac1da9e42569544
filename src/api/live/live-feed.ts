import type { Cancel, Clock } from '../../core/clock.js';
import type { Call, TranscriptEntry, Turn } from '../../domain/call.js';
import type { Text } from '../../domain/text.js';
import type { HeardTone } from '../../domain/tone-recognizer.js';
import type { ToolRun } from '../../domain/tool-run.js';
import type { LiveEvent } from '../../pipeline/live-event.js';
import { LiveLog, type LoggedEvent } from './live-log.js';
import {
  answererDraft,
  connectedMessage,
  guidanceDraft,
  type LiveDraft,
  type LiveMessage,
  momentDraft,
  type Partial,
  participantsDraft,
  statusDraft,
  textDraft,
  toneDraft,
  toolDraft,
  transcriptDraft,
  turnDraft,
  written,
} from './live-message.js';

/** Somebody who follows a call. Neither method may throw. */
export interface FeedReader {
  take(message: LiveMessage): void;
  /** The call has ended and its last status was given to `take`. */
  end(): void;
}

/** Words come in faster than anybody reads them. */
const PARTIAL_INTERVAL_MS = 250;

/** What of a call is told as its status. */
const NEWS = ['status', 'audioFault', 'transfer', 'handoffs'] as const;

/** What happens on one call, told to any number of readers in the same order; who comes late is first told what has been. */
export class LiveFeed {
  /** Its events come from this process; otherwise it was read from the record. */
  begun = false;
  readonly #clock: Clock;
  readonly #readers = new Set<FeedReader>();
  readonly #entries: TranscriptEntry[];
  readonly #log = new LiveLog();
  #serial = 0;
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

  /** Tells `reader` what has been, or what came after the serial number `after`, and, until the returned function is called, what comes. */
  subscribe(reader: FeedReader, after?: number): () => void {
    // Another process may have numbered them, or this one only read the call's record.
    const known = after !== undefined && after > 0 && after <= this.#serial;
    const missed = known ? this.#log.since(after) : undefined;
    if (missed) {
      reader.take(connectedMessage(this.#call, after ?? 0, true));
      for (const { serial, make } of missed) reader.take(written(make(), serial));
    } else this.#tellAll(reader);
    if (this.ended) {
      reader.end();
      return () => {};
    }
    this.#readers.add(reader);
    return () => {
      this.#readers.delete(reader);
      if (this.#readers.size === 0) this.#stopPause();
    };
  }

  #tellAll(reader: FeedReader): void {
    const tell = (draft: LiveDraft): void => reader.take(written(draft, this.#serial));
    reader.take(connectedMessage(this.#call, this.#serial, false));
    if (this.#call.status === 'in_progress') tell(statusDraft(this.#call));
    const { answeredBy } = this.#call;
    if (answeredBy) tell(answererDraft(this.#call.id, answeredBy));
    if (this.#call.guidance) tell(guidanceDraft(this.#call));
    if (this.#call.participants) tell(participantsDraft(this.#call));
    if (this.#entries.length > 0) tell(transcriptDraft(this.#call, this.#entries, undefined));
    if (this.ended) tell(statusDraft(this.#call));
  }

  onStatus(call: Call): void {
    if (this.ended) return;
    const isNews = NEWS.some((field) => call[field] !== this.#call[field]);
    this.#call = call;
    if (isNews) this.#tell(() => statusDraft(call));
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
    this.#tell(() => transcriptDraft(this.#call, this.#entries, undefined), 'transcript');
  }

  onText(text: Text): void {
    if (!this.ended) this.#tell(() => textDraft(this.#call.id, text));
  }

  onTool(run: ToolRun): void {
    if (!this.ended) this.#tell(() => toolDraft(this.#call.id, run));
  }

  onTurn(turn: Turn): void {
    if (!this.ended) this.#tell(() => turnDraft(turn, this.#call));
  }

  onTone(tone: HeardTone): void {
    if (!this.ended) this.#tell(() => toneDraft(this.#call.id, tone));
  }

  onAnswerer(call: Call): void {
    const { id, answeredBy } = call;
    if (this.ended || !answeredBy) return;
    this.#call = call;
    this.#tell(() => answererDraft(id, answeredBy));
  }

  onGuidance(call: Call): void {
    if (this.ended) return;
    this.#call = call;
    this.#tell(() => guidanceDraft(call));
  }

  onParticipants(call: Call): void {
    if (this.ended) return;
    this.#call = call;
    this.#tell(() => participantsDraft(call), 'participants');
  }

  onLive(event: LiveEvent): void {
    // Turns come with their number by another way, and the end of an utterance as its entry.
    if (this.ended || event.type === 'turn') return;
    if (event.type !== 'speech') {
      this.#tell(() => momentDraft(this.#call.id, event), event.type === 'state' ? 'state' : undefined);
      return;
    }
    if (event.final) return;
    this.#partial = { speaker: event.speaker, text: event.text, atMs: event.atMs };
    this.#partialIsNew = true;
    if (!this.#cancelPause) this.#tellPartial();
  }

  #tellPartial(): void {
    this.#cancelPause = undefined;
    if (!this.#partialIsNew || this.#readers.size === 0) return;
    this.#partialIsNew = false;
    this.#serial += 1;
    this.#send(written(transcriptDraft(this.#call, this.#entries, this.#partial), this.#serial, true));
    this.#cancelPause = this.#clock.schedule(PARTIAL_INTERVAL_MS, () => this.#tellPartial());
  }

  #stopPause(): void {
    this.#cancelPause?.();
    this.#cancelPause = undefined;
  }

  /** `make` is only asked where somebody listens: most calls have no reader. */
  #tell(make: () => LiveDraft, replaces?: LoggedEvent['replaces']): void {
    this.#serial += 1;
    this.#log.add({ serial: this.#serial, make, replaces });
    if (this.#readers.size > 0) this.#send(written(make(), this.#serial));
  }

  #send(message: LiveMessage): void {
    for (const reader of this.#readers) reader.take(message);
  }
}
