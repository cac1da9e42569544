import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { AgentId, TenantId } from '../core/ids.js';
import { background, type Logger } from '../core/log.js';
import type { DoNotCallRepository } from '../domain/ports/do-not-call-repository.js';
import type { AgentRepository } from '../domain/ports/repositories.js';
import type { ChatSession, SessionMessage } from '../domain/session.js';
import { AutoReplyLimit } from './auto-reply-limit.js';
import type { SessionEvent } from './session-events.js';
import type { SessionService } from './session-service.js';

/** Says no, as texts do it in the languages we speak; the whole text, and nothing else in it. */
const STOP = /^\W*(?:stop|stop ?all|unsubscribe|cancel|end|quit|stopp|abmelden|arr[eê]t|baja|cancelar|annulla)\W*$/iu;
const IS_NUMBER = /^\+[1-9]\d{1,14}$/;

export type TextToAnswer = {
  tenantId: TenantId;
  agentId: AgentId;
  /** What carries it. */
  extType: 'sip' | 'sms';
  /** Who wrote it: a number in E.164, or a SIP URI. */
  from: string;
  /** The number or user that was written to. */
  to: string | undefined;
  text: string;
  /** What it is known by when it is delivered again. */
  sourceId: string | undefined;
  /** What the way that it came says; as the agent's settings say when undefined. */
  answered?: boolean | undefined;
};

export type TextAnswersDeps = {
  sessions: SessionService;
  agents: Pick<AgentRepository, 'findLive'>;
  doNotCall: Pick<DoNotCallRepository, 'find' | 'add'>;
  clock: Clock;
  log: Logger;
  /** Sends to a contact of type `sip`, from the user that they wrote to. @throws AppError as `TextService.send` */
  sendText: (tenant: TenantId, draft: { to: string; from: string | undefined; text: string }) => Promise<unknown>;
};

/** Answers texts that are for an agent: each contact has a session with it, which goes on until its time is over. */
export class TextAnswers {
  readonly #deps: TextAnswersDeps;
  readonly #limit: AutoReplyLimit;
  readonly #stopListening: () => void;

  constructor(deps: TextAnswersDeps) {
    this.#deps = deps;
    this.#limit = new AutoReplyLimit(deps.clock);
    this.#stopListening = deps.sessions.onEvent((event) => this.#onEvent(event));
  }

  close(): void {
    this.#stopListening();
  }

  /**
   * Resolves with the agent's answer; undefined where there is none: the agent answers no texts that come this way, a human does, the contact wants no
   * texts or has just said so, the text came before, or another machine seems to write. To a contact of type `sip` the answer is sent
   * as well; for others whoever calls this sends it.
   *
   * @throws AppError `agent_not_found`, `agent_disabled`.
   */
  async answer(incoming: TextToAnswer): Promise<SessionMessage | undefined> {
    const { sessions, agents, doNotCall, clock, log } = this.#deps;
    const { tenantId, agentId, extType, from, text, sourceId } = incoming;
    const agent = await agents.findLive(tenantId, agentId);
    if ((incoming.answered ?? agent?.sessions?.answerTexts) === false) return undefined;
    if (STOP.test(text)) {
      await this.#optOut(incoming);
      return undefined;
    }
    if (await doNotCall.find(tenantId, from, clock.nowMs())) return undefined;
    if (!this.#limit.admits(`${agentId} ${extType} ${from}`, text)) {
      log.warn({ tenantId, agentId, extType }, 'text not answered: too many in a short time');
      return undefined;
    }
    const session = (await this.#open(incoming)) ?? (await this.#begin(incoming));
    if (session.status !== 'open') return undefined;
    const { reply } = await sessions.send(tenantId, session.id, { text, sourceId });
    return reply;
  }

  async #open({ tenantId, agentId, extType, from }: TextToAnswer): Promise<ChatSession | undefined> {
    const filter = { agentId, extType, extId: from, status: 'open' } as const;
    return (await this.#deps.sessions.list(tenantId, filter, { limit: 1, offset: 0 })).items[0];
  }

  #begin({ tenantId, agentId, extType, from, to }: TextToAnswer): Promise<ChatSession> {
    return this.#deps.sessions.open(tenantId, {
      agentId,
      extType,
      extId: from,
      phone: IS_NUMBER.test(from) ? from : undefined,
      userInfo: to === undefined ? {} : { to },
      // They spoke first.
      greets: false,
    });
  }

  async #optOut(incoming: TextToAnswer): Promise<void> {
    const { sessions, doNotCall, clock, log } = this.#deps;
    const { tenantId, from: number, extType } = incoming;
    const nowMs = clock.nowMs();
    const entry = { reason: 'asked by text', source: 'caller_voice', callId: undefined, expiresAtMs: undefined } as const;
    await doNotCall.add([{ ...entry, tenantId, number, createdAtMs: nowMs }], nowMs);
    log.info({ tenantId, extType }, 'contact asked not to be texted');
    const session = await this.#open(incoming);
    if (session) await sessions.close(tenantId, session.id, 'declined');
  }

  #onEvent(event: SessionEvent): void {
    if (event.type !== 'message') return;
    const { session, message } = event;
    if (session.extType !== 'sip' || (message.role !== 'ai' && message.role !== 'operator')) return;
    const { to } = session.userInfo;
    const from = typeof to === 'string' ? to : undefined;
    const sending = this.#deps.sendText(session.tenantId, { to: session.extId, from, text: message.text });
    const log = this.#deps.log.child({ sessionId: session.id });
    const refused = (error: unknown): void => {
      // They may be where no texts of ours may go.
      if (!(error instanceof AppError)) throw error;
      log.warn({ err: error }, 'answer not sent by text');
    };
    background(sending.catch(refused), 'answer by text', log);
  }
}
