import { createHash } from 'node:crypto';
import type { DigestAlgorithm, DigestChallenge, DigestResponse } from '../../src/domain/ports/authentication.js';
import type { IncomingRegister, RegisterWish, RequestedContact } from '../../src/domain/ports/registrar-signalling.js';
import type { Peer } from '../../src/domain/ports/telephony.js';

type Answer =
  | { is: 'accepted'; contacts: readonly { uri: string; q: number; expiresS: number }[] }
  | { is: 'challenged'; challenges: readonly DigestChallenge[] }
  | { is: 'refused'; status: number; headers: Readonly<Record<string, string>> };

export const HOME: Peer = { address: '192.0.2.1', port: 5060, transport: 'udp' };
export const contact = (uri: string, changes: Partial<RequestedContact> = {}): RequestedContact => ({
  uri,
  q: 1,
  expiresS: undefined,
  instance: undefined,
  ...changes,
});

/** A REGISTER as the SIP side hands it on. */
export class FakeRegister implements IncomingRegister {
  readonly method = 'REGISTER';
  source: Peer = HOME;
  credentials: DigestResponse[] = [];
  readonly wish: RegisterWish | undefined;
  readonly answered: Promise<Answer>;
  #answer: (answer: Answer) => void = () => {};

  constructor(wish: Partial<RegisterWish> | undefined) {
    this.wish = wish && {
      user: 'alice',
      callId: 'one',
      sequence: 1,
      contacts: [contact('sip:alice@10.0.0.1:5060')],
      expiresS: undefined,
      path: [],
      userAgent: 'Phone/1',
      ...wish,
    };
    this.answered = new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  accept(contacts: readonly { uri: string; q: number; expiresS: number }[]): void {
    this.#answer({ is: 'accepted', contacts });
  }
  challenge(challenges: readonly DigestChallenge[]): void {
    this.#answer({ is: 'challenged', challenges });
  }
  refuse(status: number, headers: Readonly<Record<string, string>> = {}): void {
    this.#answer({ is: 'refused', status, headers });
  }
}

/** The answer to a challenge, computed apart from the code under test (RFC 7616 section 3.4.1). */
export function proof(
  challenge: Pick<DigestChallenge, 'realm' | 'nonce' | 'algorithm'>,
  who: { username: string; password: string },
  options: { method?: string; nonceCount?: number; algorithm?: DigestAlgorithm } = {},
): DigestResponse {
  const { realm, nonce } = challenge;
  const { method = 'REGISTER', nonceCount = 1, algorithm = challenge.algorithm } = options;
  const hash = (text: string): string =>
    createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex');
  const [nc, cnonce, uri] = [nonceCount.toString(16).padStart(8, '0'), 'c0ffee', 'sip:pbx.example'];
  const response = hash(
    `${hash(`${who.username}:${realm}:${who.password}`)}:${nonce}:${nc}:${cnonce}:auth:${hash(`${method}:${uri}`)}`,
  );
  return { username: who.username, realm, nonce, uri, algorithm, qop: 'auth', nonceCount: nc, cnonce, response };
}
