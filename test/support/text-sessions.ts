import { AgentToolboxes } from '../../src/actions/agent-toolboxes.js';
import type { Clock } from '../../src/core/clock.js';
import { AppError } from '../../src/core/errors.js';
import type { Logger } from '../../src/core/log.js';
import { RecordingKeys } from '../../src/core/recording-seal.js';
import { SecretBox } from '../../src/core/secret-box.js';
import type { SpeechCatalog, SpeechSuite } from '../../src/domain/ports/speech.js';
import type { Toolboxes } from '../../src/domain/ports/toolbox.js';
import { ChildDocumentReader } from '../../src/extraction/document-reader.js';
import { MemoryService } from '../../src/memory/memory-service.js';
import { AttachmentStore } from '../../src/sessions/attachment-store.js';
import { SessionBrain } from '../../src/sessions/session-brain.js';
import { SessionService } from '../../src/sessions/session-service.js';
import { TextAnswers } from '../../src/sessions/text-answers.js';
import { ScriptBrain } from '../../src/speech/script/script-brain.js';
import type { Database } from '../../src/storage/database.js';

type Parts = {
  database: Database;
  dataDir: string;
  suite: SpeechSuite;
  clock: Clock;
  log: Logger;
  toolboxes?: Toolboxes;
  keys?: readonly string[];
};

/** Text sessions as the server has them, with the providers of `suite`. Not started; whoever makes them shuts them down. */
export function textSessions({ database, dataDir, suite, clock, log, toolboxes, keys = [] }: Parts): SessionService {
  const { chatSessions: sessions, agents } = database;
  const speech: SpeechCatalog = { suiteFor: () => suite, warm: async () => {}, close: async () => {} };
  const attachments = new AttachmentStore({
    sessions,
    reader: new ChildDocumentReader({ clock, log }),
    keys: new RecordingKeys(keys),
    dataDir,
    log,
  });
  const memory = new MemoryService({ memories: database.memories, clock, log });
  const brain = new SessionBrain({
    sessions,
    agents,
    speech,
    inform: (informed, { tenantId, agentId, settings }, { contact }) =>
      memory.inform(informed, { tenantId, agentId, settings, contact }),
    memory,
    reader: new ScriptBrain(),
    toolboxes: toolboxes ?? noActions(database, clock),
    attachments,
    clock,
    log,
  });
  return new SessionService({ sessions, agents, brain, attachments, clock, log, removeFiles: async () => {} });
}

/** For carriers that send the answers themselves. */
export const answersWithoutTexts = ({
  database,
  ...parts
}: Pick<Parts, 'database' | 'clock' | 'log'> & { sessions: SessionService }) =>
  new TextAnswers({
    ...database,
    ...parts,
    sendText: () => Promise.reject(new AppError('outbound_not_configured', 'no texts')),
  });

/** Those of the database, of which none that needs mail, texts or the network works. */
const noActions = ({ actions }: Database, clock: Clock): Toolboxes =>
  new AgentToolboxes({
    actions,
    box: new SecretBox(Buffer.alloc(32, 7)),
    clock,
    fetch: () => Promise.reject(new Error('no network')),
    mailer: undefined,
    sendText: () => Promise.reject(new Error('no texts')),
  });
