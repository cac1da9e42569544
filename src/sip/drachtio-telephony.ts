import { randomInt } from 'node:crypto';
import Srf from 'drachtio-srf';
import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import { DEFAULT_SESSION_TIMER, type ReliablePolicy } from '../domain/call-setup.js';
import type { SrtpPolicy } from '../domain/ports/media.js';
import type { RegisteredTarget } from '../domain/ports/phone-directory.js';
import type { ContactPing, IncomingRegister, RegistrarSignalling } from '../domain/ports/registrar-signalling.js';
import type { DialRequest, EndReason, IncomingInvite, Telephony } from '../domain/ports/telephony.js';
import type { IncomingText, OutgoingText, TextSignalling } from '../domain/ports/texts.js';
import type { Binding, TrunkAccess, TrunkSignalling } from '../domain/ports/trunk-signalling.js';
import { SipBinding } from './binding.js';
import { type DialDeps, type DialOutcome, dial } from './dial.js';
import { type Advertising, addressForHop, addressForOffer } from './media-address.js';
import { ping, pingContact } from './ping.js';
import { type AudioWishes, DEFAULT_AUDIO } from './sdp/audio-format.js';
import { SignallingLink } from './signalling-link.js';
import { SipDialog } from './sip-dialog.js';
import { ALLOW, mediaTypeFault, SDP_TYPE, sdpOf } from './sip-headers.js';
import { SipInvite } from './sip-invite.js';
import { SipRegister } from './sip-register.js';
import type { SrfClient, SrfRequest, SrfResponse } from './srf-types.js';
import { readText, sendText } from './text-message.js';

export type TelephonyOptions = {
  host: string;
  port: number;
  secret: string;
  /** What stands in our session descriptions. */
  addresses: Advertising;
  userAgent: string;
  /** The usual where it says nothing. */
  audio?: Partial<AudioWishes> | undefined;
  /** `accept` when absent, both. */
  srtp?: SrtpPolicy | undefined;
  reliable?: ReliablePolicy | undefined;
  log: Logger;
  clock: Clock;
};

/** A real drachtio-server may start at the same time as we do. */
const CONNECT_PATIENCE_MS = 10_000;
/** srf tries for ever, each time later than before; this is how much later at most. */
const RECONNECT_DELAY_MAX_MS = 2_000;
const GOING_DOWN: EndReason = { q850: 41, sip: 503, text: 'server is going down' };
/** What a caller should wait who finds us draining. */
const RETRY_AFTER_S = 10;
/** Methods the signalling server would otherwise refuse as it sees fit. */
const NOT_SUPPORTED = ['subscribe', 'notify', 'publish'];

/**
 * Connects to a drachtio-server, ours or a real one, and resolves once it lets us in.
 *
 * @throws AppError `signalling_unavailable` when it cannot be reached or refuses the secret.
 */
export async function connectTelephony(
  options: TelephonyOptions,
): Promise<Telephony & TrunkSignalling & RegistrarSignalling & TextSignalling & { onLost(listener: () => void): void }> {
  const telephony = new DrachtioTelephony(options);
  await telephony.connect();
  return telephony;
}

class DrachtioTelephony implements Telephony, TrunkSignalling, RegistrarSignalling, TextSignalling {
  readonly #options: TelephonyOptions;
  readonly #srf: SrfClient = new Srf() as unknown as SrfClient;
  readonly #link = new SignallingLink();
  readonly #dialogs = new Set<SipDialog>();
  /** INVITEs without a final response, by their Call-ID. */
  readonly #unanswered = new Map<string, SipInvite>();
  readonly #dialDeps: DialDeps;
  #handler: ((invite: IncomingInvite) => void) | undefined;
  #registrar: ((register: IncomingRegister) => void) | undefined;
  #textHandler: ((text: IncomingText) => void) | undefined;
  #draining = false;
  #connected = false;
  #closing: Promise<void> | undefined;
  /** Numeric and never reused in this process (RFC 8866 section 5.2). */
  #sessionId = randomInt(2 ** 40);

  constructor(options: TelephonyOptions) {
    this.#options = options;
    this.#dialDeps = {
      srf: this.#srf,
      link: this.#link,
      // Each call has its own; this is for none in particular.
      address: options.addresses.advertisedTo('192.0.2.1'),
      audio: { ...DEFAULT_AUDIO, ...options.audio },
      srtp: options.srtp ?? 'accept',
      reliable: options.reliable ?? 'accept',
      userAgent: options.userAgent,
      nextSessionId: () => this.#sessionId++,
      sessionTimer: DEFAULT_SESSION_TIMER,
      adopt: (...parts) => this.#adopt(...parts),
      log: options.log,
    };
    this.#srf.use('invite', (request, response) => this.#onInvite(request, response));
    this.#srf.use('prack', (request, response) => this.#onPrack(request, response));
    this.#srf.use('register', (request, response) => this.#onRegister(request, response));
    this.#srf.use('options', (_request, response) => this.#onOptions(response));
    this.#srf.use('message', (request, response) => this.#onMessage(request, response));
    this.#srf.use('info', (_request, response) => response.send(481));
    // Outside a dialog nobody has the right to have us call anybody.
    this.#srf.use('refer', (_request, response) => response.send(403));
    for (const method of NOT_SUPPORTED) {
      this.#srf.use(method, (_request, response) => response.send(405, { headers: { Allow: ALLOW } }));
    }
  }

  connect(): Promise<void> {
    const { host, port, secret, clock, log } = this.#options;
    return new Promise((resolve, reject) => {
      let lastError: Error | undefined;
      const fail = (reason: string): void => {
        this.#stopReconnecting();
        reject(new AppError('signalling_unavailable', `signalling server ${host}:${port}: ${reason}`, { cause: lastError }));
      };
      const giveUp = clock.schedule(CONNECT_PATIENCE_MS, () => fail(lastError?.message ?? 'no answer'));
      this.#srf.on('error', (error) => {
        lastError = error;
        log.debug({ err: error }, 'signalling connection error');
      });
      this.#srf.on('connect', (error) => {
        giveUp();
        if (error) return fail('refused the secret');
        // An attempt to connect again that was under way while we closed.
        if (this.#closing) return this.#disconnect();
        this.#connected = true;
        this.#whenRoutesKnown(() => {
          log.info({ host, port }, 'connected to the signalling server');
          resolve();
        });
      });
      this.#srf.on('close', () => this.#onClose());
      this.#srf.connect({ host, port, secret, reconnect: { retryMaxDelay: RECONNECT_DELAY_MAX_MS } });
    });
  }

  /** The server takes frames in order: once it has refused this one, it knows the routes that went before. */
  #whenRoutesKnown(then: () => void): void {
    this.#srf.request('sip:', { method: 'OPTIONS' }, () => then());
  }

  onInvite(handler: (invite: IncomingInvite) => void): void {
    this.#handler = handler;
  }

  onText(handler: (text: IncomingText) => void): void {
    this.#textHandler = handler;
  }

  sendText(text: OutgoingText): Promise<number> {
    return sendText(text, this.#dialDeps);
  }

  onLost(listener: () => void): void {
    this.#link.onLost(() => {
      if (!this.#closing) listener();
    });
  }

  async dial(request: DialRequest): Promise<DialOutcome> {
    const address = await addressForHop(this.#options.addresses, request.proxy ?? request.uri);
    return await dial(request, { ...this.#dialDeps, address });
  }

  openBinding(access: TrunkAccess): Binding {
    return new SipBinding(access, { ...this.#dialDeps, addresses: this.#options.addresses });
  }

  ping(access: TrunkAccess): Promise<number> {
    return ping(access, this.#dialDeps);
  }

  onRegister(handler: (register: IncomingRegister) => void): void {
    this.#registrar = handler;
  }

  pingContact(target: Omit<RegisteredTarget, 'q'>): Promise<ContactPing> {
    return pingContact(target, this.#dialDeps);
  }

  drain(): void {
    this.#draining = true;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#draining = true;
    await Promise.all([...this.#dialogs].map((dialog) => dialog.hangup(GOING_DOWN)));
    if (this.#connected) this.#disconnect();
    this.#stopReconnecting();
  }

  /** srf forgets what it has read of a frame, and throws at the rest of it in the middle of nowhere: it reads no more. */
  #disconnect(): void {
    for (const socket of this.#srf.app.client?.wp.mapIncomingMsg.keys() ?? []) {
      socket.removeAllListeners('data');
      socket.resume();
    }
    this.#srf.disconnect();
  }

  #onClose(): void {
    if (!this.#connected) return;
    this.#connected = false;
    if (!this.#closing) this.#options.log.error({ dialogs: this.#dialogs.size }, 'connection to the signalling server lost');
    this.#link.lost();
  }

  #stopReconnecting(): void {
    const wire = this.#srf.app.client?.wp;
    if (wire) wire.closing = true;
  }

  #onInvite(request: SrfRequest, response: SrfResponse): void {
    if (this.#draining || !this.#handler) return unavailable(response);
    // srf throws on an INVITE whose Contact it needs later.
    if (!request.has('contact')) return response.send(400, { headers: { Warning: '399 offhook "no Contact"' } });
    const fault = mediaTypeFault(request);
    if (fault) return response.send(fault.status, { headers: fault.headers });
    const address = addressForOffer(this.#options.addresses, request.source_address, sdpOf(request));
    const callId = request.get('call-id') ?? '';
    const invite = new SipInvite(request, response, { ...this.#dialDeps, address }, () => this.#unanswered.delete(callId));
    this.#unanswered.set(callId, invite);
    this.#handler(invite);
  }

  #onPrack(request: SrfRequest, response: SrfResponse): void {
    const invite = this.#unanswered.get(request.get('call-id') ?? '');
    if (invite) invite.onPrack(request, response);
    else response.send(481);
  }

  #onRegister(request: SrfRequest, response: SrfResponse): void {
    // Phones stay registered while we drain: others may take over, or we come back.
    if (this.#registrar) this.#registrar(new SipRegister(request, response, this.#options.userAgent));
    else response.send(405, { headers: { Allow: ALLOW } });
  }

  #onMessage(request: SrfRequest, response: SrfResponse): void {
    if (!this.#textHandler) return response.send(405, { headers: { Allow: ALLOW } });
    if (this.#draining) return unavailable(response);
    const text = readText(request, response);
    if (text) this.#textHandler(text);
  }

  #onOptions(response: SrfResponse): void {
    // RFC 3261 section 11.2: as an INVITE would be answered.
    if (this.#draining) return unavailable(response);
    response.send(200, {
      headers: {
        Allow: ALLOW,
        Accept: SDP_TYPE,
        'Accept-Encoding': 'identity',
        'Accept-Language': 'en',
        Supported: '100rel, timer, replaces',
        Server: this.#options.userAgent,
      },
    });
  }

  #adopt(...[dialog, media, terms]: Parameters<DialDeps['adopt']>): SipDialog {
    const log = this.#options.log.child({ sipCallId: dialog.sip.callId });
    const adopted = new SipDialog(dialog, media, {
      link: this.#link,
      clock: this.#options.clock,
      log,
      ...terms,
      onGone: (gone) => this.#dialogs.delete(gone),
    });
    this.#dialogs.add(adopted);
    return adopted;
  }
}

const unavailable = (response: SrfResponse): void => response.send(503, { headers: { 'Retry-After': String(RETRY_AFTER_S) } });
