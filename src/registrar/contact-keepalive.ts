import type { Cancel, Clock } from '../core/clock.js';
import { background, type Logger } from '../core/log.js';
import type { ContactBinding } from '../domain/contact-binding.js';
import type { ContactPing, RegistrarSignalling } from '../domain/ports/registrar-signalling.js';
import type { LocationEvent, Locations } from './locations.js';
import { targetOf } from './registered-target.js';

export type KeepaliveDeps = {
  signalling: Pick<RegistrarSignalling, 'pingContact'>;
  locations: Pick<Locations, 'end'>;
  /** Between two pings of one contact. */
  intervalMs: number;
  /** After so many pings without an answer in a row it is taken away. */
  failures: number;
  clock: Clock;
  log: Logger;
  random: () => number;
};

type Watch = { binding: ContactBinding; failures: number; cancel: Cancel };

/** Keeps the ways to registered contacts open (NAT bindings, connections), and takes away those who are not there any more. */
export class ContactKeepalive {
  readonly #deps: KeepaliveDeps;
  readonly #watches = new Map<string, Watch>();
  #closed = false;

  constructor(deps: KeepaliveDeps) {
    this.#deps = deps;
  }

  onLocation({ type, binding }: LocationEvent): void {
    if (this.#closed) return;
    const key = `${binding.owner.id} ${binding.key}`;
    const watch = this.#watches.get(key);
    if (type === 'ended') {
      watch?.cancel();
      this.#watches.delete(key);
    } else if (watch) {
      // It has just shown that it is there.
      watch.binding = binding;
      watch.failures = 0;
    } else this.#begin(key, binding);
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    for (const { cancel } of this.#watches.values()) cancel();
    this.#watches.clear();
  }

  #begin(key: string, binding: ContactBinding): void {
    const watch: Watch = { binding, failures: 0, cancel: () => {} };
    this.#watches.set(key, watch);
    // Spread, so that those who registered together are not asked together.
    this.#schedule(key, watch, this.#deps.intervalMs * (0.5 + this.#deps.random() / 2));
  }

  #schedule(key: string, watch: Watch, delayMs: number): void {
    const { clock, log } = this.#deps;
    watch.cancel = clock.schedule(delayMs, () => background(this.#ping(key, watch), 'pinging a contact', log));
  }

  async #ping(key: string, watch: Watch): Promise<void> {
    const { signalling, intervalMs } = this.#deps;
    const { binding } = watch;
    const ping = await signalling.pingContact(targetOf(binding)).catch((): ContactPing => 'silent');
    if (this.#closed || this.#watches.get(key) !== watch) return;
    const current = watch.binding === binding;
    if (ping === 'answered') watch.failures = 0;
    else if (current) await this.#failed(watch, ping);
    if (this.#watches.get(key) === watch) this.#schedule(key, watch, intervalMs);
  }

  async #failed(watch: Watch, ping: ContactPing): Promise<void> {
    watch.failures += 1;
    const { binding } = watch;
    // Only the phone can open its connection again, and it will register then.
    const connectionGone = ping === 'unreachable' && binding.source.transport !== 'udp';
    if (!connectionGone && watch.failures < this.#deps.failures) return;
    await this.#deps.locations.end(binding, 'gone');
  }
}
