import { personalAgent } from '../calls/personal-settings.js';
import type { AgentSettings } from '../domain/agent.js';
import { isE164 } from '../domain/phone-number.js';
import type { Values } from '../domain/placeholders.js';
import type { ChatSession } from '../domain/session.js';

/** The agent as it behaves in one session. */
export const sessionSettings = (stored: AgentSettings, session: SessionWords, nowMs: number): AgentSettings =>
  personalAgent({ ...stored, language: session.language }, { contextData: sessionValues(session) }, nowMs).settings;

type SessionWords = Pick<ChatSession, 'language' | 'name' | 'email' | 'phone' | 'contextData'>;

/** What is known of the contact, by the names that the agent's texts use. */
export const sessionValues = ({ name, email, phone, contextData }: SessionWords): Values => ({
  caller_number: phone,
  name,
  email,
  phone,
  ...contextData,
});

/** By whom the contact is known in calls and sessions alike; only a carrier vouches for a number, what a web page says of one proves nothing. */
export const contactOf = ({ extType, extId }: Pick<ChatSession, 'extType' | 'extId'>): string =>
  (extType === 'sip' || extType === 'sms') && isE164(extId) ? extId : `${extType}:${extId}`;
