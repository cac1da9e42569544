import type { Cancel } from '../../core/clock.js';
import { type HeaderLine, Headers } from '../message/headers.js';
import { parseNameAddr } from '../message/name-addr.js';
import type { SipRequest } from '../message/sip-message.js';
import { parseSipUri, type SipUri } from '../message/uri.js';
import type { Flow, Target } from '../transport/flow.js';
import type { AckWait } from './ack-wait.js';
import type { Application } from './application.js';

export type DialogSeed = {
  id: string;
  role: 'uas' | 'uac';
  owner: Application;
  callId: string;
  localTag: string;
  remoteTag: string;
  /** From of what we send, tag included. */
  localParty: string;
  /** To of what we send, tag included. */
  remoteParty: string;
  remoteTarget: string;
  routeSet: readonly string[];
  localSequence: number;
  remoteSequence: number | undefined;
  flow: Flow;
};

/** An INVITE of ours that was answered with 2xx. */
export type AnsweredInvite = {
  sequence: number;
  /** Resends the ACK; absent until the application has acknowledged. */
  resendAck: (() => void) | undefined;
  /** Why a BYE must follow the ACK, when one must. */
  endAfterAck: string | undefined;
  /** The ACK repeats the INVITE's (RFC 3261 section 13.2.2.4). */
  credentials: readonly HeaderLine[];
};

/** State of one dialog (RFC 3261 section 12). */
export class Dialog {
  readonly id: string;
  readonly role: 'uas' | 'uac';
  readonly owner: Application;
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  readonly localParty: string;
  readonly remoteParty: string;
  readonly routeSet: readonly string[];
  remoteTarget: string;
  localSequence: number;
  remoteSequence: number | undefined;
  flow: Flow;
  state: 'early' | 'confirmed' | 'ended' = 'early';
  /** Our Contact as the peer knows it. */
  localContact: string | undefined;
  /** Where requests go instead of the remote target's address: the peer sits behind a NAT. */
  natTarget: Target | undefined;
  /** Our 2xx that waits for its ACK. */
  ackWait: AckWait | undefined;
  /** The INVITE of ours that was answered last. */
  invite: AnsweredInvite | undefined;
  /** Our reliable provisional that waits for its PRACK, and what that will name: RSeq and CSeq. */
  provisional: { rack: string; stop(): void } | undefined;
  /** Our BYE was challenged, and is not waited for longer than this. */
  cancelForget: Cancel | undefined;
  /** An INVITE inside the dialog that has no final answer yet, by who sent it. */
  pendingInvite: 'local' | 'remote' | undefined;
  /** An UPDATE of the peer's has no final answer yet. */
  pendingUpdate = false;

  constructor(seed: DialogSeed) {
    this.id = seed.id;
    this.role = seed.role;
    this.owner = seed.owner;
    this.callId = seed.callId;
    this.localTag = seed.localTag;
    this.remoteTag = seed.remoteTag;
    this.localParty = seed.localParty;
    this.remoteParty = seed.remoteParty;
    this.routeSet = seed.routeSet;
    this.remoteTarget = seed.remoteTarget;
    this.localSequence = seed.localSequence;
    this.remoteSequence = seed.remoteSequence;
    this.flow = seed.flow;
  }

  get key(): string {
    return dialogKey(this.callId, this.localTag, this.remoteTag);
  }

  /** Takes the peer's new Contact (RFC 3261 section 12.2). */
  refreshTarget(contact: string | undefined): void {
    const uri = contactUri(contact);
    if (uri !== undefined) this.remoteTarget = uri;
  }

  /** A request in this dialog without Via, Contact and body (RFC 3261 section 12.2.1.1). */
  newRequest(method: string, sequence: number): SipRequest {
    const headers = new Headers();
    headers.append('Max-Forwards', '70');
    const [first] = this.routeSet;
    const strict = first !== undefined && !hasLooseRouting(first);
    const routes = strict ? [...this.routeSet.slice(1), `<${this.remoteTarget}>`] : this.routeSet;
    for (const route of routes) headers.append('Route', route);
    headers.append('From', this.localParty);
    headers.append('To', this.remoteParty);
    headers.append('Call-ID', this.callId);
    headers.append('CSeq', `${sequence} ${method}`);
    const uri = strict ? (parseNameAddr(first)?.uri ?? this.remoteTarget) : this.remoteTarget;
    return { kind: 'request', method, uri, headers, body: Buffer.alloc(0) };
  }

  /** The URI whose address is the next hop. */
  nextHop(): SipUri | undefined {
    const [route] = this.routeSet;
    return parseSipUri(route === undefined ? this.remoteTarget : (parseNameAddr(route)?.uri ?? ''));
  }
}

export const dialogKey = (callId: string, localTag: string, remoteTag: string): string => `${callId}|${localTag}|${remoteTag}`;

/** The identifier applications know a dialog by: one for all forks, and the same for caller and callee. */
export const dialogIdOf = (callId: string, creatorFromTag: string): string => `${callId};from-tag=${creatorFromTag}`;

export function contactUri(contact: string | undefined): string | undefined {
  return contact === undefined ? undefined : parseNameAddr(contact)?.uri;
}

const hasLooseRouting = (route: string): boolean => parseSipUri(parseNameAddr(route)?.uri ?? '')?.params.has('lr') ?? false;

/** The peer's packets come from elsewhere than its Contact says, and no proxy asked to stay in between. */
export function natTargetOf(flow: Flow, remoteTarget: string, routeSet: readonly string[]): Target | undefined {
  if (flow.transport !== 'udp' || routeSet.length > 0) return undefined;
  const uri = parseSipUri(remoteTarget);
  const { address, port } = flow.remote;
  const same = uri && uri.host === address && (uri.port === undefined || uri.port === port);
  return same ? undefined : { transport: 'udp', address, port };
}
