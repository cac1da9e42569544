import type { VoiceEvent } from '../domain/ports/voice-activity.js';
import type { AgentFloor } from './agent-floor.js';
import type { BargeIn } from './barge-in.js';
import type { CallerFloor } from './caller-floor.js';
import type { Hold } from './hold.js';
import type { IdleTimer } from './idle-timer.js';
import type { Keypad } from './keypad.js';
import type { ConversationState } from './live-event.js';
import type { StockWords } from './stock-words.js';

export type CallerVoiceDeps = {
  hold: Hold;
  idle: IdleTimer;
  floor: CallerFloor;
  bargeIn: BargeIn;
  stock: StockWords;
  keypad: Pick<Keypad, 'hushed'>;
  /** There from the beginning of the conversation. */
  agent: () => AgentFloor;
  state: () => ConversationState;
  /** No last words are being said. */
  goesOn: () => boolean;
  /** Takes back what was about to be said. */
  dropReply: () => void;
  /** The caller has the floor. */
  takesFloor: () => void;
};

/** The caller's voice, whatever it says: it begins, is certainly speech, and ends. */
export class CallerVoice {
  readonly #deps: CallerVoiceDeps;

  constructor(deps: CallerVoiceDeps) {
    this.#deps = deps;
  }

  hear(event: VoiceEvent): void {
    const { hold, idle, floor, bargeIn, stock, keypad, state, goesOn } = this.#deps;
    if (state() === 'ended') return;
    if (hold.held) return hold.miss(event);
    // A goodbye is finished, whoever talks into it.
    if (keypad.hushed || !goesOn()) return;
    if (event.type === 'onset') this.#begins(event);
    else if (event.type === 'confirmed') {
      idle.reset();
      if (floor.taken) stock.heard();
      floor.confirmed();
      if (state() === 'agent_speaking') bargeIn.confirmed();
    } else {
      floor.ended(event);
      if (state() === 'agent_speaking') bargeIn.ended(event);
    }
  }

  #begins(event: VoiceEvent): void {
    const { idle, floor, bargeIn, agent, state, dropReply, takesFloor } = this.#deps;
    idle.stop();
    agent().forgetSpeculation();
    floor.onset(event, state() === 'thinking' && agent().reply?.times.cause === 'speech');
    if (state() === 'agent_speaking') return bargeIn.onset(event);
    // Nothing was said yet: the caller goes on, and the answer will be to all of it.
    dropReply();
    takesFloor();
  }
}
