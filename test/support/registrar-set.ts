import { type Clock, FakeClock } from '../../src/core/clock.js';
import { silentLogger } from '../../src/core/log.js';
import type { AccountOwner, ContactBinding } from '../../src/domain/contact-binding.js';
import type { AuthenticationFailure } from '../../src/domain/ports/authentication.js';
import type { RegisteredTarget } from '../../src/domain/ports/phone-directory.js';
import type { ContactRepository } from '../../src/domain/ports/phone-repository.js';
import type { ContactPing, IncomingRegister, RegistrarSignalling } from '../../src/domain/ports/registrar-signalling.js';
import { createRegistrar, type RegistrarOptions } from '../../src/registrar/create-registrar.js';
import { ownUris } from '../../src/registrar/own-uris.js';
import type { RegisterResult } from '../../src/registrar/registrar.js';

/** Phones that answer a ping as the test says, and are asked nothing else. */
export class FakeRegistrarSignalling implements RegistrarSignalling {
  readonly pinged: Omit<RegisteredTarget, 'q'>[] = [];
  ping: ContactPing = 'answered';
  register: (register: IncomingRegister) => void = () => {};

  onRegister(handler: (register: IncomingRegister) => void): void {
    this.register = handler;
  }

  pingContact(target: Omit<RegisteredTarget, 'q'>): Promise<ContactPing> {
    this.pinged.push(target);
    return Promise.resolve(this.ping);
  }
}

/** Contacts that last as long as the test; `fault` is what storing them meets with. */
export class FakeContacts implements ContactRepository {
  readonly stored = new Map<string, ContactBinding>();
  fault: Error | undefined;

  all(): Promise<ContactBinding[]> {
    return Promise.resolve([...this.stored.values()]);
  }

  change(owner: AccountOwner, { put, removed }: { put: readonly ContactBinding[]; removed: readonly string[] }): Promise<void> {
    if (this.fault) return Promise.reject(this.fault);
    for (const key of removed) this.stored.delete(`${owner.id} ${key}`);
    for (const binding of put) this.stored.set(`${owner.id} ${binding.key}`, binding);
    return Promise.resolve();
  }
}

const LIMITS = { minExpiresS: 60, maxExpiresS: 3600, defaultExpiresS: 1800 };

/** Everything by which others register to us, on stand-ins for the network and the storage. */
export function newRegistrarSet(options: Partial<RegistrarOptions> = {}, clock: Clock = new FakeClock()) {
  const signalling = new FakeRegistrarSignalling();
  const contacts = new FakeContacts();
  const failures: AuthenticationFailure[] = [];
  const answers: RegisterResult[] = [];
  const registrar = createRegistrar(
    {
      ...LIMITS,
      realm: 'test',
      digest: ['SHA-256', 'MD5'],
      isLocal: ownUris(['PBX.example', undefined], { addresses: { has: () => false }, ports: { sip: 5060, tls: 5061, ws: 0 } }),
      pingMs: 30_000,
      pingFailures: 3,
      ...options,
    },
    {
      signalling,
      contacts,
      clock,
      log: silentLogger,
      random: () => 0,
      watch: { failed: (failure) => failures.push(failure) },
      onAnswer: (result) => answers.push(result),
    },
  );
  return { ...registrar, registrar, signalling, contacts, failures, answers, clock };
}
