import t from 'tap';
import { OpenAiLanguageModel } from '../../../src/speech/openai/openai-language-model.js';
import { OpenAiServer } from '../../support/openai-server.js';

const REQUEST = { instructions: 'Write JSON.', material: 'Caller: hello' };

void t.test('a document is asked for as JSON, with nothing of the telephone in the request', async (t) => {
  const server = await OpenAiServer.start({
    chat: async function* () {
      yield { type: 'text', text: '{"summary":' };
      yield { type: 'text', text: '"short"}' };
    },
  });
  t.teardown(() => server.close());
  const model = new OpenAiLanguageModel({ baseUrl: server.url, apiKey: 'k', model: 'writer', timeoutMs: 10_000 });
  t.equal(await model.write({ ...REQUEST, signal: new AbortController().signal }), '{"summary":"short"}');
  t.equal(model.model, 'writer');
  const body = JSON.parse(server.requests[0]?.body.toString() ?? '') as Record<string, unknown>;
  t.match(body, {
    model: 'writer',
    response_format: { type: 'json_object' },
    messages: [
      { role: 'system', content: REQUEST.instructions },
      { role: 'user', content: REQUEST.material },
    ],
  });
  t.notOk('tools' in body);
});

void t.test('a server that refuses is a failed provider; who aborts hears his own reason', async (t) => {
  const server = await OpenAiServer.start({
    raw: { '/v1/chat/completions': (response) => response.writeHead(401).end('{}') },
  });
  t.teardown(() => server.close());
  const model = new OpenAiLanguageModel({ baseUrl: server.url, apiKey: 'k', model: 'writer', timeoutMs: 10_000 });
  await t.rejects(model.write({ ...REQUEST, signal: new AbortController().signal }), { code: 'provider_failed' });
  await t.rejects(model.write({ ...REQUEST, signal: AbortSignal.abort(new Error('no longer wanted')) }), /no longer wanted/);
});
