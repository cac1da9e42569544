import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { AgentSettings } from '../domain/agent.js';

/** Whether an agent does not talk to this number, in E.164. One whose kind cannot be told is not blocked. */
export function isBlockedNumber({ blockedPhoneTypes = [] }: AgentSettings, number: string | undefined): boolean {
  if (blockedPhoneTypes.length === 0 || number === undefined) return false;
  const type = parsePhoneNumberFromString(number)?.getType()?.toLowerCase();
  return blockedPhoneTypes.some((blocked) => blocked === type);
}
