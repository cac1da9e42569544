import { WebSocket } from 'ws';
import type { Cancel, Clock } from '../../core/clock.js';
import type { RecognitionOptions } from '../../domain/ports/speech.js';
import { type ProviderFault, providerFailed } from '../provider-error.js';
import { isRecord } from './tool-calls.js';
import { Upsampler } from './upsampler.js';

export type RealtimeTranscriptionOptions = {
  provider: string;
  apiKey: string | undefined;
  /** As of the other services: up to and including the version. */
  baseUrl: string;
  model: string;
  language: string | undefined;
  prompt: string;
  /** From the end of the utterance to its text. */
  timeoutMs: number;
  clock: Clock;
  signal: AbortSignal;
  onPartial: RecognitionOptions['onPartial'];
  /** The server has no such endpoint. */
  onRefused: (statusCode: number) => void;
};

const MAX_TEXT_CHARACTERS = 20_000;
const MAX_MESSAGE_BYTES = 1_000_000;
const TRANSCRIPTION = 'conversation.item.input_audio_transcription';

/**
 * One utterance on a transcription session of its own (WebSocket `/realtime?intent=transcription`): audio goes out while it is
 * spoken, so that only its end is left to be understood. Who speaks how long is ours to say: the server's own is turned off.
 */
export class RealtimeTranscription {
  readonly #options: RealtimeTranscriptionOptions;
  readonly #socket: WebSocket;
  readonly #upsampler = new Upsampler();
  readonly #text: Promise<string>;
  #resolve: (text: string) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  /** What is to be sent when the session is open. */
  #waiting: string[] | undefined = [];
  #partial = '';
  #cancelTimer: Cancel = () => undefined;

  constructor(options: RealtimeTranscriptionOptions) {
    this.#options = options;
    this.#text = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // It may fail before anybody waits for it.
    this.#text.catch(() => undefined);
    const url = `${options.baseUrl.replace(/^http/, 'ws').replace(/\/+$/, '')}/realtime?intent=transcription`;
    const headers: Record<string, string> = options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` };
    this.#socket = new WebSocket(url, { headers, perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES });
    this.#socket.on('open', () => this.#begin());
    this.#socket.on('message', (data) => this.#onMessage(data));
    this.#socket.on('error', () => this.#fail('unreachable'));
    this.#socket.on('close', () => this.#fail('interrupted'));
    this.#socket.on('unexpected-response', (_request, { statusCode = 0 }) => {
      options.onRefused(statusCode);
      this.#fail('refused', statusCode);
    });
    options.signal.addEventListener('abort', () => this.close(), { once: true });
    if (options.signal.aborted) this.close();
  }

  /** 16 kHz mono. */
  write(pcm: Int16Array): void {
    const samples = this.#upsampler.push(pcm);
    const audio = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).toString('base64');
    if (audio !== '') this.#send({ type: 'input_audio_buffer.append', audio });
  }

  /** The utterance is over. @throws AppError `provider_failed` */
  async finish(): Promise<string> {
    const { clock, timeoutMs } = this.#options;
    this.#send({ type: 'input_audio_buffer.commit' });
    this.#cancelTimer = clock.schedule(timeoutMs, () => this.#fail('timeout'));
    try {
      return await this.#text;
    } finally {
      this.close();
    }
  }

  /** Idempotent. */
  close(): void {
    this.#fail('interrupted');
  }

  #begin(): void {
    const { model, language, prompt } = this.#options;
    const transcription = { model, ...(language ? { language } : {}), ...(prompt ? { prompt } : {}) };
    const input = { format: { type: 'audio/pcm', rate: 24_000 }, transcription, turn_detection: null };
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    this.#send({ type: 'session.update', session: { type: 'transcription', audio: { input } } });
    for (const message of waiting) this.#socket.send(message);
  }

  #send(event: object): void {
    const message = JSON.stringify(event);
    if (this.#waiting) this.#waiting.push(message);
    else if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(message);
  }

  #onMessage(data: Buffer): void {
    let event: unknown;
    try {
      event = JSON.parse(data.toString());
    } catch {
      return this.#fail('malformed');
    }
    if (!isRecord(event)) return this.#fail('malformed');
    if (event['type'] === `${TRANSCRIPTION}.delta`) this.#onDelta(event['delta']);
    else if (event['type'] === `${TRANSCRIPTION}.completed`) this.#onCompleted(event['transcript']);
    // The text of an error may repeat the request.
    else if (event['type'] === `${TRANSCRIPTION}.failed` || event['type'] === 'error') this.#fail('refused');
  }

  #onDelta(delta: unknown): void {
    if (typeof delta !== 'string' || delta === '') return;
    this.#partial += delta;
    if (this.#partial.length > MAX_TEXT_CHARACTERS) this.#fail('oversized');
    else if (!this.#options.signal.aborted) this.#options.onPartial?.(this.#partial.trim());
  }

  #onCompleted(transcript: unknown): void {
    if (typeof transcript !== 'string') this.#fail('malformed');
    else if (transcript.length > MAX_TEXT_CHARACTERS) this.#fail('oversized');
    else this.#resolve(transcript.trim());
  }

  /** Ends the session. What comes after the text, or after the first failure, changes nothing. */
  #fail(reason: ProviderFault['reason'], statusCode?: number): void {
    const { provider } = this.#options;
    this.#cancelTimer();
    this.#waiting = undefined;
    this.#reject(providerFailed({ provider, stage: 'stt', reason, retryable: true, statusCode, requestId: undefined }));
    // Nobody is owed a farewell, and one that never comes must not keep the socket.
    this.#socket.terminate();
  }
}
