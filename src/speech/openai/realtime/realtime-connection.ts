import type { RealtimeFunctionTool } from 'openai/resources/realtime/realtime';
import type { Clock } from '../../../core/clock.js';
import type { AppError } from '../../../core/errors.js';
import type { AgentSettings } from '../../../domain/agent.js';
import type {
  RecognitionOptions,
  RecognitionStream,
  ReplyEvent,
  ReplyRequest,
  ToolDefinition,
} from '../../../domain/ports/speech.js';
import { within } from '../../../pipeline/deadline.js';
import { isOwnVoice } from '../../own-voices.js';
import { type ProviderFault, providerFailed } from '../../provider-error.js';
import { OPENAI_URL, type OpenAiServiceOptions } from '../client.js';
import { materialText } from '../material.js';
import { languageHint } from '../openai-speech-to-text.js';
import { systemPrompt } from '../prompt.js';
import { isRecord } from '../tool-calls.js';
import { RealtimeHistory } from './realtime-history.js';
import { RATE_HZ, RealtimeResponse } from './realtime-response.js';
import { RealtimeSocket } from './realtime-socket.js';
import { RealtimeUtterance } from './realtime-utterance.js';

export type OpenAiRealtimeOptions = OpenAiServiceOptions & { provider: string; voice: string; transcription: string };

/** A server that goes on with an answer for longer after it was told to stop is not listening. */
const STOPS_WITHIN_MS = 1500;
/** A second of audio is 64 kB in base64, and servers send a few at once. */
const MAX_MESSAGE_BYTES = 4_000_000;
const TRANSCRIPTION = 'conversation.item.input_audio_transcription';
const FORMAT = { type: 'audio/pcm', rate: RATE_HZ } as const;

/**
 * One WebSocket of a realtime session (`/realtime?model=…`), as long as it lasts: what is heard goes out, answers are asked for one at a
 * time. Who speaks how long is ours to say: the server's own detection is turned off.
 */
export class RealtimeConnection {
  readonly #options: OpenAiRealtimeOptions;
  readonly #agent: AgentSettings;
  readonly #clock: Clock;
  readonly #socket: RealtimeSocket;
  readonly #history = new RealtimeHistory();
  /** All that nobody has the words of yet; those that are no item yet, by the id of their commit and in order; the others by it. */
  readonly #utterances = new Set<RealtimeUtterance>();
  readonly #committing = new Map<string, RealtimeUtterance>();
  readonly #byItem = new Map<string, RealtimeUtterance>();
  #response: { id: string; answer: RealtimeResponse; cancelled: boolean } | undefined;
  #count = 0;

  constructor(agent: AgentSettings, options: OpenAiRealtimeOptions, clock: Clock) {
    this.#agent = agent;
    this.#options = options;
    this.#clock = clock;
    const { provider, apiKey, baseUrl = OPENAI_URL, model, timeoutMs, onAnswer } = options;
    this.#socket = new RealtimeSocket({
      provider,
      stage: 'llm',
      apiKey,
      baseUrl,
      query: `model=${encodeURIComponent(model)}`,
      connectWithinMs: timeoutMs,
      maxMessageBytes: MAX_MESSAGE_BYTES,
      first: () => ({ type: 'session.update', session: this.#session() }),
      onEvent: (event) => this.#onEvent(event),
      onFailed: (error) => this.#failed(error),
      onRefused: (statusCode) => onAnswer?.(statusCode),
    });
  }

  get over(): boolean {
    return this.#socket.over;
  }

  listen(options: RecognitionOptions): RecognitionStream {
    const utterance: RealtimeUtterance = new RealtimeUtterance(options, {
      clock: this.#clock,
      append: (audio) => this.#socket.send({ type: 'input_audio_buffer.append', audio }),
      clear: () => {
        this.#utterances.delete(utterance);
        this.#socket.send({ type: 'input_audio_buffer.clear' });
      },
      commit: () => this.#commit(utterance),
    });
    this.#utterances.add(utterance);
    return utterance;
  }

  async *reply({ agent, messages, tools, material, signal, onUsage }: ReplyRequest): AsyncGenerator<ReplyEvent> {
    await this.#free(signal);
    if (signal.aborted) return;
    if (this.over) throw this.#fault('interrupted');
    for (const event of this.#history.sync(messages)) this.#socket.send(event);
    const answer = new RealtimeResponse({
      offered: new Set(tools.map(({ name }) => name)),
      onItem: (item, callId) => this.#history.add(item, callId),
      cutOff: (item, heardMs) => this.#cutOff(item, heardMs),
      unusable: (reason) => this.#fault(reason),
    });
    const id = `answer_${++this.#count}`;
    this.#response = { id, answer, cancelled: false };
    const instructions = [systemPrompt(agent, this.#clock.nowMs(), 'voice'), materialText(material)].filter(Boolean).join('\n\n');
    const response = { instructions, ...(tools.length > 0 ? { tools: tools.map(functionTool) } : {}) };
    this.#socket.send({ type: 'response.create', event_id: id, response });
    // What a broken-off answer has cost is told at its end too.
    if (onUsage) void answer.end().then(() => onUsage(answer.usage ?? {}));
    try {
      yield* answer.events(signal);
    } finally {
      this.#cancel();
    }
  }

  close(): void {
    this.#socket.close();
    this.#failed(this.#fault('interrupted'));
  }

  #session(): object {
    const { transcription, voice } = this.#options;
    const { language, voiceSettings } = this.#agent;
    const { speed, voice: own } = voiceSettings;
    const hint = languageHint(language);
    return {
      type: 'realtime',
      output_modalities: ['audio'],
      instructions: systemPrompt(this.#agent, this.#clock.nowMs(), 'voice'),
      audio: {
        input: {
          format: FORMAT,
          transcription: { model: transcription, ...(hint ? { language: hint } : {}) },
          turn_detection: null,
        },
        output: {
          format: FORMAT,
          voice: typeof own === 'string' && own !== '' && !isOwnVoice(own) ? own : voice,
          ...(typeof speed === 'number' && speed >= 0.25 && speed <= 1.5 ? { speed } : {}),
        },
      },
    };
  }

  /** Only one answer is made at a time: resolves when there is none. */
  async #free(signal: AbortSignal): Promise<void> {
    while (this.#response && !this.#response.answer.ended) {
      this.#cancel();
      const limit = { clock: this.#clock, limitMs: STOPS_WITHIN_MS, signal, what: 'the realtime session' };
      await within(this.#response.answer.end(), limit).catch(() => {
        if (!signal.aborted) this.#socket.fail('timeout');
      });
      if (signal.aborted) return;
    }
  }

  /** Stops the answer that is being made, if there is one. */
  #cancel(): void {
    if (!this.#response || this.#response.cancelled || this.#response.answer.ended) return;
    this.#response.cancelled = true;
    this.#socket.send({ type: 'response.cancel' });
  }

  #cutOff(item: string, heardMs: number): void {
    const audio_end_ms = Math.floor(heardMs);
    if (audio_end_ms <= 0) return;
    this.#socket.send({ type: 'conversation.item.truncate', item_id: item, content_index: 0, audio_end_ms });
  }

  #commit(utterance: RealtimeUtterance): void {
    if (this.over) return utterance.failed(this.#fault('interrupted'));
    const id = `commit_${++this.#count}`;
    this.#committing.set(id, utterance);
    this.#socket.send({ type: 'input_audio_buffer.commit', event_id: id });
  }

  #onEvent(event: Readonly<Record<string, unknown>>): void {
    const { type, item_id: item } = event;
    if (typeof type !== 'string') return;
    if (type.startsWith('response.')) this.#response?.answer.onEvent(event);
    else if (type === 'error') this.#onError(event['error']);
    else if (typeof item === 'string') this.#onHeard(type, item, event);
  }

  #onHeard(type: string, item: string, { delta, transcript }: Readonly<Record<string, unknown>>): void {
    if (type === 'input_audio_buffer.committed') {
      const [first] = this.#committing;
      this.#history.add(item);
      if (!first) return;
      const [commit, utterance] = first;
      this.#committing.delete(commit);
      this.#byItem.set(item, utterance);
      utterance.committed(item);
      return;
    }
    const utterance = this.#byItem.get(item);
    if (!utterance) return;
    if (type === `${TRANSCRIPTION}.delta` && typeof delta === 'string') utterance.delta(delta);
    else if (type === `${TRANSCRIPTION}.completed` && typeof transcript === 'string') this.#settle(item, utterance, transcript);
    else if (type === `${TRANSCRIPTION}.failed`) this.#settle(item, utterance, undefined);
  }

  #settle(item: string, utterance: RealtimeUtterance, transcript: string | undefined): void {
    this.#byItem.delete(item);
    this.#utterances.delete(utterance);
    if (transcript === undefined) utterance.failed(this.#fault('refused'));
    else utterance.completed(transcript);
  }

  /** What we tell of cuts and items may be overtaken by events, which does not matter. */
  #onError(error: unknown): void {
    const id = isRecord(error) ? error['event_id'] : undefined;
    if (typeof id !== 'string') return;
    const utterance = this.#committing.get(id);
    this.#committing.delete(id);
    utterance?.failed(this.#fault('refused'));
    if (id === this.#response?.id) this.#response.answer.fail(this.#fault('refused'));
  }

  #failed(error: AppError): void {
    this.#response?.answer.fail(error);
    for (const utterance of this.#utterances) utterance.failed(error);
    this.#utterances.clear();
    this.#committing.clear();
    this.#byItem.clear();
  }

  #fault(reason: ProviderFault['reason']): AppError {
    const { provider } = this.#options;
    return providerFailed({ provider, stage: 'llm', reason, retryable: true, statusCode: undefined, requestId: undefined });
  }
}

const functionTool = ({ name, description, parameters }: ToolDefinition): RealtimeFunctionTool => ({
  type: 'function',
  name,
  description,
  parameters,
});
