import t from 'tap';
import { hasPython, runJavaScript, runPython, runShell, startFlametalk } from '../../support/flametalk.js';

const CURL_QUICKSTART = `curl https://dev.flametalk.ai/v1/agents \\
-H "Authorization: Bearer YOUR_API_KEY"`;
const CURL_INSTALLATION = `curl https://dev.flametalk.ai/v1/agents \\
-H "Authorization: Bearer $API_KEY"`;
const FETCH = `// No installation needed!
// Use native fetch (Node 18+)
const response = await fetch(
"https://dev.flametalk.ai/v1/agents",
{
headers: {
Authorization: \`Bearer \${API_KEY}\`
}
}
);`;
const REQUESTS = `import requests
response = requests.get(
"https://dev.flametalk.ai/v1/agents",
headers={
"Authorization": f"Bearer {API_KEY}"
}
)`;

void t.test('Quickstart', async (t) => {
  const flametalk = await startFlametalk(t);
  const { ask, make } = flametalk;
  const id = await make('/agents', { name: 'Sales Agent', instructions: 'Sell.', description: 'Handles inbound sales calls' });
  await ask('POST', `/agents/${id}/deploy`, { version_label: 'v1.2' });
  const expected = {
    success: true,
    data: [
      {
        id,
        name: 'Sales Agent',
        description: 'Handles inbound sales calls',
        deployed_version: { id: 'v-1', version_label: 'v1.2' },
      },
    ],
    pagination: { total: 1, limit: 20, offset: 0, has_more: false },
  };

  await t.test('Make your first request', async (t) => {
    const answer = await runShell(CURL_QUICKSTART, flametalk);
    t.match(answer, expected);
    t.same(Object.keys(answer), ['success', 'data', 'pagination']);
    t.same(answer.pagination, expected.pagination);
    t.same(answer.data[0].deployed_version, expected.data[0]?.deployed_version);
  });
  await t.test('Installation: Node.js / TypeScript', async (t) => {
    t.match(await runJavaScript(FETCH, flametalk), expected);
  });
  await t.test('Installation: Python', { skip: (await hasPython()) ? false : 'no python3 with requests' }, async (t) => {
    t.match(await runPython(REQUESTS, flametalk), expected);
  });
  await t.test('Installation: cURL', async (t) => {
    t.match(await runShell(CURL_INSTALLATION, flametalk), expected);
  });
  await t.test('Authentication', async (t) => {
    t.match(flametalk.key, /^sk_live_[\w-]{16,}$/);
    const refused = { status: 401, body: { success: false, error: { code: 'UNAUTHORIZED', message: String, details: {} } } };
    for (const authorization of ['', 'Bearer', 'Bearer sk_live_xxxxxxxxxxxxxxxx', `Basic ${flametalk.key}`]) {
      t.match(await ask('GET', '/agents', undefined, { authorization }), refused, authorization);
    }
    const scoped = await flametalk.api.newKey({ dialect: 'flametalk', scopes: ['agents:read'] });
    const authorization = `Bearer ${scoped}`;
    t.equal((await ask('GET', '/agents', undefined, { authorization })).status, 200);
    const beyond = { status: 403, body: { success: false, error: { code: 'FORBIDDEN' } } };
    t.match(await ask('POST', '/agents', { name: 'x', instructions: 'x' }, { authorization }), beyond);
    for (const path of ['calls', 'contacts', 'campaigns', 'channels', 'webhooks']) {
      t.match(await ask('GET', `/${path}`, undefined, { authorization }), beyond, path);
    }
  });
});
