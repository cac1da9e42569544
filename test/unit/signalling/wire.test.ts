import * as fc from 'fast-check';
import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { FrameDecoder, MAX_FRAME_BYTES } from '../../../src/signalling/wire/frame-decoder.js';
import { encodeAnswer, encodeOutcome, parseFrame } from '../../../src/signalling/wire/frames.js';
import { FRAME_GAP_MS, Outbox } from '../../../src/signalling/wire/outbox.js';

void t.test('frames are counted in bytes and come out whole however the stream is cut', async () => {
  const payloads = ['a|ping', 'ü|sip||\r\nINVITE #1|# é', 'x'.repeat(70_000)];
  const stream = Buffer.concat(payloads.map((p) => Buffer.from(`${Buffer.byteLength(p)}#${p}`)));
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: 1 }), (sizes) => {
      const decoder = new FrameDecoder();
      const got: string[] = [];
      for (let at = 0, i = 0; at < stream.length; i += 1) {
        const size = sizes[i % sizes.length] ?? 1;
        got.push(...decoder.push(stream.subarray(at, at + size)).map(String));
        at += size;
      }
      return JSON.stringify(got) === JSON.stringify(payloads);
    }),
    { numRuns: 30, examples: [[[1]]] },
  );
});

void t.test('what does not begin with a length is refused, and so is a frame above the limit', async (t) => {
  for (const text of ['hello', '#', '-1#x', '0#', 'GET / HTTP/1.1\r\n', '12345678', `${MAX_FRAME_BYTES + 1}#`]) {
    t.throws(() => new FrameDecoder().push(Buffer.from(text)), /invalid frame length/, text);
  }
});

void t.test('no bytes whatsoever do more than that', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        new FrameDecoder().push(Buffer.from(bytes)).forEach(parseFrame);
      } catch (error) {
        return error instanceof Error && error.message === 'invalid frame length';
      }
      return true;
    }),
  );
});

void t.test('an answer names what it answers; an outcome has its tokens where the library looks', async (t) => {
  const token = (frame: Buffer, index: number): string | undefined => frame.toString().split('#')[1]?.split(/[|\r]/)[index];
  const answer = encodeAnswer('m1', 'OK', 'pong');
  t.equal(Number(answer.toString().split('#')[0]), answer.length - 3);
  t.equal(token(answer, 2), 'm1');
  const outcome = {
    ok: true,
    bytes: Buffer.from('SIP/2.0 200 OK\r\n\r\n'),
    passage: { transport: 'udp', sizeBytes: 18, peer: { address: '198.51.100.7', port: 5062 } },
    callId: 'c',
    transactionId: 'txn',
    dialogId: 'c;from-tag=1',
  } as const;
  const response = encodeOutcome('m2', outcome, 'response', 0);
  t.same(
    [3, 4, 5, 6, 7, 8, 9, 10, 11].map((i) => token(response, i)),
    ['OK', 'application', '18', 'udp', '198.51.100.7', '5062', '00:00:00.000000', 'txn', 'c;from-tag=1'],
  );
  t.equal(token(encodeOutcome('m3', outcome, 'request', 0), 11), 'Msg sent:');
  t.match(encodeOutcome('m4', { ok: false, reason: 'no' }, 'request', 0).toString(), '|response|m4|NOK|no');
});

/** An outbox whose frames are noted with their time. */
function box(): { clock: FakeClock; outbox: Outbox; written: string[] } {
  const clock = new FakeClock(0);
  const written: string[] = [];
  return { clock, written, outbox: new Outbox(clock, (frame) => written.push(`${clock.nowMs()} ${frame.toString()}`)) };
}

void t.test('frames of one call keep their order and a gap; an answer waits only for what is before it', async (t) => {
  const { clock, outbox, written } = box();
  outbox.answer('a', Buffer.from('ok'));
  outbox.event('a', Buffer.from('response'));
  outbox.event('a', Buffer.from('bye'));
  outbox.answer('a', Buffer.from('ok2'));
  clock.advance(100);
  t.same(written, ['0 ok', `${FRAME_GAP_MS} response`, `${2 * FRAME_GAP_MS} bye`, `${3 * FRAME_GAP_MS} ok2`]);
  outbox.answer('a', Buffer.from('1'));
  outbox.answer('a', Buffer.from('2'));
  t.same(written.slice(4), ['100 1', '100 2'], 'answers need no gap between them');
});

void t.test('one call does not hold up another, and a quiet one is forgotten', async (t) => {
  const { clock, outbox, written } = box();
  outbox.event('a', Buffer.from('a1'));
  outbox.event('a', Buffer.from('a2'));
  outbox.event('b', Buffer.from('b1'));
  t.same(written, ['0 a1', '0 b1']);
  clock.advance(FRAME_GAP_MS);
  outbox.close();
  t.equal(clock.pendingTimers, 0);
});
