import type { ConversationRecord } from '../domain/ports/conversation-record.js';
import type { ConversationDeps } from '../pipeline/conversation-deps.js';

/** What a conversation tells that began `byMs` after the answer, told as if it had begun with it. */
export function laterPart({ record, live }: Pick<ConversationDeps, 'record' | 'live'>, byMs: number) {
  const by = Math.round(byMs);
  const moved = <T extends { startMs: number; endMs: number }>(entry: T): T => ({
    ...entry,
    startMs: entry.startMs + by,
    endMs: entry.endMs + by,
  });
  const later: ConversationRecord = {
    entry: (entry) => record.entry(moved(entry)),
    turn: (turn) => record.turn({ ...turn, originMs: turn.originMs + by }),
    optOut: (entry, source) => record.optOut(moved(entry), source),
  };
  const laterLive: NonNullable<ConversationDeps['live']> = (event) => {
    const atMs = event.atMs + by;
    live?.(
      event.type === 'turn'
        ? { ...event, atMs, turn: { ...event.turn, originMs: event.turn.originMs + by } }
        : { ...event, atMs },
    );
  };
  return { record: later, live: laterLive };
}
