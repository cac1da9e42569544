import { request } from 'node:http';
import t from 'tap';
import { SCOPES, type Scope } from '../../../src/domain/api-key.js';
import { type HttpHarness, startHarness } from '../../support/http-harness.js';
import { sampleCall } from '../../support/sample-records.js';

/** Routes that give away more than they read: what they need beside the scope of their method. */
const NEEDED_TOO: Readonly<Record<string, Scope>> = { 'GET /webhooks/secret': 'webhooks:write' };

type Operation = { responses: Record<string, { description: string } | undefined> };
type Route = { method: string; path: string; operation: Operation };

/** Every operation of the API's own description, with an id in its path that may or may not exist. */
async function routes(api: HttpHarness, id: string): Promise<Route[]> {
  const document = (await (await api.raw('/openapi.json')).json()) as { paths: Record<string, Record<string, Operation>> };
  return Object.entries(document.paths).flatMap(([template, item]) =>
    Object.entries(item).map(([method, operation]) => {
      const path = template.replace('/api/v1', '').replaceAll(/\{\w+\}/g, id);
      return { method: method.toUpperCase(), path, operation };
    }),
  );
}

void t.test('403 on every route for a key that has all scopes but the one it needs, and for no other', async (t) => {
  const api = await startHarness(t);
  const call = sampleCall();
  for (const { method, path, operation } of await routes(api, call.id)) {
    const needed = SCOPES.find((scope) => operation.responses['403']?.description.includes(`\`${scope}\``));
    t.ok(needed, `${method} ${path} says what it needs`);
    const neededToo = NEEDED_TOO[`${method} ${path}`];
    const all = SCOPES.filter((scope) => scope === needed || scope === neededToo);
    const body = method === 'POST' || method === 'PATCH' ? {} : undefined;
    for (const missing of all) {
      const without = await api.newKey({ scopes: SCOPES.filter((scope) => scope !== missing) });
      const refused = await api.call(method, path, body, { authorization: `Bearer ${without}` });
      t.equal(refused.status, 403, `${method} ${path} without ${missing}`);
      t.match(refused.body, { success: false, error: `Insufficient permissions: needs the scope ${missing}` });
    }
    const only = await api.newKey({ scopes: all });
    const allowed = await api.call(method, path, body, { authorization: `Bearer ${only}` });
    t.notOk([401, 403].includes(allowed.status), `${method} ${path} with ${all.join()}: ${allowed.status}`);
  }
});

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

void t.test("another tenant's ids are found on no route", async (t) => {
  const api = await startHarness(t);
  const { data: agent } = (await api.call('POST', '/agents', { name: 'Desk', system_prompt: 'Be brief.' })).body;
  const call = sampleCall({ status: 'in_progress' });
  await api.database.calls.insert(call);
  const draft = { agent_id: agent.id, name: 'Call back', to_number: '+442071234567' };
  const { data: task } = (await api.call('POST', '/tasks', draft)).body;
  const pbx = { name: 'PBX', kind: 'static', host: '192.0.2.10' };
  const { data: trunk } = (await api.call('POST', '/trunks', pbx)).body;
  const ids: Record<string, string> = { agents: agent.id, calls: call.id, tasks: task.id, trunks: trunk.id };
  for (const { method, path } of await routes(api, '@')) {
    const id = ids[path.split('/')[1] ?? ''];
    if (id === undefined || !path.includes('@')) continue;
    const body = method === 'PATCH' ? { name: 'Stolen' } : undefined;
    const answer = await api.call(method, path.replace('@', id), body, { authorization: `Bearer ${api.otherKey}` });
    t.equal(answer.status, 404, `${method} ${path}`);
  }
  t.same((await api.call('GET', `/agents/${agent.id}`)).body.data, agent);
  t.equal((await api.call('GET', `/calls/${call.id}`)).body.data.status, 'in_progress');
  t.match((await api.call('GET', `/trunks/${trunk.id}`)).body.data, pbx);
  t.match((await api.call('GET', `/tasks/${task.id}`)).body.data, { ...draft, status: 'pending' });
  for (const resource of ['agents', 'calls', 'tasks', 'trunks']) {
    const listed = await api.call('GET', `/${resource}`, undefined, { authorization: `Bearer ${api.otherKey}` });
    t.same([listed.body.data, listed.body.meta.total], [[], 0], resource);
  }
  const borrowed = await api.call('POST', '/tasks', draft, { authorization: `Bearer ${api.otherKey}` });
  t.equal(borrowed.status, 404, "nor is another tenant's agent given work");
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
