import t from 'tap';
import { DEFAULT_TENANT, newTaskId } from '../../../src/core/ids.js';
import type { RetryPolicy } from '../../../src/domain/retry-policy.js';
import type { Task } from '../../../src/domain/task.js';
import { rest } from '../tasks/scheduler-fixture.js';
import { BUSY, DONE, startCampaigns } from './campaign-fixture.js';

const RETRY: RetryPolicy = { maxAttempts: 2, outcomes: { busy: { afterMs: [60_000] } } };
const PAGE = { limit: 100, offset: 0 };

void t.test('everybody is called once, and then the campaign is completed', async (t) => {
  const s = await startCampaigns(t);
  const { id } = await s.running(['+12', '+13', '+14']);
  t.same(s.dialled, ['+12', '+13', '+14']);
  t.match(await s.campaign(id), { status: 'running', startedAtMs: s.clock.nowMs() });
  await s.endCall('+12', DONE, 30_000);
  await s.endCall('+13', BUSY);
  t.equal((await s.campaign(id)).status, 'running');
  await s.endCall('+14', DONE, 10_000);
  t.match(await s.campaign(id), { status: 'completed', endedAtMs: s.clock.nowMs() });
  t.same(await s.statuses(id), ['+12 completed answered', '+13 failed busy', '+14 completed answered']);
  t.match(await s.campaigns.progress(DEFAULT_TENANT, id), {
    contacts: 3,
    byStatus: { pending: 0, queued: 0, in_progress: 0, completed: 2, failed: 1, cancelled: 0 },
    byOutcome: { answered: 2, busy: 1 },
    calls: 3,
    answeredCalls: 2,
    averageTalkMs: 20_000,
  });
});

void t.test("the task has the campaign's settings and the contact's words", async (t) => {
  const s = await startCampaigns(t);
  const settings = { priority: 7, retry: RETRY, webhookUrl: 'https://example.com/', startingMessage: 'Hello {{name}}' };
  const { id } = await s.createCampaign([], settings);
  const ann = { number: '+12', name: 'Ann', variables: { day: 'Monday', name: 'Dr Smith' } };
  await s.campaigns.addContacts(DEFAULT_TENANT, id, [ann]);
  await s.campaigns.start(DEFAULT_TENANT, id, undefined);
  await rest();
  const [contact] = await s.contactsOf(id);
  t.match(contact, { status: 'in_progress', calls: 1, callId: s.calls[0]?.id });
  t.match(await s.task(contact!.taskId!), {
    ...settings,
    name: 'Spring: Ann',
    toNumber: '+12',
    contextData: { number: '+12', name: 'Dr Smith', day: 'Monday' },
  });
});

void t.test('no more calls at a time than the campaign may have, attempts included', async (t) => {
  const s = await startCampaigns(t);
  const { id } = await s.running(s.numbers(5), { maxConcurrent: 2, retry: RETRY });
  const [a = '', b = '', c = '', d = ''] = s.numbers(5);
  t.same(s.dialled, [a, b]);
  await s.endCall(a, BUSY);
  t.same(s.dialled, [a, b, c]);
  await s.pass(60_000);
  t.same(s.dialled, [a, b, c], 'the second attempt has to wait for a place');
  await s.endCall(b, DONE, 1);
  t.same(s.dialled, [a, b, c, a], 'and comes before who was not called yet');
  await s.campaigns.patch(DEFAULT_TENANT, id, { maxConcurrent: 3 });
  await rest();
  t.same(s.dialled, [a, b, c, a, d]);
});

void t.test('tasks are made a few at a time, however many contacts there are', async (t) => {
  const s = await startCampaigns(t);
  s.room.calls = 0;
  const { id } = await s.running(s.numbers(3000));
  const made = async (): Promise<number> => (await s.service.list(DEFAULT_TENANT, {}, PAGE)).total;
  t.equal(await made(), 50);
  s.room.calls = 20;
  s.scheduler.wake();
  await rest();
  s.feeder.wake();
  await rest();
  t.equal(s.dialled.length, 20);
  t.equal(await made(), 70);
  t.match((await s.campaigns.progress(DEFAULT_TENANT, id)).byStatus, { pending: 2930, queued: 50, in_progress: 20 });
});

void t.test('once paused nobody is called any more; calls in progress go on, and resume goes on where it was', async (t) => {
  const s = await startCampaigns(t);
  s.room.calls = 1;
  const { id } = await s.running(['+12', '+13', '+14'], { retry: RETRY });
  t.same(s.dialled, ['+12']);
  await s.campaigns.act(DEFAULT_TENANT, id, 'pause');
  s.room.calls = 100;
  s.scheduler.wake();
  await rest();
  await s.endCall('+12', BUSY);
  await s.pass(3_600_000);
  t.same(s.dialled, ['+12'], 'nor is an attempt made that has fallen due');
  t.same(await s.statuses(id), ['+12 queued', '+13 queued', '+14 queued']);
  await s.campaigns.act(DEFAULT_TENANT, id, 'resume');
  await rest();
  t.same([...s.dialled].sort(), ['+12', '+12', '+13', '+14']);
});

void t.test('a task that was read before the pause is not called after it', async (t) => {
  const s = await startCampaigns(t);
  s.room.calls = 0;
  const { id } = await s.running(['+12']);
  const [task] = await s.database.tasks.due(DEFAULT_TENANT, s.clock.nowMs(), PAGE);
  await s.campaigns.act(DEFAULT_TENANT, id, 'pause');
  await t.rejects(s.dialler.carryOut(task!), { code: 'conflict' });
  t.same(s.dialled, []);
});

void t.test('what is patched or reset in a paused campaign stays uncalled; execute calls all the same', async (t) => {
  const s = await startCampaigns(t);
  const { id } = await s.running(['+12', '+13'], { maxConcurrent: 1 });
  await s.endCall('+12', BUSY);
  await s.endCall('+13', BUSY);
  t.equal((await s.campaign(id)).status, 'completed');
  const [contact] = await s.contactsOf(id);
  await s.service.reset(DEFAULT_TENANT, contact!.taskId!);
  await s.service.patch(DEFAULT_TENANT, contact!.taskId!, { scheduledAtMs: s.clock.nowMs() - 1 });
  await s.pass(60_000);
  t.equal(s.dialled.length, 2);
  await s.service.execute(DEFAULT_TENANT, contact!.taskId!);
  t.same(s.dialled, ['+12', '+13', '+12']);
  await s.endCall('+12', DONE, 1);
  t.same(await s.statuses(id), ['+12 completed answered', '+13 failed busy']);
});

void t.test('once cancelled nobody who waits is called, nor anybody again; calls in progress go on', async (t) => {
  const s = await startCampaigns(t);
  const { id } = await s.running(['+12', '+13', '+14', '+15'], { maxConcurrent: 2, retry: RETRY });
  await s.endCall('+12', BUSY);
  await s.campaigns.act(DEFAULT_TENANT, id, 'cancel');
  t.match(await s.campaign(id), { status: 'cancelled', endedAtMs: s.clock.nowMs() });
  await s.endCall('+13', DONE, 1000);
  await s.endCall('+14', BUSY);
  await s.pass(3_600_000);
  t.same(s.dialled, ['+12', '+13', '+14']);
  t.same(await s.statuses(id), [
    '+12 cancelled campaign_cancelled',
    '+13 completed answered',
    '+14 failed busy',
    '+15 cancelled campaign_cancelled',
  ]);
  const [first] = await s.contactsOf(id);
  t.match(await s.task(first!.taskId!), { status: 'failed', failureReason: 'campaign_cancelled' });
});

void t.test('a campaign that is scheduled begins at its time', async (t) => {
  const s = await startCampaigns(t);
  const { id } = await s.createCampaign(['+12']);
  const startsAtMs = s.clock.nowMs() + 3_600_000;
  t.match(await s.campaigns.start(DEFAULT_TENANT, id, startsAtMs), { status: 'scheduled', startsAtMs });
  await s.pass(3_599_999);
  t.same(s.dialled, []);
  await s.pass(1);
  t.same(s.dialled, ['+12']);
  t.match(await s.campaign(id), { status: 'running', startedAtMs: startsAtMs });
});

void t.test('contacts whose window is closed take nobody else the place, and are called when it opens', async (t) => {
  const s = await startCampaigns(t);
  // 22:13 in UTC, which is 07:13 in Tokyo and 14:13 in Los Angeles.
  const { id } = await s.running(['+81312345678', '+13105550123'], {
    callWindow: { from: '09:00', to: '18:00' },
    maxConcurrent: 1,
  });
  t.same(s.dialled, ['+13105550123']);
  t.equal((await s.service.list(DEFAULT_TENANT, {}, PAGE)).total, 1, 'who sleeps has no task');
  await s.endCall('+13105550123', DONE, 1);
  await s.pass(2 * 3_600_000);
  await s.pass(30_000);
  t.same(s.dialled, ['+13105550123', '+81312345678']);
  await s.endCall('+81312345678', DONE, 1);
  t.equal((await s.campaign(id)).status, 'completed');
});

void t.test('numbers that are listed after they were added are not called', async (t) => {
  const s = await startCampaigns(t);
  s.verdicts.set('+13', { allowed: false, reason: 'do_not_call' });
  const { id } = await s.running(['+12', '+13'], { retry: RETRY });
  await s.endCall('+12', DONE, 1);
  t.same(s.dialled, ['+12']);
  t.same(await s.statuses(id), ['+12 completed answered', '+13 failed do_not_call']);
  t.equal((await s.campaign(id)).status, 'completed');
});

void t.test('while the agent is disabled nobody is called, and nobody fails', async (t) => {
  const s = await startCampaigns(t);
  await s.database.agents.update({ ...s.agent, enabled: false, version: 2 });
  const { id } = await s.running(['+12']);
  t.same(await s.statuses(id), ['+12 pending']);
  await s.database.agents.update({ ...s.agent, enabled: true, version: 3 });
  await s.pass(30_000);
  t.same(s.dialled, ['+12']);
});

void t.test('a task that somebody deletes is not made again', async (t) => {
  const s = await startCampaigns(t);
  s.room.calls = 0;
  const { id } = await s.running(['+12']);
  const [contact] = await s.contactsOf(id);
  await s.service.delete(DEFAULT_TENANT, contact!.taskId!);
  s.room.calls = 1;
  await s.pass(30_000);
  t.same(s.dialled, []);
  t.same(await s.statuses(id), ['+12 cancelled task_deleted']);
  t.equal((await s.campaign(id)).status, 'completed');
});

void t.test('a contact and its task are made together or not at all, and by one of several feeders only', async (t) => {
  const s = await startCampaigns(t);
  await s.feeder.close();
  s.room.calls = 0;
  const campaign = await s.createCampaign(['+12', '+13']);
  await s.database.campaigns.act(DEFAULT_TENANT, campaign.id, 'start', { nowMs: s.clock.nowMs() });
  const feed = s.database.campaignFeed;
  const contacts = await feed.nextContacts(campaign.id, s.clock.nowMs(), 10);
  const template = await s.task(await s.create(undefined));
  const task = (id = newTaskId()): Task => ({ ...template, id });
  const same = newTaskId();
  await t.rejects(
    feed.materialise(
      campaign.id,
      contacts.map(({ id }) => ({ contact: id, task: task(same) })),
      1,
    ),
  );
  t.same(await s.statuses(campaign.id), ['+12 pending', '+13 pending'], 'the first was undone with the second');
  const both = () =>
    feed.materialise(
      campaign.id,
      contacts.map(({ id }) => ({ contact: id, task: task() })),
      1,
    );
  t.same(await Promise.all([both(), both()]), [2, 0]);
  t.equal((await s.service.list(DEFAULT_TENANT, {}, PAGE)).total, 3);
  await s.campaigns.act(DEFAULT_TENANT, campaign.id, 'pause');
  t.equal(await feed.releaseRetries(campaign.id, s.clock.nowMs(), 10), 0, 'nor does one that had not heard of the pause');
});

void t.test('after close nothing is made any more, and no timer is left', async (t) => {
  const s = await startCampaigns(t);
  await s.running(['+12']);
  await s.scheduler.close();
  await s.feeder.close();
  s.feeder.wake();
  await s.createCampaign(['+13']);
  t.equal(s.clock.pendingTimers, 0);
});
