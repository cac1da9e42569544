import type { CallEvent } from '../calls/call-event.js';
import type { CallId } from '../core/ids.js';
import type { Call } from '../domain/call.js';
import { type CallOutcome, outcomeOf } from '../domain/call-ending.js';
import type { ChatSession, SessionEnding, SessionMode, SessionStatus } from '../domain/session.js';
import { type ConversationMessage, contactOf, heard } from './call-conversation.js';

/** A call as a session of the channel `sip`; `extId` is the other party as `partyKey` writes it. */
export type CallSession = Pick<ChatSession, 'tenantId' | 'agentId' | 'extType' | 'extId' | 'mode' | 'status'> & { id: CallId };

/** As those of text sessions; `mode`: its agent, or who leads it, is another. */
export type CallSessionEvent =
  | { type: 'created' | 'closed' | 'mode'; session: CallSession }
  | { type: 'message'; session: CallSession; message: ConversationMessage };

/** Tells whoever watches the conversations of contacts what happens in their calls. */
export class CallSessions {
  readonly #calls = new Map<CallId, Call>();
  readonly #listeners = new Set<(event: CallSessionEvent) => void>();

  /** Returns what ends it. A listener must not throw. */
  onEvent(listener: (event: CallSessionEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** To be told all that happens in calls. */
  onCallEvent(event: CallEvent): void {
    if (event.type === 'entry') {
      const call = this.#calls.get(event.entry.callId);
      const session = call && sessionOf(call);
      if (session) this.#tell({ type: 'message', session, message: heard(event.entry, call) });
    } else if ('call' in event) this.#onCall(event);
  }

  #onCall({ type, call }: Extract<CallEvent, { call: Call }>): void {
    const before = this.#calls.get(call.id);
    // Calls that were refused have not begun.
    if (!before && type !== 'started') return;
    if (type === 'ended') this.#calls.delete(call.id);
    else this.#calls.set(call.id, call);
    const session = sessionOf(call);
    if (!session) return;
    if (!before) this.#tell({ type: 'created', session });
    else if (type === 'ended') this.#tell({ type: 'closed', session });
    else if (before.agentId !== call.agentId || modeOf(before) !== session.mode) this.#tell({ type: 'mode', session });
  }

  #tell(event: CallSessionEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/** Undefined: the echo and the tone are nobody to talk with. */
function sessionOf(call: Call): CallSession | undefined {
  const { id, tenantId, agentId } = call;
  if (agentId === undefined) return undefined;
  return { id, tenantId, agentId, extType: 'sip', extId: contactOf(call), mode: modeOf(call), status: statusOf(call) };
}

/** Whoever was handed over talks with a human. */
const modeOf = ({ transfer, guidance }: Call): SessionMode =>
  transfer?.status === 'completed' ? 'operator' : (guidance?.mode ?? 'regular');

const STATUS_OF = {
  answered: 'completed',
  busy: 'busy',
  no_answer: 'noanswer',
  rejected: 'declined',
  cancelled: 'canceled',
  failed: 'failed',
} as const satisfies Record<CallOutcome, SessionEnding>;

function statusOf(call: Call): SessionStatus {
  const outcome = outcomeOf(call);
  if (outcome === undefined) return 'open';
  if (outcome !== 'answered') return STATUS_OF[outcome];
  switch (call.termination?.reason) {
    case 'transferred':
      return 'transferred';
    case 'max_duration':
      return 'timeout';
    case 'silence':
      return 'user_timeout';
    case 'session_expired':
    case 'dialog_lost':
    case 'media_timeout':
      return 'network_error';
    default:
      return call.status === 'failed' ? 'failed' : STATUS_OF.answered;
  }
}
