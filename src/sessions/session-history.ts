import type { HistoryEntry, SessionNote } from '../domain/ports/chat-sessions.js';
import type { ChatMessage, ToolCall } from '../domain/ports/speech.js';
import type { StoredAttachment } from '../domain/session.js';

/** An image as the model is to see it. */
export type ReadImage = (attachment: StoredAttachment) => Promise<string | undefined>;

/** Of a whole conversation; more would be paid for with each answer. */
const MAX_IMAGES = 4;

/** A session as its model reads it: what an operator said was said for the agent; what the contact does not see was not said. */
export async function modelMessages(
  { entries, after }: { entries: readonly HistoryEntry[]; after: readonly SessionNote[] },
  readImage: ReadImage,
): Promise<ChatMessage[]> {
  const shown = new Set(entries.flatMap(({ attachments }) => attachments.filter(isImage)).slice(-MAX_IMAGES));
  const messages: ChatMessage[] = [];
  let runs = 0;
  const addNotes = (notes: readonly SessionNote[]): void => {
    for (const note of notes) if (note.kind === 'tool') messages.push(...toolMessages(note, (runs += 1)));
  };
  for (const { role, text, attachments, notes } of entries) {
    addNotes(notes);
    if (role === 'human') {
      const images = await Promise.all(attachments.filter((attachment) => shown.has(attachment)).map(readImage));
      const urls = images.filter((url) => url !== undefined);
      const content = [text, ...attachments.map(attachmentText)].filter((part) => part !== '').join('\n\n');
      messages.push({ role: 'user', content, ...(urls.length > 0 && { images: urls }) });
    } else if (role === 'ai' || role === 'operator') {
      messages.push({ role: 'assistant', content: text });
    }
  }
  addNotes(after);
  return messages;
}

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
