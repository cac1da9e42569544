import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { hasSeal, type RecordingKeys, SEAL_PREFIX_BYTES } from './recording-seal.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A whole file of `tenant` as it is to lie on disk: encrypted as recordings are where there are keys, else as it is. */
export function sealedFile(bytes: Buffer, keys: RecordingKeys, tenant: string): Buffer {
  // A file is no audio: it has no rate.
  const seal = keys.seal(tenant, 0);
  if (!seal) return bytes;
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', seal.key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(seal.prefix);
  return Buffer.concat([seal.prefix, nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

/** @throws Error when it was sealed with a key that is not among `keys`, or changed since. */
export function openedFile(stored: Buffer, keys: RecordingKeys, tenant: string): Buffer {
  if (!hasSeal(stored)) return stored;
  const prefix = stored.subarray(0, SEAL_PREFIX_BYTES);
  const seal = keys.open(prefix, tenant);
  if (!seal) return stored;
  const contentAt = SEAL_PREFIX_BYTES + NONCE_BYTES;
  const tagAt = stored.length - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', seal.key, stored.subarray(SEAL_PREFIX_BYTES, contentAt), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(prefix).setAuthTag(stored.subarray(tagAt));
  return Buffer.concat([decipher.update(stored.subarray(contentAt, tagAt)), decipher.final()]);
}
