import { AUDIO_RATE_HZ } from '../domain/ports/media.js';
import type { AgentReply } from './agent-reply.js';
import type { CallerTurn } from './caller-floor.js';
import type { Minutes } from './minutes.js';
import { wantsTheFloor } from './spoken-words.js';

/** "Yeah" within the agent's last words answers them; a second earlier it only says that somebody listens. */
const ANSWER_OVERLAP_SAMPLES = AUDIO_RATE_HZ;

/** What was said over the agent without stopping it: taken up when it has finished. */
export class Overheard {
  readonly #language: string;
  #turns: CallerTurn[] = [];

  constructor(language: string) {
    this.#language = language;
  }

  /** Kept where it is more than a sign of attention to `reply`. */
  hear(turn: CallerTurn, reply: AgentReply | undefined): void {
    const isAnswer = reply?.endsWithin(ANSWER_OVERLAP_SAMPLES) ?? false;
    if (isAnswer || wantsTheFloor(turn.text, this.#language)) this.#turns.push(turn);
  }

  /** Kept whatever it is. */
  keep(turn: CallerTurn): void {
    this.#turns.push(turn);
  }

  /** It follows what the agent has said. Returns the last of it. */
  takeInto(minutes: Minutes): CallerTurn | undefined {
    const turns = this.#turns;
    this.#turns = [];
    for (const { text, heardAs } of turns) minutes.addUserMessage(text, heardAs);
    return turns.at(-1);
  }
}
