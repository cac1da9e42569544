import type { Clock } from '../core/clock.js';
import { AppError, type FieldFault } from '../core/errors.js';
import { type AgentId, newAgentId, type TenantId } from '../core/ids.js';
import { type Agent, type AgentSettings, type AgentVersion, type DtmfRules, menuNamed } from '../domain/agent.js';
import type { Sounds } from '../domain/ports/media.js';
import type { AgentRepository, Listed, Page } from '../domain/ports/repositories.js';
import type { SpeechCatalog } from '../domain/ports/speech.js';
import { isSipUser, RESERVED_SIP_USERS, sipUserCandidates } from './sip-user.js';

/** What an operator decides about an agent. */
export type AgentDraft = AgentSettings & {
  description: string | undefined;
  enabled: boolean;
  /** Undefined: made from the name. */
  sipUser: string | undefined;
  line?: Agent['line'];
  avatar?: Agent['avatar'];
  webOrigins?: Agent['webOrigins'];
  /** `manual`: changes are a draft until they are deployed. `automatic`, and in a new agent when absent: each is live at once. */
  deployment?: 'automatic' | 'manual' | undefined;
};

/** Keys that are present replace, even when their value is undefined; keys that are absent leave things as they are. */
export type AgentPatch = Partial<AgentDraft>;

type AgentServiceOptions = {
  agents: AgentRepository;
  clock: Clock;
  speech?: Pick<SpeechCatalog, 'suiteFor'>;
  removeFiles?: () => Promise<void>;
  /** The configured ones; where absent, any name is taken for one. */
  sounds?: Pick<Sounds, 'named'>;
  /** Of one organisation; no limit when absent. */
  maxAgents?: number | undefined;
};

/** Somebody else may take the same address, or change the same agent, between our look and our write. */
const MAX_ATTEMPTS = 5;

export class AgentService {
  readonly #agents: AgentRepository;
  readonly #clock: Clock;
  readonly #speech: Pick<SpeechCatalog, 'suiteFor'> | undefined;
  readonly #removeFiles: AgentServiceOptions['removeFiles'];
  readonly #sounds: AgentServiceOptions['sounds'];
  readonly #maxAgents: number | undefined;

  /**
   * With `speech`, agents that name a provider this server does not have are refused when they are made, not when they are called.
   * `removeFiles` removes the files of documents that went with their agent.
   */
  constructor(options: AgentServiceOptions) {
    this.#agents = options.agents;
    this.#clock = options.clock;
    this.#speech = options.speech;
    this.#removeFiles = options.removeFiles;
    this.#sounds = options.sounds;
    this.#maxAgents = options.maxAgents;
  }

  /** For whoever sets a background sound and wants it heard. @throws AppError `invalid_request` where there is none of that name. */
  demandSound(name: string | undefined): void {
    if (name === undefined || !this.#sounds || this.#sounds.named(name)) return;
    const faults = [{ field: 'background_sound', message: 'is none of the configured sounds' }];
    throw new AppError('invalid_request', 'agent names an unknown sound', { faults });
  }

  /** @throws AppError `invalid_request`, `conflict` when the address or number asked for is taken, or `agent_limit_reached`. */
  async create(tenant: TenantId, draft: AgentDraft): Promise<Agent> {
    this.#check(draft, true);
    const nowMs = this.#clock.nowMs();
    const id = newAgentId();
    const { deployment, ...settings } = draft;
    const deployedVersion = deployment === 'manual' ? 1 : undefined;
    const base = { ...settings, id, tenantId: tenant, version: 1, deployedVersion, createdAtMs: nowMs, updatedAtMs: nowMs };
    if (draft.sipUser !== undefined) return this.#insert({ ...base, sipUser: draft.sipUser });
    for (const sipUser of sipUserCandidates(draft.name, id)) {
      const taken = await this.#tryInsert({ ...base, sipUser });
      if (!taken) return { ...base, sipUser };
    }
    throw new AppError('conflict', `no free sip user for agent ${id}`);
  }

  /** @throws AppError `agent_not_found` */
  async get(tenant: TenantId, id: AgentId): Promise<Agent> {
    const agent = await this.#agents.find(tenant, id);
    if (!agent) throw notFound(id);
    return agent;
  }

  /** As calls and chats find it now. @throws AppError `agent_not_found`, `agent_disabled` */
  async live(tenant: TenantId, id: AgentId): Promise<Agent> {
    const agent = await this.#agents.findLive(tenant, id);
    if (!agent) throw notFound(id);
    if (!agent.enabled) throw new AppError('agent_disabled', `agent ${id} is disabled`);
    return agent;
  }

  list(tenant: TenantId, filter: { enabled?: boolean | undefined }, page: Page): Promise<Listed<Agent>> {
    return this.#agents.list(tenant, filter, page);
  }

  /**
   * Two patches at once both take effect, one after the other; one that depends on what there is, is a function of it. The address stays when the name changes: it is on somebody's
   * speed dial.
   *
   * @throws AppError `agent_not_found`, `invalid_request`, or `conflict` when the address or number asked for is taken.
   */
  async patch(tenant: TenantId, id: AgentId, wanted: AgentPatch | ((present: Agent) => AgentPatch)): Promise<Agent> {
    for (let attempt = 1; ; attempt += 1) {
      const present = await this.get(tenant, id);
      const patch = typeof wanted === 'function' ? wanted(present) : wanted;
      const { deployment, ...changes } = patch;
      const redeploy = deployment !== undefined;
      const next: Agent = { ...present, ...changes, version: present.version + 1, updatedAtMs: this.#clock.nowMs() };
      if (redeploy) next.deployedVersion = deployment === 'manual' ? (present.deployedVersion ?? present.version) : undefined;
      this.#check(next, patch.providers !== undefined);
      try {
        await this.#agents.update(next, { redeploy });
        return next;
      } catch (error) {
        const changedMeanwhile = error instanceof AppError && error.code === 'conflict' && error.faults.length === 0;
        if (!changedMeanwhile || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  /** All there are, the oldest first. */
  async all(tenant: TenantId): Promise<Agent[]> {
    const { items } = await this.#agents.list(tenant, {}, { limit: Number.MAX_SAFE_INTEGER, offset: 0 });
    return items.toReversed();
  }

  /** Whether any agent lets pages of this origin use it. */
  hasOrigin(origin: string): Promise<boolean> {
    return this.#agents.hasOrigin(origin);
  }

  /** Newest first. @throws AppError `agent_not_found` */
  async versions(tenant: TenantId, id: AgentId, page: Page): Promise<Listed<AgentVersion>> {
    await this.get(tenant, id);
    return this.#agents.versions(tenant, id, page);
  }

  /**
   * Calls that begin from now on go by this version, or by the newest; later changes are a draft until they are deployed too.
   *
   * @throws AppError `agent_not_found`, or `not_found` where there is no such version.
   */
  async deploy(tenant: TenantId, id: AgentId, { version, label }: { version?: number; label?: string }): Promise<Agent> {
    const present = await this.get(tenant, id);
    const deployment = { version: version ?? present.version, label, atMs: this.#clock.nowMs() };
    if (!(await this.#agents.deploy(tenant, id, deployment))) {
      throw new AppError('not_found', `agent ${id} has no version ${version}`, {
        publicMessage: 'The agent has no such version',
      });
    }
    return this.get(tenant, id);
  }

  /**
   * Calls go by the version again that they went by before the present one; doing it twice comes back to the present one.
   *
   * @throws AppError `agent_not_found`, or `conflict` where there was none.
   */
  async rollBack(tenant: TenantId, id: AgentId): Promise<Agent> {
    await this.get(tenant, id);
    const version = await this.#agents.previousVersion(tenant, id);
    if (version !== undefined) return this.deploy(tenant, id, { version });
    throw new AppError('conflict', `agent ${id} had no other version`, {
      publicMessage: 'No other version of the agent was deployed before',
    });
  }

  /** What people call the versions that calls go by; agents whose version has no label are not in it. */
  liveLabels(tenant: TenantId, agents: readonly Agent[]): Promise<ReadonlyMap<AgentId, string>> {
    return this.#agents.liveLabels(
      tenant,
      agents.map(({ id }) => id),
    );
  }

  /** Calls in progress go on with what they began with. @throws AppError `agent_not_found`, or `conflict` while it has active tasks. */
  async delete(tenant: TenantId, id: AgentId): Promise<void> {
    if (!(await this.#agents.delete(tenant, id))) throw notFound(id);
    await this.#removeFiles?.();
  }

  /** A provider that was taken out of the configuration must not keep its agents from being changed otherwise. */
  #check(draft: AgentDraft, providersToo: boolean): void {
    const faults = faultsOf(draft);
    try {
      if (providersToo) this.#speech?.suiteFor(draft);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'invalid_request') throw error;
      faults.push({ field: 'providers', message: 'names a provider that this server does not have' });
    }
    if (faults.length > 0) throw new AppError('invalid_request', 'agent breaks a rule', { faults });
  }

  async #insert(agent: Agent): Promise<Agent> {
    await this.#agents.insert(agent, this.#maxAgents);
    return agent;
  }

  /** True when the address is taken. */
  async #tryInsert(agent: Agent): Promise<boolean> {
    try {
      await this.#agents.insert(agent, this.#maxAgents);
      return false;
    } catch (error) {
      const isTaken = error instanceof AppError && error.code === 'conflict';
      if (isTaken && error.faults.some(({ field }) => field === 'sip_user')) return true;
      throw error;
    }
  }
}

const notFound = (id: AgentId): AppError => new AppError('agent_not_found', `no agent ${id}`);

/** Rules that span fields; the shape of each field is the business of whoever parsed it. */
function faultsOf(draft: AgentDraft): FieldFault[] {
  const faults: FieldFault[] = [];
  if (draft.sipUser !== undefined && !isSipUser(draft.sipUser)) {
    const reserved = RESERVED_SIP_USERS.has(draft.sipUser);
    const message = reserved ? 'belongs to a built-in agent' : 'must be 1 to 64 of a-z, 0-9, dot, dash and underscore';
    faults.push({ field: 'sip_user', message });
  }
  const intents = draft.script?.intents.map((intent) => intent.name) ?? [];
  for (const name of new Set(intents.filter((name, index) => intents.indexOf(name) !== index))) {
    faults.push({ field: 'script.intents', message: `has two intents named ${name}` });
  }
  return [...faults, ...ruleFaults(draft.dtmfRules, 'dtmf_rules', draft)];
}

function ruleFaults(rules: DtmfRules, path: string, draft: AgentDraft): FieldFault[] {
  const intents = draft.script?.intents.map(({ name }) => name);
  return Object.entries(rules).flatMap(([digit, { intent, goto, menu }]) => {
    const faults = menu ? ruleFaults(menu.options, `${path}.${digit}.menu.options`, draft) : [];
    if (intents && intent !== undefined && !intents.includes(intent)) {
      faults.push({ field: `${path}.${digit}.intent`, message: 'is no intent of the script' });
    }
    if (goto !== undefined && !menuNamed(draft.dtmfRules, goto)) {
      faults.push({ field: `${path}.${digit}.goto`, message: 'is no menu of the agent' });
    }
    return faults;
  });
}
