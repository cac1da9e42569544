import { z } from 'zod';
import type { AgentService } from '../../../agents/agent-service.js';
import type { Clock } from '../../../core/clock.js';
import { AppError } from '../../../core/errors.js';
import type { ChatSessionId } from '../../../core/ids.js';
import { background, type Logger } from '../../../core/log.js';
import { type ChatSession, MAX_MESSAGE_CHARACTERS } from '../../../domain/session.js';
import type { KeyService } from '../../../keys/key-service.js';
import type { SessionEvent } from '../../../sessions/session-events.js';
import type { SessionService } from '../../../sessions/session-service.js';
import { admitsOrigin, type OriginRules } from '../../http/access/tenant-origins.js';
import { toFailure } from '../../http/failure.js';
import { type JsonPeer, JsonSockets } from '../../live/json-sockets.js';
import { refuse, type Upgradable, type Upgrade } from '../../live/upgrades.js';
import { opens } from './agent-access.js';
import { presentFailure } from './errors.js';
import { showsThoughts } from './session-translation.js';
import { presentChunk, presentClose, presentMessage, presentThought, presentTimeout } from './socket-messages.js';
import { socketTokenOf } from './socket-token.js';

const PATH = /^\/chatbot\/([^/]{1,100})\/ws\/([^/]{1,100})\/?$/;

/** What a client may say: a message of the contact. */
const Said = z.object({ message: z.string().trim().min(1).max(MAX_MESSAGE_CHARACTERS) });

export type AgentSocketOptions = {
  sessions: SessionService;
  agents: Pick<AgentService, 'get'>;
  keys: KeyService;
  origins: OriginRules;
  clock: Clock;
  log: Logger;
};

/**
 * Serves `/chatbot/{agent_id}/ws/{session_id}`: what is said in a session, as it is said. The document has clients prove nothing but that
 * they know the session, whose id nobody can guess; a token that is sent all the same has to hold.
 */
export class AgentSocket implements Upgradable {
  readonly #options: AgentSocketOptions;
  readonly #sockets: JsonSockets;
  readonly #peers = new Map<ChatSessionId, Set<JsonPeer>>();
  readonly #stopListening: () => void;

  constructor(options: AgentSocketOptions) {
    this.#options = options;
    this.#sockets = new JsonSockets(options.clock);
    this.#stopListening = options.sessions.onEvent((event) => this.#onEvent(event));
  }

  upgrade(upgrade: Upgrade): Promise<void> | undefined {
    const [, agent, session] = PATH.exec(upgrade.url.pathname.toLowerCase()) ?? [];
    return agent === undefined || session === undefined ? undefined : this.#upgrade(upgrade, agent, session as ChatSessionId);
  }

  close(): void {
    this.#stopListening();
    this.#sockets.close();
  }

  async #upgrade(upgrade: Upgrade, agent: string, id: ChatSessionId): Promise<void> {
    const token = await socketTokenOf(upgrade, this.#options.keys);
    const session = await orUnknown(this.#options.sessions.getAnywhere(id));
    const refused = token === 'refused' || (token !== undefined && session?.agentId === agent && !opens(token, session.agentId));
    if (refused) return refuse(upgrade.socket, 401);
    if (session?.agentId !== agent || (token && token.tenantId !== session.tenantId)) return refuse(upgrade.socket, 404);
    if (!(await this.#admits(upgrade, session))) return refuse(upgrade.socket, 403);
    this.#sockets.accept(upgrade, (peer) => {
      this.#follow(session, peer);
      return { said: (text) => this.#said(session, peer, text), left: () => this.#leave(id, peer) };
    });
  }

  /** As `AgentAccess` asks of pages. */
  async #admits({ request: { headers } }: Upgrade, { tenantId, agentId }: ChatSession): Promise<boolean> {
    const { agents, origins } = this.#options;
    const asking = { get: (name: 'origin' | 'host') => headers[name] };
    if (!origins.site.isForeign(asking)) return true;
    const agent = await orUnknown(agents.get(tenantId, agentId));
    return agent !== undefined && (await admitsOrigin(asking, tenantId, origins, agent.webOrigins));
  }

  #follow(session: ChatSession, peer: JsonPeer): void {
    if (session.status !== 'open') {
      peer.tell(presentClose(session));
      return peer.close('over');
    }
    const peers = this.#peers.get(session.id) ?? new Set();
    this.#peers.set(session.id, peers.add(peer));
  }

  #leave(id: ChatSessionId, peer: JsonPeer): void {
    const peers = this.#peers.get(id);
    peers?.delete(peer);
    if (peers?.size === 0) this.#peers.delete(id);
  }

  #said({ tenantId, id }: ChatSession, peer: JsonPeer, text: string): void {
    const answer = async (): Promise<void> => {
      const said = Said.safeParse(parsed(text));
      if (!said.success) throw new AppError('invalid_request', 'not a message', { publicMessage: 'Say {"message": "…"}' });
      // The answer comes as it comes to all who follow.
      await this.#options.sessions.send(tenantId, id, { text: said.data.message });
    };
    const failed = (thrown: unknown): void => peer.tell({ type: 'error', ...presentFailure(toFailure(thrown)).body });
    background(answer().catch(failed), 'a message by socket', this.#options.log);
  }

  #onEvent(event: SessionEvent): void {
    const peers = this.#peers.get(event.session.id);
    if (!peers) return;
    switch (event.type) {
      case 'chunk':
        return tell(peers, presentChunk(event.session, event.text));
      case 'thought':
        if (showsThoughts(event.session)) tell(peers, presentThought(event.session, event.text));
        return;
      case 'message':
        if (event.message.role === 'ai' || event.message.role === 'operator')
          tell(peers, presentMessage(event.session, event.message));
        return;
      case 'timeout':
        return tell(peers, presentTimeout(event.session));
      case 'closed':
        tell(peers, presentClose(event.session));
        for (const peer of peers) peer.close('over');
        return;
      case 'created':
      case 'mode':
        return;
    }
  }
}

/** A piece of an answer that is missing would make nonsense of the others, so a reader who lags is told all or let go. */
function tell(peers: ReadonlySet<JsonPeer>, message: object): void {
  for (const peer of peers) peer.tell(message);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function orUnknown<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AppError && (error.code === 'session_not_found' || error.code === 'agent_not_found')) return undefined;
    throw error;
  }
}
