import type { DigestChallenge, DigestResponse } from '../domain/ports/authentication.js';
import type { IncomingRegister, RegisterWish, RequestedContact } from '../domain/ports/registrar-signalling.js';
import type { Peer } from '../domain/ports/telephony.js';
import { challengeHeaders, credentialsOf } from './digest-header.js';
import { peerOf } from './peer.js';
import { partyOf, splitList } from './sip-headers.js';
import type { Headers, SrfMessage, SrfRequest, SrfResponse } from './srf-types.js';

/** More than any phone has; each costs a comparison with each. */
const MAX_CONTACTS = 20;
const MAX_PATHS = 10;
const MAX_URI_LENGTH = 500;

export class SipRegister implements IncomingRegister {
  readonly method = 'REGISTER';
  readonly source: Peer;
  readonly credentials: readonly DigestResponse[];
  readonly wish: RegisterWish | undefined;
  readonly #response: SrfResponse;
  readonly #userAgent: string;
  readonly #path: string | undefined;

  constructor(request: SrfRequest, response: SrfResponse, userAgent: string) {
    this.#response = response;
    this.#userAgent = userAgent;
    this.#path = request.get('path');
    this.source = peerOf(request);
    this.credentials = credentialsOf(request);
    this.wish = wishOf(request);
  }

  accept(contacts: readonly { uri: string; q: number; expiresS: number }[]): void {
    const bound = contacts.map(({ uri, q, expiresS }) => `<${uri}>;q=${q};expires=${expiresS}`);
    this.#send(200, {
      ...(bound.length > 0 && { Contact: bound.join(', ') }),
      // RFC 3327 section 5.3: proves to the phone that it was taken.
      ...(this.#path !== undefined && { Path: this.#path }),
    });
  }

  challenge(challenges: readonly DigestChallenge[]): void {
    this.#send(401, challengeHeaders('WWW-Authenticate', challenges));
  }

  refuse(status: number, headers: Readonly<Record<string, string>> = {}): void {
    this.#send(status, headers);
  }

  #send(status: number, headers: Headers): void {
    this.#response.send(status, { headers: { Server: this.#userAgent, ...headers } });
  }
}

function wishOf(request: SrfMessage): RegisterWish | undefined {
  const { user } = partyOf(request, 'to');
  const sequence = Number.parseInt(request.get('cseq') ?? '', 10);
  const contacts = contactsOf(request.get('contact'));
  const path = splitList(request.get('path') ?? '');
  if (user === undefined || !Number.isSafeInteger(sequence) || !contacts || path.length > MAX_PATHS) return undefined;
  return {
    user,
    callId: request.get('call-id') ?? '',
    sequence,
    contacts,
    expiresS: secondsOf(request.get('expires')),
    path,
    userAgent: request.get('user-agent')?.slice(0, 200),
  };
}

/** Undefined when one cannot be read: all are done, or none (RFC 3261 section 10.3). */
function contactsOf(header: string | undefined): '*' | RequestedContact[] | undefined {
  if (header === undefined) return [];
  if (header.trim() === '*') return '*';
  const members = splitList(header);
  if (members.length > MAX_CONTACTS) return undefined;
  const contacts = members.map(contactOf);
  return contacts.every((contact) => contact !== undefined) ? contacts : undefined;
}

function contactOf(member: string): RequestedContact | undefined {
  const [, bracketed, bare] = /^[^<]*<\s*(sips?:[^<>\s"]+)\s*>|^(sips?:[^;<>\s"]+)/i.exec(member) ?? [];
  const uri = bracketed ?? bare;
  if (uri === undefined || uri.length > MAX_URI_LENGTH) return undefined;
  const parameters = bracketed === undefined ? member : member.slice(member.indexOf('>'));
  const parameter = (name: string): string | undefined =>
    new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;,\\s]+))`, 'i')
      .exec(parameters)
      ?.slice(1)
      .find((value) => value !== undefined);
  const q = Number(parameter('q') ?? 1);
  const instance = parameter('\\+sip\\.instance');
  return {
    uri,
    q: q >= 0 && q <= 1 ? q : 1,
    expiresS: secondsOf(parameter('expires')),
    instance: instance === undefined ? undefined : `${instance.slice(0, 200)} ${parameter('reg-id')?.slice(0, 10) ?? ''}`.trim(),
  };
}

/** What cannot be read is as if it were not there (RFC 3261 section 10.2.1.1). */
const secondsOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\s*\d{1,10}\s*$/.test(text) ? Number(text) : undefined;
