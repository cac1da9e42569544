import { FakeClock } from '../../src/core/clock.js';
import { silentLogger } from '../../src/core/log.js';
import type { AgentSettings } from '../../src/domain/agent.js';
import type { TranscriptEntry, Turn } from '../../src/domain/call.js';
import type { OptOutSource } from '../../src/domain/do-not-call.js';
import { Conversation } from '../../src/pipeline/conversation.js';
import type { ConversationDeps, HangupReason } from '../../src/pipeline/conversation-deps.js';
import type { LiveEvent } from '../../src/pipeline/live-event.js';
import { FakeMediaSession } from './fake-media.js';
import { FakeLlm, FakeStt, FakeTts } from './fake-speech.js';
import { FakeVoice } from './fake-voice.js';

export const testAgent: AgentSettings = {
  name: 'Test',
  systemPrompt: 'You are a test.',
  startingMessage: undefined,
  language: 'en-US',
  voiceSettings: {},
  dtmfRules: {},
  script: undefined,
  knowledge: undefined,
  providers: {},
};

/** One conversation with everything around it faked, on a clock that moves millisecond by millisecond. */
export class ConversationBench {
  readonly clock = new FakeClock();
  readonly media = new FakeMediaSession(this.clock);
  readonly voice = new FakeVoice(this.clock);
  readonly stt = new FakeStt(this.clock);
  readonly llm = new FakeLlm(this.clock);
  readonly tts = new FakeTts(this.clock);
  readonly entries: Omit<TranscriptEntry, 'callId' | 'sequence'>[] = [];
  readonly turns: Omit<Turn, 'id' | 'callId' | 'sequence'>[] = [];
  readonly live: LiveEvent[] = [];
  readonly hangups: { reason: HangupReason; atMs: number }[] = [];
  readonly optOuts: OptOutSource[] = [];
  /** Whether the call layer can tell the other party's number. */
  numberKnown = true;
  readonly deps: ConversationDeps;
  readonly conversation: Conversation;

  constructor(agent: Partial<AgentSettings> = {}, deps: Partial<ConversationDeps> = {}) {
    const { clock, media, voice, stt, llm, tts } = this;
    this.deps = {
      clock,
      log: silentLogger,
      media,
      voice,
      speech: { stt, llm, tts },
      agent: { ...testAgent, ...agent },
      band: 'narrow',
      record: {
        entry: (entry) => this.entries.push(entry),
        turn: (turn) => this.turns.push(turn),
        optOut: (entry, source) => {
          this.entries.push(entry);
          this.optOuts.push(source);
          return this.numberKnown;
        },
      },
      hangup: (reason) => this.hangups.push({ reason, atMs: clock.monotonicMs() }),
      live: (event) => this.live.push(event),
      ...deps,
    };
    this.conversation = new Conversation(this.deps);
  }

  get nowMs(): number {
    return this.clock.monotonicMs();
  }

  /** Lets promises settle at every millisecond, as they would in real time. */
  async run(ms: number): Promise<void> {
    await settle();
    for (let i = 0; i < ms; i += 1) {
      this.clock.advance(1);
      await settle();
    }
  }

  async runTo(atMs: number): Promise<void> {
    await this.run(atMs - this.nowMs);
  }

  /** Runs until `condition` holds. */
  async until(condition: () => boolean, limitMs = 60_000): Promise<void> {
    await settle();
    for (let waited = 0; !condition(); waited += 1) {
      if (waited > limitMs) throw new Error(`not reached within ${limitMs} ms; state ${this.conversation.state}`);
      await this.run(1);
    }
  }

  /**
   * The caller speaks from now on for `ms`, as the detector would tell it: onset 90 ms after the begin, confirmed 180 ms after it, and
   * the end 180 ms after the end. Returns when the end was told.
   */
  async say(ms: number): Promise<void> {
    const beginMs = this.nowMs;
    await this.runTo(beginMs + 90);
    this.voice.tell('onset', 90);
    if (ms >= 150) {
      await this.runTo(beginMs + 180);
      this.voice.tell('confirmed', 180);
    }
    await this.runTo(beginMs + ms + 180);
    this.voice.tell('ended', 180);
    await settle();
  }

  /** `caller: text`, `agent: heard text`, in the order recorded. */
  get transcript(): string[] {
    return this.entries.map((entry) => `${entry.speaker}: ${entry.heardText}${entry.interrupted ? ' --' : ''}`);
  }
}

/** One round of the event loop: every promise that can settle has. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
