import { createHmac } from 'node:crypto';
import t from 'tap';
import { signatureHeaders } from '../../../src/core/webhook-signature.js';
import { type HttpHarness, OTHER_TENANT, startHarness } from '../../support/http-harness.js';

const FORM = 'application/x-www-form-urlencoded';

type Hook = { id: string; url: string; secret: string; agentId: string };

async function hookOn(api: HttpHarness, key: string, secret?: string): Promise<Hook> {
  const { data: agent } = (await api.call('POST', '/agents', { name: 'Desk', system_prompt: 'Be brief.', script: SCRIPT })).body;
  const response = await api.raw('/texts/webhooks', {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ agentId: agent.id, ...(secret !== undefined && { secret }) }),
  });
  t.equal(response.status, 200);
  return (await response.json()) as Hook;
}
const SCRIPT = {
  intents: [{ name: 'hours', phrases: ['when are you open'], reply: 'From nine <to> five & later.' }],
  fallback: 'Please call us.',
};

/** As a provider signs it. */
function formSignature(url: string, fields: Record<string, string>, secret: string): string {
  const text = Object.entries(fields)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .reduce((all, [name, value]) => all + name + value, url);
  return createHmac('sha1', secret).update(text).digest('base64');
}

const bring = (url: string, body: string, type: string, headers: Record<string, string>): Promise<Response> =>
  fetch(url, { method: 'POST', body, headers: { 'content-type': type, ...headers } });

void t.test('The Text resource: webhooks in the form of SMS providers', async (t) => {
  const api = await startHarness(t);
  const hook = await hookOn(api, await api.newKey({ dialect: 'overview' }), 'an auth token of the provider');
  t.equal(hook.secret, 'an auth token of the provider');
  const fields = { MessageSid: 'SM1', From: '+4930123456', To: '+4930999', Body: 'When are you open?', NumMedia: '0' };
  const body = new URLSearchParams(fields).toString();
  const signed = { 'x-twilio-signature': formSignature(hook.url, fields, hook.secret) };
  const answer = await bring(hook.url, body, FORM, signed);
  t.equal(answer.status, 200);
  t.match(answer.headers.get('content-type'), /^text\/xml/);
  t.equal(
    await answer.text(),
    '<?xml version="1.0" encoding="UTF-8"?><Response><Message>From nine &lt;to&gt; five &amp; later.</Message></Response>',
  );
  const again = await bring(hook.url, body, FORM, signed);
  t.equal(
    await again.text(),
    '<?xml version="1.0" encoding="UTF-8"?><Response></Response>',
    'one that comes again is answered once',
  );
  for (const headers of [
    {},
    { 'x-twilio-signature': 'AAAA' },
    { 'x-twilio-signature': formSignature(hook.url, fields, 'other') },
  ]) {
    const refused = await bring(hook.url, body, FORM, headers as Record<string, string>);
    t.equal(refused.status, 403);
    t.match(await refused.json(), { message: 'The signature is missing, wrong or too old' });
  }
  const empty = { 'x-twilio-signature': formSignature(hook.url, {}, hook.secret) };
  const bad = await bring(hook.url, '', FORM, empty);
  t.match({ status: bad.status, body: await bad.json() }, { status: 400, body: { errors: [{ field: 'From' }] } });
});

void t.test('The Text resource: webhooks in JSON', async (t) => {
  const api = await startHarness(t);
  const hook = await hookOn(api, await api.newKey({ dialect: 'overview' }));
  const body = JSON.stringify({ id: '1', from: '+4930123456', text: 'When are you open?' });
  const nowMs = api.clock.nowMs();
  const json = 'application/json';
  const answer = await bring(hook.url, body, json, signatureHeaders(body, [hook.secret], nowMs));
  t.same(await answer.json(), { reply: 'From nine <to> five & later.' });
  const late = await bring(hook.url, body, json, signatureHeaders(body, [hook.secret], nowMs - 301_000));
  t.equal(late.status, 403, 'one that was kept and sent again');
  const changed = await bring(hook.url, body.replace('open', 'shut'), json, signatureHeaders(body, [hook.secret], nowMs));
  t.equal(changed.status, 403);
  const broken = await bring(hook.url, '{', json, signatureHeaders('{', [hook.secret], nowMs));
  t.equal(broken.status, 400);
  const lacking = await bring(hook.url, '{}', json, signatureHeaders('{}', [hook.secret], nowMs));
  t.match({ status: lacking.status, body: await lacking.json() }, { status: 400, body: { errors: [{ field: 'id' }] } });
});

void t.test('the places for texts are those of their owner', async (t) => {
  const api = await startHarness(t);
  const key = await api.newKey({ dialect: 'overview' });
  const hook = await hookOn(api, key);
  const ask = async (method: string, path: string, bearer = key): Promise<unknown> => {
    const response = await api.raw(path, { method, headers: { authorization: `Bearer ${bearer}` } });
    return { status: response.status, body: await response.json() };
  };
  const { secret, ...shown } = hook;
  t.ok(secret.length > 40);
  t.same(await ask('GET', '/texts/webhooks'), { status: 200, body: [shown] });
  const other = await api.newKey({ dialect: 'overview' }, OTHER_TENANT);
  t.same(await ask('GET', '/texts/webhooks', other), { status: 200, body: [] });
  t.match(await ask('DELETE', `/texts/webhooks/${hook.id}`, other), { status: 404 });
  t.match(await ask('DELETE', `/texts/webhooks/${hook.id}`), { status: 200, body: { id: hook.id, deleted: true } });
  t.equal((await bring(hook.url, 'x=y', FORM, {})).status, 404);
});
