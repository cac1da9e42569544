import { request } from 'node:http';
import t from 'tap';
import { type HttpHarness, startHarness } from '../../support/http-harness.js';
import { sampleCall } from '../../support/sample-records.js';

void t.test('whose key lacks the scope learns nothing, and nothing is done', async (t) => {
  const api = await startHarness(t);
  const { data: agent } = (await api.call('POST', '/agents', { name: 'Desk', system_prompt: 'Be brief.' })).body;
  const headers = { authorization: `Bearer ${await api.newKey({ scopes: ['agents:read'] })}` };
  t.equal((await api.call('GET', `/agents/${agent.id}`, undefined, headers)).status, 200);
  for (const method of ['PATCH', 'DELETE']) {
    const body = method === 'PATCH' ? '{"name": broken' : undefined;
    t.equal((await api.call(method, `/agents/${agent.id}`, body, headers)).status, 403, 'before the body is looked at');
  }
  t.equal((await api.call('PUT', '/agents/x', undefined, headers)).status, 403);
  t.equal((await api.call('GET', '/calls/unknown', undefined, headers)).status, 403, 'not 404');
  t.same((await api.call('GET', `/agents/${agent.id}`)).body.data, agent);
});

void t.test("the call's page and its live transcript need calls:read", async (t) => {
  const api = await startHarness(t);
  const call = sampleCall({ status: 'in_progress' });
  await api.database.calls.insert(call);
  const lacking = await api.newKey({ scopes: ['agents:read', 'calls:write'] });
  const reading = await api.newKey({ scopes: ['calls:read'] });
  t.equal((await api.raw(`/console/calls/${call.id}?api_key=${lacking}`)).status, 403);
  t.equal((await api.raw(`/console/calls/${call.id}?api_key=${reading}`)).status, 200);
  t.equal(await handshake(api, call.id, lacking), 403);
  t.equal(await handshake(api, call.id, reading), 101);
  t.equal(await handshake(api, call.id, 'va_wrong'), 401);
});

void t.test('401 for a key whose time is over, from that moment on', async (t) => {
  const api = await startHarness(t);
  const headers = { authorization: `Bearer ${await api.newKey({ expiresAtMs: api.clock.nowMs() + 1000 })}` };
  t.equal((await api.call('GET', '/agents', undefined, headers)).status, 200);
  api.clock.advance(1000);
  t.equal((await api.call('GET', '/agents', undefined, headers)).status, 401);
});

/** The status with which the server answers the WebSocket's hand-shake. */
function handshake(api: HttpHarness, callId: string, key: string): Promise<number> {
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': Buffer.alloc(16).toString('base64'),
  };
  return new Promise((resolve, reject) => {
    const asked = request(`${api.url}/ws/calls/${callId}?api_key=${key}`, { headers });
    asked.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end();
  });
}
