import type { CallDeps } from './calls/call-deps.js';
import type { Clock } from './core/clock.js';
import type { CloseStack } from './core/lifecycle.js';
import type { Logger } from './core/log.js';
import type { RecordingKeys } from './core/recording-seal.js';
import type { SpeechCatalog } from './domain/ports/speech.js';
import type { Toolboxes } from './domain/ports/toolbox.js';
import { ChildDocumentReader } from './extraction/document-reader.js';
import { AttachmentStore } from './sessions/attachment-store.js';
import { SessionBrain } from './sessions/session-brain.js';
import { SessionService } from './sessions/session-service.js';
import type { Database } from './storage/database.js';

export type TextSessionsOptions = {
  database: Pick<Database, 'chatSessions' | 'agents'>;
  dataDir: string;
  keys: RecordingKeys;
  speech: SpeechCatalog;
  inform: NonNullable<CallDeps['inform']>;
  toolboxes: Toolboxes;
  clock: Clock;
  log: Logger;
  stack: CloseStack;
};

/** Text conversations with agents; `start` has it go on where an earlier process stopped. */
export function createTextSessions(options: TextSessionsOptions): SessionService {
  const { database, dataDir, keys, clock, log, stack, ...rest } = options;
  const { chatSessions: sessions, agents } = database;
  const reader = new ChildDocumentReader({ clock, log });
  const attachments = new AttachmentStore({ sessions, reader, keys, dataDir, log });
  const brain = new SessionBrain({ ...rest, sessions, agents, attachments, clock, log });
  const service = new SessionService({ sessions, agents, brain, attachments, clock, log });
  stack.push(() => service.shutDown());
  return service;
}
