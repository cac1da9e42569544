import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { NO_PERMISSION, startCallfluent } from '../../support/callfluent.js';
import { OTHER_TENANT } from '../../support/http-harness.js';
import { sampleCall, sampleCompletedCall, sampleEntry } from '../../support/sample-records.js';

void t.test('Agent Endpoints', async (t) => {
  const { api, call, agent, key } = await startCallfluent(t, { otherTenant: OTHER_TENANT });
  const id = await agent();
  const { uuid } = (await call('GET', `/get-one/${id}`)).body.data.agent;
  const { calls } = api.database;
  const callsOf = async (page = '') => (await call('GET', `/${id}/calls${page}`)).body.data;

  await t.test("6. Get an Agent's Call History", async (t) => {
    t.same(await callsOf(), []);
    const recorded = sampleCompletedCall(uuid, { recordingPath: 'one.wav', collectedData: { email: 'jane@example.com' } });
    await writeFile(join(api.dataDir, 'one.wav'), 'RIFF of a recording');
    await calls.insert(recorded);
    await calls.appendTranscript(sampleEntry(recorded.id, 1));
    const { status, body } = await call('GET', `/${id}/calls`);
    t.equal(status, 200);
    t.match(body, {
      status: true,
      data: [{ uuid: recorded.id, agentId: id, status: 'completed', duration: Number, transcript: [{ speaker: 'agent' }] }],
    });
    const [shown] = body.data;
    t.same(shown.collected_data, { email: 'jane@example.com' });
    const recording = await fetch(shown.recording_url, { headers: { authorization: `Bearer ${key}` } });
    t.equal(await recording.text(), 'RIFF of a recording');
    t.equal((await fetch(shown.recording_url)).status, 403);

    for (let index = 1; index <= 24; index += 1) {
      await calls.insert(sampleCompletedCall(uuid, { startedAtMs: 1_700_000_000_000 + index * 1000 }));
    }
    const [first, second, third] = [await callsOf('?page=1'), await callsOf('?page=2'), await callsOf('?page=3')];
    t.same([first.length, second.length, third.length], [20, 5, 0]);
    t.equal(second.at(-1).uuid, recorded.id, 'the newest first');
    t.equal(second.at(-1).id, shown.id, 'a call keeps its number');
    t.equal(new Set([...first, ...second].map((one: { id: number }) => one.id)).size, 25);
    for (const page of ['0', 'x', '1.5']) t.equal((await call('GET', `/${id}/calls?page=${page}`)).status, 400, page);
  });

  await t.test("10. Delete an Agent's Call", async (t) => {
    const [{ id: newest }] = await callsOf();
    const { status, body } = await call('DELETE', `/delete-call/${newest}`);
    t.equal(status, 200);
    t.match(body, { status: true, data: [{ id }] });
    t.same((await call('DELETE', `/delete-call/${newest}`)).body, NO_PERMISSION);
    t.not((await callsOf())[0].id, newest);
  });

  await t.test('11. Hang Up an In-Progress Twilio Call', async (t) => {
    const running = sampleCall({ agentId: uuid, agentName: 'Sales Bot', status: 'in_progress', startedAtMs: 1_800_000_000_000 });
    await calls.insert(running);
    const [{ id: callid, uuid: shown }] = await callsOf();
    t.equal(shown, running.id);
    const early = await call('DELETE', `/delete-call/${callid}`);
    t.equal(early.status, 400, 'a call that goes on is not deleted');
    t.match(early.body, { status: false, msg: /when it has ended/ });
    const { status, body } = await call('POST', '/hangup-call', { callid });
    t.equal(status, 200);
    t.match(body, { status: true, data: [{ id }] });
    t.match(await callsOf(), [{ id: callid, status: 'completed', end_reason: 'api_hangup' }]);
    const again = await call('POST', '/hangup-call', { callid });
    t.equal(again.status, 400);
    t.same(again.body, { status: false, msg: 'The call has already ended' });
  });
});
