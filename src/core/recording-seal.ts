import { createHash, hkdfSync, randomBytes, scryptSync } from 'node:crypto';

/** What is written before the content of a sealed recording, and the key that is this file's alone. */
export type Seal = { prefix: Buffer; key: Buffer };

/** `OFFHOOKR`, version, channels, rate in Hz (little-endian), which key, and the salt of the file's own; the rest is kept free. */
export const SEAL_PREFIX_BYTES = 64;
const MAGIC = Buffer.from('OFFHOOKR');
const VERSION = 1;
const CHANNELS = 2;
const RATE_AT = 12;
const KEY_ID_AT = 16;
const KEY_ID_BYTES = 16;
const SALT_AT = 32;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** One for every server: what tells files apart is the salt of each. */
const PASSPHRASE_SALT = 'offhook recordings';

/** `head`: what a file begins with. */
export const hasSeal = (head: Buffer): boolean =>
  head.length >= SEAL_PREFIX_BYTES && head.subarray(0, MAGIC.length).equals(MAGIC);

/** Seals new recordings with the first passphrase, and opens those of all of them. Without any, recordings are plain files. */
export class RecordingKeys {
  readonly #keys: readonly { id: Buffer; key: Buffer }[];

  constructor(passphrases: readonly string[]) {
    this.#keys = passphrases.map((passphrase) => {
      const key = scryptSync(passphrase, PASSPHRASE_SALT, KEY_BYTES);
      return { id: createHash('sha256').update(key).digest().subarray(0, KEY_ID_BYTES), key };
    });
  }

  /** For a new file of `tenant`. Undefined: recordings are not to be encrypted. */
  seal(tenant: string, rateHz: number): Seal | undefined {
    const [newest] = this.#keys;
    if (!newest) return undefined;
    const salt = randomBytes(SALT_BYTES);
    const prefix = Buffer.alloc(SEAL_PREFIX_BYTES);
    MAGIC.copy(prefix);
    prefix.writeUInt16LE(VERSION, MAGIC.length);
    prefix.writeUInt16LE(CHANNELS, MAGIC.length + 2);
    prefix.writeUInt32LE(rateHz, RATE_AT);
    newest.id.copy(prefix, KEY_ID_AT);
    salt.copy(prefix, SALT_AT);
    return { prefix, key: fileKey(newest.key, salt, tenant) };
  }

  /**
   * How a file of `tenant` that begins with `prefix` is opened; undefined when it is none of ours, but a plain one.
   *
   * @throws Error when it was sealed with a key that is not among these, or by a later version.
   */
  open(prefix: Buffer, tenant: string): { key: Buffer; rateHz: number; channels: number } | undefined {
    if (!hasSeal(prefix)) return undefined;
    if (prefix.readUInt16LE(MAGIC.length) !== VERSION) throw new Error('the recording was sealed by a later version');
    const id = prefix.subarray(KEY_ID_AT, KEY_ID_AT + KEY_ID_BYTES);
    const known = this.#keys.find((candidate) => candidate.id.equals(id));
    if (!known) throw new Error('the recording was sealed with another key (recordings.key, recordings.oldKeys)');
    return {
      key: fileKey(known.key, prefix.subarray(SALT_AT, SALT_AT + SALT_BYTES), tenant),
      rateHz: prefix.readUInt32LE(RATE_AT),
      channels: prefix.readUInt16LE(MAGIC.length + 2),
    };
  }
}

/** Of one tenant's one file: neither opens another's. */
const fileKey = (key: Buffer, salt: Buffer, tenant: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key, salt, `recording of ${tenant}`, KEY_BYTES));
