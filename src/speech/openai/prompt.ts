import type OpenAI from 'openai';
import type { AgentSettings } from '../../domain/agent.js';
import type { ChatMessage, ToolDefinition } from '../../domain/ports/speech.js';

type ChatParam = OpenAI.Chat.Completions.ChatCompletionMessageParam;
type ToolParam = OpenAI.Chat.Completions.ChatCompletionFunctionTool;

/** What goes into one prompt of the knowledge text; more would cost the caller a pause. */
const MAX_KNOWLEDGE_CHARACTERS = 16_000;
const MAX_INTENTS = 100;
/** A telephone conversation rarely has more; what is older is left out. */
const MAX_MESSAGES = 80;

const TELEPHONE_STYLE = [
  'You are speaking on the telephone. Everything you write is read aloud by a speech synthesiser, and what you read was written down by a speech recogniser, which may have misheard.',
  '- Answer in one to three short, spoken sentences. Ask at most one question at a time.',
  '- Plain words only: no lists, headings, markdown, emoji or links. Write numbers, dates, times and abbreviations the way they are spoken.',
  '- If what you read makes no sense, ask the caller to say it again instead of guessing.',
  '- Never invent facts about the business. Say so when you do not know.',
].join('\n');

/** Who the agent is, how one speaks on the telephone, and what it knows. */
export function systemPrompt(agent: AgentSettings): string {
  const parts = [agent.systemPrompt.trim() || `You are ${agent.name}.`, TELEPHONE_STYLE, `Speak the language ${agent.language}.`];
  const intents = agent.script?.intents.slice(0, MAX_INTENTS) ?? [];
  if (intents.length > 0) {
    const lines = intents.map((intent) => `- ${intent.name.slice(0, 200)}: ${intent.reply.slice(0, 1_000)}`);
    parts.push(
      `What to answer to common requests, in these or similar words ({{…}} stands for what the caller said):\n${lines.join('\n')}`,
    );
  }
  if (agent.knowledge) parts.push(`What you know:\n${agent.knowledge.slice(0, MAX_KNOWLEDGE_CHARACTERS)}`);
  parts.push('When the caller says goodbye, say goodbye and call the tool end_call.');
  return parts.join('\n\n');
}

/**
 * The conversation as chat completions take it: a call of a tool and its result only appear together, because a server
 * refuses the whole request otherwise.
 */
export function chatMessages(agent: AgentSettings, messages: readonly ChatMessage[]): ChatParam[] {
  const recent = messages.slice(-MAX_MESSAGES);
  const answered = new Set(recent.flatMap((message) => (message.role === 'tool' ? [message.toolCallId] : [])));
  const asked = new Set<string>();
  const params: ChatParam[] = [{ role: 'system', content: systemPrompt(agent) }];
  for (const message of recent) {
    if (message.role === 'user') {
      params.push({ role: 'user', content: message.content });
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

export function toolParams(tools: readonly ToolDefinition[]): ToolParam[] {
  return tools.map(({ name, description, parameters }) => ({ type: 'function', function: { name, description, parameters } }));
}
