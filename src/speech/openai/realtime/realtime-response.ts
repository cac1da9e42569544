import type { AppError } from '../../../core/errors.js';
import type { ReplyEvent, SpokenItem } from '../../../domain/ports/speech.js';
import type { Metered } from '../../../domain/provider-usage.js';
import { isRecord, parseArguments } from '../tool-calls.js';

/** Of what is spoken. */
export const RATE_HZ = 24_000;
/** Five minutes of speech, and what is said in ten: no answer of a sane model. */
const MAX_SAMPLES = 300 * RATE_HZ;
const MAX_TEXT_CHARACTERS = 10_000;
const MAX_CALLS = 16;

export type RealtimeResponseDeps = {
  /** The names of the tools. */
  offered: ReadonlySet<string>;
  /** An item of the answer was made, by which call of a tool if it is one. */
  onItem(item: string, callId?: string): void;
  cutOff(item: string, heardMs: number): void;
  unusable(reason: 'malformed' | 'empty' | 'oversized' | 'refused'): AppError;
};

/** One answer of a realtime session: what the server tells of it, as the events of a reply in order. */
export class RealtimeResponse {
  readonly #deps: RealtimeResponseDeps;
  readonly #events: ReplyEvent[] = [];
  readonly #items = new Map<string, SpokenItem>();
  #usage: Metered | undefined;
  #samples = 0;
  #characters = 0;
  #calls = 0;
  #said = false;
  /** Nothing more is passed on. */
  #over = false;
  /** The server makes no more of it. */
  #ended = false;
  #failure: Error | undefined;
  readonly #waiting: (() => void)[] = [];

  constructor(deps: RealtimeResponseDeps) {
    this.#deps = deps;
  }

  /** The server makes no more of it: another may be asked for. */
  get ended(): boolean {
    return this.#ended;
  }

  /** As the server counted, once it has ended. */
  get usage(): Metered | undefined {
    return this.#usage;
  }

  /** In order, until it is over or nobody wants it any more. @throws AppError `provider_failed` */
  async *events(signal: AbortSignal): AsyncGenerator<ReplyEvent> {
    const wake = (): void => this.#wake();
    signal.addEventListener('abort', wake, { once: true });
    try {
      while (!signal.aborted) {
        const event = this.#events.shift();
        if (event) yield event;
        else if (this.#over) break;
        else await this.#news();
      }
      if (this.#failure && !signal.aborted) throw this.#failure;
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  async end(): Promise<void> {
    while (!this.#ended) await this.#news();
  }

  /** The server makes none of it, or no more. */
  fail(error: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#spoil(error);
  }

  onEvent(event: Readonly<Record<string, unknown>>): void {
    const { type, item, item_id: id, delta } = event;
    if (type === 'response.done') return this.#onDone(event['response']);
    if (this.#over) return;
    if (type === 'response.output_audio.delta') this.#onAudio(id, delta);
    else if (type === 'response.output_audio_transcript.delta' || type === 'response.output_text.delta') this.#onText(id, delta);
    else if (type === 'response.output_item.added' && isRecord(item)) this.#onItem(item);
    else if (type === 'response.output_item.done' && isRecord(item)) this.#onItemDone(item);
  }

  #onAudio(id: unknown, delta: unknown): void {
    if (typeof id !== 'string' || typeof delta !== 'string') return this.#spoil(this.#deps.unusable('malformed'));
    const bytes = Buffer.from(delta, 'base64');
    const pcm = new Int16Array(Math.floor(bytes.length / 2));
    for (let i = 0; i < pcm.length; i += 1) pcm[i] = bytes.readInt16LE(i * 2);
    if (pcm.length === 0) return;
    this.#samples += pcm.length;
    if (this.#samples > MAX_SAMPLES) return this.#spoil(this.#deps.unusable('oversized'));
    this.#said = true;
    this.#tell({ type: 'spoken', piece: { item: this.#itemOf(id), audio: { pcm, rateHz: RATE_HZ } } });
  }

  #onText(id: unknown, delta: unknown): void {
    if (typeof id !== 'string' || typeof delta !== 'string') return this.#spoil(this.#deps.unusable('malformed'));
    this.#characters += delta.length;
    if (this.#characters > MAX_TEXT_CHARACTERS) return this.#spoil(this.#deps.unusable('oversized'));
    this.#tell({ type: 'spoken', piece: { item: this.#itemOf(id), text: delta } });
  }

  #onItem({ id, type, call_id: callId }: Readonly<Record<string, unknown>>): void {
    if (typeof id !== 'string') return;
    this.#deps.onItem(id, type === 'function_call' && typeof callId === 'string' ? callId : undefined);
  }

  #onItemDone(item: Readonly<Record<string, unknown>>): void {
    const { id, type, call_id: callId, name, arguments: json } = item;
    if (typeof id !== 'string') return;
    const spoken = this.#items.get(id);
    if (spoken) this.#tell({ type: 'spoken', piece: { item: spoken, done: true } });
    if (type !== 'function_call' || typeof callId !== 'string' || typeof name !== 'string') return;
    this.#calls += 1;
    if (this.#calls > MAX_CALLS) return this.#spoil(this.#deps.unusable('oversized'));
    if (!this.#deps.offered.has(name)) return;
    this.#said = true;
    this.#tell({ type: 'tool', call: { id: callId, name, arguments: parseArguments(typeof json === 'string' ? json : '') } });
  }

  #onDone(response: unknown): void {
    this.#ended = true;
    if (isRecord(response)) this.#usage = usageOf(response['usage']);
    const status = isRecord(response) ? response['status'] : undefined;
    if (status === 'failed') return this.#spoil(this.#deps.unusable('refused'));
    if (!this.#said && status !== 'cancelled') return this.#spoil(this.#deps.unusable('empty'));
    this.#over = true;
    this.#wake();
  }

  #itemOf(id: string): SpokenItem {
    const known = this.#items.get(id);
    if (known) return known;
    const item: SpokenItem = { id, cutOff: (heardMs) => this.#deps.cutOff(id, heardMs) };
    this.#items.set(id, item);
    this.#deps.onItem(id);
    return item;
  }

  #tell(event: ReplyEvent): void {
    this.#events.push(event);
    this.#wake();
  }

  #spoil(error: Error): void {
    if (!this.#over) this.#failure = error;
    this.#over = true;
    this.#wake();
  }

  #news(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** Cached tokens count as the others, so that nothing costs more than is said. */
function usageOf(usage: unknown): Metered | undefined {
  if (!isRecord(usage)) return undefined;
  const { input_tokens: input, output_tokens: output, input_token_details: inDetails, output_token_details: outDetails } = usage;
  const inputAudioTokens = audioTokens(inDetails);
  const outputAudioTokens = audioTokens(outDetails);
  return {
    inputTokens: Math.max(0, numberOf(input) - inputAudioTokens),
    outputTokens: Math.max(0, numberOf(output) - outputAudioTokens),
    inputAudioTokens,
    outputAudioTokens,
  };
}

const numberOf = (value: unknown): number => (typeof value === 'number' && value >= 0 ? value : 0);
const audioTokens = (details: unknown): number => (isRecord(details) ? numberOf(details['audio_tokens']) : 0);
