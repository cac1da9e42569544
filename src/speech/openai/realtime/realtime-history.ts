import type { ConversationItem, ConversationItemCreateEvent } from 'openai/resources/realtime/realtime';
import type { ChatMessage, ToolCall } from '../../../domain/ports/speech.js';

/** As of a language model: what is older is left out. */
const MAX_MESSAGES = 80;

type HistoryEvent = ConversationItemCreateEvent | { type: 'conversation.item.delete'; item_id: string };

/**
 * What the server of one session remembers. Audio gets there by being heard and spoken; before each answer everything else is brought
 * into line with the conversation as it really was: what nobody heard is taken out, what was said in other ways is put in as text.
 */
export class RealtimeHistory {
  /** On the server now. */
  readonly #items = new Set<string>();
  readonly #written = new WeakMap<ChatMessage, string>();
  /** By the id of a tool call: what it, and what it came to, stand there as. */
  readonly #calls = new Map<string, string>();
  readonly #results = new Map<string, string>();
  #count = 0;

  /** The server has made an item. */
  add(item: string, callId?: string): void {
    this.#items.add(item);
    if (callId !== undefined) this.#calls.set(callId, item);
  }

  /** What makes it remember exactly these. */
  sync(messages: readonly ChatMessage[]): HistoryEvent[] {
    const recent = messages.slice(-MAX_MESSAGES);
    const answered = new Set(recent.flatMap((message) => (message.role === 'tool' ? [message.toolCallId] : [])));
    const wanted = new Set<string>();
    const events: HistoryEvent[] = [];
    let previous = 'root';
    const put = (known: readonly string[] | undefined, make: (id: string) => ConversationItem): string => {
      if (!known?.length || known.some((id) => !this.#items.has(id))) {
        const id = `offhook_${++this.#count}`;
        this.#items.add(id);
        events.push({ type: 'conversation.item.create', previous_item_id: previous, item: make(id) });
        known = [id];
      }
      for (const id of known) wanted.add(id);
      previous = known.at(-1) ?? previous;
      return previous;
    };
    for (const message of recent) this.#put(message, answered, put);
    const gone = [...this.#items].filter((id) => !wanted.has(id));
    for (const id of gone) this.#items.delete(id);
    return [...events, ...gone.map((id) => ({ type: 'conversation.item.delete' as const, item_id: id }))];
  }

  #put(
    message: ChatMessage,
    answered: ReadonlySet<string>,
    put: (known: readonly string[] | undefined, make: (id: string) => ConversationItem) => string,
  ): void {
    const { role, content } = message;
    const known = (id: string | undefined): string[] | undefined => (id === undefined ? undefined : [id]);
    if (role === 'tool') {
      const { toolCallId: call_id } = message;
      // A server refuses what a call came to that it does not know.
      if (!this.#calls.has(call_id)) return;
      const make = (id: string): ConversationItem => ({ id, type: 'function_call_output', call_id, output: content });
      this.#results.set(call_id, put(known(this.#results.get(call_id)), make));
      return;
    }
    const said = role === 'user' ? message.heardAs : message.spokenAs;
    if (content !== '')
      this.#written.set(
        message,
        put(said ?? known(this.#written.get(message)), (id) => textItem(id, message)),
      );
    if (role !== 'assistant') return;
    for (const call of message.toolCalls ?? []) {
      if (answered.has(call.id))
        this.#calls.set(
          call.id,
          put(known(this.#calls.get(call.id)), (id) => callItem(id, call)),
        );
    }
  }
}

function textItem(id: string, { role, content: text }: ChatMessage): ConversationItem {
  return role === 'assistant'
    ? { id, type: 'message', role, content: [{ type: 'output_text', text }] }
    : { id, type: 'message', role: 'user', content: [{ type: 'input_text', text }] };
}

const callItem = (id: string, { id: call_id, name, arguments: args }: ToolCall): ConversationItem => ({
  id,
  type: 'function_call',
  call_id,
  name,
  arguments: JSON.stringify(args ?? {}),
});
