import type { InboundRouter } from '../calls/inbound-router.js';
import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { type ApiKeyId, DEFAULT_TENANT, newTextId, type TenantId, type TextId } from '../core/ids.js';
import { background, type Logger } from '../core/log.js';
import type { Call } from '../domain/call.js';
import { numberOfUri } from '../domain/phone-number.js';
import type { OffenceWatch } from '../domain/ports/defence.js';
import type { DoNotCallRepository } from '../domain/ports/do-not-call-repository.js';
import type { InboundCallers } from '../domain/ports/inbound-callers.js';
import type { Arrival, InboundTrunks } from '../domain/ports/inbound-trunks.js';
import type { OutboundRoute } from '../domain/ports/outbound-route.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import type { IncomingText, TextFilter, TextRepository, TextSignalling } from '../domain/ports/texts.js';
import type { TollGuard } from '../domain/ports/toll-guard.js';
import type { Text, TextThread } from '../domain/text.js';
import { type TextWay, textWays } from './text-ways.js';

export type TextServiceDeps = {
  texts: TextRepository;
  signalling: Pick<TextSignalling, 'onText'>;
  trunks: InboundTrunks;
  /** Who is known by what they prove. */
  callers?: InboundCallers | undefined;
  router: Pick<InboundRouter, 'decide'>;
  route: OutboundRoute;
  /** Told of each text that goes: it counts as a call does. */
  tolls?: Pick<TollGuard, 'placed'> | undefined;
  /** Whoever keeps trying is banned. */
  offences?: OffenceWatch | undefined;
  doNotCall: Pick<DoNotCallRepository, 'find'>;
  /** What comes over no trunk: kept where it reaches an agent, or refused. */
  unknownSources: 'allow' | 'challenge' | 'reject' | 'drop';
  clock: Clock;
  log: Logger;
  /** There may be something to send. */
  onPending: () => void;
  /** A text was stored: whoever answers texts begins here. `answered`: whether the route wants that, where it says so. */
  onText?: ((text: Text, answered?: boolean) => void) | undefined;
};

export type TextDraft = { to: string; from: string | undefined; text: string };

const RETRY_AFTER = { 'Retry-After': '10' };

/** Texts that come are stored before they are confirmed; those that go are stored, and sent by the sender. */
export class TextService {
  readonly #deps: TextServiceDeps;

  constructor(deps: TextServiceDeps) {
    this.#deps = deps;
  }

  /** From now on texts are taken. */
  start(): void {
    this.#deps.signalling.onText((incoming) => this.#take(incoming, () => this.#receive(incoming)));
  }

  /** A text in the dialog of a call. */
  receiveOn(call: Call, incoming: IncomingText): void {
    const { tenantId, agentId, trunk, id: callId, direction, fromUri, toUri } = call;
    const contact = contactOf(direction === 'inbound' ? fromUri : toUri);
    this.#take(incoming, () => this.#store(incoming, { tenantId, agentId, trunk, callId, contact }));
  }

  /**
   * Stores a text and has it sent. `by` is the key that asks for it.
   *
   * @throws AppError `forbidden` when the number may not be texted or is on the do-not-call list, and as `OutboundRoute.waysTo`.
   */
  async send(tenant: TenantId, draft: TextDraft, by?: ApiKeyId): Promise<Text> {
    const { texts, route, tolls, doNotCall, clock } = this.#deps;
    const nowMs = clock.nowMs();
    const [way] = textWays(route, tenant, draft.to, { from: draft.from, apiKeyId: by });
    // At once, so that of several at the same moment no more pass than may.
    const takeBack = tolls?.placed(tenant, by);
    const stored = { ...outgoing(tenant, draft, way, nowMs), apiKeyId: by };
    try {
      if (await doNotCall.find(tenant, stored.contact, nowMs)) {
        throw new AppError('forbidden', 'on the do-not-call list', { publicMessage: 'The number is on the do-not-call list' });
      }
      await texts.insert(stored);
    } catch (error) {
      takeBack?.();
      throw error;
    }
    this.#deps.onPending();
    return stored;
  }

  /** @throws AppError `text_not_found` */
  async get(tenant: TenantId, id: TextId): Promise<Text> {
    const text = await this.#deps.texts.find(tenant, id);
    if (!text) throw new AppError('text_not_found', `no text ${id}`);
    return text;
  }

  list(tenant: TenantId, { contact, ...filter }: TextFilter, page: Page): Promise<Listed<Text>> {
    const wanted = contact === undefined ? filter : { ...filter, contact: contactOf(contact) };
    return this.#deps.texts.list(tenant, wanted, page);
  }

  threads(tenant: TenantId, page: Page): Promise<Listed<TextThread>> {
    return this.#deps.texts.threads(tenant, page);
  }

  /** Whatever goes wrong, the sender gets an answer: one that makes it try again. */
  #take(incoming: IncomingText, store: () => Promise<void>): void {
    const { log } = this.#deps;
    const failed = (error: unknown): void => {
      log.error({ err: error }, 'text not stored');
      incoming.answer(500, RETRY_AFTER);
    };
    background(store().catch(failed), 'text', log);
  }

  async #receive(incoming: IncomingText): Promise<void> {
    const { trunks, callers, unknownSources, router, log, offences } = this.#deps;
    const { address } = incoming.source;
    const sender = callers?.identify(incoming) ?? { is: 'unknown' };
    if (sender.is === 'unproven') return incoming.challenge(sender.challenges);
    if (sender.is === 'refused') return incoming.answer(403);
    const arrival = sender.is === 'known' ? sender.arrival : trunks.arrivalOf(incoming);
    if (!arrival && unknownSources === 'challenge' && callers) return incoming.challenge(callers.challenges());
    if (!arrival && unknownSources !== 'allow') {
      log.warn({ source: address }, 'text from unknown source refused');
      offences?.offended(address, 'unknown_source');
      return incoming.answer(403);
    }
    const { target } = await router.decide(incoming, arrival);
    // Who comes over no trunk writes to our database only where somebody is there for it.
    if (!arrival && !target) {
      offences?.offended(address, 'unknown_user');
      return incoming.answer(404);
    }
    const agent = target?.kind === 'agent' ? target : undefined;
    const known = {
      tenantId: arrival?.tenantId ?? target?.tenantId ?? DEFAULT_TENANT,
      agentId: agent?.agentId,
      trunk: arrival?.trunk,
      callId: undefined,
      contact: senderOf(incoming, arrival),
    };
    await this.#store(incoming, known, agent?.answersTexts);
  }

  async #store(
    incoming: IncomingText,
    known: Pick<Text, 'tenantId' | 'agentId' | 'trunk' | 'callId' | 'contact'>,
    answered?: boolean,
  ): Promise<void> {
    const { texts, clock, log, onText } = this.#deps;
    const nowMs = clock.nowMs();
    const text: Text = {
      ...known,
      id: newTextId(),
      direction: 'inbound',
      status: 'received',
      fromUri: incoming.from.uri,
      fromUser: undefined,
      toUri: incoming.to.uri,
      text: incoming.text,
      sipId: incoming.sipId,
      sipCode: undefined,
      failureReason: undefined,
      attempts: 0,
      nextAttemptAtMs: undefined,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    };
    const isNew = await texts.insert(text);
    incoming.answer(200);
    if (!isNew) return;
    const { id: textId, tenantId, trunk, callId } = text;
    log.info({ textId, tenantId, callId, trunkId: trunk?.id, bytes: Buffer.byteLength(text.text) }, 'text received');
    onText?.(text, answered);
  }
}

const outgoing = (tenantId: TenantId, { to, from, text }: TextDraft, way: TextWay | undefined, nowMs: number): Text => ({
  id: newTextId(),
  tenantId,
  direction: 'outbound',
  status: 'pending',
  contact: contactOf(to),
  fromUri: way?.from?.uri ?? '',
  fromUser: from,
  toUri: way?.uri ?? to,
  text,
  agentId: undefined,
  callId: undefined,
  trunk: way?.trunk,
  sipId: undefined,
  sipCode: undefined,
  failureReason: undefined,
  attempts: 0,
  nextAttemptAtMs: nowMs,
  createdAtMs: nowMs,
  updatedAtMs: nowMs,
});

const senderOf = ({ from }: IncomingText, arrival: Arrival | undefined): string => arrival?.callerNumber ?? contactOf(from.uri);

/** The number in an address, or the address without what is not part of whom it names. */
function contactOf(address: string): string {
  if (address.startsWith('+')) return address;
  return numberOfUri(address) ?? address.replace(/[;?].*$/, '');
}
