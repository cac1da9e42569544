import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallConversation } from '../../../src/calls/call-conversation.js';
import { type CallEvent, CallService, type CallServiceDeps, type OutboundOptions } from '../../../src/calls/call-service.js';
import { GatewayRoute } from '../../../src/calls/gateway-route.js';
import { Recordings } from '../../../src/calls/recordings.js';
import { FakeClock } from '../../../src/core/clock.js';
import { AppError } from '../../../src/core/errors.js';
import { RecordingKeys } from '../../../src/core/recording-seal.js';
import type { Agent, AgentSettings } from '../../../src/domain/agent.js';
import type { AgentGuidance } from '../../../src/domain/agent-guidance.js';
import type { Call } from '../../../src/domain/call.js';
import type { OutboundRequest } from '../../../src/domain/ports/call-control.js';
import type { AudioAgreement, MediaEngine, MediaSession } from '../../../src/domain/ports/media.js';
import type { ChatMessage, SpeechCatalog, SpeechChunk, SpeechSuite, SynthesisRequest } from '../../../src/domain/ports/speech.js';
import type { Dialog, DialogEnd, IncomingInvite, Telephony } from '../../../src/domain/ports/telephony.js';
import type { ConversationDeps } from '../../../src/pipeline/conversation-deps.js';
import type { Interjection } from '../../../src/pipeline/interjections.js';
import { collectingLogger } from '../../support/collecting-logger.js';
import { noPhones, noRoutes } from '../../support/no-routes.js';
import { FakeCallee } from './fake-callee.js';
import { FakeSession } from './fake-session.js';
import { MemoryCalls } from './memory-calls.js';

export const AGREEMENT: AudioAgreement = {
  codec: 'PCMA',
  payloadType: 8,
  clockRateHz: 8000,
  ptimeMs: 20,
  telephoneEvent: { payloadType: 101, clockRateHz: 8000 },
  remote: { address: '192.0.2.1', rtpPort: 4000, rtcpPort: 4001 },
  direction: 'sendrecv',
};

export const OUTBOUND: OutboundOptions = {
  route: new GatewayRoute({ gatewayUri: 'sip:{number}@gateway.example' }),
  maxConcurrent: 3,
  callsPerSecond: 10,
  ringTimeoutMs: 30_000,
  breaker: { windowCalls: 20, minimumCalls: 10, failurePercent: 50, openMs: 30_000 },
};

export const DEMO_AGENT: AgentSettings = {
  name: 'Demo',
  systemPrompt: '',
  startingMessage: 'Hello.',
  language: 'en-US',
  voiceSettings: {},
  dtmfRules: {},
  script: undefined,
  knowledge: undefined,
  providers: {},
};

/** Lets every promise that can go on go on. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

type CancelListener = Parameters<IncomingInvite['onCancelled']>[0];

export class FakeDialog implements Dialog {
  readonly id = { callId: 'abc@192.0.2.1', localTag: 'ours', remoteTag: 'theirs' };
  readonly takes = { refer: false, replaces: false };
  readonly takeoverUri = 'sip:target@192.0.2.1';
  readonly onRefer = (): void => {};
  hangups = 0;
  /** The ACK is there at once. */
  acknowledges = true;
  #ack: () => void = () => {};
  readonly #trace: string[];
  #ended: ((end: DialogEnd) => void)[] = [];
  #digits: ((digit: string, durationMs: number) => void)[] = [];

  constructor(trace: string[]) {
    this.#trace = trace;
  }
  onEnded(listener: (end: DialogEnd) => void): void {
    this.#ended.push(listener);
  }
  onAcknowledged(listener: () => void): void {
    if (this.acknowledges) listener();
    else this.#ack = listener;
  }
  acknowledge(): void {
    this.#ack();
  }
  onDigit(listener: (digit: string, durationMs: number) => void): void {
    this.#digits.push(listener);
  }
  digits: Dialog['digits'] = 'rtp';
  readonly keysByInfo: string[] = [];
  sendDigits(digits: string): void {
    this.keysByInfo.push(digits);
  }
  readonly renegotiate = (): Promise<number> => Promise.resolve(200);
  readonly refer = (): Promise<number> => Promise.resolve(405);
  hangup(): Promise<void> {
    this.hangups += 1;
    this.#trace.push('hangup');
    this.remoteEnd({ by: 'local' });
    return Promise.resolve();
  }
  remoteEnd(end: DialogEnd): void {
    for (const listener of this.#ended.splice(0)) listener(end);
  }
  onText = (): void => {};
  pressed(digit: string): void {
    for (const listener of this.#digits) listener(digit, 100);
  }
}

export class FakeInvite implements IncomingInvite {
  readonly method = 'INVITE';
  readonly credentials = [];
  readonly sipCallId = 'abc@192.0.2.1';
  from = { uri: 'sip:alice@192.0.2.1', user: 'alice', displayName: undefined };
  readonly to = { uri: 'sip:agent@192.0.2.2', user: 'agent', displayName: undefined };
  readonly source = { address: '192.0.2.1', port: 5060, transport: 'udp' };
  readonly requestUser: string | undefined;
  readonly diversions = [];
  reliable: IncomingInvite['reliable'] = 'unknown';
  readonly sent: (number | { status: number; headers: Readonly<Record<string, string>> })[] = [];
  readonly dialog: FakeDialog;
  /** What check or answer throw. */
  offerFault: AppError | undefined;
  answerFault: AppError | undefined;
  /** A delayed offer brings its agreement only with the ACK. */
  delayedOffer = false;
  agree: ((agreement: AudioAgreement) => void) | undefined;
  #cancel: CancelListener[] = [];

  constructor(user: string | undefined, trace: string[] = []) {
    this.requestUser = user;
    this.dialog = new FakeDialog(trace);
  }
  header = (): undefined => undefined;
  check(): void {
    if (this.offerFault) throw this.offerFault;
  }
  ring(): void {
    this.sent.push(180);
  }
  async startEarlyMedia(_local: unknown, onAgreement: (agreement: AudioAgreement) => void): Promise<boolean> {
    await settle();
    if (this.delayedOffer) return false;
    onAgreement(AGREEMENT);
    this.sent.push(183);
    return true;
  }
  async answer(_local: unknown, onAgreement: (agreement: AudioAgreement) => void): Promise<Dialog> {
    await settle();
    if (this.answerFault) throw this.answerFault;
    this.agree = onAgreement;
    if (!this.delayedOffer) onAgreement(AGREEMENT);
    this.sent.push(200);
    return this.dialog;
  }
  reject(status: number, headers: Readonly<Record<string, string>> = {}): void {
    this.sent.push({ status, headers });
  }
  challenge(): void {
    this.sent.push(407);
  }
  onCancelled(listener: CancelListener): void {
    this.#cancel.push(listener);
  }
  cancel(...why: Parameters<CancelListener>): void {
    for (const listener of this.#cancel.splice(0)) listener(...why);
  }
}

export class FakeConversation implements CallConversation {
  readonly deps: ConversationDeps;
  readonly heard: string[] = [];
  readonly #trace: string[];
  constructor(deps: ConversationDeps, trace: string[]) {
    this.deps = deps;
    this.#trace = trace;
  }
  start(): void {
    this.heard.push('start');
  }
  digit(digit: string): void {
    this.heard.push(digit);
  }
  interject(interjection: Interjection, interrupt: boolean): 'now' | 'waiting' {
    this.heard.push(`${interjection.by ? 'operator ' : ''}${interrupt ? 'interrupt' : 'interject'} ${interjection.text}`);
    return interrupt ? 'now' : 'waiting';
  }
  guide({ mode, muted, instructions }: AgentGuidance): void {
    if (instructions === 'refused') throw new AppError('conflict', 'takes no instructions');
    this.heard.push(`guide ${mode} ${muted}`);
  }
  operatorSaid(text: string): void {
    this.heard.push(`operator ${text}`);
  }
  /** Why it does not give way. */
  giveWayFault: AppError | undefined;
  giveWay(): ChatMessage[] {
    if (this.giveWayFault) throw this.giveWayFault;
    this.deps.live?.({ type: 'state', state: 'ended', atMs: 0 });
    this.heard.push('give way');
    return [...(this.deps.before ?? []), { role: 'user', content: `to ${this.deps.agent.name}` }];
  }
  hold(): void {
    this.heard.push('hold');
  }
  unhold(): void {
    this.heard.push('unhold');
  }
  end(): Promise<void> {
    this.#trace.push('conversation');
    return Promise.resolve();
  }
}

/** A call service on fakes of our ports; `trace` is the order in which things were closed. */
export function startFixture(options: Partial<CallServiceDeps> & { agents?: never; agent?: Agent } = {}) {
  const trace: string[] = [];
  const events: CallEvent[] = [];
  const sessions: FakeSession[] = [];
  const conversations: FakeConversation[] = [];
  const watched: string[] = [];
  const clock = new FakeClock();
  const calls = new MemoryCalls();
  const dataDir = mkdtempSync(join(tmpdir(), 'offhook-calls-'));
  const logged: { level: string; message: string; fields: object }[] = [];
  const callees: FakeCallee[] = [];
  let dialFault: AppError | undefined;
  let handler: ((invite: IncomingInvite) => void) | undefined;
  let drained = 0;
  const media = {
    fault: undefined as AppError | undefined,
    recordingFault: undefined as Error | undefined,
    open(): MediaSession {
      if (media.fault) throw media.fault;
      const session = new FakeSession(trace);
      session.recordingFault = media.recordingFault;
      sessions.push(session);
      return session as unknown as MediaSession;
    },
  };
  const speech = {
    fault: undefined as AppError | undefined,
    warm: (): Promise<void> => Promise.resolve(),
    synthesize: async function* (_request: SynthesisRequest): AsyncGenerator<SpeechChunk> {
      yield { pcm: new Int16Array(160), rateHz: 16_000 };
    },
    suiteFor(): SpeechSuite {
      if (speech.fault) throw speech.fault;
      return { stt: { understands: false }, tts: { name: 'fixture', synthesize: speech.synthesize } } as unknown as SpeechSuite;
    },
  };
  const { agent, ...overrides } = options;
  const service = new CallService({
    telephony: {
      onInvite: (listener) => {
        handler = listener;
      },
      drain: () => {
        drained += 1;
      },
      dial: (request) => {
        if (dialFault) return Promise.reject(dialFault);
        const callee = new FakeCallee(request, trace);
        callees.push(callee);
        return callee.outcome;
      },
    } as Partial<Telephony> as Telephony,
    media: media as unknown as MediaEngine,
    voice: {
      watch: () => {
        watched.push('open');
        return { close: () => void watched.push('close') };
      },
      close: () => Promise.resolve(),
    },
    speech: speech as unknown as SpeechCatalog,
    routes: noRoutes,
    phones: noPhones,
    agents: {
      findBySipUser: (user: string) => Promise.resolve(agent?.sipUser === user ? agent : undefined),
      findByNumber: (tenant: string, number: string) =>
        Promise.resolve(agent?.tenantId === tenant && agent.line?.number === number ? agent : undefined),
    } as never,
    calls,
    clock,
    log: collectingLogger(logged),
    recordings: new Recordings(dataDir, new RecordingKeys([])),
    builtInAgents: { echo: true, demo: true, tone: true },
    demoAgent: DEMO_AGENT,
    maxConcurrent: 10,
    reservedForInbound: 1,
    outbound: OUTBOUND,
    createConversation: (deps) => {
      const conversation = new FakeConversation(deps, trace);
      conversations.push(conversation);
      return conversation;
    },
    onEvent: (event) => events.push(event),
    ...overrides,
  });
  service.start();
  return {
    service,
    calls,
    clock,
    events,
    sessions,
    conversations,
    watched,
    trace,
    dataDir,
    logged,
    media,
    speech,
    drained: () => drained,
    callees,
    failDialling: (fault: AppError): void => {
      dialFault = fault;
    },
    /** Places a call; resolves with the far end once it is being dialled. */
    place: async (request: OutboundRequest): Promise<FakeCallee> => {
      service.prepare(request).start({ recorded: false });
      await rest();
      const callee = callees.at(-1);
      if (!callee) throw new Error('nothing was dialled');
      return callee;
    },
    row: (): Call => {
      const row = [...calls.rows.values()].at(-1);
      if (!row) throw new Error('no call was stored');
      return row;
    },
    /** Lets an INVITE in and gives everything time to happen. */
    call: async (user: string | undefined, prepare: (invite: FakeInvite) => void = () => {}): Promise<FakeInvite> => {
      const invite = new FakeInvite(user, trace);
      prepare(invite);
      handler?.(invite);
      await rest();
      return invite;
    },
    remove: () => rmSync(dataDir, { recursive: true, force: true }),
  };
}

/** Long enough for every chain of promises in these tests. */
export async function rest(): Promise<void> {
  for (let round = 0; round < 12; round += 1) await settle();
}
