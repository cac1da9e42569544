import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ChatMessage, ReplyEvent, SpeechChunk, ToolCall, ToolDefinition } from '../../src/domain/ports/speech.js';
import { formOf, wavSamples } from './multipart.js';

export type SpeechJob = { input: string; voice: string; model: string; speed: number | undefined; signal: AbortSignal };
export type TranscriptionJob = {
  pcm: Int16Array;
  rateHz: number;
  model: string;
  language: string | undefined;
  prompt: string | undefined;
  signal: AbortSignal;
};
export type ChatJob = { model: string; system: string; messages: ChatMessage[]; tools: ToolDefinition[]; signal: AbortSignal };
export type RawHandler = (response: ServerResponse, request: IncomingMessage, body: Buffer) => void;

export type OpenAiServerOptions = {
  /** Speaks for `/v1/audio/speech`; audio of any rate is brought to the interface's 24 kHz and sent as it comes. */
  speech?: (job: SpeechJob) => AsyncIterable<SpeechChunk>;
  /** Listens for `/v1/audio/transcriptions`. */
  transcription?: (job: TranscriptionJob) => Promise<string>;
  /** Thinks for `/v1/chat/completions`, streamed. */
  chat?: (job: ChatJob) => AsyncIterable<ReplyEvent>;
  /** Answers in place of the above, byte for byte, by path: for misbehaviour. */
  raw?: Readonly<Record<string, RawHandler>>;
};

/** `ended` tells whether our answer was taken to its end or the client hung up before. */
export type SeenRequest = {
  path: string;
  authorization: string | undefined;
  body: Buffer;
  ended: Promise<'finished' | 'aborted'>;
};

const SPEECH_RATE_HZ = 24_000;

/** An OpenAI-compatible server on loopback that does what its functions say. */
export class OpenAiServer {
  readonly requests: SeenRequest[] = [];
  /** That were ever opened. */
  connections = 0;
  readonly #server: Server;
  readonly #options: OpenAiServerOptions;
  readonly #waiting: ((request: SeenRequest) => void)[] = [];

  private constructor(options: OpenAiServerOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      // Somebody opens a connection for what is to come.
      if (request.method === 'OPTIONS') return void response.writeHead(404).end();
      this.#serve(request, response).catch(() => response.destroy());
      return undefined;
    });
    this.#server.on('connection', () => {
      this.connections += 1;
    });
  }

  static async start(options: OpenAiServerOptions): Promise<OpenAiServer> {
    const server = new OpenAiServer(options);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  /** For `baseUrl`. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** Resolves with the next request as soon as its body is here. */
  async nextRequest(): Promise<SeenRequest> {
    return await new Promise((resolve) => this.#waiting.push(resolve));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces);
    const gone = new AbortController();
    const ended = new Promise<'finished' | 'aborted'>((resolve) => {
      response.once('close', () => {
        gone.abort();
        resolve(response.writableFinished ? 'finished' : 'aborted');
      });
    });
    const path = request.url ?? '';
    const seen = { path, authorization: request.headers.authorization, body, ended };
    this.requests.push(seen);
    for (const resolve of this.#waiting.splice(0)) resolve(seen);

    const raw = this.#options.raw?.[path];
    const { chat, speech, transcription } = this.#options;
    if (raw) raw(response, request, body);
    else if (path === '/v1/chat/completions' && chat) await sendChat(response, chat(chatJobOf(body, gone.signal)));
    else if (path === '/v1/audio/speech' && speech) await sendSpeech(response, speech(speechJobOf(body, gone.signal)));
    else if (path === '/v1/audio/transcriptions' && transcription) {
      const text = await transcription(transcriptionJobOf(request, body, gone.signal));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ text }));
    } else {
      response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message: 'no such path' } }));
    }
  }
}

/** One server-sent event. */
export const sse = (data: unknown): string => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

/** One chunk of a streamed chat completion. */
export function chatChunk(delta: object, finishReason: string | null = null): object {
  const choices = [{ index: 0, delta, finish_reason: finishReason }];
  return { id: 'chatcmpl-test', object: 'chat.completion.chunk', created: 0, model: 'test', choices };
}

async function sendChat(response: ServerResponse, events: AsyncIterable<ReplyEvent>): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let calls = 0;
  for await (const event of events) {
    if (response.destroyed) return;
    if (event.type === 'text') {
      response.write(sse(chatChunk({ content: event.text })));
    } else if (event.type === 'tool') {
      const { id, name } = event.call;
      const called = { name, arguments: JSON.stringify(event.call.arguments ?? {}) };
      response.write(sse(chatChunk({ tool_calls: [{ index: calls++, id, type: 'function', function: called }] })));
    }
  }
  response.end(sse(chatChunk({}, calls > 0 ? 'tool_calls' : 'stop')) + sse('[DONE]'));
}

async function sendSpeech(response: ServerResponse, chunks: AsyncIterable<SpeechChunk>): Promise<void> {
  response.writeHead(200, { 'content-type': 'audio/pcm' });
  for await (const { pcm, rateHz } of chunks) {
    if (response.destroyed) return;
    const samples = resampled(pcm, rateHz, SPEECH_RATE_HZ);
    response.write(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
  }
  response.end();
}

/** Straight lines between samples: good enough to be understood. */
function resampled(pcm: Int16Array, fromHz: number, toHz: number): Int16Array {
  if (fromHz === toHz) return pcm;
  const out = new Int16Array(Math.floor((pcm.length * toHz) / fromHz));
  for (let i = 0; i < out.length; i++) {
    const at = (i * fromHz) / toHz;
    const before = pcm[Math.floor(at)] ?? 0;
    const after = pcm[Math.floor(at) + 1] ?? before;
    out[i] = Math.round(before + (after - before) * (at % 1));
  }
  return out;
}

function speechJobOf(body: Buffer, signal: AbortSignal): SpeechJob {
  const { input, voice, model, speed } = JSON.parse(body.toString()) as Omit<SpeechJob, 'signal'>;
  return { input, voice, model, speed, signal };
}

function transcriptionJobOf(request: IncomingMessage, body: Buffer, signal: AbortSignal): TranscriptionJob {
  const form = formOf(request.headers['content-type'] ?? '', body);
  const text = (name: string): string | undefined => form.get(name)?.toString();
  const wav = form.get('file');
  if (!wav) throw new Error('no file in the form');
  return { ...wavSamples(wav), model: text('model') ?? '', language: text('language'), prompt: text('prompt'), signal };
}

type WireCall = { id: string; function: { name: string; arguments: string } };
type WireMessage = { role: string; content: string | null; tool_calls?: WireCall[]; tool_call_id?: string };

function chatJobOf(body: Buffer, signal: AbortSignal): ChatJob {
  const wire = JSON.parse(body.toString()) as { model: string; messages: WireMessage[]; tools?: { function: ToolDefinition }[] };
  const system = wire.messages.find((message) => message.role === 'system')?.content ?? '';
  const messages = wire.messages.flatMap((message): ChatMessage[] => {
    const content = message.content ?? '';
    if (message.role === 'user') return [{ role: 'user', content }];
    if (message.role === 'tool') return [{ role: 'tool', content, toolCallId: message.tool_call_id ?? '' }];
    return message.role === 'assistant' ? [{ role: 'assistant', content, toolCalls: message.tool_calls?.map(toolCallOf) }] : [];
  });
  return { model: wire.model, system, messages, tools: (wire.tools ?? []).map((tool) => tool.function), signal };
}

const toolCallOf = ({ id, function: called }: WireCall): ToolCall => ({
  id,
  name: called.name,
  arguments: JSON.parse(called.arguments) as unknown,
});
