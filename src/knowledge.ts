import type { CallDeps } from './calls/call-deps.js';
import type { Config } from './config/schema.js';
import type { Clock } from './core/clock.js';
import type { CloseStack } from './core/lifecycle.js';
import type { Logger } from './core/log.js';
import { DocumentProcessor } from './documents/document-processor.js';
import { DocumentService } from './documents/document-service.js';
import { InformedModel } from './documents/informed-model.js';
import { PassageSearch } from './documents/passage-search.js';
import type { Embedder } from './domain/ports/documents.js';
import { ChildDocumentReader } from './extraction/document-reader.js';
import { MemoryService } from './memory/memory-service.js';
import { OpenAiEmbedder } from './speech/openai/openai-embedder.js';
import type { Database } from './storage/database.js';

export type KnowledgeOptions = {
  config: Pick<Config, 'dataDir' | 'speech'>;
  database: Database;
  removeFiles: () => Promise<void>;
  clock: Clock;
  log: Logger;
  stack: CloseStack;
};

export type KnowledgeParts = { documents: DocumentService; inform: NonNullable<CallDeps['inform']>; memory: MemoryService };

/** What agents look things up in. Goes on reading what an earlier process was asked to read. */
export async function startKnowledge(options: KnowledgeOptions): Promise<KnowledgeParts> {
  const { config, database, removeFiles, clock, log, stack } = options;
  const { dataDir } = config;
  const common = { documents: database.documents, dataDir, clock };
  const embedder = embedderOf(config.speech, clock);
  const search = new PassageSearch({ index: database.passages, embedder, clock, log });
  const reader = new ChildDocumentReader({ clock, log });
  const memory = new MemoryService({ memories: database.memories, clock, log });
  const processor = new DocumentProcessor({ ...common, reader, embedder, log });
  stack.push(() => processor.close());
  await processor.start();
  const onUploaded = (): void => processor.wake();
  return {
    documents: new DocumentService({ ...common, agents: database.agents, onUploaded, removeFiles }),
    inform: (speech, { tenantId, agentId, settings }, { contact, callId }) => {
      if (agentId === undefined) return speech;
      const informed = { ...speech, llm: new InformedModel(speech.llm, agentId, search) };
      return memory.inform(informed, { tenantId, agentId, settings, contact, callId });
    },
    memory,
  };
}

/** Undefined where no provider makes vectors. */
function embedderOf({ openai }: Config['speech'], clock: Clock): Embedder | undefined {
  const apiKey = openai.embeddings.apiKey ?? openai.apiKey;
  const baseUrl = openai.embeddings.baseUrl ?? openai.baseUrl;
  const exists = apiKey !== undefined || baseUrl !== undefined;
  return exists ? new OpenAiEmbedder({ ...openai.embeddings, apiKey, baseUrl }, clock) : undefined;
}
