import type Sqlite from 'better-sqlite3';
import { type Kysely, type Migration, Migrator } from 'kysely';
import { firstCall } from './migrations/0001-first-call.js';
import { tasks } from './migrations/0002-tasks.js';
import { idempotency } from './migrations/0010-idempotency.js';
import { keyScopes } from './migrations/0011-key-scopes.js';
import { webhooks } from './migrations/0020-webhooks.js';
import { identity } from './migrations/0030-identity.js';
import { outboundPolicy } from './migrations/0040-outbound-policy.js';
import { doNotCall } from './migrations/0050-do-not-call.js';
import { campaigns } from './migrations/0051-campaigns.js';
import { callHistory } from './migrations/0060-call-history.js';
import { reports } from './migrations/0080-reports.js';
import { webhookSubscriptions } from './migrations/0081-webhook-subscriptions.js';
import { trunks } from './migrations/0090-trunks.js';
import { callEncryption } from './migrations/0095-call-encryption.js';
import { callSetup } from './migrations/0100-call-setup.js';
import { phones } from './migrations/0110-phones.js';
import { bans } from './migrations/0130-bans.js';
import { tollLimits } from './migrations/0131-toll-limits.js';
import { routes } from './migrations/0140-routes.js';
import { texts } from './migrations/0150-texts.js';
import { callDiagnosis } from './migrations/0160-call-diagnosis.js';
import { callQuality } from './migrations/0170-call-quality.js';
import { recordingPauses } from './migrations/0180-recording-pauses.js';
import { keyLimits } from './migrations/0190-key-limits.js';
import { agentDeployment } from './migrations/0200-agent-deployment.js';
import { providerFailures } from './migrations/0210-provider-failures.js';
import { providerUsage } from './migrations/0211-provider-usage.js';
import { actions } from './migrations/0220-actions.js';
import { documents } from './migrations/0230-documents.js';
import { turnSources } from './migrations/0231-turn-sources.js';
import { heardTones } from './migrations/0250-heard-tones.js';
import { keyDialects } from './migrations/0260-key-dialects.js';
import { chatSessions } from './migrations/0261-chat-sessions.js';
import { memories } from './migrations/0262-memories.js';
import { publicNumbers } from './migrations/0264-public-numbers.js';
import { agentLines } from './migrations/0265-agent-lines.js';
import { addressBook } from './migrations/0266-address-book.js';
import { answeredBy } from './migrations/0268-answered-by.js';
import { operators } from './migrations/0270-operators.js';
import { turnProviders } from './migrations/0271-turn-providers.js';
import { textHooks } from './migrations/0274-text-hooks.js';
import { participants } from './migrations/0280-participants.js';
import { turnGuesses } from './migrations/0283-turn-guesses.js';
import { endActions } from './migrations/0284-end-actions.js';
import { handoffs } from './migrations/0286-handoffs.js';
import { callReactions } from './migrations/0287-call-reactions.js';
import { callFigures } from './migrations/0288-call-figures.js';
import { StorageError } from './storage-error.js';

/** In order and forward only; one that was released is never edited again. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-first-call': firstCall,
  '0002-tasks': tasks,
  '0010-idempotency': idempotency,
  '0011-key-scopes': keyScopes,
  '0020-webhooks': webhooks,
  '0030-identity': identity,
  '0040-outbound-policy': outboundPolicy,
  '0050-do-not-call': doNotCall,
  '0051-campaigns': campaigns,
  '0060-call-history': callHistory,
  '0080-reports': reports,
  '0081-webhook-subscriptions': webhookSubscriptions,
  '0090-trunks': trunks,
  '0095-call-encryption': callEncryption,
  '0100-call-setup': callSetup,
  '0110-phones': phones,
  '0130-bans': bans,
  '0131-toll-limits': tollLimits,
  '0160-call-diagnosis': callDiagnosis,
  '0140-routes': routes,
  '0150-texts': texts,
  '0170-call-quality': callQuality,
  '0180-recording-pauses': recordingPauses,
  '0190-key-limits': keyLimits,
  '0200-agent-deployment': agentDeployment,
  '0210-provider-failures': providerFailures,
  '0211-provider-usage': providerUsage,
  '0220-actions': actions,
  '0230-documents': documents,
  '0231-turn-sources': turnSources,
  '0250-heard-tones': heardTones,
  '0260-key-dialects': keyDialects,
  '0261-chat-sessions': chatSessions,
  '0262-memories': memories,
  '0264-public-numbers': publicNumbers,
  '0265-agent-lines': agentLines,
  '0266-address-book': addressBook,
  '0268-answered-by': answeredBy,
  '0270-operators': operators,
  '0271-turn-providers': turnProviders,
  '0274-text-hooks': textHooks,
  '0280-participants': participants,
  '0283-turn-guesses': turnGuesses,
  '0284-end-actions': endActions,
  '0286-handoffs': handoffs,
  '0287-call-reactions': callReactions,
  '0288-call-figures': callFigures,
};

/**
 * Brings the database to the newest version, wholly or not at all. `db` must be on the one connection `sqlite`.
 *
 * The Migrator opens no transaction on SQLite, although it could; ours is immediate, so that programs that start at the same
 * moment do this one after the other.
 *
 * @throws StorageError when it was made by a newer Offhook, or a migration fails.
 */
export async function migrate(
  sqlite: Sqlite.Database,
  db: Kysely<never>,
  migrations: Readonly<Record<string, Migration>> = MIGRATIONS,
): Promise<void> {
  sqlite.exec('BEGIN IMMEDIATE');
  try {
    await runAll(db, migrations);
    sqlite.exec('COMMIT');
  } finally {
    if (sqlite.inTransaction) sqlite.exec('ROLLBACK');
  }
}

async function runAll(db: Kysely<never>, migrations: Readonly<Record<string, Migration>>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  // The Migrator has no error class of its own: this is how it says that the database knows more migrations than we do.
  if (error instanceof Error && error.message.startsWith('corrupted migrations')) {
    throw new StorageError('was made by a newer version of Offhook; use that version, or another data directory', {
      cause: error,
    });
  }
  const failed = results?.find((result) => result.status === 'Error')?.migrationName;
  throw new StorageError(`cannot be brought up to date${failed ? ` (migration ${failed})` : ''}`, { cause: error });
}
