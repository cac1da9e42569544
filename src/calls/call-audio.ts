import type { CallQuality } from '../domain/call-quality.js';
import type { AudioAgreement, MediaSession, MediaStats, Sounds } from '../domain/ports/media.js';
import type { SpeechSuite } from '../domain/ports/speech.js';
import type { VoiceActivity } from '../domain/ports/voice-activity.js';
import { backgroundOf } from './background-sound.js';
import type { CallConversation } from './call-conversation.js';
import type { AgentTarget, AnnouncementTarget, AnsweringTarget } from './inbound-route.js';
import { MediaSupervision, type SupervisionDeps } from './media-supervision.js';

export type CallAudioDeps = {
  session: MediaSession;
  voice: VoiceActivity;
  /** Detects speech on `echo` and `tone` calls too, which nobody listens to: for load tests. */
  vadOnBuiltIns?: boolean | undefined;
  sounds?: Sounds | undefined;
  converse: (agreement: AudioAgreement, target: AgentTarget | AnnouncementTarget, speech: SpeechSuite) => CallConversation;
};

/** Of the whole call. */
export type FinalFigures = { stats: MediaStats; quality: CallQuality | undefined };

const TONE_HZ = 440;
const MOST_EARLY_DIGITS = 32;

/** What one call's far end hears and says: the RTP session, what was agreed for it, and who talks on it. */
export class CallAudio {
  readonly session: MediaSession;
  readonly #deps: CallAudioDeps;
  #agreement: AudioAgreement | undefined;
  #conversation: CallConversation | undefined;
  #watch: { close(): void } | undefined;
  #held = false;
  #supervision: MediaSupervision | undefined;
  #paused = false;
  /** Pressed before anybody listened: between the answer and the ACK that the agent waits for. */
  #earlyDigits: { digit: string; durationMs: number }[] = [];

  constructor(deps: CallAudioDeps) {
    this.#deps = deps;
    this.session = deps.session;
    this.session.onEvent((event) => {
      // The conversation hears of later ones itself.
      if (event.type === 'digit' && !this.#conversation) this.digit(event.digit, event.durationMs);
    });
  }

  /** What holds now. */
  get agreement(): AudioAgreement | undefined {
    return this.#agreement;
  }

  get conversation(): CallConversation | undefined {
    return this.#conversation;
  }

  agree(agreement: AudioAgreement): void {
    this.session.configure(agreement);
    this.#agreement = agreement;
    const held = isHold(agreement);
    this.#supervision?.expect(agreement, held);
    if (held === this.#held) return;
    this.#held = held;
    if (this.#paused) return;
    if (held) this.#conversation?.hold();
    else this.#conversation?.unhold();
  }

  /** Begins what the far end hears, once something is agreed; the second and later calls do nothing. */
  start(target: AnsweringTarget, speech: SpeechSuite | undefined): void {
    if (!this.#agreement || this.#conversation || this.#watch) return;
    if ((target.kind !== 'agent' && target.kind !== 'announcement') || !speech) {
      this.session.setSource(target.kind === 'tone' ? { type: 'tone', hz: TONE_HZ } : { type: 'echo' });
      this.#watch = this.#deps.vadOnBuiltIns ? this.#deps.voice.watch(this.session, () => {}) : { close: () => {} };
      return;
    }
    const conversation = this.#converse(this.#agreement, target, speech);
    for (const { digit, durationMs } of this.#earlyDigits.splice(0)) conversation.digit(digit, durationMs);
    if (this.#held) conversation.hold();
  }

  /** Another agent goes on where one has given way. */
  follow(target: AgentTarget, speech: SpeechSuite): void {
    if (!this.#agreement) return;
    const conversation = this.#converse(this.#agreement, target, speech);
    if (this.#held) conversation.hold();
  }

  /** A key press that did not come by RTP, or came before the conversation began. */
  digit(digit: string, durationMs: number): void {
    if (this.#conversation) this.#conversation.digit(digit, durationMs);
    else if (this.#earlyDigits.length < MOST_EARLY_DIGITS) this.#earlyDigits.push({ digit, durationMs });
  }

  #converse(agreement: AudioAgreement, target: AgentTarget | AnnouncementTarget, speech: SpeechSuite): CallConversation {
    const { noiseSuppression = agreement.noiseSuppression } = target.settings;
    if (noiseSuppression === 'on') this.session.suppressNoise();
    const background = target.kind === 'agent' ? backgroundOf(target.settings, this.#deps.sounds) : undefined;
    if (background || this.#conversation) this.session.setBackground(background);
    const conversation = this.#deps.converse(agreement, target, speech);
    this.#conversation = conversation;
    conversation.start();
    return conversation;
  }

  /** From the answer on, audio is expected to pass. */
  supervise(deps: Omit<SupervisionDeps, 'session'>): void {
    this.#supervision = new MediaSupervision({ ...deps, session: this.session });
    if (this.#agreement) this.#supervision.expect(this.#agreement, this.#held);
  }

  /** The agent is silent until `resume`. */
  pause(): void {
    this.#paused = true;
    this.#conversation?.hold();
  }

  resume(): void {
    this.#paused = false;
    if (!this.#held) this.#conversation?.unhold();
  }

  /** Resolves with the final figures when the recording is complete. */
  async close(): Promise<FinalFigures> {
    this.#watch?.close();
    this.#supervision?.close();
    const stats = await this.session.close();
    return { stats, quality: this.session.quality() };
  }
}

/** The far end does not listen: it said so, or gave no place to send to (the older way to hold). */
export function isHold({ direction, remote }: AudioAgreement): boolean {
  return direction === 'recvonly' || direction === 'inactive' || remote.rtpPort === 0 || /^(0\.0\.0\.0|::)$/.test(remote.address);
}
