import t from 'tap';
import { newParticipantId } from '../../../src/core/ids.js';
import { startHarness } from '../../support/http-harness.js';
import { type LiveClient, mustConnect } from '../../support/live-client.js';
import { sampleCall, sampleCompletedCall } from '../../support/sample-records.js';

void t.test('participants: called in 202, changed and called off 200, and listed with the call', async (t) => {
  const api = await startHarness(t);
  const call = sampleCall({ status: 'in_progress' });
  await api.database.calls.insert(call);
  const path = `/calls/${call.id}/participants`;
  t.same((await api.call('GET', path)).body.data, { call_id: call.id, participants: [] });
  const body = { target: '+15550123', mode: 'whisper', ring_timeout_seconds: 20 };
  const key = { 'idempotency-key': 'ann' };
  const { status, body: answer } = await api.call('POST', path, body, key);
  t.equal(status, 202);
  t.match(answer.data, {
    call_id: call.id,
    participant: { target: '+15550123', mode: 'whisper', status: 'pending', reason: null },
  });
  t.same((await api.call('POST', path, body, key)).body.data, answer.data, 'once per idempotency key');
  const { id } = answer.data.participant;
  const changed = await api.call('PATCH', `${path}/${id.toUpperCase()}`, { mode: 'listen' });
  t.match(changed, { status: 200, body: { data: { participant: { id, mode: 'listen' } } } });
  const other = await api.call('POST', path, { target: 'sip:ann@desk.example' });
  t.match(other, { status: 202, body: { data: { participant: { mode: 'talk' } } } });
  const removed = await api.call('DELETE', `${path}/${id}`);
  t.match(removed, { status: 200, body: { data: { participant: { id, status: 'failed', reason: 'removed' } } } });
  const { participants } = (await api.call('GET', path)).body.data;
  t.same(participants, [removed.body.data.participant, other.body.data.participant]);
  const { data } = (await api.call('GET', `/calls/${call.id}`)).body;
  t.same(data.participants, participants);
  t.match(data.legs, [{ leg: 'a' }, { leg: 'c', to_uri: 'sip:+15550123@gateway.example' }, { leg: 'c' }]);
});

void t.test('participants: 400 names the field, 404 and 409 say what there is not', async (t) => {
  const api = await startHarness(t);
  const call = sampleCall({ status: 'in_progress' });
  const over = sampleCompletedCall(undefined);
  for (const each of [call, over]) await api.database.calls.insert(each);
  const path = `/calls/${call.id}/participants`;
  for (const [body, field] of [
    [{}, 'target'],
    [{ target: '15550123' }, 'target'],
    [{ target: '+15550123', mode: 'shout' }, 'mode'],
    [{ target: '+15550123', ring_timeout_seconds: 1 }, 'ring_timeout_seconds'],
  ] as const) {
    t.match(await api.call('POST', path, body), { status: 400, body: { details: { fields: [{ field }] } } });
  }
  t.match(await api.call('PATCH', `${path}/${newParticipantId()}`, {}), {
    status: 400,
    body: { details: { fields: [{ field: 'mode' }] } },
  });
  t.equal((await api.call('PATCH', `${path}/${newParticipantId()}`, { mode: 'talk' })).status, 404);
  t.equal((await api.call('DELETE', `${path}/nobody`)).status, 404);
  t.equal((await api.call('POST', `/calls/${over.id}/participants`, { target: '+15550123' })).status, 409);
  const stranger = { authorization: `Bearer ${api.otherKey}` };
  t.equal((await api.call('GET', path, undefined, stranger)).status, 404, 'another tenant’s call');
});

void t.test('the live feed tells who is called in, joins and leaves, to who comes late too', async (t) => {
  const api = await startHarness(t);
  const call = sampleCall({ status: 'in_progress', answeredAtMs: sampleCall().startedAtMs });
  await api.database.calls.insert(call);
  api.feeds.onCallEvent({ type: 'started', call });
  const follow = async (): Promise<LiveClient> => {
    const client = await mustConnect(`${api.url.replace('http', 'ws')}/ws/calls/${call.id}?api_key=${api.key}`);
    t.match(await client.next(), { type: 'connected' });
    t.match(await client.next(), { type: 'call_status_update' });
    return client;
  };
  const early = await follow();
  await api.call('POST', `/calls/${call.id}/participants`, { target: '+15550123' });
  const now = await api.database.calls.find(call.tenantId, call.id);
  if (!now) throw new Error('no call');
  api.feeds.onCallEvent({ type: 'participants', call: now });
  const told = { type: 'participants_update', data: { participants: [{ target: '+15550123', status: 'pending' }] } };
  t.match(await early.next(), told);
  const late = await follow();
  t.match(await late.next(), told);
  for (const client of [early, late]) client.socket.close();
});
