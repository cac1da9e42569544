// `node flood-child.js`: floods a user agent behind a gate, on a clock that stands still, and prints what became of it as JSON. A process
// of its own, because the test runner's books on whatever happens in its process are on the same heap.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { FakeClock } from '../../src/core/clock.js';
import { Gate } from '../../src/signalling/gate/gate.js';
import type { Target } from '../../src/signalling/transport/flow.js';
import { AgentHarness, peerRequest } from './agent-harness.js';

type Left = { dialogs: number; transactions: number; pending: number; timers: number };
type Grown = { grownBytes: number; left: Left };
export type FloodResult = {
  /** Of INVITEs while a call lasts. `left`: once that has ended, too. */
  calls: Grown & { sent: number; answers: Record<string, number>; withoutRetryAfter: number; during: Left; asked: number };
  /** Of what is no proper request. */
  rubbish: Grown & { bytes: number };
};

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;

const TICK_MS = 10;
const TICKS = 2000;
/** INVITEs at each tick: twenty-five times what strangers are let in with. */
const AT_ONCE = 5;
/** Something that belongs to the call comes that often. */
const TICKS_PER_QUESTION = 100;
const SOURCES = 5000;
const ROUNDS = 20;
/** The rounds before what is measured: code is compiled, and every table has the size that it keeps. */
const WARM_UP = 3;
/** Longer than any transaction lasts. */
const AFTERWARDS_MS = 60_000;
const LIMITS = {
  silentToUnknown: false,
  trusted: ['198.51.100.0/24'],
  scanners: [],
  callsPerSecond: 40,
  callsPerSecondPerSource: 10,
  requestsPerSecond: 100,
  requestsPerSecondPerSource: 100,
  connectionsPerSource: 10,
};
const OURS = 'to: <sip:agent@192.0.2.1>;tag=us';

const result: FloodResult = { calls: floodOfCalls(), rubbish: floodOfRubbish() };
process.stdout.write(`${JSON.stringify(result)}\n`);

function floodOfCalls(): FloodResult['calls'] {
  const harness = guarded();
  const { app, clock } = harness;
  harness.receive(peerRequest('INVITE'));
  harness.respond('INVITE', 'SIP/2.0 200 OK', [OURS, 'contact: <sip:agent@192.0.2.1>']);
  harness.receive(peerRequest('ACK', { branch: 'z9hG4bKack', toTag: 'us' }));
  let [sent, questions, withoutRetryAfter] = [0, 0, 0];
  let answers: Record<string, number> = {};
  const flood = (): void => {
    answers = {};
    for (let tick = 0; tick < TICKS; tick += 1) {
      for (let i = 0; i < AT_ONCE; i += 1, sent += 1) {
        harness.receive(peerRequest('INVITE', { branch: `z9hG4bK${sent}`, callId: `flood${sent}` }), stranger(sent % SOURCES));
        // Nobody of that name; who floods sends no ACK.
        if (app.requests.length > 0) harness.respond('INVITE', 'SIP/2.0 404 Not Found', ['to: <sip:agent@192.0.2.1>;tag=no']);
        app.requests.length = 0;
      }
      if (tick % TICKS_PER_QUESTION === 0) {
        questions += 1;
        harness.receive(peerRequest('INFO', { branch: `z9hG4bKinfo${questions}`, toTag: 'us', cseq: questions + 1 }));
        harness.respond('INFO', 'SIP/2.0 200 OK');
        app.requests.length = 0;
      }
      clock.advance(TICK_MS);
      for (const { message } of harness.sent.splice(0)) {
        if (message.kind !== 'response') continue;
        answers[message.status] = (answers[message.status] ?? 0) + 1;
        if (message.status === 503 && message.headers.get('Retry-After') === undefined) withoutRetryAfter += 1;
      }
    }
    clock.advance(AFTERWARDS_MS);
    harness.sent.length = 0;
  };
  for (let round = 0; round < WARM_UP; round += 1) flood();
  const before = heapBytes();
  flood();
  const grownBytes = heapBytes() - before;
  const during = left(harness);
  harness.receive(peerRequest('BYE', { branch: 'z9hG4bKbye', toTag: 'us', cseq: 1_000_000 }));
  harness.respond('BYE', 'SIP/2.0 200 OK');
  clock.advance(AFTERWARDS_MS);
  const asked = TICKS / TICKS_PER_QUESTION;
  return { sent: TICKS * AT_ONCE, asked, answers, withoutRetryAfter, during, grownBytes, left: left(harness) };
}

function floodOfRubbish(): FloodResult['rubbish'] {
  const harness = guarded();
  const flood = (): number => {
    let bytes = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const text of rubbish(round)) {
        bytes += text.length;
        harness.receive(text, stranger(round));
      }
      harness.app.requests.length = 0;
    }
    harness.clock.advance(AFTERWARDS_MS);
    harness.sent.length = 0;
    return bytes;
  };
  for (let round = 0; round < WARM_UP; round += 1) flood();
  const before = heapBytes();
  const bytes = flood();
  return { bytes, grownBytes: heapBytes() - before, left: left(harness) };
}

function rubbish(index: number): string[] {
  const text = peerRequest('INVITE', { branch: `z9hG4bKbad${index}`, callId: `bad${index}` });
  const withLines = (lines: readonly string[]): string =>
    text.replace('\r\nContent-Length', `\r\n${lines.join('\r\n')}\r\nContent-Length`);
  return [
    withLines([`Subject: ${'x'.repeat(60_000)}`]),
    withLines(Array.from({ length: 5000 }, (_, line) => `X-${line}: ${index}`)),
    withLines(Array.from({ length: 1500 }, (_, hop) => `Via: SIP/2.0/UDP h${hop};branch=z9hG4bK${index}`)),
    withLines([`Route: ${'<'.repeat(60_000)}`]),
    withLines([` ${'folded '.repeat(8000)}`]),
    text.replace('From: ', `From: "${'\\'.repeat(60_000)}`),
    text.replace('INVITE sip:', `INVITE sip:${'a'.repeat(60_000)}@`),
    '\r\n'.repeat(32_000),
    `${'z'.repeat(64_000)} ${index}`,
  ];
}

function guarded(): AgentHarness {
  const clock = new FakeClock(0);
  return new AgentHarness(new Gate(LIMITS, clock), clock);
}

/** Forging an address costs nothing: there are thousands. */
function stranger(index: number): Target {
  return { transport: 'udp', address: `203.${Math.floor(index / 250)}.0.${index % 250}`, port: 5060 };
}

function left({ agent, clock }: AgentHarness): Left {
  return { ...agent.load, timers: clock.pendingTimers };
}

/** Without what nobody holds any more. */
function heapBytes(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}
