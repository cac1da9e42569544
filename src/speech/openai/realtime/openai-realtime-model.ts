import { type Clock, systemClock } from '../../../core/clock.js';
import type { AgentSettings } from '../../../domain/agent.js';
import type { LanguageModel, RealtimeModel, RealtimeSession, SpeechToText } from '../../../domain/ports/speech.js';
import { providerFailed } from '../../provider-error.js';
import { type OpenAiRealtimeOptions, RealtimeConnection } from './realtime-connection.js';

/** Speech to speech by the OpenAI Realtime interface. */
export class OpenAiRealtimeModel implements RealtimeModel {
  readonly name: string;
  readonly #options: OpenAiRealtimeOptions;
  readonly #clock: Clock;

  constructor(options: OpenAiRealtimeOptions, clock: Clock = systemClock) {
    this.name = options.provider;
    this.#options = options;
    this.#clock = clock;
  }

  open(agent: AgentSettings): RealtimeSession {
    return new OpenAiRealtimeSession(agent, this.#options, this.#clock);
  }
}

class OpenAiRealtimeSession implements RealtimeSession {
  readonly stt: SpeechToText;
  readonly llm: LanguageModel;
  readonly #open: () => RealtimeConnection;
  #connection: RealtimeConnection | undefined;
  #closed = false;

  constructor(agent: AgentSettings, options: OpenAiRealtimeOptions, clock: Clock) {
    const { provider: name, model } = options;
    this.#open = () => new RealtimeConnection(agent, options, clock);
    this.stt = { name, understands: true, open: (utterance) => this.#connected(name).listen(utterance) };
    this.llm = { name, model, reply: (request) => this.#connected(name).reply(request) };
  }

  connect(): void {
    if (!this.#closed && !this.#connection) this.#connection = this.#open();
  }

  close(): void {
    this.#closed = true;
    this.#connection?.close();
  }

  /** One that broke gives way to another, which is told what was said before. @throws AppError `provider_failed` after the call */
  #connected(provider: string): RealtimeConnection {
    const nothing = { retryable: false, statusCode: undefined, requestId: undefined };
    if (this.#closed) throw providerFailed({ provider, stage: 'llm', reason: 'interrupted', ...nothing });
    if (!this.#connection || this.#connection.over) this.#connection = this.#open();
    return this.#connection;
  }
}
