import type { AgentSettings } from '../domain/agent.js';
import type { BackgroundSound, Sounds } from '../domain/ports/media.js';

/** What an agent says is to be understood over any background. */
const DUCK_DB = 12;

/** What lies behind this agent's words, if there is such a recording. */
export function backgroundOf({ backgroundSound }: AgentSettings, sounds: Sounds | undefined): BackgroundSound | undefined {
  const found = backgroundSound === undefined ? undefined : sounds?.named(backgroundSound);
  return found && { ...found, gainUnderSpeechDb: found.gainDb - DUCK_DB };
}
