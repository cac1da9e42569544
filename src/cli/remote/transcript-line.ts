import type { components } from '../../client/api-types.js';
import { printable } from './output.js';

type Entry = components['schemas']['TranscriptEntry'];

/** ` 12.3 s  agent  We are open from nine [cut off: to six.]` */
export function entryLine({ role, message, full_message: whole, interrupted, time_in_call_secs: seconds }: Entry): string {
  const unheard = interrupted ? ` [cut off: ${whole.slice(message.length).trim()}]` : '';
  return printable(`${seconds.toFixed(1).padStart(6)} s  ${role.padEnd(5)}  ${message || '(spoke, not understood)'}${unheard}`);
}
