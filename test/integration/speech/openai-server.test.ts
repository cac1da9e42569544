// Against a small server of our own (test/support/openai-server.ts), because `@copilotkit/aimock` sends speech in one piece,
// never looks at the audio it is given, and cannot misbehave: bytes cut anywhere, endless and late answers, malformed events,
// wrong shapes. Its side of the connection also tells whether a cancelled request was really given up.
import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import t, { type Test } from 'tap';
import { type Clock, FakeClock, systemClock } from '../../../src/core/clock.js';
import type { AppError } from '../../../src/core/errors.js';
import type { AgentSettings } from '../../../src/domain/agent.js';
import type { ReplyEvent } from '../../../src/domain/ports/speech.js';
import { OpenAiLanguageModel } from '../../../src/speech/openai/openai-language-model.js';
import { demoAgent } from '../../../src/speech/script/demo-agent.js';
import { ScriptBrain } from '../../../src/speech/script/script-brain.js';
import { chatChunk, OpenAiServer, type RawHandler, sse } from '../../support/openai-server.js';
import { collect, plainAgent, replyRequest } from '../../support/speech-requests.js';

const CHAT = '/v1/chat/completions';
const SECRET = 'sk-very-secret';
const TIMEOUT_MS = 20_000;

async function model(
  t: Test,
  handler: RawHandler,
  clock: Clock = systemClock,
): Promise<{ llm: OpenAiLanguageModel; server: OpenAiServer }> {
  const server = await OpenAiServer.start({ raw: { [CHAT]: handler } });
  t.teardown(() => server.close());
  const options = { baseUrl: server.url, apiKey: SECRET, model: 'test', timeoutMs: TIMEOUT_MS };
  return { server, llm: new OpenAiLanguageModel(options, clock) };
}

const turnOfLoop = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

const failure = async (work: Promise<unknown>): Promise<AppError> =>
  await work.then(
    () => Promise.reject(new Error('no failure')),
    (error) => error as AppError,
  );
const textOf = (events: readonly ReplyEvent[]): string =>
  events.map((event) => (event.type === 'text' ? event.text : '')).join('');
const stream =
  (body: string): RawHandler =>
  (response) =>
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(body);

t.test('model, temperature and as much of the conversation as the agent says are asked for', async (t) => {
  const { llm, server } = await model(t, stream(sse(chatChunk({ content: 'Yes.' })) + 'data: [DONE]\n\n'));
  const messages = ['first', 'second'].map((content) => ({ role: 'user' as const, content }));
  const asked = async (answer: AgentSettings['answer']): Promise<object> => {
    await collect(llm.reply(replyRequest('', { messages, agent: { ...plainAgent, answer } })));
    return JSON.parse(server.requests.at(-1)!.body.toString()) as object;
  };
  const plain = await asked(undefined);
  t.match(plain, { model: 'test', messages: [{ role: 'system' }, { content: 'first' }, { content: 'second' }] });
  t.notOk('temperature' in plain, 'the server has a default of its own, and some models know none');
  const own = await asked({ model: 'small', creativity: 3, contextMaxTokens: 100 });
  t.match(own, { model: 'small', temperature: 0.3, messages: [{ role: 'system' }, { content: 'second' }] });
});

t.test('cancelling in mid-stream ends the reply quietly and closes the HTTP request', async (t) => {
  const { llm, server } = await model(t, (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(sse(chatChunk({ content: 'I was about to say' })));
  });
  const controller = new AbortController();
  const seen = server.nextRequest();
  const heard: ReplyEvent[] = [];
  for await (const event of llm.reply(replyRequest('hello', { signal: controller.signal }))) {
    heard.push(event);
    setImmediate(() => controller.abort());
  }
  t.equal(textOf(heard), 'I was about to say');
  t.equal(await (await seen).ended, 'aborted', 'the server sees the client gone');
});

t.test('a consumer that stops listening closes the HTTP request', async (t) => {
  const { llm, server } = await model(t, (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(sse(chatChunk({ content: 'one' })) + sse(chatChunk({ content: 'two' })));
  });
  const seen = server.nextRequest();
  for await (const event of llm.reply(replyRequest('hello'))) {
    t.match(event, { text: 'one' });
    break;
  }
  t.equal(await (await seen).ended, 'aborted');
});

t.test('cancelling before the answer begins ends the reply quietly; cancelled beforehand, nothing is sent', async (t) => {
  const { llm, server } = await model(t, () => {});
  const controller = new AbortController();
  const seen = server.nextRequest();
  const reply = collect(llm.reply(replyRequest('hello', { signal: controller.signal })));
  const request = await seen;
  controller.abort();
  t.same(await reply, []);
  t.equal(await request.ended, 'aborted');
  t.same(await collect(llm.reply(replyRequest('hello', { signal: AbortSignal.abort() }))), []);
  t.equal(server.requests.length, 1);
});

t.test('an answer that never begins, or stalls, or only keeps the connection alive, is a timeout', async (t) => {
  const events = (response: ServerResponse): ServerResponse => response.writeHead(200, { 'content-type': 'text/event-stream' });
  const rows: [name: string, handler: RawHandler, heard: number][] = [
    ['silent', () => {}, 0],
    ['headers only', (response) => events(response).flushHeaders(), 0],
    ['stalls', (response) => events(response).write(sse(chatChunk({ content: 'so' }))), 1],
    ['keep-alives', (response) => drip(events(response), `: ping\n\n${sse(chatChunk({ content: '' }))}`), 0],
  ];
  for (const [name, handler, count] of rows) {
    const clock = new FakeClock();
    const { llm, server } = await model(t, handler, clock);
    const heard: ReplyEvent[] = [];
    const request = server.nextRequest();
    const failed = failure(
      (async () => {
        for await (const event of llm.reply(replyRequest('hello'))) heard.push(event);
      })(),
    );
    await request;
    while (heard.length < count) await turnOfLoop();
    await turnOfLoop();
    clock.advance(TIMEOUT_MS - 1);
    for (let turn = 0; turn < 20; turn++) await turnOfLoop();
    t.equal(clock.pendingTimers, 1, `${name}: still waiting just before the limit`);
    clock.advance(1);
    t.match(await failed, { code: 'provider_failed', cause: { reason: 'timeout', retryable: true } }, name);
    t.equal(heard.length, count, name);
    t.equal(await (await request).ended, 'aborted', `${name}: the request is given up`);
  }
});

t.test('time that the consumer takes over a piece does not count as waiting', async (t) => {
  const clock = new FakeClock();
  const { llm } = await model(t, stream(sse(chatChunk({ content: 'one' })) + sse(chatChunk({ content: 'two' }))), clock);
  const heard: ReplyEvent[] = [];
  for await (const event of llm.reply(replyRequest('hello'))) {
    heard.push(event);
    clock.advance(10 * TIMEOUT_MS);
  }
  t.equal(textOf(heard), 'onetwo');
  t.equal(clock.pendingTimers, 0);
});

t.test('an endless answer is cut off and its request closed', async (t) => {
  const rows: [name: string, piece: string][] = [
    ['text', sse(chatChunk({ content: 'blah '.repeat(100) }))],
    ['one line without end', 'x'.repeat(65_536)],
    [
      'tool arguments',
      sse(chatChunk({ tool_calls: [{ index: 0, function: { name: 'end_call', arguments: '1'.repeat(1_000) } }] })),
    ],
  ];
  for (const [name, piece] of rows) {
    const { llm, server } = await model(t, (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      pour(response, piece);
    });
    const seen = server.nextRequest();
    const error = await failure(collect(llm.reply(replyRequest('hello'))));
    t.match(error, { code: 'provider_failed', cause: { reason: 'oversized', retryable: false } }, name);
    t.equal(await (await seen).ended, 'aborted', name);
  }
});

t.test('rubbish instead of events is a provider failure', async (t) => {
  const rows: [name: string, body: string, reason: string][] = [
    ['no JSON', 'data: {"choices": [{"delta"\n\n', 'malformed'],
    ['binary', 'data: \u0000\u0001\uffff\n\n', 'malformed'],
    ['HTML', '<html><body>gateway</body></html>', 'empty'],
    ['nothing', '', 'empty'],
    ['only the end', sse('[DONE]'), 'empty'],
    ['white space', sse(chatChunk({ content: ' \n ' })) + sse('[DONE]'), 'empty'],
    ['an error event', sse({ error: { message: 'overloaded', type: 'server_error' } }), 'refused'],
  ];
  for (const [name, body, reason] of rows) {
    const { llm } = await model(t, stream(body));
    t.match(await failure(collect(llm.reply(replyRequest('hello')))), { code: 'provider_failed', cause: { reason } }, name);
  }
});

t.test('events of the wrong shape are passed over', async (t) => {
  const odd = [
    null,
    1,
    '"x"',
    [],
    {},
    { choices: null },
    { choices: [] },
    { choices: [null] },
    { choices: [{}] },
    { choices: [{ delta: null }] },
  ];
  const oddDeltas = [
    { content: 5 },
    { content: ['x'] },
    { tool_calls: 'x' },
    { tool_calls: [null, 3, {}, { function: null }, { index: 'a' }] },
  ];
  const body = [...odd, ...oddDeltas.map((delta) => chatChunk(delta)), chatChunk({ content: 'fine' })].map((event) => sse(event));
  const { llm } = await model(t, stream(body.join('')));
  t.same(await collect(llm.reply(replyRequest('hello'))), [{ type: 'text', text: 'fine' }]);
});

t.test('tool calls are put together from pieces, in order, whatever their arguments', async (t) => {
  const piece = (index: number, fields: object) => sse(chatChunk({ tool_calls: [{ index, ...fields }] }));
  const { llm } = await model(
    t,
    stream(
      piece(1, { id: 'b', function: { name: 'end_call', arguments: 'rubb' } }) +
        piece(0, { id: 'a', function: { name: 'end_call', arguments: '{"why":' } }) +
        piece(0, { function: { arguments: '"done"}' } }) +
        piece(1, { function: { arguments: 'ish' } }) +
        piece(2, { function: { name: 'end_call', arguments: '' } }) +
        piece(3, { function: { name: 'end_call', arguments: 'Sure: {"x":1} there' } }) +
        piece(4, { id: 'e', function: { name: 'delete_everything', arguments: '{}' } }) +
        sse('[DONE]'),
    ),
  );
  const calls = (await collect(llm.reply(replyRequest('bye')))).map((event) => event.type === 'tool' && event.call);
  t.same(calls, [
    { id: 'a', name: 'end_call', arguments: { why: 'done' } },
    { id: 'b', name: 'end_call', arguments: 'rubbish' },
    { id: 'call_2', name: 'end_call', arguments: {} },
    { id: 'call_3', name: 'end_call', arguments: { x: 1 } },
  ]);
});

t.test('a refused key, a missing server: not retryable, retryable; no key and no body in the error', async (t) => {
  const { llm, server } = await model(t, (response) =>
    response.writeHead(401, { 'x-request-id': 'req_42' }).end(JSON.stringify({ error: { message: `bad key ${SECRET}` } })),
  );
  const refused = await failure(collect(llm.reply(replyRequest('hello'))));
  t.match(refused, { code: 'provider_failed', cause: { statusCode: 401, retryable: false, requestId: 'req_42' } });
  t.equal(server.requests.length, 1);
  t.equal(server.requests[0]?.authorization, `Bearer ${SECRET}`);
  t.notMatch(inspect(refused, { depth: 10, showHidden: true }), SECRET);
  await server.close();
  const gone = await failure(collect(llm.reply(replyRequest('hello'))));
  t.match(gone, { code: 'provider_failed', cause: { reason: 'unreachable', retryable: true, statusCode: undefined } });
});

t.test('the script brain behind the interface is the script brain', async (t) => {
  const brain = new ScriptBrain();
  t.teardown(() => brain.close());
  const server = await OpenAiServer.start({
    chat: ({ messages, tools, signal }) => brain.reply({ agent: demoAgent, messages, tools, signal }),
  });
  t.teardown(() => server.close());
  const llm = new OpenAiLanguageModel({ baseUrl: server.url, model: 'script', timeoutMs: 20_000 });
  for (const said of ['what are your opening hours', 'tell me about off hook', 'thank you goodbye']) {
    const request = replyRequest(said, { agent: demoAgent });
    const [direct, remote] = await Promise.all([collect(brain.reply(request)), collect(llm.reply(request))]);
    t.same(remote, direct, said);
  }
});

/** Writes the piece again and again, slowly, until the client has gone. */
function drip(response: Parameters<RawHandler>[0], piece: string): void {
  const timer = setInterval(() => response.write(piece), 1);
  response.once('close', () => clearInterval(timer));
}

/** Writes as fast as the client takes it, until it has gone. */
function pour(response: Parameters<RawHandler>[0], piece: string): void {
  const more = (): void => {
    while (!response.destroyed && response.write(piece)) {
      // Until the socket is full.
    }
    if (!response.destroyed) response.once('drain', more);
  };
  more();
}
