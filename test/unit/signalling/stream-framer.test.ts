import * as fc from 'fast-check';
import t from 'tap';
import { serialiseMessage } from '../../../src/signalling/message/sip-message.js';
import { type StreamEvent, StreamFramer } from '../../../src/signalling/message/stream-framer.js';
import { invite, VALID } from '../../support/torture.js';

const bodies = (events: StreamEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'message' ? [event.parsed.message.body.toString()] : []));

void t.test('messages come out whole however the stream is cut', async () => {
  const stream = Buffer.from(invite({}, [], 'one') + invite() + '\r\n' + invite({}, [], 'thrée'));
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (sizes) => {
      const framer = new StreamFramer();
      const events: StreamEvent[] = [];
      for (let at = 0, i = 0; at < stream.length; i += 1) {
        const size = sizes[i % sizes.length] ?? 1;
        events.push(...framer.push(stream.subarray(at, at + size)));
        at += size;
      }
      return JSON.stringify(bodies(events)) === JSON.stringify(['one', '', 'thrée']) && !framer.midMessage;
    }),
  );
});

void t.test('a message that comes byte by byte is the message', async (t) => {
  const framer = new StreamFramer();
  const events: StreamEvent[] = [];
  const text = Buffer.from(VALID['wsinv'] ?? '');
  for (const byte of text) events.push(...framer.push(Buffer.from([byte])));
  const [event] = events;
  t.equal(events.length, 1);
  t.equal(event?.type, 'message');
  if (event?.type === 'message') t.match(serialiseMessage(event.parsed.message).toString(), /^INVITE .*unknownparam SIP/);
});

void t.test('a double line break is a ping, a single one is nothing', async (t) => {
  const framer = new StreamFramer();
  t.same(framer.push(Buffer.from('\r\n\r\n')), [{ type: 'ping' }]);
  t.same(framer.push(Buffer.from('\r\n')), []);
  t.same(bodies(framer.push(Buffer.from(invite({}, [], 'x')))), ['x']);
});

void t.test('without Content-Length a message on a stream has no body', async (t) => {
  const events = new StreamFramer().push(Buffer.from(invite({ length: undefined })));
  t.same(bodies(events), ['']);
});

for (const [what, text] of [
  ['a Content-Length that is none', invite({ length: 'Content-Length: -1' })],
  ['a Content-Length beyond the limit', invite({ length: 'Content-Length: 70000' })],
  ['what is no SIP', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a head without end', 'x'.repeat(70_000)],
] as const) {
  void t.test(`${what} breaks the stream, once`, async (t) => {
    const framer = new StreamFramer();
    const events = framer.push(Buffer.from(text));
    t.equal(events.at(-1)?.type, 'broken');
    t.same(framer.push(Buffer.from(invite())), [], 'nothing after it is read');
  });
}

void t.test('no bytes whatsoever make the framer throw', async () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 100 })), (chunks) => {
      const framer = new StreamFramer();
      for (const chunk of chunks) framer.push(Buffer.from(chunk));
    }),
  );
});
