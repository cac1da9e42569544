import t from 'tap';
import { startHttpEndpoint } from '../support/http-endpoint.js';
import { eventually } from '../support/offhook-process.js';
import { Phone } from '../support/phone.js';
import { startTestServer } from '../support/server.js';
import { until } from '../support/until.js';

void t.test(
  'a whole job: an agent answers a call, says what it is told, plays audio, passes it on, is hung up, and the core API tells of the same call',
  async (t) => {
    const hooks = await startHttpEndpoint(t, () => ({ status: 204 }));
    const subscriptions = [{ url: hooks.url, events: ['call_completed'], secret: 'a long random text for this' }];
    const server = await startTestServer({ webhooks: { allowPrivate: true, subscriptions } });
    t.teardown(() => server.close());
    // oxlint-disable-next-line typescript/no-explicit-any -- the shape of each answer is what the test is about
    const ask = async (method: string, path: string, body?: object): Promise<any> => {
      const response = await server.api(path, { method, ...(body && { body: JSON.stringify(body) }) });
      const answer: unknown = await response.json();
      if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
      return answer;
    };
    const agent = await ask('POST', '/agents', { name: 'Desk', greeting: 'Front desk, hello.' });
    await ask('POST', `/agents/${agent.id}/persona`, { prompt: 'You are the front desk.', role: 'receptionist' });
    const baker = await ask('POST', '/agents', { name: 'Baker', greeting: 'Bakery, good morning.', voice: 'rms' });

    const { data: core } = await ask('GET', `/api/v1/agents/${agent.id}`);
    const phone = await (await Phone.open(t, server.sipPort)).answered(core.sip_user);
    const { data: calls } = await ask('GET', '/api/v1/calls');
    const { id } = calls[0];
    t.match(await ask('GET', `/calls/${id}`), { id, agentId: agent.id, status: 'in_progress', direction: 'inbound' });
    t.match(await ask('POST', `/calls/${id}/respond`, { text: 'A colleague is coming.' }), { callId: id, begins: 'now' });
    const samples = Buffer.alloc(16_000, 3);
    t.match(await ask('PUT', `/calls/${id}/audio?format=raw&sampleRate=8000`, { audio: samples.toString('base64') }), {
      durationMs: 1000,
    });
    const lineOf = async (words: string): Promise<unknown> => {
      const { data } = await ask('GET', `/api/v1/calls/${id}`);
      return data.transcript.find(({ message }: { message: string }) => message.startsWith(words));
    };
    await until(async () => (await lineOf('A colleague')) !== undefined);
    const passedOn = await ask('PUT', `/calls/${id}/route`, { to: `agent:${baker.id}` });
    t.match(passedOn, { id, agentId: baker.id, status: 'in_progress', transfer: null });
    t.match(passedOn.passedOn, [{ fromAgentId: agent.id, toAgentId: baker.id }]);
    const heard = phone.rtp.audioPackets().length;
    await until(async () => (await lineOf('Bakery')) !== undefined);
    t.match(await lineOf('Bakery'), { message: 'Bakery, good morning.', interrupted: false, agent_id: baker.id });
    t.match(await lineOf('A colleague'), { agent_id: agent.id }, "what was said before is still the first one's");
    t.ok(
      phone.rtp.heard(heard).some((sample) => Math.abs(sample) > 1000),
      'the caller hears the other agent on the same line',
    );
    t.match(await ask('PUT', `/calls/${id}/hangup`), { id, status: 'completed', endReason: 'api_hangup' });
    await phone.hungUpOn();

    const reported = await eventually(async () => {
      const { data } = await ask('GET', `/api/v1/calls/${id}`);
      return data.report && data.recording_available ? data : undefined;
    }, 'a call with its report and its recording');
    t.match(reported, { agent_id: baker.id, agent_name: 'Baker' }, 'one call with one id in both APIs');
    t.match(reported.handoffs, [{ by: 'operator', from: { agent_id: agent.id }, to: { agent_id: baker.id } }]);
    t.equal(reported.legs.length, 1, 'nobody else was called');
    await until(() => hooks.requests.length > 0);
    const [told] = hooks.requests;
    t.match(JSON.parse(told?.body ?? '{}'), {
      event_type: 'call_completed',
      call_id: id,
      data: { call: { agent_id: baker.id } },
    });
    t.ok(told?.headers['x-offhook-signature'], 'and it is signed');
  },
);
