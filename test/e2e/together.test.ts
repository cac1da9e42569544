import t from 'tap';
import { FarEnd } from '../support/far-end.js';
import { eventually } from '../support/offhook-process.js';
import { startTestServer } from '../support/server.js';
import { SipPeer } from '../support/sip-peer.js';

// oxlint-disable-next-line typescript/no-explicit-any -- the shape of each answer is what the test is about
type Answer = any;

void t.test('a call placed through any API is seen in all five under their own names, with one id', async (t) => {
  const peer = await SipPeer.udp();
  t.teardown(() => peer.close());
  const server = await startTestServer({ outbound: { gatewayUri: `sip:{number}@127.0.0.1:${peer.port}`, callsPerSecond: 50 } });
  t.teardown(() => server.close());
  const ask = async (method: string, path: string, body?: object): Promise<Answer> => {
    const response = await server.api(path, { method, ...(body && { body: JSON.stringify(body) }) });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const made = await ask('POST', '/v1/agents', { name: 'Caller', instructions: 'Be brief.', starting_message: 'Good morning.' });
  const agentId: string = made.data.id;

  /** What each API places a call by; resolves with its id. */
  const places: Record<string, (to: string) => Promise<string>> = {
    core: async (to) => {
      const task = await ask('POST', '/api/v1/tasks', { agent_id: agentId, name: 'Remind', to_number: to });
      return (await ask('POST', `/api/v1/tasks/${task.data.id}/execute`, {})).data.call_id;
    },
    flametalk: async (to) => (await ask('POST', '/v1/calls', { agent_id: agentId, to })).data.id,
    overview: async (to) => (await ask('POST', '/calls', { agentId, to })).id,
  };
  const { data: agents } = await ask('GET', '/api/agent/get-all/1');
  const { id: number } = agents.find(({ uuid }: { uuid: string }) => uuid === agentId);
  const seenInAll = async (name: string, place: (to: string) => Promise<string>, to: string): Promise<void> => {
    const far = await FarEnd.open(peer);
    t.teardown(() => far.rtp.close());
    const id = await place(to);
    await far.invited(to);
    await far.answer(200, 'OK');

    const live = { agent_id: agentId, direction: 'outbound', status: 'in_progress' };
    const core = await eventually(async () => {
      const { data } = await ask('GET', `/api/v1/calls/${id}`);
      return data.transcript.length > 0 ? data : undefined;
    }, 'the greeting is in the record');
    t.match(core, { id, to_uri: `sip:${to}@127.0.0.1:${peer.port}`, ...live }, `${name}: seen in core`);
    t.match((await ask('GET', `/v1/calls/${id}`)).data, { id, to, ...live }, `${name}: seen in flametalk`);
    t.match(await ask('GET', `/calls/${id}`), { id, to, agentId, status: 'in_progress' }, `${name}: seen in overview`);
    const { data: calls } = await ask('GET', `/api/agent/${number}/calls`);
    const listed = calls.find(({ uuid }: { uuid: string }) => uuid === id);
    t.match(listed, { agentId: number, to, direction: 'outbound', status: 'in_progress' }, `${name}: seen in callfluent`);
    const query = new URLSearchParams({ ext_id: to, ext_type: 'sip' });
    const { conversations } = await ask('GET', `/api/v1/public/conversations?${query.toString()}`);
    t.match(
      conversations,
      [{ session_id: id, bot_name: 'Caller', logs: [{ text: 'Good morning.' }] }],
      `${name}: seen in flametree`,
    );

    const over = far.asked('BYE');
    await ask('POST', '/api/agent/hangup-call', { callid: listed.id });
    await over;
    const { data } = await eventually(async () => {
      const answer = await ask('GET', `/v1/calls/${id}`);
      return answer.data.ended_at === null ? undefined : answer;
    }, 'what callfluent has hung up is over in flametalk');
    t.match(data, { id, status: 'completed' }, `${name}: over in flametalk`);
  };
  await Promise.all(Object.entries(places).map(([name, place], index) => seenInAll(name, place, `+1555010${index}`)));
});
