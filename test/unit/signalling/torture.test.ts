import * as fc from 'fast-check';
import t from 'tap';
import { isFault, readEnvelope, requestFault } from '../../../src/signalling/message/envelope.js';
import { type Parsed, parseDatagram } from '../../../src/signalling/message/parse-message.js';
import { serialiseMessage } from '../../../src/signalling/message/sip-message.js';
import { INVALID, invite, VALID } from '../../support/torture.js';

/** What the server would say to the sender: undefined when the request may go on. */
function verdict(parsed: Parsed | undefined): number | undefined {
  if (!parsed) return 0;
  if (parsed.fault) return parsed.fault.status;
  const { message } = parsed;
  if (message.kind !== 'request') return undefined;
  const envelope = readEnvelope(message);
  if (isFault(envelope)) return envelope.status;
  return requestFault(message.method, message.uri, envelope, message)?.status;
}

/** The length is always written, whether it was given or not. */
const namesIn = ({ message }: Parsed): string[] =>
  [...message.headers].map(({ name }) => name).filter((name) => name !== 'Content-Length');

for (const [name, text] of Object.entries(VALID)) {
  void t.test(`valid: ${name}`, async (t) => {
    const parsed = parseDatagram(Buffer.from(text, 'latin1'));
    t.equal(verdict(parsed), undefined);
    const again = parsed && parseDatagram(serialiseMessage(parsed.message));
    t.equal(verdict(again), undefined, 'what we write, we can read');
    t.same(again && namesIn(again), parsed && namesIn(parsed));
  });
}

for (const [name, [text, status]] of Object.entries(INVALID)) {
  void t.test(`invalid: ${name} is ${status}`, async (t) => {
    t.equal(verdict(parseDatagram(Buffer.from(text, 'latin1'))), status);
  });
}

void t.test('folded headers become one line', async (t) => {
  const parsed = parseDatagram(Buffer.from(VALID['wsinv'] ?? '', 'latin1'));
  t.equal(parsed?.message.headers.get('Newfangledheader'), 'newfangled value continued newfangled value');
  t.equal(parsed?.message.headers.list('Via').length, 3);
  const envelope = parsed && readEnvelope(parsed.message);
  t.match(envelope, { sequence: 9, method: 'INVITE', toTag: '1918181833n', fromTag: '98asjd8' });
});

void t.test('the body is cut at Content-Length, and counted in bytes', async (t) => {
  const parsed = parseDatagram(Buffer.from(`${invite({}, [], 'é✓')}rest`));
  t.equal(parsed?.message.body.toString(), 'é✓');
  t.match(parsed && serialiseMessage(parsed.message).toString(), 'Content-Length: 5\r\n');
});

void t.test('a response without a known reason phrase is a response', async (t) => {
  const parsed = parseDatagram(
    Buffer.from(
      'SIP/2.0 100 \r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n\r\n',
    ),
  );
  t.match(parsed?.message, { kind: 'response', status: 100, reason: '' });
  t.equal(parsed?.fault, undefined);
  t.equal(parseDatagram(Buffer.from('SIP/2.0 999999 Better not\r\n\r\n')), undefined);
});

void t.test('no bytes whatsoever make the parser throw', async () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void verdict(parseDatagram(Buffer.from(bytes)))));
});

void t.test('no damage to a good message makes the parser throw', async () => {
  const texts = [...Object.values(VALID), ...Object.values(INVALID).map(([text]) => text)];
  const damaged = fc.record({
    text: fc.constantFrom(...texts),
    at: fc.nat(2000),
    remove: fc.nat(30),
    insert: fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('"', '<', '>', ';', ',', '\r\n', '\r\n ', '@', '[', '%')),
  });
  fc.assert(
    fc.property(damaged, ({ text, at, remove, insert }) => {
      const position = at % text.length;
      const broken = text.slice(0, position) + insert + text.slice(position + remove);
      verdict(parseDatagram(Buffer.from(broken, 'latin1')));
    }),
    { numRuns: 3000 },
  );
});

void t.test('parsing time grows with the size, not with its square', async (t) => {
  // Shapes that make careless patterns run away; all are far below a second when linear.
  const heads = [
    'a'.repeat(60_000),
    ' '.repeat(60_000),
    '"'.repeat(60_000),
    ';'.repeat(60_000),
    '<,'.repeat(30_000),
    '\r\n '.repeat(20_000),
  ];
  const startMs = performance.now();
  for (const head of heads) {
    verdict(parseDatagram(Buffer.from(`${head}\r\n\r\n`)));
    verdict(parseDatagram(Buffer.from(`INVITE ${head} SIP/2.0\r\n\r\n`)));
    verdict(parseDatagram(Buffer.from(invite({ from: `From: ${head.slice(0, 8000)}` }))));
    verdict(parseDatagram(Buffer.from(invite({ via: `Via: SIP/2.0/UDP h${head.slice(0, 8000)}` }))));
  }
  t.ok(performance.now() - startMs < 5000);
});
