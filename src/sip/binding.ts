import { randomBytes, randomUUID } from 'node:crypto';
import type { Binding, RegisterOutcome, TrunkAccess } from '../domain/ports/trunk-signalling.js';
import { DigestSession } from './digest.js';
import { sendRequest } from './send-request.js';
import { hostOf, serverUri } from './server-uri.js';
import type { SignallingLink } from './signalling-link.js';
import { ALLOW, splitList } from './sip-headers.js';
import type { SrfClient, SrfRequest, SrfResponse } from './srf-types.js';

export type BindingDeps = { srf: SrfClient; link: SignallingLink; userAgent: string };

/** One Call-ID and one growing CSeq for all requests of a binding (RFC 3261 section 10.2), across refreshes and challenges. */
export class SipBinding implements Binding {
  readonly #access: TrunkAccess;
  readonly #deps: BindingDeps;
  readonly #digest: DigestSession | undefined;
  readonly #callId = randomUUID();
  readonly #tag = randomBytes(6).toString('hex');
  #sequence = 0;

  constructor(access: TrunkAccess, deps: BindingDeps) {
    this.#access = access;
    this.#deps = deps;
    this.#digest = access.credentials && new DigestSession(access.credentials);
  }

  async register(expiresS: number): Promise<RegisterOutcome> {
    this.#digest?.begin();
    let challenged = false;
    for (;;) {
      const { sent, response } = await this.#send(expiresS);
      const { status } = response;
      if (status >= 200 && status < 300) {
        const registrar = { address: response.source_address, port: Number(response.source_port) };
        return { accepted: true, expiresS: grantedS(sent, response) ?? expiresS, registrar };
      }
      if (!this.#digest?.takeFrom(response)) return refused(response, challenged && [401, 403, 407].includes(status));
      challenged = true;
    }
  }

  #send(expiresS: number): ReturnType<typeof sendRequest> {
    const { username = '', nextHop: proxy } = this.#access;
    const uri = serverUri(this.#access);
    const self = `<sip:${username}@${hostOf(this.#access.host)}>`;
    this.#sequence += 1;
    const headers = {
      From: `${self};tag=${this.#tag}`,
      To: self,
      'Call-ID': this.#callId,
      CSeq: `${this.#sequence} REGISTER`,
      // The server puts the address of the transport that it chooses in place of `localhost`.
      Contact: `<sip:${username}@localhost>`,
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
