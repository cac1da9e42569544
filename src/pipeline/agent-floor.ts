import { AgentReply, type ReplySource } from './agent-reply.js';
import type { ConversationDeps } from './conversation-deps.js';
import type { Minutes } from './minutes.js';
import type { FixedWords, StockWords } from './stock-words.js';
import type { ToolRuns } from './tool-runs.js';
import type { TurnTimes } from './turn-times.js';

export type AgentFloorDeps = Pick<ConversationDeps, 'clock' | 'log' | 'media' | 'speech' | 'agent'> & {
  minutes: Minutes;
  stock: StockWords;
  tools: ToolRuns;
};

export type AgentFloorListener = {
  /** Something is about to be said. */
  thinking(): void;
  /** The first audio lies in the queue. */
  audible(): void;
  /** What is being said ends the call. */
  lastWords(): void;
  /** Everything was sent. */
  finished(lastWords: boolean): void;
  /** Not even an apology could be spoken. */
  mute(): void;
};

type Present = { reply: AgentReply; source: ReplySource };

/** The agent's side: what it says or is about to say, from the decision until it was sent, dropped or cut. One thing at a time. */
export class AgentFloor {
  readonly #deps: AgentFloorDeps;
  readonly #listener: AgentFloorListener;
  #present: Present | undefined;

  constructor(deps: AgentFloorDeps, listener: AgentFloorListener) {
    this.#deps = deps;
    this.#listener = listener;
  }

  /** What is being said or was decided on. */
  get reply(): AgentReply | undefined {
    return this.#present?.reply;
  }

  /** The model's words, to everything said so far. */
  ask(times: TurnTimes): void {
    const { speech, tools } = this.#deps;
    this.begin(times, { type: 'model', llm: speech.llm, tools });
  }

  say(words: FixedWords, times: TurnTimes): void {
    this.begin(times, { type: 'text', ...words });
  }

  begin(times: TurnTimes, source: ReplySource): void {
    const { clock, log, media, speech, agent, minutes, stock } = this.#deps;
    this.#listener.thinking();
    let failed = false;
    const reply: AgentReply = new AgentReply(
      { clock, log, playout: media.playout, tts: speech.tts, agent, times },
      {
        audible: () => this.#listener.audible(),
        progress: () => minutes.agentIsSaying(reply.heardText()),
        lastWords: () => this.#listener.lastWords(),
        failed: (stage, error) => {
          failed = true;
          log.warn({ err: error, stage, provider: speech[stage].name }, 'provider failed');
          return stock.apology();
        },
        finished: (atMs) => {
          if (source.type === 'model' && !failed) stock.answered();
          this.finish(atMs);
          this.#listener.finished(reply.isLastWords);
        },
        mute: () => {
          this.finish(clock.monotonicMs());
          this.#listener.mute();
        },
      },
    );
    this.#present = { reply, source };
    reply.start(source);
  }

  /** A reply that has no audio yet leaves no trace. Returns what it was. */
  drop(): Present | undefined {
    const dropped = this.#present;
    this.#present = undefined;
    dropped?.reply.stop();
    return dropped;
  }

  /** Writes down the reply as far as it was sent: up to now, or to the playout position where it was cut. */
  finish(atMs: number, position?: number, bargeInMs?: number): void {
    const reply = this.#present?.reply;
    if (!reply) return;
    const { minutes } = this.#deps;
    const { text, audible } = reply;
    this.#present = undefined;
    const heardText = reply.heardText(position);
    reply.stop();
    const interrupted = audible && heardText !== text;
    if (audible) minutes.agentSaid({ text, heardText, interrupted }, reply.startedMs ?? atMs, atMs);
    minutes.turn(reply.times, interrupted, interrupted ? bargeInMs : undefined);
  }
}
