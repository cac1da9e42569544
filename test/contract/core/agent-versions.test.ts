import t from 'tap';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import { startHarness } from '../../support/http-harness.js';

const AGENT = { name: 'Desk', system_prompt: 'one', sip_user: 'desk' };

void t.test('versions: drafts stay drafts until they are deployed, and an older version can be had back', async (t) => {
  const api = await startHarness(t);
  const { data: agent } = (await api.call('POST', '/agents', { ...AGENT, deployment: 'manual' })).body;
  t.match(agent, { deployment: 'manual', version: 1, deployed_version: 1 });
  const live = async (): Promise<object | undefined> => {
    const [called, dialled] = await Promise.all([
      api.database.agents.findBySipUser('desk'),
      api.database.agents.findLive(DEFAULT_TENANT, agent.id),
    ]);
    t.same(called, dialled, 'calls in and out find the same');
    return called && { version: called.version, prompt: called.systemPrompt };
  };

  await t.test('PATCH /agents/:id 200 changes the draft alone', async (t) => {
    const { status, body } = await api.call('PATCH', `/agents/${agent.id}`, { system_prompt: 'two' });
    t.match([status, body.data], [200, { system_prompt: 'two', version: 2, deployed_version: 1 }]);
    t.same(await live(), { version: 1, prompt: 'one' });
  });
  await t.test('POST /agents/:id/deploy 200: the newest, or the one that is named', async (t) => {
    const { status, body } = await api.call('POST', `/agents/${agent.id}/deploy`, { label: 'Summer' });
    t.match([status, body.data], [200, { version: 2, deployed_version: 2, deployment: 'manual' }]);
    t.same(await live(), { version: 2, prompt: 'two' });
    await api.call('PATCH', `/agents/${agent.id}`, { system_prompt: 'three' });
    t.match((await api.call('POST', `/agents/${agent.id}/deploy`, { version: 1 })).body.data, { deployed_version: 1 });
    t.same(await live(), { version: 1, prompt: 'one' });
  });
  await t.test('POST /agents/:id/versions/:version/restore 200 rolls back and leaves the draft', async (t) => {
    const { status, body } = await api.call('POST', `/agents/${agent.id}/versions/2/restore`);
    t.match([status, body.data], [200, { system_prompt: 'three', version: 3, deployed_version: 2 }]);
    t.same(await live(), { version: 2, prompt: 'two' });
  });
  await t.test('GET /agents/:id/versions 200: newest first, in pages', async (t) => {
    const { status, body } = await api.call('GET', `/agents/${agent.id}/versions`);
    t.equal(status, 200);
    t.match(body.data, [
      { version: 3, name: 'Desk', label: null, live: false, deployed_at: null },
      { version: 2, label: 'Summer', live: true, created_at: /Z$/, deployed_at: /Z$/ },
      { version: 1, label: null, live: false, deployed_at: /Z$/ },
    ]);
    const page = (await api.call('GET', `/agents/${agent.id}/versions?limit=1&offset=2`)).body;
    t.match(page, { data: [{ version: 1 }], meta: { total: 3, limit: 1, offset: 2 } });
    t.equal(page.data.length, 1);
  });
  await t.test('404 for versions there are not, 400 for what is no version; nothing changes', async (t) => {
    for (const version of ['4', '0', 'x', '1.5', '99999999999999999999']) {
      t.equal((await api.call('POST', `/agents/${agent.id}/versions/${version}/restore`)).status, 404, version);
    }
    t.equal((await api.call('POST', `/agents/${agent.id}/deploy`, { version: 4 })).status, 404);
    t.equal((await api.call('POST', `/agents/${agent.id}/deploy`, { version: 0 })).status, 400);
    t.same(await live(), { version: 2, prompt: 'two' });
  });
  await t.test('PATCH /agents/:id 200 with deployment automatic: every change is live again', async (t) => {
    const { body } = await api.call('PATCH', `/agents/${agent.id}`, { deployment: 'automatic', system_prompt: 'four' });
    t.match(body.data, { deployment: 'automatic', version: 4, deployed_version: 4 });
    t.same(await live(), { version: 4, prompt: 'four' });
    const manual = await api.call('PATCH', `/agents/${agent.id}`, { deployment: 'manual', system_prompt: 'five' });
    t.match(manual.body.data, { deployment: 'manual', version: 5, deployed_version: 4 });
    t.same(await live(), { version: 4, prompt: 'four' }, 'what was live when drafts began');
  });
});

void t.test('versions: without drafts each change is live at once', async (t) => {
  const api = await startHarness(t);
  const { data: agent } = (await api.call('POST', '/agents', AGENT)).body;
  await api.call('PATCH', `/agents/${agent.id}`, { system_prompt: 'two' });
  t.match(await api.database.agents.findBySipUser('desk'), { version: 2, systemPrompt: 'two' });
  t.match((await api.call('GET', `/agents/${agent.id}/versions`)).body.data, [{ live: true, version: 2 }, { live: false }]);
});

void t.test('versions: a change made while somebody deploys does not undo that', async (t) => {
  const api = await startHarness(t);
  const { data: agent } = (await api.call('POST', '/agents', { ...AGENT, deployment: 'manual' })).body;
  await api.call('PATCH', `/agents/${agent.id}`, { system_prompt: 'two' });
  const read = await api.database.agents.find(DEFAULT_TENANT, agent.id);
  await api.call('POST', `/agents/${agent.id}/deploy`, {});
  await api.database.agents.update({ ...read!, version: 3, systemPrompt: 'three' });
  t.match(await api.database.agents.findBySipUser('desk'), { version: 2, systemPrompt: 'two' });
});
