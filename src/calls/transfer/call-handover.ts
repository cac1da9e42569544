import type { Clock } from '../../core/clock.js';
import { background } from '../../core/log.js';
import type { AgentSettings } from '../../domain/agent.js';
import type { Termination } from '../../domain/call.js';
import type { Values } from '../../domain/placeholders.js';
import type { SpeechSuite } from '../../domain/ports/speech.js';
import type { LocalMedia, ReferRequest } from '../../domain/ports/telephony.js';
import type { Transfer } from '../../domain/transfer.js';
import type { CallAudio } from '../call-audio.js';
import type { CallDialog, Connect } from '../call-dialog.js';
import type { EndDetails } from '../call-end.js';
import type { CallRecord } from '../call-record.js';
import { hangupReasonOf } from '../hangup-reason.js';
import type { CallTransfer, TransferPlan } from './call-transfer.js';
import { failureWords } from './failure-words.js';
import type { PutThrough } from './forwarding.js';
import { followReferral } from './referral.js';
import type { TransferDesk } from './transfer-desk.js';

/** In which the target of a transfer is spoken to. */
export type TransferVoice = { speech: SpeechSuite; settings: AgentSettings };

export type CallHandoverDeps = {
  desk: TransferDesk;
  clock: Clock;
  dialog: CallDialog;
  audio: CallAudio;
  record: CallRecord;
  /** Of the call: fill the headers of trunks. */
  variables: () => Values;
  /** Of the far end's telephone (ISO 3166). */
  country: () => string | undefined;
  voice: () => TransferVoice | undefined;
  /** What is known of its transfer has changed. */
  changed: () => void;
  isEnding: () => boolean;
  end: (termination: Termination, details?: EndDetails) => void;
};

const TRANSFERRED: Termination = { result: 'success', reason: 'transferred' };
const CALLEE_HANGUP: Termination = { result: 'success', reason: 'callee_hangup' };

/** How one answered call changes hands: by us, by the far end, or by somebody who takes it over. */
export class CallHandover {
  readonly transfer: CallTransfer;
  readonly #deps: CallHandoverDeps;
  readonly #undo: (() => void)[] = [];
  #settle: (transfer: Transfer) => void = () => {};
  /** Nobody of ours was on the call: it was for others from its beginning. */
  #putThrough = false;

  constructor(deps: CallHandoverDeps) {
    this.#deps = deps;
    const { desk, dialog, audio, record, variables, country, voice, end } = deps;
    this.transfer = desk.open({
      log: () => record.log,
      variables,
      country,
      dialog: () => dialog.current,
      session: audio.session,
      voice,
      record: (transfer) => {
        record.transferred(transfer);
        this.#deps.changed();
        if (transfer.status !== 'pending' && transfer.status !== 'consulting') this.#settle(transfer);
      },
      pause: () => audio.pause(),
      resume: (failed, message = failureWords(failed.reason)) => this.#takeBack(message),
      done: () => end(TRANSFERRED),
      silent: () => end({ result: 'indeterminate', reason: 'media_timeout' }),
      // The target has taken the place of our end of the line.
      ended: () =>
        end(this.#putThrough ? CALLEE_HANGUP : TRANSFERRED, {
          endedBy: record.call.direction === 'inbound' ? 'callee' : 'caller',
        }),
    });
  }

  /** As `transfer.start`; resolves when the far end talks to the target, or is back with the agent. */
  async handOver(plan: TransferPlan): Promise<Transfer> {
    const settled = new Promise<Transfer>((resolve) => {
      this.#settle = resolve;
    });
    await this.transfer.start(plan);
    return settled;
  }

  /** The call is for somebody who has answered it before us. */
  putThrough(reached: PutThrough): void {
    this.#putThrough = true;
    this.transfer.adopt(reached);
  }

  /** The far end has us call somebody else in its place. */
  onRefer(request: ReferRequest): void {
    const { desk, clock, audio, record, variables } = this.#deps;
    if (this.#deps.isEnding() || this.transfer.busy) return request.refuse(603);
    const following = followReferral(request, {
      desk,
      call: record.call,
      variables: variables(),
      local: audio.session.local,
      nowMs: () => clock.nowMs(),
      log: record.log,
      record: (transfer) => record.transferred(transfer),
      exchange: (connect) => this.#exchange(connect, 'soon'),
      onEnd: (undo) => void this.#undo.push(undo),
    });
    background(following, 'following a REFER', record.log);
  }

  /** Somebody else takes the far end's place with an INVITE of their own (RFC 3891). Never rejects: then nothing has changed. */
  async takenOver(by: string, connect: (local: LocalMedia) => Connect): Promise<void> {
    const { audio, record } = this.#deps;
    try {
      await this.#exchange(connect(audio.session.local), 'now');
      record.replaced(by);
    } catch (error) {
      record.log.info({ err: error }, 'call not taken over');
    }
  }

  /** The call is over. */
  async close(): Promise<void> {
    for (const undo of this.#undo.splice(0)) undo();
    await this.transfer.close();
  }

  async #exchange(connect: Connect, leaving: 'now' | 'soon'): Promise<void> {
    const { dialog, isEnding } = this.#deps;
    await dialog.exchange(connect, leaving);
    // It ended while the other one was made.
    if (isEnding()) await dialog.hangup(hangupReasonOf(TRANSFERRED));
  }

  /** The agent has the far end again, and says why. */
  #takeBack(message: string): void {
    const { audio, record } = this.#deps;
    audio.resume();
    if (message === '') return;
    try {
      audio.conversation?.interject({ type: 'text', text: message, endCall: false }, true);
    } catch (error) {
      // It was about to say goodbye.
      record.log.debug({ err: error }, 'failed transfer not told');
    }
  }
}
