import type OpenAI from 'openai';
import type { ChatMessage, ToolDefinition } from '../../domain/ports/speech.js';

type ChatParam = OpenAI.Chat.Completions.ChatCompletionMessageParam;
type ToolParam = OpenAI.Chat.Completions.ChatCompletionFunctionTool;

/** A telephone conversation rarely has more; what is older is left out. */
const MAX_MESSAGES = 80;
/** Role and separators, about as much with any model. */
const TOKENS_PER_MESSAGE = 4;
/** English has four characters in a token, Cyrillic two, Chinese one: a token is about four bytes of UTF-8 in all of them. */
const BYTES_PER_TOKEN = 4;

/**
 * The conversation as chat completions take it: a call of a tool and its result only appear together, because a server
 * refuses the whole request otherwise.
 *
 * With `maxTokens` the oldest messages are left out until the rest is estimated to fit, beside `system`. What was said last by
 * the caller, and everything after it, is never left out.
 */
export function chatMessages(system: string, messages: readonly ChatMessage[], maxTokens = Infinity): ChatParam[] {
  const recent = fitting(messages.slice(-MAX_MESSAGES), maxTokens - tokensOf(system));
  const answered = new Set(recent.flatMap((message) => (message.role === 'tool' ? [message.toolCallId] : [])));
  const asked = new Set<string>();
  const params: ChatParam[] = [{ role: 'system', content: system }];
  for (const message of recent) {
    if (message.role === 'user') {
      params.push({ role: 'user', content: userContent(message) });
    } else if (message.role === 'tool') {
      if (asked.has(message.toolCallId))
        params.push({ role: 'tool', tool_call_id: message.toolCallId, content: message.content });
    } else {
      const calls = (message.toolCalls ?? []).filter((call) => answered.has(call.id));
      for (const call of calls) asked.add(call.id);
      if (calls.length > 0) {
        params.push({
          role: 'assistant',
          content: message.content,
          tool_calls: calls.map(({ id, name, arguments: args }) => ({
            id,
            type: 'function',
            function: { name, arguments: JSON.stringify(args ?? {}) },
          })),
        });
      } else if (message.content !== '') {
        params.push({ role: 'assistant', content: message.content });
      }
    }
  }
  return params;
}

function userContent({
  content: text,
  images = [],
}: Extract<ChatMessage, { role: 'user' }>): string | OpenAI.Chat.Completions.ChatCompletionContentPart[] {
  if (images.length === 0) return text;
  return [{ type: 'text', text }, ...images.map((url) => ({ type: 'image_url', image_url: { url } }) as const)];
}

export function toolParams(tools: readonly ToolDefinition[]): ToolParam[] {
  return tools.map(({ name, description, parameters }) => ({ type: 'function', function: { name, description, parameters } }));
}

function fitting(messages: readonly ChatMessage[], maxTokens: number): readonly ChatMessage[] {
  const said = messages.findLastIndex(({ role }) => role === 'user');
  const lastWords = said < 0 ? messages.length - 1 : said;
  let first = messages.length;
  let left = maxTokens;
  while (first > 0) {
    left -= tokensOfMessage(messages[first - 1]!);
    if (left < 0 && first <= lastWords) break;
    first -= 1;
  }
  return messages.slice(first);
}

function tokensOfMessage(message: ChatMessage): number {
  const calls = message.role === 'assistant' && message.toolCalls?.length ? JSON.stringify(message.toolCalls) : '';
  return tokensOf(message.content) + tokensOf(calls) + TOKENS_PER_MESSAGE;
}

/** An estimate: what a token is differs from model to model. */
const tokensOf = (text: string): number => Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
