import type OpenAI from 'openai';
import { type Clock, systemClock } from '../../core/clock.js';
import type {
  LanguageModel,
  OnUsage,
  ReplyEvent,
  ReplyRequest,
  ToolDefinition,
  WritingRequest,
} from '../../domain/ports/speech.js';
import type { Metered } from '../../domain/provider-usage.js';
import { WarmConnection } from '../warm-connection.js';
import { chatMessages, toolParams } from './chat-messages.js';
import { createClient, failureOf, OPENAI_URL, type OpenAiServiceOptions, unusable } from './client.js';
import { withMaterial } from './material.js';
import { systemPrompt } from './prompt.js';
import { isRecord, ToolCallAssembly } from './tool-calls.js';
import { Watchdog } from './watchdog.js';

/** Where a server does not say how many tokens a text has. */
const CHARS_PER_TOKEN = 4;
/** Twenty minutes of speech: no answer of a sane model. */
const MAX_TEXT_CHARACTERS = 20_000;
/** The same as server-sent events, whose envelope weighs far more than the text in it. */
const MAX_ANSWER_BYTES = 8_000_000;

type Completion = Pick<OpenAI.Chat.Completions.ChatCompletionCreateParams, 'messages' | 'tools' | 'response_format'> &
  Partial<Pick<OpenAI.Chat.Completions.ChatCompletionCreateParams, 'model' | 'temperature'>>;

/** Chat completions of an OpenAI-compatible server. */
export class OpenAiLanguageModel implements LanguageModel {
  readonly name: string;
  readonly #client: ReturnType<typeof createClient>;
  readonly #options: OpenAiServiceOptions;
  readonly #clock: Clock;
  readonly #warm: WarmConnection;

  constructor(options: OpenAiServiceOptions, clock: Clock = systemClock) {
    this.#options = options;
    this.name = options.provider ?? 'openai';
    this.#clock = clock;
    this.#client = createClient(options, MAX_ANSWER_BYTES);
    this.#warm = new WarmConnection(options.baseUrl ?? OPENAI_URL, clock);
  }

  connect(): void {
    this.#warm.open();
  }

  get model(): string {
    return this.#options.model;
  }

  async *reply({ agent, messages, tools, material, medium, signal, onUsage }: ReplyRequest): AsyncGenerator<ReplyEvent> {
    const params = toolParams(tools);
    const { creativity, contextMaxTokens, model } = agent.answer ?? {};
    const completion: Completion = {
      messages: withMaterial(
        chatMessages(systemPrompt(agent, this.#clock.nowMs(), medium), messages, contextMaxTokens),
        material,
      ),
      ...(params.length > 0 ? { tools: params } : {}),
      ...(model === undefined ? {} : { model }),
      // Half of the interface's range: above 1 models lose the thread. Models that take no temperature are told none.
      ...(creativity === undefined ? {} : { temperature: creativity / 10 }),
    };
    yield* this.#watched(completion, tools, signal, onUsage);
  }

  async write({ instructions, material, signal }: WritingRequest): Promise<string> {
    let text = '';
    const completion: Completion = {
      messages: [
        { role: 'system', content: instructions },
        { role: 'user', content: material },
      ],
      response_format: { type: 'json_object' },
    };
    for await (const event of this.#watched(completion, [], signal)) if (event.type === 'text') text += event.text;
    signal.throwIfAborted();
    return text;
  }

  get #origin() {
    return { provider: this.name, stage: 'llm' } as const;
  }

  async *#watched(
    completion: Completion,
    tools: readonly ToolDefinition[],
    signal: AbortSignal,
    onUsage?: OnUsage,
  ): AsyncGenerator<ReplyEvent> {
    if (signal.aborted) return;
    const watchdog = new Watchdog(this.#clock, this.#options.timeoutMs, signal);
    try {
      watchdog.wait();
      for await (const event of this.#stream(completion, tools, watchdog, onUsage)) {
        watchdog.hold();
        // What arrived after the abort is no longer wanted.
        if (signal.aborted) return;
        yield event;
        watchdog.wait();
      }
    } catch (error) {
      if (signal.aborted) return;
      throw failureOf(error, this.#origin, watchdog);
    } finally {
      watchdog.close();
    }
  }

  async *#stream(
    completion: Completion,
    tools: readonly ToolDefinition[],
    watchdog: Watchdog,
    onUsage?: OnUsage,
  ): AsyncGenerator<ReplyEvent> {
    const stream = await this.#client.chat.completions.create(
      {
        model: this.#options.model,
        ...completion,
        stream: true,
        // Of others than OpenAI itself some refuse what they do not know.
        ...(this.#options.baseUrl === undefined ? { stream_options: { include_usage: true } } : {}),
      },
      { signal: watchdog.signal },
    );
    const assembly = new ToolCallAssembly(tools.map((tool) => tool.name));
    let characters = 0;
    let said = false;
    let usage: Metered | undefined;
    try {
      for await (const chunk of stream) {
        usage = usageOf(chunk) ?? usage;
        const delta = deltaOf(chunk);
        if (!delta) continue;
        if (!assembly.add(delta['tool_calls'])) throw unusable(this.#origin, 'oversized');
        const text = delta['content'] || delta['refusal'];
        if (typeof text !== 'string' || text === '') continue;
        characters += text.length;
        if (characters > MAX_TEXT_CHARACTERS) throw unusable(this.#origin, 'oversized');
        said ||= text.trim() !== '';
        yield { type: 'text', text };
      }
    } finally {
      onUsage?.(usage ?? estimated(completion, characters));
    }
    // The client ends an aborted stream quietly.
    if (watchdog.signal.aborted) throw unusable(this.#origin, 'timeout');
    const calls = assembly.calls();
    if (!said && calls.length === 0) throw unusable(this.#origin, 'empty');
    for (const call of calls) yield { type: 'tool', call };
  }
}

function estimated({ messages, tools = [] }: Completion, answered: number): Metered {
  const asked = JSON.stringify(messages).length + JSON.stringify(tools).length;
  return { inputTokens: Math.ceil(asked / CHARS_PER_TOKEN), outputTokens: Math.ceil(answered / CHARS_PER_TOKEN) };
}

/** What the server counted, which it tells at the end if at all. */
function usageOf(chunk: unknown): Metered | undefined {
  const usage = isRecord(chunk) ? chunk['usage'] : undefined;
  if (!isRecord(usage)) return undefined;
  const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = usage;
  return typeof inputTokens === 'number' && typeof outputTokens === 'number' ? { inputTokens, outputTokens } : undefined;
}

/** The first choice's delta; the type is the client's promise, not the server's. */
function deltaOf(chunk: unknown): Record<string, unknown> | undefined {
  const choices = isRecord(chunk) ? chunk['choices'] : undefined;
  const first: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const delta = isRecord(first) ? first['delta'] : undefined;
  return isRecord(delta) ? delta : undefined;
}
