import t from 'tap';
import { allocateAudioMemory, SlotReader } from '../../../src/media/audio-memory.js';

/** Does to a slot what the media thread does: sample `n` of the call has the value `n mod 1000`. */
function writer(slot: number, memory = allocateAudioMemory(2)) {
  const start = slot * memory.slotBytes;
  const header = new Uint32Array(memory.buffer, start, 2);
  const ring = new Int16Array(memory.buffer, start + memory.headerBytes, memory.ringSamples);
  let written = 0;
  return {
    memory,
    writeUntil(end: number): void {
      for (; written < end; written++) ring[written % ring.length] = written % 1000;
      Atomics.store(header, 1, written);
    },
  };
}

void t.test('what was heard is read by its position, across the end of the ring', async (t) => {
  const slot = writer(1);
  const reader = new SlotReader(slot.memory, 1);
  const { ringSamples } = slot.memory;
  t.equal(reader.written(), 0);
  t.equal(reader.read(0, 100).length, 0);
  slot.writeUntil(500);
  t.same([...reader.read(10, 13)], [10, 11, 12]);
  t.equal(reader.read(490, 600).length, 10, 'what is not there yet is left out');
  t.equal(reader.read(600, 700).length, 0);
  slot.writeUntil(ringSamples + 5000);
  const across = reader.read(ringSamples - 3, ringSamples + 3);
  t.same(
    [...across],
    [-3, -2, -1, 0, 1, 2].map((k) => (ringSamples + k) % 1000),
  );
});

void t.test('what the ring no longer surely holds is left out at the front', async (t) => {
  const slot = writer(0);
  const reader = new SlotReader(slot.memory, 0);
  const end = slot.memory.ringSamples * 2;
  slot.writeUntil(end);
  const all = reader.read(0, end);
  t.ok(all.length < slot.memory.ringSamples, 'less what the writer may be overwriting');
  t.ok(all.length > slot.memory.ringSamples - 4000);
  t.ok(
    all.every((sample, i) => sample === (end - all.length + i) % 1000),
    'and the rest is right',
  );
  t.equal(reader.read(0, 100).length, 0, 'long gone');
});

void t.test('slots do not overlap', async (t) => {
  const first = writer(0);
  const second = writer(1, first.memory);
  first.writeUntil(first.memory.ringSamples);
  second.writeUntil(10);
  t.same([...new SlotReader(first.memory, 1).read(0, 10)], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  t.equal(new SlotReader(first.memory, 0).written(), first.memory.ringSamples);
});
