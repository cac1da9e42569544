import type { Clock } from '../core/clock.js';
import { toError } from '../core/errors.js';
import type { TenantId, TrunkId } from '../core/ids.js';
import { background, type Logger } from '../core/log.js';
import type { SecretBox } from '../core/secret-box.js';
import { SourceList } from '../core/source-list.js';
import type { Arrival, InboundTrunks } from '../domain/ports/inbound-trunks.js';
import type { RegisteredTarget } from '../domain/ports/phone-directory.js';
import type { Credentials, IncomingInvite } from '../domain/ports/telephony.js';
import type { TrunkAccess, TrunkSignalling } from '../domain/ports/trunk-signalling.js';
import type { Trunk } from '../domain/trunk.js';
import type { RegistrarSet } from '../registrar/create-registrar.js';
import { targetOf } from '../registrar/registered-target.js';
import { arrivalOver, trunkOf } from './inbound-match.js';
import { nextHopOf } from './next-hop.js';
import { type AttemptResult, Registration, type RegistrationStatus } from './registration.js';
import { TrunkHealth } from './trunk-health.js';

export type ActiveTrunksDeps = {
  signalling: TrunkSignalling;
  box: SecretBox;
  clock: Clock;
  log: Logger;
  random: () => number;
  onAttempt?: ((result: AttemptResult) => void) | undefined;
  /** Calls may come from other sources now. */
  onSources?: (() => void) | undefined;
  /** Where trunks of the kind `accept` register. */
  registrar: Pick<RegistrarSet, 'accounts' | 'locations'>;
};

export const TRUNK_STATES = ['disabled', 'ready', 'registering', 'registered', 'unregistered', 'failed', 'down'] as const;
export type TrunkState = (typeof TRUNK_STATES)[number];
export type TrunkStatus = Omit<RegistrationStatus, 'state'> & { state: TrunkState };

/** An enabled trunk at work. */
type Line = {
  trunk: Trunk;
  sources: SourceList;
  credentials: Credentials | undefined;
  registration: Registration | undefined;
  health: TrunkHealth | undefined;
  fault: string | undefined;
};

/** `up`: calls may be placed over it now. `contacts`: where it is registered with us, of one that does so. */
export type OutboundTrunk = {
  trunk: Trunk;
  credentials: Credentials | undefined;
  up: boolean;
  contacts?: readonly RegisteredTarget[] | undefined;
};

/** A PBX has one, or a few for its own failover. */
const ACCEPTED_CONTACTS = 5;
const IDLE = { lastError: undefined, expiresAtMs: undefined, nextAttemptAtMs: undefined };

/** The enabled trunks of all tenants: what they are doing now. */
export class ActiveTrunks implements InboundTrunks {
  readonly #deps: ActiveTrunksDeps;
  readonly #lines = new Map<TrunkId, Line>();
  /** Changes of one trunk follow one another: what its old self takes back must not be what its new self has registered. */
  readonly #changing = new Map<TrunkId, Promise<void>>();
  #closed = false;

  constructor(deps: ActiveTrunksDeps) {
    this.#deps = deps;
  }

  /** Takes up the trunk as it is now; undefined: it was deleted. Also for the first time; the same version again is no change. */
  changed(id: TrunkId, trunk: Trunk | undefined): void {
    if (this.#closed) return;
    const before = this.#lines.get(id);
    if (trunk && before?.trunk.version === trunk.version) return;
    this.#lines.delete(id);
    before?.health?.close();
    if (trunk?.enabled) this.#lines.set(id, this.#lineOf(trunk));
    this.#takeUpAccount(id, before?.trunk);
    this.#deps.onSources?.();
    const earlier = this.#changing.get(id) ?? Promise.resolve();
    const change = earlier
      .then(() => before?.registration?.close())
      .then(() => {
        // Only what was not replaced meanwhile.
        const line = this.#lines.get(id);
        if (this.#closed || line?.trunk !== trunk) return;
        line?.registration?.start();
        line?.health?.start();
      })
      .finally(() => {
        if (this.#changing.get(id) === change) this.#changing.delete(id);
      });
    this.#changing.set(id, change);
    background(change, 'changing a trunk', this.#deps.log);
  }

  statusOf(id: TrunkId): TrunkStatus {
    const line = this.#lines.get(id);
    if (!line) return { state: 'disabled', ...IDLE };
    if (line.fault !== undefined) return { ...IDLE, state: 'failed', lastError: { code: undefined, message: line.fault } };
    if (line.trunk.kind === 'accept') return this.#accepted(id);
    const status: TrunkStatus = line.registration?.status ?? { state: 'ready', ...IDLE };
    if (line.health?.up ?? true) return status;
    const code = line.health?.lastStatus;
    return { ...status, state: 'down', lastError: status.lastError ?? { code, message: 'no answer to OPTIONS' } };
  }

  /** A tenant's enabled trunks as calls out see them. */
  outboundOf(tenant: TenantId): OutboundTrunk[] {
    return [...this.#lines.values()]
      .filter(({ trunk }) => trunk.tenantId === tenant)
      .map(({ trunk, credentials }) => {
        const { state } = this.statusOf(trunk.id);
        const up = state === 'ready' || state === 'registered';
        return trunk.kind === 'accept'
          ? { trunk, credentials: undefined, up, contacts: this.#contactsOf(trunk.id) }
          : { trunk, credentials, up };
      });
  }

  /** How calls over an enabled trunk are handed over. */
  handoverOf(id: TrunkId): Pick<Trunk, 'transfer' | 'acceptRefer'> | undefined {
    return this.#lines.get(id)?.trunk;
  }

  arrivalOf(invite: Pick<IncomingInvite, 'source' | 'requestUser' | 'from' | 'to'>): Arrival | undefined {
    const { address } = invite.source;
    const candidates = [...this.#lines.values()].filter(
      ({ sources, registration }) => sources.includes(address) || registration?.registrarAddresses.includes(address),
    );
    const trunk = trunkOf(
      candidates.map((line) => line.trunk),
      invite,
    );
    return trunk && arrivalOver(trunk, invite, this.#lines.get(trunk.id)?.credentials);
  }

  /** Addresses and blocks that calls over trunks come from. */
  sources(): string[] {
    return [...this.#lines.values()].flatMap(({ trunk, registration }) => [
      ...trunk.sources,
      ...(trunk.kind === 'accept' ? [] : [trunk.host]),
      ...(registration?.registrarAddresses ?? []),
    ]);
  }

  /** What a call of a trunk is that has proven to come from it. */
  arrivalFrom(id: TrunkId, invite: Pick<IncomingInvite, 'source' | 'requestUser' | 'from' | 'to'>): Arrival | undefined {
    const line = this.#lines.get(id);
    return line && arrivalOver(line.trunk, invite);
  }

  /** Whether somebody else registers to us under this user name. */
  isTaken(username: string, id: TrunkId): boolean {
    return this.#deps.registrar.accounts.isTaken(username, id);
  }

  /**
   * Registers again at once where calls may no longer reach us: those whose last word came from this registrar, or with none given, all,
   * because our own address is another.
   */
  registerAgain(registrarAddress?: string): void {
    for (const { registration } of this.#lines.values()) {
      if (registrarAddress === undefined || registration?.registrarAddress === registrarAddress) registration?.again();
    }
  }

  /** How many trunks are in each state. */
  counts(): Readonly<Record<TrunkState, number>> {
    const counts = Object.fromEntries(TRUNK_STATES.map((state) => [state, 0])) as Record<TrunkState, number>;
    for (const id of this.#lines.keys()) counts[this.statusOf(id).state] += 1;
    return counts;
  }

  /** Takes all registrations back. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { health } of this.#lines.values()) health?.close();
    await Promise.all([...this.#lines.values()].map(async ({ registration }) => registration?.close()));
    await Promise.all(this.#changing.values());
  }

  #lineOf(trunk: Trunk): Line {
    const log = this.#deps.log.child({ trunkId: trunk.id });
    const sources = new SourceList(trunk.kind === 'accept' ? trunk.sources : [...trunk.sources, trunk.host]);
    const line = { trunk, sources, credentials: undefined, registration: undefined, health: undefined, fault: undefined };
    try {
      const credentials = this.#credentialsOf(trunk);
      const access = { ...trunk, credentials, nextHop: nextHopOf(trunk) };
      const registration = trunk.kind === 'register' ? this.#registrationOf(access, log) : undefined;
      // Who registers to us is asked at its contacts.
      return { ...line, credentials, registration, health: trunk.kind === 'accept' ? undefined : this.#healthOf(access, log) };
    } catch (thrown) {
      log.error({ err: thrown }, 'trunk cannot be used');
      return { ...line, fault: toError(thrown).message };
    }
  }

  #contactsOf(id: TrunkId): RegisteredTarget[] {
    return this.#deps.registrar.locations.of(id).map(targetOf);
  }

  #accepted(id: TrunkId): TrunkStatus {
    const bindings = this.#deps.registrar.locations.of(id);
    if (bindings.length === 0) return { ...IDLE, state: 'unregistered' };
    return { ...IDLE, state: 'registered', expiresAtMs: Math.max(...bindings.map(({ expiresAtMs }) => expiresAtMs)) };
  }

  /** One that registers to us may do so from now on, or not any more. */
  #takeUpAccount(id: TrunkId, before: Trunk | undefined): void {
    const { registrar, log } = this.#deps;
    const owner = { kind: 'trunk', id } as const;
    const line = this.#lines.get(id);
    const trunk = line?.trunk.kind === 'accept' && line.credentials ? line.trunk : undefined;
    if (!trunk || !line?.credentials) registrar.accounts.changed(owner, undefined);
    else {
      const { username: user, password } = line.credentials;
      const { tenantId } = trunk;
      const draft = { tenantId, user, password, maxContacts: ACCEPTED_CONTACTS, callProof: 'digest' } as const;
      if (!registrar.accounts.changed(owner, draft)) line.fault = 'username is taken';
    }
    const sameAccess = trunk && before?.username === trunk.username && before?.sealedPassword === trunk.sealedPassword;
    // At the start there is nothing before, and what was registered holds.
    if (before?.kind === 'accept' && !sameAccess) background(registrar.locations.forget(owner), 'forgetting contacts', log);
  }

  #registrationOf(access: TrunkAccess & Pick<Trunk, 'expiresS'>, log: Logger): Registration {
    const { clock, random, signalling } = this.#deps;
    const onAttempt = (result: AttemptResult): void => {
      this.#deps.onAttempt?.(result);
      // It may have been another server that answered.
      this.#deps.onSources?.();
    };
    return new Registration(signalling.openBinding(access), access.expiresS, { clock, log, random, onAttempt });
  }

  #healthOf(access: TrunkAccess & Pick<Trunk, 'pingS'>, log: Logger): TrunkHealth | undefined {
    const { clock, random, signalling } = this.#deps;
    if (access.pingS === undefined) return undefined;
    return new TrunkHealth({ ping: () => signalling.ping(access), intervalMs: access.pingS * 1000, clock, log, random });
  }

  #credentialsOf({ id, username, authUsername = username, sealedPassword }: Trunk): Credentials | undefined {
    if (sealedPassword === undefined || authUsername === undefined) return undefined;
    return { username: authUsername, password: this.#deps.box.open(sealedPassword, id) };
  }
}
