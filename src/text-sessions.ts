import type { CallDeps } from './calls/call-deps.js';
import type { Clock } from './core/clock.js';
import type { TenantId } from './core/ids.js';
import type { CloseStack } from './core/lifecycle.js';
import { background, type Logger } from './core/log.js';
import type { RecordingKeys } from './core/recording-seal.js';
import type { SpeechCatalog } from './domain/ports/speech.js';
import type { Toolboxes } from './domain/ports/toolbox.js';
import type { Text } from './domain/text.js';
import { ChildDocumentReader } from './extraction/document-reader.js';
import type { MemoryService } from './memory/memory-service.js';
import { AttachmentStore } from './sessions/attachment-store.js';
import { SessionBrain } from './sessions/session-brain.js';
import { SessionService } from './sessions/session-service.js';
import { TextAnswers } from './sessions/text-answers.js';
import { ScriptBrain } from './speech/script/script-brain.js';
import type { Database } from './storage/database.js';
import type { TextChannel } from './text-channel.js';
import type { TextDraft } from './texts/text-service.js';

export type TextSessionsOptions = {
  database: Pick<Database, 'chatSessions' | 'agents'>;
  dataDir: string;
  keys: RecordingKeys;
  speech: SpeechCatalog;
  inform: NonNullable<CallDeps['inform']>;
  memory: MemoryService;
  toolboxes: Toolboxes;
  removeFiles: () => Promise<void>;
  clock: Clock;
  log: Logger;
  stack: CloseStack;
};

/** Text conversations with agents; `start` has it go on where an earlier process stopped. */
export function createTextSessions(options: TextSessionsOptions): SessionService {
  const { database, dataDir, keys, removeFiles, clock, log, stack, ...rest } = options;
  const { chatSessions: sessions, agents } = database;
  const documentReader = new ChildDocumentReader({ clock, log });
  const attachments = new AttachmentStore({ sessions, reader: documentReader, keys, dataDir, log });
  const brain = new SessionBrain({ ...rest, reader: new ScriptBrain(), sessions, agents, attachments, clock, log });
  const service = new SessionService({ sessions, agents, brain, attachments, clock, log, removeFiles });
  stack.push(() => service.shutDown());
  return service;
}

type TextAnsweringOptions = Pick<TextSessionsOptions, 'clock' | 'log' | 'stack'> & {
  database: Pick<Database, 'agents' | 'doNotCall'>;
  sessions: SessionService;
  texts: Pick<TextChannel, 'service'>;
};

/** Has agents answer the texts that are for them; those in the dialog of a call are the call's. */
export function answerTexts(options: TextAnsweringOptions): {
  answers: TextAnswers;
  onText: (text: Text, answered?: boolean) => void;
} {
  const { database, sessions, texts, clock, log, stack } = options;
  const sendText = (tenant: TenantId, draft: TextDraft): Promise<Text> => texts.service.send(tenant, draft);
  const answers = new TextAnswers({ ...database, sessions, clock, log, sendText });
  stack.push(() => answers.close());
  const onText = ({ id, direction, tenantId, agentId, callId, contact, toUri, text }: Text, answered?: boolean): void => {
    if (direction !== 'inbound' || agentId === undefined || callId !== undefined) return;
    const to = /^sips?:([^@;?]+)@/i.exec(toUri)?.[1];
    const from = { extType: 'sip', from: contact, to, sourceId: `text:${id}` } as const;
    const answer = answers.answer({ tenantId, agentId, ...from, text, answered });
    background(answer, 'answer to a text', log.child({ textId: id }));
  };
  return { answers, onText };
}
