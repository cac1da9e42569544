import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';
import type { FloodResult } from '../../support/flood-child.js';

const CHILD = fileURLToPath(new URL('../../support/flood-child.js', import.meta.url));
/** A fraction of what the messages themselves would take. */
const ALLOWED_BYTES = 512 * 1024;
const NOTHING = { dialogs: 0, transactions: 0, pending: 0, timers: 0 };

const { NODE_OPTIONS: _, ...env } = process.env;
const { stdout } = await promisify(execFile)(process.execPath, [CHILD], { env });
const { calls, rubbish } = JSON.parse(stdout) as FloodResult;

void t.test('of a flood of INVITEs nothing stays, and a call in progress is answered all the while', async (t) => {
  t.comment(JSON.stringify(calls));
  t.ok((calls.answers['503'] ?? 0) > 0.9 * calls.sent, 'nearly all is turned away');
  t.equal(calls.withoutRetryAfter, 0, 'and told when to come again');
  t.equal(calls.answers['200'], calls.asked, 'what belongs to the call is answered');
  t.match(calls.during, { dialogs: 1, transactions: 0, pending: 0 });
  t.same(calls.left, NOTHING);
  t.ok(calls.grownBytes < ALLOWED_BYTES, `${calls.grownBytes} bytes of the heap after ${calls.sent} INVITEs`);
});

void t.test('of millions of bytes that are no request nothing stays', async (t) => {
  t.ok(rubbish.bytes > 5_000_000);
  t.same(rubbish.left, NOTHING);
  t.ok(rubbish.grownBytes < ALLOWED_BYTES, `${rubbish.grownBytes} bytes of the heap after ${rubbish.bytes} that came`);
});
