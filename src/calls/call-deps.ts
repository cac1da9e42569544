import type { Clock } from '../core/clock.js';
import type { AgentId, CallId, TenantId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import type { AgentSettings } from '../domain/agent.js';
import type { Call } from '../domain/call.js';
import type { MediaEngine, Sounds } from '../domain/ports/media.js';
import type { AgentRepository, CallRepository } from '../domain/ports/repositories.js';
import type { SpeechCatalog, SpeechSuite } from '../domain/ports/speech.js';
import type { IncomingText } from '../domain/ports/texts.js';
import type { Toolboxes } from '../domain/ports/toolbox.js';
import type { VoiceActivity } from '../domain/ports/voice-activity.js';
import type { ConversationDeps } from '../pipeline/conversation-deps.js';
import type { CallConversation } from './call-conversation.js';
import type { Recordings } from './recordings.js';
import type { TransferDesk } from './transfer/transfer-desk.js';

/** Who speaks; without an id it has nothing to look things up in. */
type Informed = { tenantId: TenantId; agentId?: AgentId | undefined; settings: AgentSettings };
/** With whom, and on which call; a text conversation is none. */
type Occasion = { contact: string | undefined; callId?: CallId | undefined };

/** What every call needs. */
export type CallDeps = {
  media: MediaEngine;
  voice: VoiceActivity;
  speech: SpeechCatalog;
  calls: CallRepository;
  agents: Pick<AgentRepository, 'findLive'>;
  clock: Clock;
  log: Logger;
  recordings: Recordings;
  /** None when absent. */
  sounds?: Sounds | undefined;
  /** Detects speech on `echo` and `tone` calls too, which nobody listens to: for load tests. */
  vadOnBuiltIns?: boolean | undefined;
  /** A call is ended that no RTP and no RTCP comes from for so long, although it should; never when absent. */
  mediaTimeoutMs?: number | undefined;
  /** A call that lasts longer is ended. */
  maxDurationMs?: number | undefined;
  /** Of agents that have no such limit of their own: a call whose providers have cost so much is ended. */
  maxCost?: number | undefined;
  /** A text came in the dialog of a call. */
  onText?: ((call: Call, text: IncomingText) => void) | undefined;
  /** The suite with a model that looks things up for the agent. */
  inform?: ((speech: SpeechSuite, agent: Informed, occasion: Occasion) => SpeechSuite) | undefined;
  createConversation: (deps: ConversationDeps) => CallConversation;
  transfers: TransferDesk;
  /** What agents can do beside talking. */
  toolboxes?: Toolboxes | undefined;
};
