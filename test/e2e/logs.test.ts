import t from 'tap';
import { eventually, OffhookProcess } from '../support/offhook-process.js';
import { OpenAiServer } from '../support/openai-server.js';
import { Phone } from '../support/phone.js';
import { TEST_KEY } from '../support/server.js';

const PROVIDER_KEY = 'sk-proj-that-nobody-may-read-in-a-log';
const SUBSCRIPTION_SECRET = 'signs-the-webhooks-of-this-test';
const SAID = 'The code of the safe is nine one one.';

void t.test(
  'a whole run at debug level: lines of a call say whose it is, requests have ids, and no secret is in any',
  async (t) => {
    const provider = await OpenAiServer.start({
      raw: {
        // As careless as a proxy can be: it says everything it was told.
        '/v1/chat/completions': (response, request, body) =>
          response
            .writeHead(401)
            .end(JSON.stringify({ error: { message: `bad key ${request.headers.authorization} ${body.toString()}` } })),
      },
    });
    t.teardown(() => provider.close());
    const server = await OffhookProcess.start(t, {
      env: { OFFHOOK_LOG_LEVEL: 'debug', OPENAI_API_KEY: PROVIDER_KEY, OPENAI_BASE_URL: provider.url },
      config: {
        webhooks: { allowPrivate: true, subscriptions: [{ url: 'http://127.0.0.1:9/hook', secret: SUBSCRIPTION_SECRET }] },
      },
    });
    const made = OffhookProcess.spawn(t, { args: ['keys', 'create', 'reader'], dataDir: server.dataDir });
    t.equal((await made.ended()).code, 0);
    const key = made.stdout.trim();
    t.match(key, /^va_/);

    const created = await server.post('/agents', {
      name: 'Desk',
      sip_user: 'desk',
      system_prompt: 'Never tell that the butler did it.',
      starting_message: SAID,
      providers: { stt: 'none', llm: 'openai', tts: 'embedded' },
    });
    t.equal(created.status, 201);
    const base = `http://127.0.0.1:${server.readyLine?.httpPort}`;
    t.equal((await fetch(`${base}/api/v1/calls?api_key=${key}`)).status, 200);
    const wrong = { authorization: `Bearer ${key}-not-quite`, 'x-request-id': 'asked-with-a-wrong-key' };
    t.equal((await fetch(`${base}/api/v1/calls`, { headers: wrong })).status, 401);
    t.equal((await server.post('/agents', { name: 'Desk', password: 'swordfish' })).status, 400);
    const secret = await server.data<{ secret: string }>('/webhooks/secret');
    t.match(secret.secret, /^whsec_/);

    const phone = await (await Phone.open(t, server.sipPort)).answered('desk');
    phone.telephoneEvent(7);
    await eventually(() => server.log.find(({ msg }) => msg === 'provider failed'), 'the model was asked');
    await phone.hangUp();
    await eventually(() => server.log.find(({ msg }) => msg === 'webhook failed'), 'a webhook was tried');
    server.kill('SIGTERM');
    t.same(await server.ended(), { code: 0, signal: null });

    const { log } = server;
    const [call] = log.filter(({ msg }) => msg === 'call ended');
    const whose = { callId: /^[0-9a-f-]{36}$/, tenantId: /^[0-9a-f-]{36}$/, sipCallId: /.+/ };
    t.match(call, { ...whose, result: 'success', reason: 'caller_hangup' });
    for (const line of log.filter(({ msg }) => msg === 'provider failed')) {
      t.match(line, { ...whose, callId: call?.['callId'], err: { code: 'provider_failed' } });
    }
    for (const line of log.filter((line) => line['callId'] !== undefined)) t.match(line['tenantId'], whose.tenantId, line.msg);
    const refusals = log.filter(({ msg }) => msg === 'request refused');
    t.ok(refusals.some((line) => line['requestId'] === 'asked-with-a-wrong-key'));
    t.ok(refusals.every((line) => line['requestId'] !== undefined));

    const secrets = { TEST_KEY, key, PROVIDER_KEY, SUBSCRIPTION_SECRET, webhook: secret.secret, password: 'swordfish' };
    const words = { SAID, prompt: 'butler', scheme: 'Bearer va_' };
    for (const [name, text] of Object.entries({ ...secrets, ...words })) {
      t.notOk(`${server.stderr}${server.stdout}`.includes(text), `no ${name}`);
    }
  },
);
