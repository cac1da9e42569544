import t from 'tap';
import { detectedIn } from '../../support/echo-hearing.js';
import { atLevel, doubled, type EchoPath, halved, heardFrom, LINE_RATE_HZ } from '../../support/echo-line.js';
import { joined, spoken } from '../../support/test-audio.js';

const AGENT =
  'Good morning, and welcome. I can tell you when we are open, book a table for you, or take a message for one of my colleagues. ' +
  'If you would like to speak to somebody at once, just say so at any time, and I will see who is there.';
const PATHS: EchoPath[] = [
  { returnLossDb: 6, delayMs: 60, roomMs: 40 },
  { returnLossDb: 15, delayMs: 400, roomMs: 20 },
  { returnLossDb: 25, delayMs: 20, roomMs: 40, driftPpm: 300 },
  { returnLossDb: 20, delayMs: 120, roomMs: 40, distorts: true },
  { returnLossDb: 40, delayMs: 250, roomMs: 0 },
  { returnLossDb: 80, delayMs: 100, roomMs: 0 },
];
const LOUD = PATHS.filter(({ returnLossDb }) => returnLossDb < 20);

const agent = atLevel(halved(await spoken(AGENT)), -20);
const sent = doubled(agent);
const nobody = new Int16Array(agent.length);
const nameOf = ({ returnLossDb, delayMs }: EchoPath): string => `${returnLossDb} dB down, ${delayMs} ms late`;

void t.test('the agent does not hear itself, however its voice comes back', async (t) => {
  const calls = PATHS.map((path) => ({ sent, heard: doubled(heardFrom(agent, nobody, path)) }));
  const { events } = await detectedIn(calls, 'auto');
  for (const [i, path] of PATHS.entries()) t.same(events[i], [], nameOf(path));
});

void t.test('without echo cancellation it does', async (t) => {
  const calls = LOUD.map((path) => ({ sent, heard: doubled(heardFrom(agent, nobody, path)) }));
  const { events } = await detectedIn(calls, 'off');
  for (const [i, path] of LOUD.entries()) t.equal(events[i]?.[0]?.type, 'onset', nameOf(path));
});

void t.test('a caller who speaks over the agent is heard soon', async (t) => {
  const beganMs = 4_000;
  const words = atLevel(halved(await spoken('No, wait, I want to speak to a human being.')), -26);
  const caller = joined(new Int16Array((beganMs * LINE_RATE_HZ) / 1_000), words, nobody).subarray(0, agent.length);
  const calls = PATHS.map((path) => ({ sent, heard: doubled(heardFrom(agent, caller, path)) }));
  const { events } = await detectedIn(calls, 'auto');
  for (const [i, path] of PATHS.entries()) {
    const [onset, confirmed] = events[i] ?? [];
    t.equal(onset?.type, 'onset', nameOf(path));
    t.ok((onset?.atMs ?? 0) > beganMs && (onset?.atMs ?? 0) < beganMs + 600, `${nameOf(path)}: at ${onset?.atMs} ms`);
    t.equal(confirmed?.type, 'confirmed', `${nameOf(path)}: confirmed`);
  }
});
