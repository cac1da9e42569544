import type { Cancel, Clock } from '../core/clock.js';
import { background, type Logger } from '../core/log.js';
import type { AuthenticationWatch, DigestAlgorithm } from '../domain/ports/authentication.js';
import type { PhoneDirectory } from '../domain/ports/phone-directory.js';
import type { ContactRepository } from '../domain/ports/phone-repository.js';
import type { RegistrarSignalling } from '../domain/ports/registrar-signalling.js';
import { Accounts } from './accounts.js';
import { Authenticator } from './authenticator.js';
import { ContactKeepalive } from './contact-keepalive.js';
import type { ExpiryLimits } from './contact-update.js';
import { type LocationEvent, Locations } from './locations.js';
import type { IsLocal } from './own-uris.js';
import { PhoneBook } from './phone-book.js';
import { type RegisterResult, Registrar } from './registrar.js';

export type RegistrarOptions = ExpiryLimits & {
  /** What passwords are for; phones show it. */
  realm: string;
  digest: readonly DigestAlgorithm[];
  isLocal: IsLocal;
  pingMs: number;
  pingFailures: number;
};

export type RegistrarParts = {
  signalling: RegistrarSignalling;
  contacts: ContactRepository;
  clock: Clock;
  log: Logger;
  random: () => number;
  watch: AuthenticationWatch;
  onAnswer: (result: RegisterResult) => void;
  /** Contacts come from other addresses now. */
  onSources?: (() => void) | undefined;
};

/** Everything by which others register to us. */
export type RegistrarSet = {
  accounts: Accounts;
  authenticator: Authenticator;
  locations: Locations;
  phoneBook: PhoneDirectory;
  /** Reads what was registered before, and answers from now on. To be called when the accounts are known. */
  start(): Promise<void>;
  close(): void;
};

const SWEEP_MS = 10_000;
/** Many may register at once, after a power failure: their sources are told of together. */
const SOURCES_DELAY_MS = 200;

export function createRegistrar(options: RegistrarOptions, parts: RegistrarParts): RegistrarSet {
  const { signalling, contacts, clock, log, random } = parts;
  const accounts = new Accounts(options.realm);
  const authenticator = new Authenticator({ ...options, accounts, clock, log, watch: parts.watch });
  const onEvent = (event: LocationEvent): void => {
    keepalive.onLocation(event);
    if (event.type !== 'refreshed' || event.moved) sourcesLater();
    tell(event, log);
  };
  const locations = new Locations({ contacts, clock, onEvent });
  const { pingMs: intervalMs, pingFailures: failures } = options;
  const keepalive = new ContactKeepalive({ signalling, locations, intervalMs, failures, clock, log, random });
  const registrar = new Registrar({ authenticator, locations, limits: options, clock, log, onAnswer: parts.onAnswer });
  let cancelSources: Cancel | undefined;
  const sourcesLater = (): void => {
    cancelSources ??= clock.schedule(SOURCES_DELAY_MS, () => {
      cancelSources = undefined;
      parts.onSources?.();
    });
  };
  let cancelSweep: Cancel = () => {};
  const sweepLater = (): void => {
    cancelSweep = clock.schedule(SWEEP_MS, () => {
      background(locations.sweep(), 'sweeping contacts', log);
      sweepLater();
    });
  };
  return {
    accounts,
    authenticator,
    locations,
    phoneBook: new PhoneBook(accounts, locations, options.isLocal),
    start: async () => {
      await locations.load();
      signalling.onRegister((register) => registrar.onRegister(register));
      sweepLater();
    },
    close: () => {
      cancelSweep();
      cancelSources?.();
      keepalive.close();
    },
  };
}

/** A refresh is no news. */
function tell(event: LocationEvent, log: Logger): void {
  const { owner, source } = event.binding;
  const fields = { [owner.kind === 'phone' ? 'phoneId' : 'trunkId']: owner.id, transport: source.transport };
  if (event.type === 'registered') log.info(fields, 'contact registered');
  if (event.type === 'ended') log.info({ ...fields, why: event.why }, 'contact gone');
}
