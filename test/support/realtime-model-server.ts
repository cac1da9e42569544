import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { sine } from './signal.js';

export type RealtimeItem = {
  id: string;
  type: string;
  role?: string;
  /** As written, or as transcribed. */
  text: string;
  /** Of an item that was heard or spoken. */
  audioMs?: number;
  callId?: string;
};

/** What an answer consists of. `say`: 50 ms of tone a character, or the audio given (24 kHz), word by word. */
export type AnswerStep =
  | { say: string; pcm?: Int16Array | undefined }
  | { write: string }
  | { tool: string; arguments?: unknown }
  | { hang: true }
  | { hangUp: true }
  | { send: object | string };

export type RealtimeModelOptions = {
  /** What the caller said with this commit; undefined: the transcription fails. */
  heard?: (session: RealtimeModelSession) => string | undefined;
  answer: (session: RealtimeModelSession) => readonly AnswerStep[];
  /** Refuses the upgrade instead. */
  refuseWith?: () => number | undefined;
};

type ClientEvent = {
  type: string;
  event_id?: string;
  session?: Record<string, unknown>;
  audio?: string;
  item?: { id: string; type: string; role?: string; content?: { text: string }[]; call_id?: string; output?: string };
  previous_item_id?: string;
  item_id?: string;
  audio_end_ms?: number;
  response?: { instructions?: string; tools?: { name: string }[] };
};

const RATE_HZ = 24_000;
const MS_PER_CHARACTER = 50;
export const TONE_HZ = 660;
const EVENT = 'conversation.item.input_audio_transcription';
/** As the interface's own counter does it, roughly; the test compares with these. */
export const USAGE = {
  total_tokens: 180,
  input_tokens: 120,
  output_tokens: 60,
  input_token_details: { text_tokens: 100, audio_tokens: 20, cached_tokens: 0 },
  output_token_details: { text_tokens: 10, audio_tokens: 50 },
};

/** One WebSocket, with the rules of the interface: what breaks one is answered with an error event. */
export class RealtimeModelSession {
  readonly authorization: string | undefined;
  readonly received: ClientEvent[] = [];
  readonly errors: string[] = [];
  readonly items: RealtimeItem[] = [];
  readonly closed: Promise<void>;
  config: Record<string, unknown> | undefined;
  /** Audio that was appended since the last commit, 24 kHz. */
  pcm: number[] = [];
  /** All of it. */
  heardPcm: number[] = [];
  answers = 0;
  readonly #client: WebSocket;
  readonly #options: RealtimeModelOptions;
  #active: { id: string } | undefined;
  #count = 0;

  constructor(client: WebSocket, authorization: string | undefined, options: RealtimeModelOptions) {
    this.#client = client;
    this.#options = options;
    this.authorization = authorization;
    this.closed = new Promise((resolve) => client.on('close', () => resolve()));
    client.on('message', (data) => this.#onEvent(JSON.parse(data.toString()) as ClientEvent));
    this.send({ type: 'session.created', session: { type: 'realtime' } });
  }

  /** `role: text` of what it remembers, in order; of audio that was cut off, how long it is. */
  get memory(): string[] {
    return this.items.map(({ type, role, text, audioMs }) => {
      const length = role === 'assistant' && audioMs !== undefined ? ` (${audioMs} ms)` : '';
      return type === 'message' ? `${role}: ${text}${length}` : `${type}: ${text}`;
    });
  }

  send(event: object | string): void {
    this.#client.send(typeof event === 'string' ? event : JSON.stringify(event));
  }

  hangUp(): void {
    this.#client.terminate();
  }

  #onEvent(event: ClientEvent): void {
    this.received.push(event);
    switch (event.type) {
      case 'session.update':
        this.config = event.session;
        return this.send({ type: 'session.updated', session: event.session ?? {} });
      case 'input_audio_buffer.append':
        return this.#append(event.audio ?? '');
      case 'input_audio_buffer.clear':
        this.pcm = [];
        return this.send({ type: 'input_audio_buffer.cleared' });
      case 'input_audio_buffer.commit':
        return this.#commit(event);
      case 'conversation.item.create':
        return this.#create(event);
      case 'conversation.item.delete':
        return this.#withItem(event, (index) => void this.items.splice(index, 1));
      case 'conversation.item.truncate':
        return this.#truncate(event);
      case 'response.create':
        return this.#respond(event);
      case 'response.cancel':
        if (!this.#active) return this.#refuse(event, 'response_cancel_not_active');
        return this.#done('cancelled');
      default:
        return this.#refuse(event, 'unknown_event');
    }
  }

  #refuse({ event_id }: ClientEvent, code: string): void {
    this.errors.push(code);
    this.send({ type: 'error', error: { type: 'invalid_request_error', code, message: code, event_id } });
  }

  #append(audio: string): void {
    const bytes = Buffer.from(audio, 'base64');
    for (let at = 0; at + 1 < bytes.length; at += 2) this.pcm.push(bytes.readInt16LE(at));
  }

  #commit(event: ClientEvent): void {
    if (this.pcm.length < RATE_HZ / 10) return this.#refuse(event, 'input_audio_buffer_commit_empty');
    const id = this.#id('heard');
    const audioMs = Math.round((this.pcm.length * 1000) / RATE_HZ);
    this.heardPcm.push(...this.pcm);
    this.pcm = [];
    const text = this.#options.heard?.(this);
    this.items.push({ id, type: 'message', role: 'user', text: text ?? '', audioMs });
    this.send({ type: 'input_audio_buffer.committed', item_id: id, previous_item_id: null });
    if (text === undefined) return this.send({ type: `${EVENT}.failed`, item_id: id, content_index: 0, error: {} });
    this.send({ type: `${EVENT}.delta`, item_id: id, content_index: 0, delta: text });
    return this.send({ type: `${EVENT}.completed`, item_id: id, content_index: 0, transcript: text });
  }

  #create(event: ClientEvent): void {
    const { item, previous_item_id: previous } = event;
    if (!item) return this.#refuse(event, 'no_item');
    const at = previous === 'root' ? 0 : this.items.findIndex(({ id }) => id === previous) + 1;
    if (previous !== 'root' && at === 0) return this.#refuse(event, 'item_create_invalid_previous');
    const { id, type, role, content, call_id, output } = item;
    if (type === 'function_call_output' && !this.items.some(({ callId }) => callId === call_id)) {
      return this.#refuse(event, 'function_call_missing');
    }
    const made: RealtimeItem = { id, type, text: content?.[0]?.text ?? output ?? '' };
    if (role !== undefined) made.role = role;
    if (type === 'function_call' && call_id !== undefined) made.callId = call_id;
    this.items.splice(at, 0, made);
    return this.send({ type: 'conversation.item.added', item, previous_item_id: null });
  }

  #withItem(event: ClientEvent, task: (index: number) => void): void {
    const index = this.items.findIndex(({ id }) => id === event.item_id);
    if (index < 0) return this.#refuse(event, 'item_not_found');
    return task(index);
  }

  #truncate(event: ClientEvent): void {
    this.#withItem(event, (index) => {
      const item = this.items[index];
      const { audio_end_ms: endMs = 0 } = event;
      if (!item || item.role !== 'assistant' || endMs > (item.audioMs ?? 0)) return this.#refuse(event, 'truncate_invalid');
      item.audioMs = endMs;
      // The interface forgets the words with the audio.
      item.text = '';
      return this.send({ type: 'conversation.item.truncated', item_id: item.id, content_index: 0, audio_end_ms: endMs });
    });
  }

  #respond(event: ClientEvent): void {
    if (this.#active) return this.#refuse(event, 'conversation_already_has_active_response');
    this.#active = { id: this.#id('resp') };
    this.answers += 1;
    this.send({ type: 'response.created', response: { id: this.#active.id, status: 'in_progress' } });
    for (const step of this.#options.answer(this)) {
      if (!this.#active || 'hang' in step) return;
      if ('hangUp' in step) return this.hangUp();
      if ('send' in step) this.send(step.send);
      else if ('tool' in step) this.#call(step.tool, step.arguments);
      else if ('write' in step) this.#write(step.write);
      else this.#say(step.say, step.pcm ?? toneOf(step.say.length * MS_PER_CHARACTER));
    }
    this.#done('completed');
  }

  #say(text: string, pcm: Int16Array): void {
    const id = this.#id('spoken');
    const common = { response_id: this.#active?.id, item_id: id, output_index: 0, content_index: 0 };
    const item: RealtimeItem = { id, type: 'message', role: 'assistant', text, audioMs: 0 };
    this.items.push(item);
    this.send({ type: 'response.output_item.added', item: { id, type: 'message', role: 'assistant' }, ...common });
    item.audioMs = (pcm.length * 1000) / RATE_HZ;
    let end = 0;
    for (const word of text.match(/\S+\s*/g) ?? []) {
      this.send({ type: 'response.output_audio_transcript.delta', delta: word, ...common });
      const from = Math.round((end / text.length) * pcm.length);
      end += word.length;
      const piece = pcm.slice(from, Math.round((end / text.length) * pcm.length));
      this.send({ type: 'response.output_audio.delta', delta: Buffer.from(piece.buffer).toString('base64'), ...common });
    }
    this.send({ type: 'response.output_item.done', item: { id, type: 'message', role: 'assistant' }, ...common });
  }

  #write(text: string): void {
    const id = this.#id('written');
    this.items.push({ id, type: 'message', role: 'assistant', text });
    this.send({ type: 'response.output_text.delta', delta: text, item_id: id });
    this.send({ type: 'response.output_item.done', item: { id, type: 'message', role: 'assistant' } });
  }

  #call(name: string, args: unknown = {}): void {
    const id = this.#id('called');
    const callId = this.#id('call');
    this.items.push({ id, type: 'function_call', text: name, callId });
    const item = { id, type: 'function_call', call_id: callId, name, arguments: JSON.stringify(args) };
    this.send({ type: 'response.output_item.added', item: { ...item, arguments: '' } });
    this.send({ type: 'response.output_item.done', item });
  }

  #done(status: string): void {
    const id = this.#active?.id;
    this.#active = undefined;
    this.send({ type: 'response.done', response: { id, status, usage: USAGE } });
  }

  #id(kind: string): string {
    return `${kind}_${++this.#count}`;
  }
}

const toneOf = (ms: number): Int16Array => sine(TONE_HZ, ms, RATE_HZ);

/** The documented events of a speech-to-speech session on loopback. */
export class RealtimeModelServer {
  readonly sessions: RealtimeModelSession[] = [];
  readonly paths: string[] = [];
  readonly #server: Server = createServer((_, response) => response.writeHead(404).end());
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: 4_000_000, perMessageDeflate: false });

  private constructor(options: RealtimeModelOptions) {
    this.#server.on('upgrade', (request, socket, head) => {
      this.paths.push(request.url ?? '');
      const status = request.url?.startsWith('/v1/realtime?model=') ? options.refuseWith?.() : 404;
      if (status !== undefined) {
        socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (client) => {
        this.sessions.push(new RealtimeModelSession(client, request.headers.authorization, options));
      });
    });
  }

  static async start(options: RealtimeModelOptions): Promise<RealtimeModelServer> {
    const server = new RealtimeModelServer(options);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  /** For `baseUrl`. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  async close(): Promise<void> {
    for (const client of this.#sockets.clients) client.terminate();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
