import t from 'tap';
import { HeardRing } from '../../../src/vad/heard-ring.js';
import { FakeAudioMemory } from '../../support/fake-audio-memory.js';

const counted = (from: number, length: number): Int16Array => Int16Array.from({ length }, (_, i) => from + i);

void t.test('reads what was written, with what came before it, around the end of the ring', async (t) => {
  const memory = new FakeAudioMemory(2, 1_024);
  memory.claim(1, 5);
  const ring = new HeardRing(memory, 1, 5);
  const into = new Int16Array(400);
  for (let from = 0; from < 4_000; from += 300) {
    memory.write(1, counted(from, 300));
    t.equal(ring.available(), 300);
    t.ok(ring.read(into, 100));
    const expected = counted(from - 100, 400).map((sample) => Math.max(0, sample));
    t.same(into, expected, `at ${from}`);
    t.equal(ring.position, from + 300);
  }
});

void t.test('begins at what is being written, and survives the wrap of the 32-bit counter', async (t) => {
  const memory = new FakeAudioMemory(1, 1_024);
  memory.claim(0, 1, -200);
  const ring = new HeardRing(memory, 0, 1);
  t.equal(ring.position, 2 ** 32 - 200);
  memory.write(0, counted(1, 300));
  t.equal(ring.available(), 300);
  const into = new Int16Array(300);
  t.ok(ring.read(into, 0));
  t.same(into, counted(1, 300));
  t.equal(ring.position, 2 ** 32 + 100, 'positions do not wrap');
});

void t.test('audio that was overwritten is refused, not mixed', async (t) => {
  const memory = new FakeAudioMemory(1, 1_024);
  memory.claim(0, 1);
  const ring = new HeardRing(memory, 0, 1);
  memory.write(0, counted(0, 1_000));
  t.notOk(ring.read(new Int16Array(164), 64), 'the samples before are gone by the time the write that laps them may begin');
  t.equal(ring.position, 0);
  ring.skip(500);
  t.ok(ring.read(new Int16Array(164), 64));
});

void t.test('a slot given to another session is not alive', async (t) => {
  const memory = new FakeAudioMemory(1);
  memory.claim(0, 3);
  const ring = new HeardRing(memory, 0, 3);
  t.ok(ring.alive);
  memory.claim(0, 4);
  t.notOk(ring.alive);
});
