import t from 'tap';
import { DEFAULT_TENANT, newCallId } from '../../../src/core/ids.js';
import { sine, toneShare } from '../../support/signal.js';
import { BLIND, hears, saying, talking } from '../../support/transfers.js';
import { until } from '../../support/until.js';

const RATE_HZ = 16_000;

/** Notes which tones were heard on either side, 50 ms at a time. */
function listener() {
  const waiting: [number[], number[]] = [[], []];
  const tones: [Set<number>, Set<number>] = [new Set(), new Set()];
  const note = (side: 0 | 1): void => {
    while (waiting[side].length >= 800) {
      const part = Int16Array.from(waiting[side].splice(0, 800));
      for (const hz of [440, 1_000, 1_700, 2_300]) if (toneShare(part, hz, RATE_HZ) > 0.9) tones[side].add(hz);
    }
  };
  let ended = 0;
  return {
    tones,
    ended: () => ended,
    as: {
      audio: (pairs: Int16Array): void => {
        for (let i = 0; i < pairs.length; i += 2) {
          waiting[0].push(pairs[i] ?? 0);
          waiting[1].push(pairs[i + 1] ?? 0);
        }
        note(0);
        note(1);
      },
      ended: (): void => {
        ended += 1;
      },
    },
  };
}

void t.test('a call that is handed over is overheard, whispered into and played to, until it ends', async (t) => {
  const { s, caller, target, id, reaches } = await talking(t);
  const line = await s.service.overhear(DEFAULT_TENANT, id);
  const ear = listener();
  const other = listener();
  line.listen(ear.as);
  const leave = line.listen(other.as);
  const tone = (hz: number): { pcm: Int16Array; rateHz: number } => ({ pcm: sine(hz, 400, RATE_HZ), rateHz: RATE_HZ });
  await t.rejects(s.service.playOver(DEFAULT_TENANT, id, tone(1_700), 'target'), { code: 'conflict' });
  await t.rejects(s.service.overhear(DEFAULT_TENANT, newCallId()), { code: 'call_not_found' });

  void s.service.transfer(DEFAULT_TENANT, id, BLIND);
  await target.invited();
  await target.answer(200, 'OK');
  await reaches('completed');
  const [quiet, silent] = [saying(caller, 440), saying(target, 1_000)];
  await until(() => ear.tones[0].has(440) && ear.tones[1].has(1_000));
  t.notOk(ear.tones[0].has(1_000) || ear.tones[1].has(440), 'each on its side');
  await until(() => other.tones[0].has(440));
  leave();
  await Promise.all([quiet(), silent()]);

  t.equal(line.speak(sine(2_300, 500, RATE_HZ), RATE_HZ, 'target'), true);
  t.equal(line.speak(sine(2_300, 500, RATE_HZ), RATE_HZ, 'target'), false, 'more than time has passed is left out');
  await target.rtp.until(() => hears(target, 2_300), 'a whisper');
  t.notOk(hears(caller, 2_300), 'for the target alone');
  const { beginsInMs } = await s.service.playOver(DEFAULT_TENANT, id, tone(1_700), 'both');
  t.ok(beginsInMs <= 560, 'at most behind the rest of the whisper');
  await Promise.all([caller, target].map((end) => end.rtp.until(() => hears(end, 1_700), 'played to both')));
  await until(() => ear.tones[1].has(1_700));
  t.notOk(ear.tones[1].has(2_300), 'the whisper is not on the line to the caller');
  t.notOk(other.tones[1].has(1_700), 'who has left hears no more');

  const bye = target.asked('BYE');
  await caller.hangUp();
  await bye;
  await s.nextEnded();
  t.equal(ear.ended(), 1);
  t.equal(other.ended(), 0);
  line.listen(other.as);
  t.equal(other.ended(), 1, 'who comes too late is told at once');
  t.notOk(line.speak(sine(2_300, 20, RATE_HZ), RATE_HZ, 'target'), 'and speaks to nobody');
  await t.rejects(s.service.overhear(DEFAULT_TENANT, id), { code: 'call_already_ended' });
});
