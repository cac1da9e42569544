import type { Request, Response } from 'express';
import type { Clock } from '../../core/clock.js';
import { AppError } from '../../core/errors.js';
import type { LiveFeed } from './live-feed.js';
import type { LiveFeeds } from './live-feeds.js';
import { LiveReader } from './live-reader.js';

/** Proxies cut connections that are silent for a minute. */
const COMMENT_PERIOD_MS = 15_000;
const MAX_STREAMS = 2000;
/** The id of the last event of a call. Browsers come back after every end and name the id they saw last. */
const LAST_ID = 'ended';

/** The messages of the WebSocket as server-sent events, for those who need only plain HTTP. */
export class EventStreams {
  readonly #feeds: LiveFeeds;
  readonly #clock: Clock;
  readonly #readers = new Set<LiveReader>();

  constructor(feeds: LiveFeeds, clock: Clock) {
    this.#feeds = feeds;
    this.#clock = clock;
  }

  /** `after`: as a query says; the header of a browser that comes back goes before it. */
  serve(req: Request<{ id: string }>, res: Response, feed: LiveFeed, after: number | undefined): void {
    const lastId = req.get('last-event-id');
    if (feed.ended && lastId === LAST_ID) {
      // The one answer that keeps an EventSource from asking again.
      res.status(204).end();
      return;
    }
    if (this.#readers.size >= MAX_STREAMS) throw new AppError('capacity_exhausted', 'too many event streams');
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
    const reader = new LiveReader({
      pendingBytes: () => res.writableLength,
      send: ({ text, serial }) => res.write(`${serial === undefined ? '' : `id: ${serial}\n`}data: ${text}\n\n`),
      close: (ending) => res.end(ending === 'call_ended' ? `id: ${LAST_ID}\n\n` : undefined),
    });
    this.#readers.add(reader);
    const beat = (): void => {
      if (res.writableLength === 0) res.write(':\n\n');
      cancel = this.#clock.schedule(COMMENT_PERIOD_MS, beat);
    };
    let cancel = this.#clock.schedule(COMMENT_PERIOD_MS, beat);
    res.on('close', () => {
      cancel();
      reader.closed();
      this.#readers.delete(reader);
    });
    reader.onClosed(this.#feeds.follow(feed, reader, serialIn(lastId) ?? after));
  }

  close(): void {
    for (const reader of this.#readers) reader.close('shutting_down');
  }
}

/** What is no number of ours was not sent by us: then all is told anew. */
const serialIn = (id: string | undefined): number | undefined =>
  id !== undefined && /^\d{1,15}$/.test(id) ? Number(id) : undefined;
