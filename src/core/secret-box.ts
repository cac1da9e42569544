import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from './errors.js';

const VERSION = 'v1';
/** NIST SP 800-38D: 96 bits, random, is right up to 2^32 values under one key. */
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Seals what we must be able to read again (a trunk's password), as AES-256-GCM under one key. */
export class SecretBox {
  readonly #key: Buffer;

  /** `key` has 32 bytes. */
  constructor(key: Buffer) {
    this.#key = key;
  }

  /** `owner` names what the secret belongs to: a value copied to another owner does not open there. */
  seal(secret: string, owner: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(owner));
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return [VERSION, iv.toString('base64url'), sealed.toString('base64url'), cipher.getAuthTag().toString('base64url')].join('.');
  }

  /** @throws AppError `internal` when it was sealed with another key, for another owner, or was changed. */
  open(sealed: string, owner: string): string {
    const [version, iv = '', text = '', tag = ''] = sealed.split('.');
    try {
      if (version !== VERSION) throw new Error(`sealed as ${version}`);
      const decipher = createDecipheriv('aes-256-gcm', this.#key, Buffer.from(iv, 'base64url'), { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(owner))
        .setAuthTag(Buffer.from(tag, 'base64url'));
      return Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new AppError('internal', `the secret of ${owner} was sealed with another key (secrets.key), or is damaged`, {
        cause,
      });
    }
  }
}
