import t from 'tap';
import { DEFAULT_TENANT, newCallId, type TenantId } from '../../../src/core/ids.js';
import { startFixture } from './call-fixture.js';

const AUDIO = { pcm: Int16Array.of(1), rateHz: 8000, text: '[audio]' };
const NOW = { interrupt: true };

void t.test('commands reach the conversation and the line of an answered call', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  await f.call('demo');
  const { id } = f.row();
  t.same(await f.service.say(DEFAULT_TENANT, id, 'Hello.', { interrupt: false }), { begins: 'waiting' });
  t.same(await f.service.play(DEFAULT_TENANT, id, AUDIO, NOW), { begins: 'now' });
  t.same(f.conversations[0]?.heard, ['start', 'interject Hello.', 'interrupt [audio]']);
  f.clock.advance(1500);
  await f.service.press(DEFAULT_TENANT, id, '12#');
  t.same(f.sessions[0]?.digits, ['12#']);
  await t.rejects(f.service.press(DEFAULT_TENANT, id, '3'), { code: 'conflict' }, 'not while others are being sent');
  f.clock.advance(3 * 160);
  await f.service.press(DEFAULT_TENANT, id, '3');
  await f.service.end(DEFAULT_TENANT, id);
  t.match(f.calls.entries, [
    { speaker: 'agent', text: '[digits 12#]', startMs: 1500, endMs: 1980 },
    { text: '[digits 3]', startMs: 1980 },
  ]);
});

void t.test(
  'there is nothing to command before the answer, after the end, on a call of somebody else, or without an agent',
  async (t) => {
    const f = startFixture();
    t.teardown(f.remove);
    const ringing = f.call('demo', (invite) => {
      invite.delayedOffer = true;
    });
    await ringing;
    const { id } = f.row();
    await t.rejects(f.service.say(DEFAULT_TENANT, id, 'x', NOW), { code: 'conflict' }, 'what is spoken is not agreed on yet');
    await t.rejects(f.service.press(DEFAULT_TENANT, id, '1'), { code: 'conflict' });
    await t.rejects(f.service.say('other' as TenantId, id, 'x', NOW), { code: 'call_not_found' });
    await t.rejects(f.service.say(DEFAULT_TENANT, newCallId(), 'x', NOW), { code: 'call_not_found' });
    await f.service.end(DEFAULT_TENANT, id);
    const commands: Promise<unknown>[] = [
      f.service.say(DEFAULT_TENANT, id, 'x', NOW),
      f.service.play(DEFAULT_TENANT, id, AUDIO, NOW),
      f.service.press(DEFAULT_TENANT, id, '1'),
    ];
    for (const outcome of await Promise.allSettled(commands)) t.match(outcome, { reason: { code: 'call_already_ended' } });
    await f.call('echo');
    const echo = f.row();
    await t.rejects(f.service.say(DEFAULT_TENANT, echo.id, 'x', NOW), { code: 'conflict' });
    await f.service.press(DEFAULT_TENANT, echo.id, '1');
  },
);

void t.test('a recording is paused and goes on, each once however often it is asked for', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  await f.call('echo');
  const { id } = f.row();
  const pausedAtMs = f.clock.nowMs();
  await f.service.resumeRecording(DEFAULT_TENANT, id);
  t.equal(f.row().recordingPauses, undefined, 'it was not paused');
  await f.service.pauseRecording(DEFAULT_TENANT, id);
  f.clock.advance(2000);
  await f.service.pauseRecording(DEFAULT_TENANT, id);
  t.same(f.row().recordingPauses, [{ pausedAtMs, resumedAtMs: undefined }]);
  await f.service.resumeRecording(DEFAULT_TENANT, id);
  f.clock.advance(1000);
  await f.service.resumeRecording(DEFAULT_TENANT, id);
  const { recordingPauses } = await f.service.pauseRecording(DEFAULT_TENANT, id);
  t.same(recordingPauses, [
    { pausedAtMs, resumedAtMs: pausedAtMs + 2000 },
    { pausedAtMs: pausedAtMs + 3000, resumedAtMs: undefined },
  ]);
  await f.service.end(DEFAULT_TENANT, id);
  t.same(f.row().recordingPauses, recordingPauses, 'it lasted to the end');
  await t.rejects(f.service.pauseRecording(DEFAULT_TENANT, id), { code: 'call_already_ended' });
});

void t.test('a call that is not recorded has nothing to pause', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  f.media.recordingFault = new Error('ENOSPC');
  await f.call('echo');
  await t.rejects(f.service.pauseRecording(DEFAULT_TENANT, f.row().id), { code: 'conflict' });
});

void t.test('keys are pressed by INFO where that is agreed, and else with the audio', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  const { dialog } = await f.call('tone');
  dialog.digits = 'info';
  await f.service.press(DEFAULT_TENANT, f.row().id, '1#');
  t.same(dialog.keysByInfo, ['1#']);
  t.same(f.sessions[0]?.digits, []);
  f.clock.advance(320);
  dialog.digits = 'rtp';
  await f.service.press(DEFAULT_TENANT, f.row().id, '2');
  t.same(f.sessions[0]?.digits, ['2']);
});

void t.test('how an agent is led reaches it and the record; then an operator speaks by `say`', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  await f.call('demo');
  const { id } = f.row();
  const heard = f.conversations[0]?.heard;
  await f.service.guide(DEFAULT_TENANT, id, { muted: true });
  await f.service.guide(DEFAULT_TENANT, id, { mode: 'operator', operator: 'Ann' });
  const guidance = { mode: 'operator', operator: 'Ann', muted: true, instructions: undefined };
  t.same(f.row().guidance, guidance);
  await f.service.say(DEFAULT_TENANT, id, 'Hello.', NOW);
  t.same(heard, ['start', 'guide regular true', 'guide operator true', 'operator interrupt Hello.']);
  await t.rejects(f.service.guide(DEFAULT_TENANT, id, { instructions: 'refused' }), { code: 'conflict' });
  t.same(f.row().guidance, guidance, 'what was refused does not hold');
  t.match(
    f.events.filter(({ type }) => type === 'guidance'),
    [{ call: { guidance: { muted: true } } }, { call: { guidance } }],
  );
  await f.call('echo');
  await t.rejects(f.service.guide(DEFAULT_TENANT, f.row().id, { muted: true }), { code: 'conflict' }, 'no agent speaks');
});
