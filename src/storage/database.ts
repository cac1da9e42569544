import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import * as sqliteVec from 'sqlite-vec';
import { toError } from '../core/errors.js';
import type { IdempotencyRepository } from '../domain/idempotency.js';
import type { ActionRepository } from '../domain/ports/action-repository.js';
import type { AddressBook } from '../domain/ports/address-book.js';
import type { CallArchive, RetentionSettings } from '../domain/ports/call-archive.js';
import type { CallFigures } from '../domain/ports/call-figures.js';
import type { CampaignFeed, CampaignRepository } from '../domain/ports/campaign-repository.js';
import type { ChatSessionRepository } from '../domain/ports/chat-sessions.js';
import type { BanRepository } from '../domain/ports/defence.js';
import type { DoNotCallRepository } from '../domain/ports/do-not-call-repository.js';
import type { DocumentRepository, PassageIndex } from '../domain/ports/documents.js';
import type { EndActionRepository } from '../domain/ports/end-actions.js';
import type {
  InvitationRepository,
  OrganizationRepository,
  SessionRepository,
  UserRepository,
} from '../domain/ports/identity.js';
import type { MemoryRepository } from '../domain/ports/memories.js';
import type { OutboundPolicyRepository } from '../domain/ports/outbound-policy.js';
import type { ContactRepository, PhoneRepository } from '../domain/ports/phone-repository.js';
import type { PublicNumbers } from '../domain/ports/public-numbers.js';
import type { ReportRepository } from '../domain/ports/reports.js';
import type { AgentRepository, ApiKeyRepository, CallRepository } from '../domain/ports/repositories.js';
import type { RouteRepository } from '../domain/ports/route-repository.js';
import type { TaskRepository } from '../domain/ports/task-repository.js';
import type { TextRepository } from '../domain/ports/texts.js';
import type { TrunkRepository } from '../domain/ports/trunk-repository.js';
import type { WebhookRegistry } from '../domain/ports/webhook-subscriptions.js';
import type { WebhookOutbox } from '../domain/ports/webhooks.js';
import type { TextHookRepository } from '../domain/text-hook.js';
import { SqlActionRepository } from './action-repository.js';
import { SqlAddressBook } from './address-book.js';
import { SqlAgentRepository } from './agent-repository.js';
import { SqlApiKeyRepository } from './api-key-repository.js';
import { SqlBanRepository } from './ban-repository.js';
import { SqlCallArchive } from './call-archive.js';
import { SqlCallFigures } from './call-figures.js';
import { SqlCallRepository } from './call-repository.js';
import { SqlCampaignFeed } from './campaign-feed.js';
import { SqlCampaignRepository } from './campaign-repository.js';
import { SqlChatSessionRepository } from './chat-session-repository.js';
import { SqlContactRepository } from './contact-repository.js';
import { type DatabaseFigures, databaseFigures } from './database-figures.js';
import { SqlDoNotCallRepository } from './do-not-call-repository.js';
import { SqlDocumentRepository } from './document-repository.js';
import { SqlEndActionRepository } from './end-action-repository.js';
import { SqlIdempotencyRepository } from './idempotency-repository.js';
import { SqlInvitationRepository } from './invitation-repository.js';
import { SqlMemoryRepository } from './memory-repository.js';
import { migrate } from './migrate.js';
import { SqlOrganizationRepository } from './organization-repository.js';
import { SqlOutboundPolicyRepository } from './outbound-policy-repository.js';
import { SqlPassageIndex } from './passage-index.js';
import { SqlPhoneRepository } from './phone-repository.js';
import { SqlPublicNumbers } from './public-number-repository.js';
import { SqlReportRepository } from './report-repository.js';
import { SqlRouteRepository } from './route-repository.js';
import { SqlSessionRepository } from './session-repository.js';
import { StatementCache } from './statement-cache.js';
import { openingFailure, StorageError } from './storage-error.js';
import type { Tables } from './tables.js';
import { SqlTaskRepository } from './task-repository.js';
import { SqlTextHookRepository } from './text-hook-repository.js';
import { SqlTextRepository } from './text-repository.js';
import { SqlTrunkRepository } from './trunk-repository.js';
import { SqlUserRepository } from './user-repository.js';
import { SqlWebhookOutbox } from './webhook-outbox.js';
import { SqlWebhookRegistry } from './webhook-registry.js';

export type Database = {
  agents: AgentRepository;
  actions: ActionRepository;
  endActions: EndActionRepository;
  calls: CallRepository;
  archive: CallArchive & RetentionSettings;
  callFigures: CallFigures;
  tasks: TaskRepository;
  outboundPolicies: OutboundPolicyRepository;
  keys: ApiKeyRepository;
  trunks: TrunkRepository;
  routes: RouteRepository;
  phones: PhoneRepository;
  contacts: ContactRepository;
  addressBook: AddressBook;
  texts: TextRepository;
  textHooks: TextHookRepository;
  /** Text conversations; `sessions` are those of people who are logged in. */
  chatSessions: ChatSessionRepository;
  memories: MemoryRepository;
  organizations: OrganizationRepository;
  users: UserRepository;
  invitations: InvitationRepository;
  sessions: SessionRepository;
  idempotency: IdempotencyRepository;
  webhooks: WebhookOutbox;
  webhookRegistry: WebhookRegistry;
  /** What waits in it, and how large it is. */
  figures(nowMs: number): Promise<DatabaseFigures>;
  reports: ReportRepository;
  documents: DocumentRepository;
  passages: PassageIndex;
  doNotCall: DoNotCallRepository;
  bans: BanRepository;
  publicNumbers: PublicNumbers;
  campaigns: CampaignRepository;
  campaignFeed: CampaignFeed;
  /** Idempotent. */
  close(): Promise<void>;
};

/** Of the database, in the data directory. */
export const DATABASE_FILE = 'offhook.db';
/** How long a statement waits for another program (a backup, `offhook keys`) that is writing. */
const BUSY_TIMEOUT_MS = 5000;

/**
 * Opens `<dataDir>/offhook.db`, making and migrating it where necessary; `:memory:` keeps everything in memory.
 *
 * What a method has resolved for survives kill -9 of the process: each statement is its own transaction in the write-ahead log.
 *
 * @throws StorageError when the file is locked, damaged, not writable or of a newer version.
 */
export async function openDatabase(dataDir: string, options: { busyTimeoutMs?: number } = {}): Promise<Database> {
  const file = dataDir === ':memory:' ? dataDir : join(dataDir, DATABASE_FILE);
  if (dataDir !== ':memory:') makeFolder(dataDir);
  let sqlite: Sqlite.Database | undefined;
  try {
    sqlite = openSqlite(file, options.busyTimeoutMs ?? BUSY_TIMEOUT_MS);
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: new StatementCache(sqlite) }) });
    await migrate(sqlite, db as unknown as Kysely<never>);
    const hasVectors = loadVectors(sqlite);
    return {
      agents: new SqlAgentRepository(db),
      actions: new SqlActionRepository(db),
      endActions: new SqlEndActionRepository(db),
      calls: new SqlCallRepository(db),
      archive: new SqlCallArchive(db),
      callFigures: new SqlCallFigures(db),
      tasks: new SqlTaskRepository(db),
      outboundPolicies: new SqlOutboundPolicyRepository(db),
      keys: new SqlApiKeyRepository(db),
      trunks: new SqlTrunkRepository(db),
      routes: new SqlRouteRepository(db),
      phones: new SqlPhoneRepository(db),
      contacts: new SqlContactRepository(db),
      addressBook: new SqlAddressBook(db),
      texts: new SqlTextRepository(db),
      textHooks: new SqlTextHookRepository(db),
      chatSessions: new SqlChatSessionRepository(db),
      memories: new SqlMemoryRepository(db),
      organizations: new SqlOrganizationRepository(db),
      users: new SqlUserRepository(db),
      invitations: new SqlInvitationRepository(db),
      sessions: new SqlSessionRepository(db),
      idempotency: new SqlIdempotencyRepository(db),
      webhooks: new SqlWebhookOutbox(db),
      webhookRegistry: new SqlWebhookRegistry(db),
      figures: (nowMs) => databaseFigures(db, file, nowMs),
      reports: new SqlReportRepository(db),
      documents: new SqlDocumentRepository(db),
      passages: new SqlPassageIndex(db, hasVectors),
      doNotCall: new SqlDoNotCallRepository(db),
      bans: new SqlBanRepository(db),
      publicNumbers: new SqlPublicNumbers(db),
      campaigns: new SqlCampaignRepository(db),
      campaignFeed: new SqlCampaignFeed(db),
      close: once(() => db.destroy()),
    };
  } catch (thrown) {
    sqlite?.close();
    throw openingFailure(file, thrown);
  }
}

function openSqlite(file: string, busyTimeoutMs: number): Sqlite.Database {
  const sqlite = new Sqlite(file, { timeout: busyTimeoutMs });
  try {
    sqlite.pragma('journal_mode = WAL');
    // NORMAL loses nothing when the process dies; only a power failure can cost the last moments, and never consistency.
    sqlite.pragma('synchronous = NORMAL');
    sqlite.pragma('foreign_keys = ON');
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/** False where there is no build of the extension for this machine: then passages are found by their words alone. */
function loadVectors(sqlite: Sqlite.Database): boolean {
  try {
    sqliteVec.load(sqlite);
    return true;
  } catch {
    return false;
  }
}

function makeFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
  } catch (thrown) {
    throw new StorageError(`data directory ${dataDir} cannot be made: ${toError(thrown).message}`, { cause: thrown });
  }
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => {
    closing ??= close();
    return closing;
  };
}
