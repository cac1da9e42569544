import t from 'tap';
import { eventually } from '../support/offhook-process.js';
import { OpenAiServer } from '../support/openai-server.js';
import { Phone } from '../support/phone.js';
import { startTestServer } from '../support/server.js';
import { header } from '../support/sip-peer.js';

/** Limits that no machine reaches: a test is about one of the others. */
const UNREACHED = { eventLoopLagMs: 60_000, mediaTicksMissedShare: 1, vadLagMs: 60_000, vadDroppedShare: 1 };

void t.test('with the last RTP port taken calls are refused and /readyz says why, until one ends', async (t) => {
  const server = await startTestServer({
    media: { rtpPorts: { min: 19_100, max: 19_107 } },
    overload: { ...UNREACHED, mediaPortsUsedShare: 1 },
  });
  t.teardown(() => server.close());
  const phones: Phone[] = [];
  for (let call = 1; call <= 4; call += 1) phones.push(await (await Phone.open(t, server.sipPort)).answered('tone'));

  const body = await eventually(async () => {
    const answer = await server.api('/readyz');
    return answer.status === 503 ? await answer.json() : undefined;
  }, 'not ready');
  t.match(body, { status: 'overloaded', reasons: ['media_ports'] });
  const fifth = await (await Phone.open(t, server.sipPort)).call('tone');
  t.equal(fifth.status, 503);
  t.match(header(fifth, 'Retry-After'), /^\d+$/);
  const { data } = (await (await server.api('/api/v1/calls?limit=1&status=failed')).json()) as { data: object[] };
  t.match(data, [{ result: 'server_error', end_reason: 'overloaded' }]);
  await Promise.all(phones.map((phone) => phone.rtp.more(10)));

  await phones.shift()?.hangUp();
  await eventually(async () => (await server.api('/readyz')).status === 200 || undefined, 'ready again');
  await eventually(async () => {
    const phone = await Phone.open(t, server.sipPort);
    return (await phone.call('tone')).status === 200 || undefined;
  }, 'a call is answered once the port has rested');
  await Promise.all(phones.map((phone) => phone.hangUp()));
});

void t.test('a model that answers only that it is asked too much keeps new calls out', async (t) => {
  const provider = await OpenAiServer.start({
    raw: { '/v1/chat/completions': (response) => response.writeHead(429, { 'retry-after-ms': '1' }).end('{}') },
  });
  t.teardown(() => provider.close());
  const server = await startTestServer({
    speech: { defaults: { stt: 'none', llm: 'openai', tts: 'embedded' }, openai: { llm: { baseUrl: provider.url } } },
    overload: { ...UNREACHED, sustainedMs: 0 },
  });
  t.teardown(() => server.close());
  const body = JSON.stringify({ name: 'Desk', sip_user: 'desk', system_prompt: 'x', starting_message: 'Hello.' });
  t.equal((await server.api('/api/v1/agents', { method: 'POST', body })).status, 201);

  const phone = await (await Phone.open(t, server.sipPort)).answered('desk');
  phone.telephoneEvent(5);
  await eventually(() => provider.requests.length >= 2 || undefined, 'the model was asked, and asked again');
  phone.telephoneEvent(6);
  const refusal = await eventually(async () => {
    const answer = await server.api('/readyz');
    return answer.status === 503 ? await answer.json() : undefined;
  }, 'not ready');
  t.match(refusal, { status: 'overloaded', reasons: ['provider_quota'] });
  t.equal((await (await Phone.open(t, server.sipPort)).call('desk')).status, 503);
});
