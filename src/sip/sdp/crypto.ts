import { randomBytes } from 'node:crypto';
import { SRTP_SUITES, type SrtpKeys, type SrtpSuite } from '../../domain/ports/media.js';

/** One a=crypto line that we can use (RFC 4568 section 9.1). `key` is the master key followed by the salt. */
export type CryptoLine = { tag: number; suite: SrtpSuite; key: Buffer };

/** Master key and salt together, in bytes (RFC 4568 section 6.2, RFC 6188, RFC 7714). */
const KEY_BYTES: Readonly<Record<SrtpSuite, number>> = {
  AEAD_AES_256_GCM: 44,
  AEAD_AES_128_GCM: 28,
  AES_256_CM_HMAC_SHA1_80: 46,
  AES_CM_128_HMAC_SHA1_80: 30,
  AES_CM_128_HMAC_SHA1_32: 30,
};

/** One key, perhaps with a lifetime, which is longer than any call. A key of several (MKI) is nothing we could follow. */
const INLINE = /^inline:([A-Za-z0-9+/]+={0,2})(?:\|(?:2\^)?\d{1,20})?$/i;

/** What sdp-transform makes of an a=crypto line: numbers of all that looks like one, whatever its types say. */
type RawCrypto = { id: number; suite: string; config: string | number; sessionConfig?: string | undefined };

/** @returns undefined for a line with another suite, a key that does not fit it, or session parameters, which change the meaning. */
export function readCrypto(raw: RawCrypto): CryptoLine | undefined {
  const suite = SRTP_SUITES.find((name) => name === raw.suite);
  const inline = INLINE.exec(String(raw.config))?.[1];
  if (suite === undefined || inline === undefined || raw.sessionConfig !== undefined || !Number.isInteger(raw.id))
    return undefined;
  const key = Buffer.from(inline, 'base64');
  return key.length === KEY_BYTES[suite] ? { tag: raw.id, suite, key } : undefined;
}

export const writeCrypto = ({ tag, suite, key }: CryptoLine): { id: number; suite: string; config: string } => ({
  id: tag,
  suite,
  config: `inline:${key.toString('base64')}`,
});

/** Our own keys of one dialog: one for each suite, the same as long as the dialog lasts, so that a refresh changes nothing. */
export class DialogKeys {
  readonly #keys = new Map<SrtpSuite, Buffer>();

  for(suite: SrtpSuite): Buffer {
    const key = this.#keys.get(suite) ?? randomBytes(KEY_BYTES[suite]);
    this.#keys.set(suite, key);
    return key;
  }

  /** Everything we can do, the strongest first. */
  offer(): CryptoLine[] {
    return SRTP_SUITES.map((suite, index) => ({ tag: index + 1, suite, key: this.for(suite) }));
  }

  /** The first of theirs, whose order is their preference, with our key beside it. */
  answer(offered: readonly CryptoLine[]): { ours: CryptoLine; keys: SrtpKeys } | undefined {
    const [theirs] = offered;
    if (!theirs) return undefined;
    const sendKey = this.for(theirs.suite);
    return {
      ours: { ...theirs, key: sendKey },
      keys: { suite: theirs.suite, sendKey, receiveKey: theirs.key },
    };
  }
}

/** What an answer chose of our offer (RFC 4568 section 5.1.3). */
export function acceptCrypto(offered: readonly CryptoLine[], answered: readonly CryptoLine[]): SrtpKeys | undefined {
  const [theirs] = answered;
  const ours = offered.find((line) => line.tag === theirs?.tag && line.suite === theirs.suite);
  return ours && theirs ? { suite: ours.suite, sendKey: ours.key, receiveKey: theirs.key } : undefined;
}
