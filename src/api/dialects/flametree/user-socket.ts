import type { Clock } from '../../../core/clock.js';
import type { KeyPrincipal } from '../../../domain/principal.js';
import type { KeyService } from '../../../keys/key-service.js';
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
type UserSocketOptions = { sessions: SessionService; keys: KeyService; clock: Clock };

/**
 * Serves `/ws/{user_id}`: what happens in all conversations of a user. The document has clients prove nothing but that they know the id;
 * that is enough where it is one that nobody can guess, and a token is needed where it is not.
 */
export class UserSocket implements Upgradable {
  readonly #options: UserSocketOptions;
  readonly #sockets: JsonSockets;
  readonly #followers = new Map<string, Set<Follower>>();
  readonly #stopListening: () => void;

  constructor(options: UserSocketOptions) {
    this.#options = options;
    this.#sockets = new JsonSockets(options.clock);
    this.#stopListening = options.sessions.onEvent((event) => this.#onEvent(event));
  }

  upgrade(upgrade: Upgrade): Promise<void> | undefined {
    const user = PATH.exec(upgrade.url.pathname)?.[1];
    return user === undefined ? undefined : this.#upgrade(upgrade, decoded(user));
  }

  close(): void {
    this.#stopListening();
    this.#sockets.close();
  }

  async #upgrade(upgrade: Upgrade, user: string | undefined): Promise<void> {
    if (user === undefined) return refuse(upgrade.socket, 404);
    const token = await socketTokenOf(upgrade, this.#options.keys);
    if (token === 'refused' || (token === undefined && !RANDOM_UUID.test(user))) return refuse(upgrade.socket, 401);
    this.#sockets.accept(upgrade, (peer) => {
      const follower = { peer, token };
      const followers = this.#followers.get(user) ?? new Set();
      this.#followers.set(user, followers.add(follower));
      return { said: () => {}, left: () => this.#leave(user, follower) };
    });
  }

  #leave(user: string, follower: Follower): void {
    const followers = this.#followers.get(user);
    followers?.delete(follower);
    if (followers?.size === 0) this.#followers.delete(user);
  }

  #onEvent(event: SessionEvent): void {
    const { type, session } = event;
    const followers = this.#followers.get(session.extId);
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

function decoded(user: string): string | undefined {
  try {
    return decodeURIComponent(user);
  } catch {
    return undefined;
  }
}
