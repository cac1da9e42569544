import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { type Cancel, systemClock } from '../../../src/core/clock.js';
import { silentLogger } from '../../../src/core/log.js';
import type { VoiceEvent } from '../../../src/domain/ports/voice-activity.js';
import { startVoiceActivity } from '../../../src/vad/voice-activity.js';
import { FakeAudioMemory } from '../../support/fake-audio-memory.js';
import { joined, silent, spoken } from '../../support/test-audio.js';

const start = (audioMemory: FakeAudioMemory, modelPath?: string) =>
  startVoiceActivity({ audioMemory, clock: systemClock, log: silentLogger, modelPath });

/** Writes this audio into the slots over and over, at the pace of a call. Returns how to stop. */
function talk(memory: FakeAudioMemory, slots: readonly number[], pcm: Int16Array): Cancel {
  let at = 0;
  let cancel: Cancel = () => undefined;
  const next = (): void => {
    for (const slot of slots) memory.write(slot, pcm.subarray(at, at + 1_600));
    at = (at + 1_600) % pcm.length;
    cancel = systemClock.schedule(100, next);
  };
  next();
  return () => cancel();
}

void t.test('the worker tells each call what it heard, on the engine’s clock', async (t) => {
  const memory = new FakeAudioMemory(3, 1 << 17);
  const vad = await start(memory);
  t.teardown(() => vad.close());
  const pcm = joined(silent(500), await spoken('Hello, who is there?'), silent(500));
  const heard = [0, 1, 2].map((slot) => {
    memory.claim(slot, slot + 1);
    const events: VoiceEvent[] = [];
    return new Promise<VoiceEvent[]>((resolve) => {
      vad.watch({ slot, generation: slot + 1 }, (event) => {
        events.push(event);
        if (event.type === 'ended' && events.some(({ type }) => type === 'confirmed')) resolve(events);
      });
    });
  });
  const beginMs = systemClock.monotonicMs();
  t.teardown(talk(memory, [0, 1, 2], pcm));
  for (const events of await Promise.all(heard)) {
    t.equal(events[0]?.type, 'onset');
    t.ok(events.every(({ atMs }) => atMs >= beginMs && atMs <= systemClock.monotonicMs()));
  }
  const { watched, windows, runs } = vad.lag();
  t.equal(watched, 3);
  t.ok(windows > runs, `${windows} windows took ${runs} runs`);
});

void t.test('a closed watch hears nothing more', async (t) => {
  const memory = new FakeAudioMemory(2, 1 << 17);
  const vad = await start(memory);
  t.teardown(() => vad.close());
  for (const slot of [0, 1]) memory.claim(slot, 1);
  const closed = vad.watch({ slot: 0, generation: 1 }, () => t.fail('heard after close'));
  const other = new Promise<void>((resolve) => {
    vad.watch({ slot: 1, generation: 1 }, (event) => {
      if (event.type === 'ended') resolve();
    });
  });
  closed.close();
  closed.close();
  const pcm = joined(await spoken('Anybody there?'), silent(500));
  t.teardown(talk(memory, [0, 1], pcm));
  await other;
  t.equal(vad.lag().watched, 1);
});

void t.test('closing in the middle of the work waits for it and leaves nothing behind', async (t) => {
  const memory = new FakeAudioMemory(64, 1 << 15);
  const vad = await start(memory);
  for (let slot = 0; slot < 64; slot += 1) {
    memory.claim(slot, 1);
    memory.write(slot, new Int16Array(16_000).fill(3_000));
    vad.watch({ slot, generation: 1 }, () => t.fail('told after close'));
    memory.write(slot, new Int16Array(16_000).fill(3_000));
  }
  await vad.close();
  await vad.close();
  t.pass('closed twice, and this process can exit');
});

void t.test('a worker that died is replaced, and calls in progress are heard again', async (t) => {
  const memory = new FakeAudioMemory(1, 1 << 16);
  memory.claim(0, 1);
  const vad = await start(memory);
  const sentence = joined(await spoken('Can you hear me now?'), silent(500));
  const events: VoiceEvent[] = [];
  t.teardown(() => vad.close());
  const heard = new Promise<void>((resolve) => {
    vad.watch({ slot: 0, generation: 1 }, (event) => {
      events.push(event);
      if (event.type === 'ended' && vad.lag().restarts > 0) resolve();
    });
  });
  // A slot that the memory does not have: no engine would name it.
  const fatal = vad.watch({ slot: 99, generation: 1 }, () => t.fail('heard nothing there'));
  t.teardown(talk(memory, [0], sentence));
  while (vad.lag().restarts === 0) await new Promise<void>((resolve) => systemClock.schedule(20, resolve));
  fatal.close();
  await heard;
  t.equal(vad.lag().restarts, 1);
  t.equal(events.at(-1)?.type, 'ended');
});

void t.test('a file that is no model is refused at the start, and so is one that is missing', async (t) => {
  const path = join(t.testdir(), 'model.onnx');
  await t.rejects(start(new FakeAudioMemory(1), path), { code: 'internal' });
  await writeFile(path, 'this is no model');
  await t.rejects(start(new FakeAudioMemory(1), path));
});
