import t from 'tap';
import { ParticipantEars } from '../../../src/calls/conference/participant-ears.js';
import { FakeClock } from '../../../src/core/clock.js';
import { newParticipantId } from '../../../src/core/ids.js';

/** A line on which time has brought `samples`. */
class Line {
  samples = 0;
  heard(): number {
    return this.samples;
  }
  readHeard(from: number, to: number): Int16Array {
    return new Int16Array(to - from);
  }
}

void t.test('what is said to the far end is heard, by an ear for each, from when it may be to when it may not', (t) => {
  const clock = new FakeClock();
  const told: string[] = [];
  let opened = 0;
  const ears = new ParticipantEars({
    clock,
    openEar: () => {
      const name = String.fromCharCode(97 + opened);
      opened += 1;
      return {
        hear: (pcm, rateHz) => void told.push(`${name} ${pcm.length} ${rateHz}`),
        hush: (hushed) => void (hushed && told.push(`${name} hushed`)),
        close: () => void told.push(`${name} closed`),
      };
    },
  });
  const talker = new Line();
  const [ann, bob] = [newParticipantId(), newParticipantId()];
  talker.samples = 500;
  ears.set(new Map([[ann, talker]]), false);
  talker.samples = 2_100;
  clock.advance(100);
  t.same(told.splice(0), ['a 1600 16000'], 'from the moment on');
  talker.samples = 2_500;
  ears.set(
    new Map([
      [ann, talker],
      [bob, talker],
    ]),
    false,
  );
  talker.samples = 3_000;
  clock.advance(100);
  t.same(told.splice(0), ['a 400 16000', 'a 500 16000', 'b 500 16000']);
  ears.set(new Map([[ann, talker]]), true);
  talker.samples = 9_000;
  clock.advance(1_000);
  t.same(told.splice(0), ['a hushed', 'b hushed'], 'masked keys are being pressed');
  ears.set(new Map([[ann, talker]]), false);
  talker.samples = 9_100;
  clock.advance(100);
  t.same(told.splice(0), ['a 100 16000'], 'what was said meanwhile is not made up for');
  ears.set(new Map(), false);
  clock.advance(1_000);
  ears.close();
  t.same(told, ['a closed', 'b closed']);
  t.equal(clock.pendingTimers, 0);
  t.equal(opened, 2);
  t.end();
});
