import t from 'tap';
import type { HeardTone } from '../../../src/domain/tone-recognizer.js';
import { AGREEMENT, rest, startFixture } from './call-fixture.js';

/** A call on which these tones are heard, one after the other. */
async function callWith(onTone: 'report' | 'end', tones: readonly HeardTone[]) {
  const f = startFixture();
  const invite = await f.call('echo');
  invite.agree?.({ ...AGREEMENT, toneDetection: { onTone, country: 'DE' } });
  for (const tone of tones) f.sessions[0]?.emit({ type: 'tone', tone, atMs: 0 });
  await rest();
  const call = f.row();
  const hangups = invite.dialog.hangups;
  f.remove();
  return { call, hangups };
}

void t.test('tones stand on the call, in order, and do not end it where they are only to be reported', async (t) => {
  const { call, hangups } = await callWith('report', ['ringback', 'busy', 'beep']);
  t.match(call, { status: 'in_progress', heardTones: [{ tone: 'ringback', atMs: Number }, { tone: 'busy' }, { tone: 'beep' }] });
  t.equal(hangups, 0);
});

void t.test('those after which nobody speaks end it where the trunk says so, and the others do not', async (t) => {
  for (const [tone, reason] of [
    ['busy', 'busy'],
    ['congestion', 'busy'],
    ['information', 'no_such_number'],
    ['fax', 'rejected'],
  ] as const) {
    const { call, hangups } = await callWith('end', [tone]);
    t.match(call, {
      status: 'failed',
      endedBy: 'system',
      termination: { result: 'client_error', reason },
      heardTones: [{ tone }],
    });
    t.equal(hangups, 1);
  }
  const { call, hangups } = await callWith('end', ['ringback', 'beep']);
  t.match(call, { status: 'in_progress' });
  t.equal(hangups, 0);
});
