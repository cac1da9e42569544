import { mkdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../core/errors.js';
import type { CallId, TenantId } from '../core/ids.js';
import { background } from '../core/log.js';
import type { Call, Termination } from '../domain/call.js';
import type { CallControl } from '../domain/ports/call-control.js';
import type { IncomingInvite, Telephony } from '../domain/ports/telephony.js';
import { ActiveCall, type CallDeps } from './active-call.js';
import type { CallEvent } from './call-event.js';
import { repairRecording } from './repair-recording.js';
import { within } from './within.js';

export type { CallEvent } from './call-event.js';

export type CallServiceDeps = CallDeps & {
  telephony: Telephony;
  maxConcurrent: number;
  onEvent?: ((event: CallEvent) => void) | undefined;
};

const RETRY_AFTER = { 'Retry-After': '5' };

/** Takes calls in, keeps those that exist, and ends them. */
export class CallService implements CallControl {
  readonly #deps: CallServiceDeps;
  readonly #active = new Map<CallId, ActiveCall>();
  #draining = false;
  #onIdle: (() => void)[] = [];
  #closing: Promise<void> | undefined;

  constructor(deps: CallServiceDeps) {
    this.#deps = deps;
  }

  /** From now on INVITEs are answered. */
  start(): void {
    try {
      mkdirSync(join(this.#deps.dataDir, 'recordings'), { recursive: true });
    } catch (error) {
      this.#deps.log.error({ err: error }, 'no place for recordings');
    }
    this.#deps.telephony.onInvite((invite) => this.#onInvite(invite));
  }

  async end(tenant: TenantId, id: CallId): Promise<Call> {
    const active = this.#active.get(id);
    if (active?.call.tenantId === tenant) return active.hangUp({ result: 'success', reason: 'api_hangup' });
    const ended = await this.#deps.calls.find(tenant, id);
    if (ended) throw new AppError('call_already_ended', `call ${id} is over`);
    throw new AppError('call_not_found', `no call ${id}`);
  }

  activeCalls(): number {
    return this.#active.size;
  }

  /** Takes no more calls and resolves when the last one has ended by itself, or after `limitMs`. */
  async drain(limitMs: number): Promise<void> {
    this.#draining = true;
    this.#deps.telephony.drain();
    if (this.#active.size === 0) return;
    await within(this.#deps.clock, limitMs, new Promise<void>((resolve) => this.#onIdle.push(resolve)));
  }

  /** Ends the calls that are left. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /**
   * Closes the calls a crashed process left open, and makes their recordings readable. Returns how many there were.
   *
   * To be called before `start`. A failure is logged: it must not keep the server from taking calls.
   */
  async recover(): Promise<number> {
    const { calls, log } = this.#deps;
    try {
      const unfinished = await calls.unfinished();
      for (const call of unfinished) await this.#recoverOne(call);
      if (unfinished.length > 0) log.warn({ calls: unfinished.length }, 'calls of a crashed process closed');
      return unfinished.length;
    } catch (error) {
      log.error({ err: error }, 'recovery failed');
      return 0;
    }
  }

  #onInvite(invite: IncomingInvite): void {
    const call = new ActiveCall(invite, this.#deps, (event) => this.#onEvent(event));
    const full = this.#active.size >= this.#deps.maxConcurrent;
    const refusal: Termination['reason'] | undefined = this.#draining ? 'draining' : full ? 'capacity_exhausted' : undefined;
    if (refusal !== undefined) {
      background(call.refuse({ result: 'server_error', reason: refusal }, 503, RETRY_AFTER), 'refusing a call', this.#deps.log);
      return;
    }
    this.#active.set(call.id, call);
    background(call.run(), 'call', this.#deps.log);
  }

  #onEvent(event: CallEvent): void {
    if (event.type === 'ended' && this.#active.delete(event.call.id) && this.#active.size === 0) {
      for (const resolve of this.#onIdle.splice(0)) resolve();
    }
    try {
      this.#deps.onEvent?.(event);
    } catch (error) {
      this.#deps.log.error({ err: error }, 'call event listener failed');
    }
  }

  async #close(): Promise<void> {
    this.#draining = true;
    this.#deps.telephony.drain();
    await Promise.all([...this.#active.values()].map((call) => call.hangUp({ result: 'server_error', reason: 'draining' })));
  }

  async #recoverOne(call: Call): Promise<void> {
    const { calls, dataDir, clock, log } = this.#deps;
    let endedAtMs = clock.nowMs();
    if (call.recordingPath !== undefined) {
      const path = join(dataDir, call.recordingPath);
      try {
        // The recorder's last write is when the call was last known to live.
        endedAtMs = Math.max(call.startedAtMs, Math.round((await stat(path)).mtimeMs));
        await repairRecording(path);
      } catch (error) {
        log.error({ err: error, callId: call.id }, 'recording not repaired');
      }
    }
    await calls.update({ ...call, status: 'failed', endedAtMs, termination: { result: 'server_error', reason: 'crashed' } });
  }
}
