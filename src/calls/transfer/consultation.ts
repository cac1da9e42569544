import type { Clock } from '../../core/clock.js';
import type { Logger } from '../../core/log.js';
import type { AgentSettings } from '../../domain/agent.js';
import type { MediaSession } from '../../domain/ports/media.js';
import type { SpeechSuite } from '../../domain/ports/speech.js';
import type { Dialog } from '../../domain/ports/telephony.js';
import type { TransferConsent } from '../../domain/transfer.js';

/** `unanswered`: the target did not say in time whether it takes the call. */
export type Verdict = 'taken' | 'declined' | 'unanswered' | 'cancelled';

export type ConsultationDeps = {
  clock: Clock;
  log: Logger;
  session: MediaSession;
  dialog: Dialog;
  /** Whose voice briefs the target; absent on a call without a conversation. */
  voice: { speech: SpeechSuite; settings: AgentSettings } | undefined;
};

/** Nobody at the other end waits for longer. */
const LIMIT_MS = 60_000;
const TAKE_KEY = '1';

/** The talk with the target before the far end is joined: what it is told, and whether it takes the call. */
export class Consultation {
  readonly verdict: Promise<Verdict>;
  readonly #abort = new AbortController();
  readonly #cancelLimit: () => void;
  #settle: (verdict: Verdict) => void = () => {};

  constructor(briefing: string | undefined, consent: TransferConsent, deps: ConsultationDeps) {
    this.verdict = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#cancelLimit = deps.clock.schedule(LIMIT_MS, () => this.decide('unanswered'));
    deps.dialog.onEnded(() => this.decide('declined'));
    if (consent === 'key') {
      const pressed = (digit: string): void => this.decide(digit === TAKE_KEY ? 'taken' : 'declined');
      deps.dialog.onDigit(pressed);
      deps.session.onEvent((event) => {
        if (event.type === 'digit') pressed(event.digit);
      });
    }
    void this.#brief(briefing, deps).then(() => {
      if (consent === 'none') this.decide('taken');
    });
  }

  /** The first verdict counts. */
  decide(verdict: Verdict): void {
    this.#abort.abort();
    this.#cancelLimit();
    this.#settle(verdict);
  }

  /** Resolves when it was heard to its end. A voice that fails says nothing: the target has answered, and is joined all the same. */
  async #brief(text: string | undefined, { session, voice, log }: ConsultationDeps): Promise<void> {
    if (text === undefined || !voice) return;
    const { language, voiceSettings } = voice.settings;
    const { signal } = this.#abort;
    try {
      for await (const { pcm, rateHz } of voice.speech.tts.synthesize({ text, language, voiceSettings, signal })) {
        if (signal.aborted) return;
        session.playout.write(pcm, rateHz);
      }
    } catch (error) {
      log.warn({ err: error, provider: voice.speech.tts.name }, 'briefing not synthesised');
    }
    if (session.playout.queued() === 0) return;
    await new Promise<void>((resolve) => {
      session.onEvent((event) => {
        if (event.type === 'drained') resolve();
      });
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
