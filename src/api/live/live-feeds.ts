import type { CallEvent } from '../../calls/call-event.js';
import type { Clock } from '../../core/clock.js';
import type { CallId, TenantId } from '../../core/ids.js';
import type { Call } from '../../domain/call.js';
import type { CallRepository } from '../../domain/ports/repositories.js';
import type { Text } from '../../domain/text.js';
import { type FeedReader, LiveFeed } from './live-feed.js';

/** The feeds of all calls that go on now; calls that are over are read from their record. */
export class LiveFeeds {
  readonly #calls: CallRepository;
  readonly #clock: Clock;
  readonly #feeds = new Map<CallId, LiveFeed>();

  constructor(options: { calls: CallRepository; clock: Clock }) {
    this.#calls = options.calls;
    this.#clock = options.clock;
  }

  onCallEvent(event: CallEvent): void {
    switch (event.type) {
      case 'started':
      case 'answered':
      case 'transfer':
      case 'handoff':
        this.#feedOf(event.call).onStatus(event.call);
        return;
      case 'audio':
        this.#feeds.get(event.call.id)?.onStatus(event.call);
        return;
      case 'ended':
        this.#feeds.get(event.call.id)?.onStatus(event.call);
        this.#feeds.delete(event.call.id);
        return;
      case 'entry':
        this.#feeds.get(event.entry.callId)?.onEntry(event.entry);
        return;
      case 'live':
        this.#feeds.get(event.callId)?.onLive(event.event);
        return;
      case 'tool':
        this.#feeds.get(event.callId)?.onTool(event.run);
        return;
      case 'turn':
        this.#feeds.get(event.turn.callId)?.onTurn(event.turn);
        return;
      case 'tone':
        this.#feeds.get(event.callId)?.onTone(event.tone);
        return;
      case 'answerer':
        this.#feeds.get(event.call.id)?.onAnswerer(event.call);
        return;
      case 'guidance':
        this.#feeds.get(event.call.id)?.onGuidance(event.call);
        return;
      case 'participants':
        this.#feeds.get(event.call.id)?.onParticipants(event.call);
        return;
    }
  }

  /** A text in the dialog of a call is part of what goes on there. */
  onText(text: Text): void {
    if (text.callId !== undefined) this.#feeds.get(text.callId)?.onText(text);
  }

  /** The feed of a call of `tenant`; undefined when there is none, or it is somebody else's. */
  async find(tenant: TenantId, id: CallId): Promise<LiveFeed | undefined> {
    const present = this.#feeds.get(id);
    if (present) return present.call.tenantId === tenant ? present : undefined;
    const call = await this.#calls.find(tenant, id);
    if (!call) return undefined;
    const entries = await this.#calls.transcript(id);
    // It may have begun while the record was read.
    return this.#feeds.get(id) ?? new LiveFeed(this.#clock, call, entries);
  }

  /** How many follow a call now. */
  readersOf(id: CallId): number {
    return this.#feeds.get(id)?.readers ?? 0;
  }

  /** Lets `reader` follow what `find` returned, from `after` on where that is known. Call it in the same turn of the event loop, lest the reader miss something. */
  follow(found: LiveFeed, reader: FeedReader, after?: number): () => void {
    const feed = this.#feeds.get(found.call.id) ?? found;
    // A call that is stored but has not begun here: its feed waits for it as long as somebody reads.
    if (!feed.ended) this.#feeds.set(feed.call.id, feed);
    const leave = feed.subscribe(reader, after);
    return () => {
      leave();
      if (!feed.begun && feed.readers === 0) this.#feeds.delete(feed.call.id);
    };
  }

  #feedOf(call: Call): LiveFeed {
    let feed = this.#feeds.get(call.id);
    if (!feed) {
      feed = new LiveFeed(this.#clock, call);
      this.#feeds.set(call.id, feed);
    }
    feed.begun = true;
    return feed;
  }
}
