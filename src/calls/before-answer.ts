import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import type { AgentSettings } from '../domain/agent.js';
import { type AudioAgreement, bandOf, type MediaSession, type SourceSound } from '../domain/ports/media.js';
import type { ProviderWatch, SpeechCatalog, SpeechSuite } from '../domain/ports/speech.js';
import type { VoiceActivity } from '../domain/ports/voice-activity.js';
import { GreetingAhead } from '../pipeline/greeting-ahead.js';
import type { CallOrigin, ConnectListeners } from './call-origin.js';
import { announce, ringUntil } from './early-audio.js';
import { EarlyEar } from './early-ear.js';
import type { AgentTarget, AnnouncementTarget } from './inbound-route.js';

export type BeforeAnswerDeps = {
  clock: Clock;
  log: () => Logger;
  session: MediaSession;
  target: AgentTarget | AnnouncementTarget;
  speech: SpeechSuite;
  /** In place of a ring tone. */
  ringSound: SourceSound | undefined;
};

/** @throws AppError `internal` */
export function suiteOf(catalog: Pick<SpeechCatalog, 'suiteFor'>, settings: AgentSettings, watch: ProviderWatch): SpeechSuite {
  try {
    return catalog.suiteFor(settings, { watch, onCall: true });
  } catch (error) {
    throw new AppError('internal', 'the agent names a speech provider that is not there', { cause: error });
  }
}

/** What is done for a call while nobody has answered it yet: first words are made, and early media is played. */
export class BeforeAnswer {
  readonly #deps: BeforeAnswerDeps;
  readonly #over = new AbortController();
  #speech: SpeechSuite;
  #greeting: GreetingAhead | undefined;
  #ear: EarlyEar | undefined;
  #machineHeard = false;

  constructor(deps: BeforeAnswerDeps) {
    this.#deps = deps;
    this.#speech = deps.speech;
  }

  /** The suite of the call, which has what was made ahead. */
  get speech(): SpeechSuite {
    return this.#speech;
  }

  /** Gets what the agent needs; somebody who waits for the answer hears that it rings meanwhile. */
  async prepare(origin: CallOrigin, listeners: ConnectListeners, catalog: Pick<SpeechCatalog, 'warm'>): Promise<void> {
    const { session, target } = this.#deps;
    this.#speech.connect?.();
    if (origin.call.direction === 'inbound') this.greetAhead();
    const audible = this.#greeting?.audible;
    // What is warmed is kept for the next call; words for one person are not, nor those that are being made.
    const withoutWords = target.personalGreeting || audible;
    const kept: AgentSettings = withoutWords ? { ...target.settings, startingMessage: undefined } : target.settings;
    await origin.waitFor({
      local: session.local,
      listeners,
      ready: Promise.all([audible, catalog.warm(kept)]),
      entertain: (announcement) => this.#entertain(announcement, origin.country),
    });
  }

  /** Gets what the agent needs for a call that is answered already: nobody waits for it. */
  hasten(): void {
    this.#speech.connect?.();
    this.greetAhead();
  }

  /** Begins to make the agent's first words, once. An announcement is made clause by clause, and needs no more time than its first. */
  greetAhead(): void {
    const { kind, settings } = this.#deps.target;
    const { startingMessage: text = '', language, voiceSettings } = settings;
    if (kind === 'announcement' || this.#greeting || this.#over.signal.aborted || text.trim() === '') return;
    this.#greeting = new GreetingAhead(this.#speech.tts, { text, language, voiceSettings });
    this.#speech = { ...this.#speech, tts: this.#greeting };
  }

  /** An answering machine has spoken. */
  get machineHeard(): boolean {
    return this.#machineHeard;
  }

  /** Audio comes already: looks for an answering machine in it, where the agent wants that of a call of ours. `onMachine`: once. */
  listen({ codec }: AudioAgreement, voice: VoiceActivity, onMachine: () => void): void {
    const { clock, log, session, target, speech } = this.#deps;
    if (this.#ear || this.#over.signal.aborted || !target.settings.voicemail?.enabled || !speech.stt.understands) return;
    const deps = { clock, log: log(), session, voice, speech, agent: target.settings, band: bandOf(codec) };
    this.#ear = new EarlyEar(deps, () => {
      this.#machineHeard = true;
      onMachine();
    });
  }

  /** Plays to somebody who is not answered: resolves when `announcement` was said, or at once with a ring tone that goes on. */
  async #entertain(announcement: string | undefined, country: string | undefined): Promise<void> {
    const { session, clock, target, log, speech } = this.#deps;
    const { signal } = this.#over;
    if (announcement === undefined) return ringUntil(country, { session, signal, sound: this.#deps.ringSound });
    try {
      await announce(announcement, { session, clock, signal, agent: target.settings, tts: speech.tts });
    } catch (error) {
      log().warn({ err: error, stage: 'tts' }, 'announcement not made');
    }
  }

  /** It is answered, or never will be: then words for one person are not made to their end. */
  close(answered: boolean): void {
    this.#over.abort();
    this.#ear?.close();
    if (!answered && this.#deps.target.personalGreeting) this.#greeting?.cancel();
  }
}
