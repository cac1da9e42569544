import type { HistoryEntry, SessionHistory, SessionNote } from '../domain/ports/chat-sessions.js';
import type { ChatMessage, ToolCall } from '../domain/ports/speech.js';
import type { MessageRole, StoredAttachment } from '../domain/session.js';

/** An image as the model is to see it. */
export type ReadImage = (attachment: StoredAttachment) => Promise<string | undefined>;

/** Of a whole conversation; more would be paid for with each answer. */
const MAX_IMAGES = 4;

/**
 * A session as its model reads it: what an operator said was said for the agent; what the contact does not see was not said. An answer
 * stands behind what it answers, and what was said while it was made behind it.
 */
export async function modelMessages({ entries, notes }: SessionHistory, readImage: ReadImage): Promise<ChatMessage[]> {
  const shown = new Set(entries.flatMap(({ attachments }) => attachments.filter(isImage)).slice(-MAX_IMAGES));
  const said = entries.filter(({ role }) => role === 'human' || role === 'ai' || role === 'operator');
  const placed = await Promise.all(
    said.map(async (entry) => ({ at: entry.readUpTo, rank: entry.role === 'ai' ? 2 : 0, messages: [await spoken(entry)] })),
  );
  const ran = notes.flatMap(({ after, note }, i) =>
    note.kind === 'tool' ? [{ at: after, rank: 1, messages: toolMessages(note, i) }] : [],
  );
  return [...placed, ...ran].toSorted((a, b) => a.at - b.at || a.rank - b.rank).flatMap(({ messages }) => messages);

  async function spoken({ role, text, attachments }: HistoryEntry): Promise<ChatMessage> {
    if (role !== 'human') return { role: 'assistant', content: text };
    const images = await Promise.all(attachments.filter((attachment) => shown.has(attachment)).map(readImage));
    const urls = images.filter((url) => url !== undefined);
    const content = [text, ...attachments.map(attachmentText)].filter((part) => part !== '').join('\n\n');
    // A script is matched with what was said, and not with what stands in a file.
    const utterances = attachments.length > 0 && text !== '' ? { utterances: [text] } : {};
    return { role: 'user', content, ...utterances, ...(urls.length > 0 && { images: urls }) };
  }
}

/** Up to which message the agent, or in copilot mode the operator, has had an answer made. */
export const answeredUpTo = ({ entries }: SessionHistory, roles: readonly MessageRole[]): number =>
  Math.max(0, ...entries.filter(({ role }) => roles.includes(role)).map(({ readUpTo }) => readUpTo));

/** For a model that takes no images. */
export const withoutImages = (messages: readonly ChatMessage[]): ChatMessage[] =>
  messages.map((message) => (message.role === 'user' ? { role: 'user', content: message.content } : message));

export const hasImages = (messages: readonly ChatMessage[]): boolean =>
  messages.some((message) => message.role === 'user' && message.images !== undefined);

const isImage = ({ contentType }: StoredAttachment): boolean => contentType.startsWith('image/');

function toolMessages({ run, result }: Extract<SessionNote, { kind: 'tool' }>, number: number): ChatMessage[] {
  const call: ToolCall = { id: `run_${number}`, name: run.name, arguments: run.arguments };
  return [
    { role: 'assistant', content: '', toolCalls: [call] },
    { role: 'tool', toolCallId: call.id, content: result },
  ];
}

/** Files come from strangers: what is in one stands apart from what its sender says. */
const attachmentText = ({ name, contentType, text }: StoredAttachment): string =>
  text === undefined
    ? `[attached file "${name}", ${contentType}]`
    : `[attached file "${name}", ${contentType}, with this text]\n${text}\n[end of the file]`;
