import { randomBytes, scryptSync } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KEY_BYTES = 32;
const FILE_NAME = 'secret.key';
/** One key a server: what keeps two installations with one passphrase apart is not worth a second file to lose. */
const SALT = 'offhook secrets.key';

/**
 * The key that stored secrets are sealed with: from the configured passphrase, or from `<dataDir>/secret.key` (mode 0600), which is
 * made the first time. Whoever loses it has to enter the passwords of trunks anew.
 *
 * @throws Error that names the file when it cannot be read or made, or holds no key.
 */
export function secretKey(options: { dataDir: string; passphrase: string | undefined }): Buffer {
  if (options.passphrase !== undefined) return scryptSync(options.passphrase, SALT, KEY_BYTES);
  const file = join(options.dataDir, FILE_NAME);
  const text = read(file) ?? make(file);
  const key = Buffer.from(text.trim(), 'base64url');
  if (key.length !== KEY_BYTES) throw new Error(`${file} holds no key of ${KEY_BYTES} bytes; put the right one back`);
  return key;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${file} cannot be read`, { cause: thrown });
  }
}

/** Whole or not at all, and of two programs that make it at once both get the same: linking fails where a file stands already. */
function make(file: string): string {
  const mine = `${file}.${process.pid}`;
  const text = `${randomBytes(KEY_BYTES).toString('base64url')}\n`;
  try {
    writeFileSync(mine, text, { mode: 0o600, flag: 'w' });
    linkSync(mine, file);
    return text;
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    const theirs = code === 'EEXIST' ? read(file) : undefined;
    if (theirs !== undefined) return theirs;
    throw new Error(`${file} cannot be made`, { cause: thrown });
  } finally {
    rmSync(mine, { force: true });
  }
}
