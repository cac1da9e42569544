import { randomBytes, randomUUID } from 'node:crypto';
import type { Binding, RegisterOutcome, TrunkAccess } from '../domain/ports/trunk-signalling.js';
import { DigestSession } from './digest.js';
import { type Advertising, learnAddress } from './media-address.js';
import { sendRequest } from './send-request.js';
import { hostOf, serverUri } from './server-uri.js';
import type { SignallingLink } from './signalling-link.js';
import { ALLOW, splitList } from './sip-headers.js';
import type { SrfClient, SrfRequest, SrfResponse } from './srf-types.js';

export type RequestDeps = { srf: SrfClient; link: SignallingLink; userAgent: string };
export type BindingDeps = RequestDeps & { addresses: Advertising };

/** An answer, the contact that it is about, and where its sender sees us when the contact says otherwise. */
type Attempt = { outcome: RegisterOutcome; contact: string; seenElsewhere: boolean };

/** What registrars say to a contact more than they allow. */
const TOO_MANY: readonly number[] = [400, 403, 480, 486];

/** One Call-ID and one growing CSeq for all requests of a binding (RFC 3261 section 10.2), across refreshes and challenges. */
export class SipBinding implements Binding {
  readonly #access: TrunkAccess;
  readonly #deps: BindingDeps;
  readonly #digest: DigestSession | undefined;
  readonly #callId = randomUUID();
  readonly #tag = randomBytes(6).toString('hex');
  #sequence = 0;
  /** As the registrar has it. */
  #bound: string | undefined;

  constructor(access: TrunkAccess, deps: BindingDeps) {
    this.#access = access;
    this.#deps = deps;
    this.#digest = access.credentials && new DigestSession(access.credentials);
  }

  async register(expiresS: number): Promise<RegisterOutcome> {
    let before = this.#bound;
    if (expiresS === 0) {
      this.#bound = undefined;
      return (await this.#attempt(0, before)).outcome;
    }
    let attempt = await this.#attempt(expiresS);
    if (attempt.outcome.accepted && attempt.seenElsewhere) {
      // Who asked for no password tells only now where we are.
      before = attempt.contact;
      attempt = await this.#attempt(expiresS);
    }
    if (before !== undefined && before !== attempt.contact) attempt = await this.#moveFrom(before, attempt, expiresS);
    if (attempt.outcome.accepted) this.#bound = attempt.contact;
    return attempt.outcome;
  }

  /** Our address is another: what is still bound leads nowhere, and may be one contact too many for the registrar. */
  async #moveFrom(before: string, attempt: Attempt, expiresS: number): Promise<Attempt> {
    const { outcome } = attempt;
    if (!outcome.accepted && !TOO_MANY.includes(outcome.status)) return attempt;
    // What comes of it changes nothing: it ends by itself.
    await this.#attempt(expiresS, `${before};expires=0`);
    return outcome.accepted ? attempt : await this.#attempt(expiresS);
  }

  async #attempt(expiresS: number, contact?: string): Promise<Attempt> {
    this.#digest?.begin();
    let challenged = false;
    for (;;) {
      const { sent, response } = await this.#send(expiresS, contact);
      const { status } = response;
      const about = { contact: sent.get('contact') ?? '', seenElsewhere: this.#isSeenElsewhere(sent, response) };
      if (status >= 200 && status < 300) {
        const registrar = { address: response.source_address, port: Number(response.source_port) };
        return { ...about, outcome: { accepted: true, expiresS: grantedS(sent, response) ?? expiresS, registrar } };
      }
      if (!this.#digest?.takeFrom(response)) {
        return { ...about, outcome: refused(response, challenged && [401, 403, 407].includes(status)) };
      }
      challenged = true;
    }
  }

  #isSeenElsewhere(sent: SrfRequest, response: SrfResponse): boolean {
    const { nat, nextHop } = this.#access;
    if (nat !== 'auto') return false;
    const seen = learnAddress(this.#deps.addresses, nextHop, {
      via: splitList(response.get('via') ?? '')[0] ?? '',
      peer: response.source_address,
    });
    return seen !== undefined && addressIn(sent.get('contact') ?? '')?.endsWith(`@${hostOf(seen.address)}:${seen.port}`) !== true;
  }

  /** The server puts the address of the transport that it chooses in place of `localhost`. */
  #send(expiresS: number, contact = `<sip:${this.#access.username ?? ''}@localhost>`): ReturnType<typeof sendRequest> {
    const { username = '', nextHop: proxy } = this.#access;
    const uri = serverUri(this.#access);
    const self = `<sip:${username}@${hostOf(this.#access.host)}>`;
    this.#sequence += 1;
    const headers = {
      From: `${self};tag=${this.#tag}`,
      To: self,
      'Call-ID': this.#callId,
      CSeq: `${this.#sequence} REGISTER`,
      Contact: contact,
      Expires: String(expiresS),
      Allow: ALLOW,
      'User-Agent': this.#deps.userAgent,
      ...this.#digest?.headers('REGISTER', uri),
    };
    return sendRequest(this.#deps, { method: 'REGISTER', uri, proxy, headers });
  }
}

/** What the registrar grants our contact: by its own parameter, or the header's; other contacts of the user are not ours to judge. */
function grantedS(sent: SrfRequest, response: SrfResponse): number | undefined {
  const ours = addressIn(sent.get('contact') ?? '');
  const contact = splitList(response.get('contact') ?? '').find((member) => addressIn(member) === ours);
  const own = /;\s*expires\s*=\s*"?(\d{1,9})/i.exec(contact?.replace(/<[^>]*>/, '') ?? '')?.[1];
  const common = /^\s*(\d{1,9})/.exec(response.get('expires') ?? '')?.[1];
  const granted = own ?? common;
  return granted === undefined ? undefined : Number(granted);
}

/** `user@host:port` of a contact. */
const addressIn = (contact: string): string | undefined => /sips?:([^;?>\s]+)/i.exec(contact)?.[1]?.toLowerCase();

function refused(response: SrfResponse, credentialsRefused: boolean): RegisterOutcome {
  const secondsIn = (name: string): number | undefined => {
    const digits = /^\s*(\d{1,9})/.exec(response.get(name) ?? '')?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  return {
    accepted: false,
    status: response.status,
    reason: response.reason ?? '',
    credentialsRefused,
    minExpiresS: response.status === 423 ? secondsIn('min-expires') : undefined,
    retryAfterS: secondsIn('retry-after'),
  };
}
