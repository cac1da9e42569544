import type { AgentId, ApiKeyId, CallId, TaskId, TenantId } from '../../core/ids.js';
import type { Agent, AgentSettings, AgentVersion } from '../agent.js';
import type { ApiKey } from '../api-key.js';
import type { Call, CallDirection, CallStatus, Termination, TranscriptEntry, Turn } from '../call.js';
import type { CallOutcome, EndedBy } from '../call-ending.js';
import type { DoNotCallEntry } from '../do-not-call.js';
import type { Feedback } from '../feedback.js';
import type { ToolRun } from '../tool-run.js';
import type { MeasuredTurn } from '../turn-waterfall.js';
import type { TollLimits } from './toll-guard.js';

export type Page = { limit: number; offset: number };
export type Listed<T> = { items: T[]; total: number };

/** `label` replaces the version's own; undefined leaves it. */
export type Deployment = { version: number; label: string | undefined; atMs: number };

export interface AgentRepository {
  /** @throws AppError `agent_limit_reached` when its tenant has as many as `limit`, `conflict` when its address or number is taken. */
  insert(agent: Agent, limit?: number): Promise<void>;
  /** Replaces the row whose version is `agent.version - 1`; which version is deployed only changes with `redeploy`. @throws AppError `conflict` when somebody else changed it first. */
  update(agent: Agent, options?: { redeploy: boolean }): Promise<void>;
  /** @throws AppError `conflict` while it has tasks that are pending or in progress. */
  delete(tenant: TenantId, id: AgentId): Promise<boolean>;
  /** With the settings of its newest version, for those who change it. */
  find(tenant: TenantId, id: AgentId): Promise<Agent | undefined>;
  /** As calls find it now: with the settings, and the number, of its deployed version. */
  findLive(tenant: TenantId, id: AgentId): Promise<Agent | undefined>;
  /** Newest first. */
  versions(tenant: TenantId, id: AgentId, page: Page): Promise<Listed<AgentVersion>>;
  /** Calls go by this version from now on. False: the agent has none of that number. */
  deploy(tenant: TenantId, id: AgentId, deployment: Deployment): Promise<boolean>;
  /** The labels of the versions that calls go by; agents whose version has none are not in it. */
  liveLabels(tenant: TenantId, ids: readonly AgentId[]): Promise<ReadonlyMap<AgentId, string>>;
  /** The version that calls went by before the present one; undefined where there was none. */
  previousVersion(tenant: TenantId, id: AgentId): Promise<number | undefined>;
  /** How the agent behaved at that version, be it deleted by now. */
  settingsAt(tenant: TenantId, id: AgentId, version: number): Promise<AgentSettings | undefined>;
  /** Routing: by `sip:<user>@`, where `user` is the agent's `sipUser` or its id; enabled agents only, as `findLive`. */
  findBySipUser(user: string): Promise<Agent | undefined>;
  /** Routing: by the number of its line, in E.164; as `findBySipUser`. */
  findByNumber(tenant: TenantId, number: string): Promise<Agent | undefined>;
  /** Whether any agent, of any tenant, lets pages of this origin use it. */
  hasOrigin(origin: string): Promise<boolean>;
  list(tenant: TenantId, filter: { enabled?: boolean | undefined }, page: Page): Promise<Listed<Agent>>;
}

/** What is absent does not matter; all that is present must hold. */
export type CallFilter = {
  agentId?: AgentId | undefined;
  taskId?: TaskId | undefined;
  status?: CallStatus | undefined;
  direction?: CallDirection | undefined;
  result?: Termination['result'] | undefined;
  outcome?: CallOutcome | undefined;
  endedBy?: EndedBy | undefined;
  /** Number or user of the calling side, the called side, or either of them; however it is written. */
  from?: string | undefined;
  to?: string | undefined;
  number?: string | undefined;
  startedAfterMs?: number | undefined;
  startedBeforeMs?: number | undefined;
  /** From answer to end. */
  minDurationMs?: number | undefined;
  /** Words that all occur in the transcript (their beginnings suffice), or parts of either side's number. Any text is allowed. */
  search?: string | undefined;
};

/** A call's place in the lists, which run from the newest to the oldest. */
export type CallPosition = { startedAtMs: number; serial: number };
/** `after` instead of `offset` continues behind a call, whatever calls came or went meanwhile. */
export type CallPage = { limit: number; offset: number } | { limit: number; after: CallPosition };
/** `total` is counted only for a page by offset; `next` is absent on the last page. */
export type CallsListed = { items: Call[]; total: number | undefined; next: CallPosition | undefined };

export interface CallRepository {
  insert(call: Call): Promise<void>;
  update(call: Call): Promise<void>;
  find(tenant: TenantId, id: CallId): Promise<Call | undefined>;
  /** Of any tenant: for those who prove nothing but that they know its id. */
  findAnywhere(id: CallId): Promise<Call | undefined>;
  list(tenant: TenantId, filter: CallFilter, page: CallPage): Promise<CallsListed>;
  /** Calls of any tenant that a crashed process left in `initiated` or `in_progress`. */
  unfinished(): Promise<Call[]>;
  /** With `optOut` the speaker's number is put on the do-not-call list in the same transaction. */
  appendTranscript(entry: TranscriptEntry, optOut?: DoNotCallEntry): Promise<void>;
  transcript(id: CallId): Promise<TranscriptEntry[]>;
  /** What the other party thinks of what was said to them; undefined takes it back. False: nothing of ours stands in that place. */
  react(id: CallId, sequence: number, feedback: Feedback | undefined): Promise<boolean>;
  appendTurn(turn: Turn): Promise<void>;
  turns(id: CallId): Promise<Turn[]>;
  /** Of an agent's calls that began at `sinceMs` or later, the newest calls first. */
  measuredTurns(tenant: TenantId, agent: AgentId, options: { sinceMs: number; limit: number }): Promise<MeasuredTurn[]>;
  appendToolRun(call: CallId, run: ToolRun): Promise<void>;
  /** In the order they ended. */
  toolRuns(id: CallId): Promise<ToolRun[]>;
}

export interface ApiKeyRepository {
  insert(key: ApiKey): Promise<void>;
  findByHash(hash: string): Promise<ApiKey | undefined>;
  list(tenant: TenantId): Promise<ApiKey[]>;
  revoke(tenant: TenantId, id: ApiKeyId, atMs: number): Promise<boolean>;
  /** Puts another secret in place of a key's, and forgets its use. False when there is none of this id that was not revoked. */
  replace(tenant: TenantId, id: ApiKeyId, by: Pick<ApiKey, 'prefix' | 'hash' | 'expiresAtMs'>): Promise<boolean>;
  find(tenant: TenantId, id: ApiKeyId): Promise<ApiKey | undefined>;
  /** Undefined is no limits. False when there is no such key. */
  setLimits(tenant: TenantId, id: ApiKeyId, limits: TollLimits | undefined): Promise<boolean>;
  /** Of all keys that have some, of all tenants. */
  limits(): Promise<{ id: ApiKeyId; limits: TollLimits }[]>;
  touch(id: ApiKeyId, atMs: number): Promise<void>;
}
