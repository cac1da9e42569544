import { randomUUID, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Cancel, Clock } from '../../core/clock.js';
import type { Logger } from '../../core/log.js';
import type { Application, Delivery, Outcome, Passage, Reply } from '../agent/application.js';
import type { Command } from '../agent/outbound.js';
import type { SipMessage, SipRequest, SipResponse } from '../message/sip-message.js';
import type { Address } from '../transport/flow.js';
import { FrameDecoder } from './frame-decoder.js';
import { encodeAnswer, encodeDelivery, encodeOutcome, type Frame, parseFrame } from './frames.js';
import { Outbox } from './outbox.js';

/** A connection that does not say who it is holds its place no longer than this. */
const AUTHENTICATION_MS = 5000;
/** Application libraries reconnect at once when they are thrown out at once. */
const WRONG_SECRET_PAUSE_MS = 1000;

/** What a connected application may have done for it. */
export type WireHost = {
  clock: Clock;
  log: Logger;
  secret: string;
  /** Addresses the application is told after it has authenticated. */
  describe(): { advertised: string; version: string; bound: string };
  respond(owner: Application, transactionId: string, text: Buffer, reply: Reply): void;
  request(owner: Application, command: Command, reply: Reply): void;
  onClosed(client: WireClient): void;
};

/** One application's connection. */
export class WireClient implements Application {
  readonly #socket: Socket;
  readonly #host: WireHost;
  readonly #decoder = new FrameDecoder();
  readonly #outbox: Outbox;
  readonly #routes = new Set<string>();
  #authenticated = false;
  #refused = false;
  #connected = true;
  #cancelDeadline: Cancel;

  constructor(socket: Socket, host: WireHost) {
    this.#socket = socket;
    this.#host = host;
    this.#outbox = new Outbox(host.clock, (frame) => this.#write(frame));
    this.#cancelDeadline = host.clock.schedule(AUTHENTICATION_MS, () => socket.destroy());
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => host.log.debug({ err: error }, 'application connection failed'));
    socket.on('close', () => this.#closed());
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** Methods it serves, in upper case. */
  get routes(): ReadonlySet<string> {
    return this.#routes;
  }

  deliverRequest(delivery: Delivery<SipRequest>, receivedOn?: Address): void {
    this.#event('network', delivery, receivedOn);
  }

  deliverResponse(delivery: Delivery<SipResponse>): void {
    this.#event('network', delivery);
  }

  deliverUnsolicited(bye: SipRequest, passage: Passage, dialogId: string): void {
    this.#event('application', { message: bye, passage, transactionId: 'unsolicited', dialogId });
  }

  close(): void {
    this.#socket.destroy();
  }

  #event(source: 'network' | 'application', delivery: Delivery<SipMessage>, receivedOn?: Address): void {
    if (!this.#connected) return;
    const callId = delivery.message.headers.get('Call-ID') ?? '';
    this.#outbox.event(callId, encodeDelivery(source, delivery, this.#host.clock.nowMs(), receivedOn));
  }

  #write(frame: Buffer): void {
    if (this.#connected) this.#socket.write(frame);
  }

  #receive(chunk: Buffer): void {
    if (this.#refused) return;
    for (const payload of this.#decode(chunk)) this.#take(parseFrame(payload));
  }

  #decode(chunk: Buffer): Buffer[] {
    try {
      return this.#decoder.push(chunk);
    } catch (error) {
      this.#host.log.warn({ err: error }, 'application sent what is no frame');
      this.#socket.destroy();
      return [];
    }
  }

  #take(frame: Frame): void {
    const { kind, messageId, tokens } = frame;
    if (this.#refused) return;
    if (kind === 'ping') this.#write(encodeAnswer(messageId, 'OK', 'pong'));
    else if (kind === 'authenticate') this.#authenticate(messageId, tokens[0] ?? '');
    else if (!this.#authenticated) this.#dismiss(messageId, 'not authenticated', 0);
    else if (kind === 'route' || kind === 'remove_route') {
      const method = (tokens[0] ?? '').toUpperCase();
      if (kind === 'route') this.#routes.add(method);
      else this.#routes.delete(method);
      this.#write(encodeAnswer(messageId, 'OK'));
    } else if (kind === 'sip') this.#takeSip(frame);
    else if (kind === 'proxy') this.#write(encodeAnswer(messageId, 'NOK', 'proxy not supported'));
    else this.#dismiss(messageId, 'Unknown message type', 0);
  }

  #authenticate(messageId: string, secret: string): void {
    const given = Buffer.from(secret);
    const expected = Buffer.from(this.#host.secret);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      this.#host.log.warn({ peer: this.#socket.remoteAddress }, 'application gave a wrong secret');
      this.#dismiss(messageId, 'incorrect secret', WRONG_SECRET_PAUSE_MS);
      return;
    }
    this.#authenticated = true;
    this.#cancelDeadline();
    const { advertised, version, bound } = this.#host.describe();
    this.#write(encodeAnswer(messageId, 'OK', advertised, version, bound));
  }

  #dismiss(messageId: string, why: string, pauseMs: number): void {
    this.#refused = true;
    this.#write(encodeAnswer(messageId, 'NO', why));
    this.#cancelDeadline();
    this.#cancelDeadline = this.#host.clock.schedule(pauseMs, () => this.#socket.end());
  }

  #takeSip({ messageId, tokens, text }: Frame): void {
    const [transactionId = '', dialogId = '', routeUrl = ''] = tokens;
    const isResponse = text.subarray(0, 4).toString('latin1') === 'SIP/';
    const reply = (outcome: Outcome): void => {
      const frame = encodeOutcome(messageId, outcome, isResponse ? 'response' : 'request', this.#host.clock.nowMs());
      this.#outbox.answer(outcome.ok ? outcome.callId : randomUUID(), frame);
    };
    if (!isResponse) this.#host.request(this, { transactionId, dialogId, routeUrl, text }, reply);
    else if (transactionId === '') this.#write(encodeAnswer(messageId, 'NO', 'transaction id missing'));
    else this.#host.respond(this, transactionId, text, reply);
  }

  #closed(): void {
    this.#connected = false;
    this.#cancelDeadline();
    this.#outbox.close();
    this.#routes.clear();
    this.#host.onClosed(this);
  }
}
