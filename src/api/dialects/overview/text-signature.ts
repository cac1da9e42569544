import { createHmac, timingSafeEqual } from 'node:crypto';
import { signatureHeaders } from '../../../core/webhook-signature.js';

/** How far a provider's clock, or the way from it, may be off. */
const TOLERANCE_MS = 5 * 60_000;

/** As providers of SMS sign a form: HMAC-SHA1 over the URL they ask and every field behind it, in the order of their names. */
export function isFormSigned(signature: string, url: string, fields: Readonly<Record<string, string>>, secret: string): boolean {
  const signed = Object.keys(fields)
    .sort()
    .map((name) => name + fields[name])
    .join('');
  return isSame(
    signature,
    createHmac('sha1', secret)
      .update(url + signed, 'utf8')
      .digest('base64'),
  );
}

/** As we sign our own webhooks. */
export function isBodySigned(
  { signature, timestamp }: { signature: string; timestamp: string },
  body: string,
  secret: string,
  nowMs: number,
): boolean {
  const signedMs = Number(timestamp) * 1000;
  if (!(Math.abs(nowMs - signedMs) <= TOLERANCE_MS)) return false;
  return isSame(signature, signatureHeaders(body, [secret], signedMs)['X-Offhook-Signature'] ?? '');
}

function isSame(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
