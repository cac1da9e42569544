import { Ear } from '../../src/caller/ear.js';
import { type Cancel, systemClock } from '../../src/core/clock.js';
import type { AudioAgreement, MediaEngine, MediaSession } from '../../src/domain/ports/media.js';
import type { Telephony } from '../../src/domain/ports/telephony.js';
import type { VoiceActivity } from '../../src/domain/ports/voice-activity.js';
import { type Line, speechFrames } from './line-analysis.js';
import { LineRecord } from './line-record.js';
import { passed } from './passed.js';

export type CallerParts = { telephony: Telephony; media: MediaEngine; voice: VoiceActivity };

/** Something the caller said: when its first and last packet with speech left (monotonic), and whether the agent was speaking. */
export type Utterance = { firstMs: number; lastMs: number; interrupts: boolean };
export type FinishedCall = { sipCallId: string; line: Line; utterances: readonly Utterance[] };

/** A line of its own between a caller's session and the server. */
export interface CallerSetup {
  /** Where the server is to send its audio. */
  readonly local: MediaSession['local'];
  configure(session: MediaSession, agreement: AudioAgreement): void;
}

const FRAME_MS = 20;
const READ_EVERY_MS = 500;
const PATIENCE_MS = 20_000;
/** The agent is let speak for this long, a little longer each time, so that it is cut in different places. */
const LISTEN_MS = { least: 1100, step: 170, kinds: 7 };
const ANSWER_WITHIN_MS = 8_000;

/** Someone on the phone with the agent, for as long as `script` runs. */
export async function callAgent(
  parts: CallerParts,
  uri: string,
  script: (caller: RudeCaller) => Promise<void>,
  line?: CallerSetup,
): Promise<FinishedCall> {
  const session = parts.media.open();
  try {
    const result = await parts.telephony.dial({
      uri,
      local: (line ?? session).local,
      codecs: ['PCMU'],
      onAgreement: (agreement) => (line ? line.configure(session, agreement) : session.configure(agreement)),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!result.answered) throw new Error(`the agent's call was answered with ${result.failure.sipCode}`);
    const caller = new RudeCaller(session, parts.voice);
    try {
      await script(caller);
    } finally {
      caller.stop();
      await result.dialog.hangup();
    }
    return { sipCallId: result.sipCallId, ...caller.finished() };
  } finally {
    await session.close();
  }
}

export class RudeCaller {
  readonly #session: MediaSession;
  readonly #ear = new Ear(systemClock);
  readonly #line: LineRecord;
  readonly #watch: { close(): void };
  readonly #utterances: Utterance[] = [];
  readonly #marks = new Map<number, (atMs: number) => void>();
  #drained: () => void = () => undefined;
  #cancelReading: Cancel = () => undefined;
  #heardBefore = 0;

  constructor(session: MediaSession, voice: VoiceActivity) {
    this.#session = session;
    this.#line = new LineRecord(session);
    this.#watch = voice.watch(session, (event) => this.#ear.hear(event));
    session.onEvent((event) => {
      if (event.type === 'mark') this.#marks.get(event.id)?.(event.atMs);
      if (event.type === 'drained') this.#drained();
    });
    this.#read();
  }

  /** Lets the agent finish, whatever it is saying. */
  async listen(): Promise<void> {
    if (!(await this.#ear.finished(this.#heardBefore, PATIENCE_MS * 2)))
      throw new Error('the agent did not speak, or not finish');
  }

  /** Waits until the agent has begun to speak. */
  async hearAnswer(): Promise<void> {
    await this.#ear.speakingFor(this.#heardBefore, 0, ANSWER_WITHIN_MS);
  }

  /** Interrupts the agent in mid-sentence; when it does not speak at all, the same is said into the silence. */
  async interrupt(utterance: Int16Array): Promise<void> {
    const listenMs = LISTEN_MS.least + LISTEN_MS.step * (this.#utterances.length % LISTEN_MS.kinds);
    await this.say(utterance, await this.#ear.speakingFor(this.#heardBefore, listenMs, ANSWER_WITHIN_MS));
  }

  async say(utterance: Int16Array, interrupts = false): Promise<void> {
    const speech = speechFrames(utterance);
    if (!speech) throw new Error('the utterance has no speech');
    const left = new Promise<number>((resolve) => this.#marks.set(this.#session.playout.mark(), resolve));
    const drained = new Promise<void>((resolve) => {
      this.#drained = resolve;
    });
    this.#session.playout.write(utterance, 16_000);
    const beganMs = await left;
    this.#utterances.push({ firstMs: beganMs + speech.first * FRAME_MS, lastMs: beganMs + speech.last * FRAME_MS, interrupts });
    await drained;
    this.#heardBefore = this.#ear.utterances;
  }

  /** Is on the line and keeps silent. */
  wait(ms: number): Promise<void> {
    return passed(ms / 1000);
  }

  press(digits: string): void {
    this.#session.sendDigits(digits);
    this.#heardBefore = this.#ear.utterances;
  }

  /** Makes a noise that is not meant as speech, once the agent has been speaking for `afterMs`; false when it did not speak. */
  async disturb(noise: Int16Array, afterMs: number): Promise<boolean> {
    const speaks = await this.#ear.speakingFor(this.#heardBefore, afterMs, ANSWER_WITHIN_MS);
    if (speaks) this.#session.playout.write(noise, 16_000);
    return speaks;
  }

  get interruptions(): number {
    return this.#utterances.filter((utterance) => utterance.interrupts).length;
  }

  stop(): void {
    this.#cancelReading();
    this.#watch.close();
    this.#line.take();
  }

  finished(): Omit<FinishedCall, 'sipCallId'> {
    return { line: { samples: this.#line.samples(), arrivalsMs: this.#line.arrivalsMs }, utterances: this.#utterances };
  }

  #read(): void {
    this.#line.take();
    this.#cancelReading = systemClock.schedule(READ_EVERY_MS, () => this.#read());
  }
}
