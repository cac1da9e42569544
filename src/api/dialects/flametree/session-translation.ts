import type { z } from 'zod';
import type { Agent } from '../../../domain/agent.js';
import { dayAndWeekday } from '../../../domain/agent-clock.js';
import type { ChatSession, SessionMode } from '../../../domain/session.js';
import type { Sent } from '../../../sessions/session-service.js';
import type { MODES, ReplyResource, SessionCreate, SessionResource, SessionUpdate } from './session-schema.js';

type Mode = (typeof MODES)[number];

const MODE_OF = { regular: 'REGULAR', copilot: 'COPILOT', operator: 'OPERATOR' } as const satisfies Record<SessionMode, Mode>;

export const presentMode = (mode: SessionMode): Mode => MODE_OF[mode];
export const toMode = (mode: Mode): SessionMode => mode.toLowerCase() as SessionMode;

/** What this dialect alone knows of a session stands among its context data, by these names. */
type Own = { args?: unknown; show_thoughts?: unknown; voice_name?: unknown };

/** What `SessionService.open` is told beside the agent. */
export function toDraft({ user_id: extId, type: extType, ...rest }: z.output<typeof SessionCreate>) {
  return { extType, extId, ...toCommon(rest, {}) };
}

/** What `SessionService.update` is told; what the client left out stays as it is in `session`. */
export function toPatch(update: z.output<typeof SessionUpdate>, session: ChatSession) {
  const { conversation_result: result } = update;
  return { ...toCommon(update, session.contextData), ...(result !== undefined && { result }) };
}

type Common = Omit<z.output<typeof SessionCreate>, 'user_id' | 'type'>;

function toCommon(
  { name, email, phone, language, timeout, user_info: userInfo, ...own }: Common,
  before: ChatSession['contextData'],
) {
  const { args, kwargs, show_thoughts, voice_name } = own;
  const given = { args, show_thoughts, voice_name: voice_name ?? undefined };
  const told = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  // Whoever sends `kwargs` sends all of them, and a voice of null is none.
  const kept = kwargs === undefined ? before : { ...ownOf(before), ...kwargs };
  const { voice_name: _voice, ...voiceless } = kept as Own;
  const contextData = { ...(voice_name === null ? voiceless : kept), ...told };
  return {
    ...present({ name, email, phone }),
    ...(language !== undefined && { language }),
    ...(timeout !== undefined && { timeoutMs: timeout * 1000 }),
    ...(userInfo !== undefined && { userInfo }),
    contextData,
  };
}

/** Null takes away; what was left out is not mentioned. */
const present = (fields: Record<string, string | null | undefined>): { name?: string; email?: string; phone?: string } =>
  Object.fromEntries(Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value ?? undefined]])));

const ownOf = ({ args, show_thoughts, voice_name }: Own): Own =>
  Object.fromEntries(Object.entries({ args, show_thoughts, voice_name }).filter(([, value]) => value !== undefined));

export const showsThoughts = ({ contextData }: ChatSession): boolean => contextData['show_thoughts'] === true;

/** The voice the session asks for, where it does. */
export function voiceOf({ contextData }: ChatSession): string | undefined {
  const { voice_name: voice } = contextData as Own;
  return typeof voice === 'string' && voice !== '' ? voice : undefined;
}

export function presentSession(session: ChatSession, agent: Agent, nowMs: number): z.input<typeof SessionResource> {
  const { tenantId: tenant_id, contextData, operator } = session;
  const { args: _args, show_thoughts: _thoughts, voice_name: _voice, ...kwargs } = contextData;
  return {
    session_id: session.id,
    session_type: 'custom_stateful',
    mode: presentMode(session.mode),
    conversation_id: null,
    ext_type: session.extType,
    user_id: session.extId,
    name: session.name ?? null,
    email: session.email ?? null,
    phone: session.phone ?? null,
    channel_id: null,
    timeout: session.timeoutMs / 1000,
    greeting_text: session.greeting ?? null,
    inbound_phrase: null,
    start_phrase: null,
    language: session.language.split('-')[0] ?? session.language,
    llm_backend: agent.providers.llm ?? null,
    show_thoughts: showsThoughts(session),
    conversation_result: session.result ?? null,
    operator_id: operator?.id ?? null,
    operator_name: operator?.name ?? null,
    env_info: { current_date: dayAndWeekday(nowMs, agent.timezone), tenant_id },
    kwargs: { ...kwargs, tenant_id },
    close_time: (session.endedAtMs ?? session.closesAtMs) / 1000,
    voice_name: voiceOf(session) ?? null,
    status: session.status,
  };
}

export const presentReply = ({ reply, mode }: Sent): z.input<typeof ReplyResource> => ({
  response: reply?.text ?? '',
  metadata: { mode: presentMode(mode) },
});
