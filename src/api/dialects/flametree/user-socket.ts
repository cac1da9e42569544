import type { Clock } from '../../../core/clock.js';
import { partyKey } from '../../../domain/party.js';
import type { KeyPrincipal } from '../../../domain/principal.js';
import type { KeyService } from '../../../keys/key-service.js';
import type { CallSessionEvent, CallSessions } from '../../../sessions/call-sessions.js';
import type { SessionEvent } from '../../../sessions/session-events.js';
import type { SessionService } from '../../../sessions/session-service.js';
import { type JsonPeer, JsonSockets } from '../../live/json-sockets.js';
import { refuse, type Upgradable, type Upgrade } from '../../live/upgrades.js';
import { opens } from './agent-access.js';
import { type ConversationEvent, presentConversationEvent } from './socket-messages.js';
import { socketTokenOf } from './socket-token.js';

const PATH = /^\/ws\/([^/]{1,600})\/?$/;
/** Random ones (RFC 9562, version 4) cannot be guessed. */
const RANDOM_UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i;

const EVENT_OF = {
  created: 'CONVERSATION_CREATED',
  closed: 'CONVERSATION_CLOSED',
  message: 'CONVERSATION_NEW_MESSAGE',
  mode: 'CONVERSATION_BOT_STATUS_MODIFIED',
  chunk: undefined,
  thought: undefined,
  timeout: undefined,
} as const satisfies Record<SessionEvent['type'], ConversationEvent | undefined>;

type Follower = { peer: JsonPeer; token: KeyPrincipal | undefined };
type UserSocketOptions = { sessions: SessionService; callSessions: CallSessions; keys: KeyService; clock: Clock };

/**
 * Serves `/ws/{user_id}`: what happens in all conversations of a user, calls among them where the id is a number or SIP user. The document has clients prove nothing but that they know the id;
 * that is enough where it is one that nobody can guess, and a token is needed where it is not.
 */
export class UserSocket implements Upgradable {
  readonly #options: UserSocketOptions;
  readonly #sockets: JsonSockets;
  readonly #followers = new Map<string, Set<Follower>>();
  readonly #stopListening: readonly (() => void)[];

  constructor(options: UserSocketOptions) {
    this.#options = options;
    this.#sockets = new JsonSockets(options.clock);
    this.#stopListening = [
      options.sessions.onEvent((event) => this.#onEvent(event, writer(event.session.extId))),
      options.callSessions.onEvent((event) => this.#onEvent(event, caller(event.session.extId))),
    ];
  }

  upgrade(upgrade: Upgrade): Promise<void> | undefined {
    const user = PATH.exec(upgrade.url.pathname)?.[1];
    return user === undefined ? undefined : this.#upgrade(upgrade, decoded(user));
  }

  close(): void {
    for (const stop of this.#stopListening) stop();
    this.#sockets.close();
  }

  async #upgrade(upgrade: Upgrade, user: string | undefined): Promise<void> {
    if (user === undefined) return refuse(upgrade.socket, 404);
    const token = await socketTokenOf(upgrade, this.#options.keys);
    if (token === 'refused' || (token === undefined && !RANDOM_UUID.test(user))) return refuse(upgrade.socket, 401);
    this.#sockets.accept(upgrade, (peer) => {
      const follower = { peer, token };
      const names = [writer(user), caller(partyKey(user))];
      for (const name of names) this.#followers.set(name, (this.#followers.get(name) ?? new Set()).add(follower));
      return { said: () => {}, left: () => this.#leave(names, follower) };
    });
  }

  #leave(names: readonly string[], follower: Follower): void {
    for (const name of names) {
      const followers = this.#followers.get(name);
      followers?.delete(follower);
      if (followers?.size === 0) this.#followers.delete(name);
    }
  }

  #onEvent(event: SessionEvent | CallSessionEvent, of: string): void {
    const { type, session } = event;
    const followers = this.#followers.get(of);
    const name = EVENT_OF[type];
    if (!followers || name === undefined) return;
    // What is said among operators is not for users.
    if (type === 'message' && (event.message.role === 'notes' || event.message.role === 'copilot')) return;
    const message = presentConversationEvent(name, session, type === 'message' ? event.message : undefined);
    for (const { peer, token } of followers) {
      if (token && (token.tenantId !== session.tenantId || !opens(token, session.agentId))) continue;
      peer.tell(message);
    }
  }
}

/** Whoever writes is known by their id as it is, whoever is on the telephone by their number however it is written. */
const writer = (id: string): string => `writes ${id}`;
const caller = (party: string): string => `calls ${party}`;

function decoded(user: string): string | undefined {
  try {
    return decodeURIComponent(user);
  } catch {
    return undefined;
  }
}
