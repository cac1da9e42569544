import { AppError } from '../core/errors.js';
import { background } from '../core/log.js';
import { AUDIO_RATE_HZ } from '../domain/ports/media.js';
import { ClauseSplitter } from '../pipeline/clause-splitter.js';
import type { ConversationDeps } from '../pipeline/conversation-deps.js';
import { within } from '../pipeline/deadline.js';
import { HeardLedger } from '../pipeline/heard-ledger.js';
import type { CallConversation } from './call-conversation.js';

/** How long the far end's jitter buffer may hold the last words back before the BYE. */
const PLAYED_OUT_MS = 300;
/** A synthesiser that is silent for so long is not waited for. */
const AUDIO_WITHIN_MS = 10_000;
/** No more is synthesised ahead of what is heard, and this often is looked whether there is room again. */
const AHEAD_SAMPLES = 20 * AUDIO_RATE_HZ;
const LOOK_AGAIN_MS = 1000;

/** Says the starting message and hangs up, whatever is said or pressed meanwhile. */
export class Announcement implements CallConversation {
  readonly #deps: ConversationDeps;
  readonly #abort = new AbortController();
  readonly #heard = new HeardLedger();
  #startMs = 0;
  #written = false;
  /** All of it has left for the network. */
  #passed = false;
  #over = false;

  constructor(deps: ConversationDeps) {
    this.#deps = deps;
  }

  start(): void {
    const { clock, media, log } = this.#deps;
    this.#startMs = clock.monotonicMs();
    media.onEvent((event) => {
      if (event.type === 'drained' && this.#written) this.#played();
    });
    background(this.#say(), 'announcement', log);
  }

  digit(): void {}

  interject(): never {
    throw noAgent();
  }

  guide(): never {
    throw noAgent();
  }

  operatorSaid(): void {}

  giveWay(): never {
    throw noAgent();
  }

  /** Nobody listens. */
  hold(): void {
    this.#deps.media.playout.pause();
  }

  unhold(): void {
    this.#deps.media.playout.resume();
  }

  end(): Promise<void> {
    this.#over = true;
    this.#abort.abort();
    const { record, clock, agent, media } = this.#deps;
    const text = agent.startingMessage ?? '';
    const heardText = this.#passed ? text : this.#heard.heardText(media.playout.position());
    const endMs = clock.monotonicMs() - this.#startMs;
    record.entry({ speaker: 'agent', text, heardText, interrupted: !this.#passed, startMs: 0, endMs });
    return Promise.resolve();
  }

  async #say(): Promise<void> {
    const { speech, agent, media, log } = this.#deps;
    const splitter = new ClauseSplitter();
    const clauses = [...splitter.push(agent.startingMessage ?? ''), ...splitter.flush()];
    try {
      for (const text of clauses) await this.#speak(text);
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      log.error({ err: error, provider: speech.tts.name }, 'announcement not spoken');
      this.#hangup('provider_failed');
      return;
    }
    this.#written = true;
    // It may have run empty before the synthesiser said that nothing more comes.
    if (media.playout.queued() === 0) this.#played();
  }

  async #speak(text: string): Promise<void> {
    const { clock, speech, agent, media } = this.#deps;
    const { playout } = media;
    const { signal } = this.#abort;
    while (playout.queued() > AHEAD_SAMPLES && !signal.aborted) {
      await new Promise<void>((resolve) => void clock.schedule(LOOK_AGAIN_MS, resolve));
    }
    this.#heard.begin(text, playout.position() + playout.queued());
    const request = { text, language: agent.language, voiceSettings: agent.voiceSettings, signal };
    const chunks = speech.tts.synthesize(request)[Symbol.asyncIterator]();
    for (;;) {
      const next = await within(chunks.next(), { clock, limitMs: AUDIO_WITHIN_MS, signal, what: 'the synthesiser' });
      if (next.done || signal.aborted) break;
      this.#heard.extend(playout.write(next.value.pcm, next.value.rateHz));
    }
    this.#heard.complete();
  }

  #played(): void {
    if (this.#passed || this.#over) return;
    this.#passed = true;
    this.#deps.clock.schedule(PLAYED_OUT_MS, () => this.#hangup('goodbye'));
  }

  #hangup(reason: 'goodbye' | 'provider_failed'): void {
    if (this.#over) return;
    this.#over = true;
    this.#deps.hangup(reason);
  }
}

function noAgent(): AppError {
  const publicMessage = 'An announcement is being played: no agent speaks on this call';
  return new AppError('conflict', publicMessage, { publicMessage });
}
