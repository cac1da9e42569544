import { createHmac } from 'node:crypto';

/**
 * Headers by which a receiver can check that a body comes from us, is whole, and is not an old one sent again: HMAC-SHA256 over
 * `<timestamp>.<body>`, once for each secret that holds at the moment. `timestamp` is in seconds.
 */
export function signatureHeaders(body: string, secrets: readonly string[], nowMs: number): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const signatures = secrets.map(
    (secret) => `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`,
  );
  return { 'X-Offhook-Timestamp': timestamp, 'X-Offhook-Signature': signatures.join(',') };
}
