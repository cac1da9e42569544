import t from 'tap';
import { eventually } from '../support/offhook-process.js';
import { Phone } from '../support/phone.js';
import { startTestServer } from '../support/server.js';
import { until } from '../support/until.js';

void t.test(
  'a whole job: an agent answers a call, says what it is told, plays audio, is hung up, and the core API tells of the same call',
  async (t) => {
    const server = await startTestServer();
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
    const said = async (): Promise<boolean> => {
      const { data } = await ask('GET', `/api/v1/calls/${id}`);
      return data.transcript.some(({ message }: { message: string }) => message.startsWith('A colleague'));
    };
    await until(said);
    t.match(await ask('PUT', `/calls/${id}/hangup`), { id, status: 'completed', endReason: 'api_hangup' });
    await phone.hungUpOn();

    const reported = await eventually(async () => {
      const { data } = await ask('GET', `/api/v1/calls/${id}`);
      return data.report && data.recording_available ? data : undefined;
    }, 'a call with its report and its recording');
    t.equal(reported.agent_id, agent.id, 'one call with one id in both APIs');
  },
);
