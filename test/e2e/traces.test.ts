import { createServer } from 'node:net';
import t from 'tap';
import { eventually, OffhookProcess } from '../support/offhook-process.js';
import { Phone } from '../support/phone.js';
import { startTraceCollector } from '../support/trace-collector.js';

type AgentBody = { data: { id: string } };

void t.test('a call is one trace over OTLP: the call, its set-up, its turns and what each waited for', async (t) => {
  const collector = await startTraceCollector(t);
  const server = await OffhookProcess.start(t, {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SERVICE_NAME: 'front-desk', OTEL_BSP_SCHEDULE_DELAY: '50' },
  });
  const agent = await server.post('/agents', {
    name: 'Desk',
    sip_user: 'desk',
    system_prompt: 'x',
    starting_message: 'Hello.',
    dtmf_rules: { '1': { say: 'We are open.' } },
    providers: { stt: 'none', llm: 'script', tts: 'embedded' },
  });
  const { id: agentId } = ((await agent.json()) as AgentBody).data;
  const phone = await (await Phone.open(t, server.sipPort)).answered('desk');
  phone.telephoneEvent(1);
  const callId = await eventually(async () => {
    const [call] = await server.data<{ id: string }[]>('/calls');
    const { transcript } = await server.data<{ transcript: { message: string }[] }>(`/calls/${call?.id}/transcript`);
    return transcript.some(({ message }) => message === 'We are open.') ? call?.id : undefined;
  }, 'the key was answered');
  await phone.hangUp();
  const root = await eventually(() => collector.spans.find(({ name }) => name === 'inbound call'), 'the trace');

  t.match(root, {
    service: 'front-desk',
    parentSpanId: '',
    statusCode: 0,
    attributes: {
      'offhook.call_id': callId,
      'offhook.result': 'success',
      'offhook.reason': 'caller_hangup',
      'sip.status_code': 200,
    },
  });
  t.ok(Number(root.attributes['offhook.media.packetsSent']) > 0, 'with the counters of its audio');
  const trace = await eventually(() => {
    const spans = collector.spans.filter(({ traceId }) => traceId === root.traceId);
    return spans.some((span) => span.attributes['offhook.turn.cause'] === 'digit') ? spans : undefined;
  }, 'the turns');
  const children = (parent: string) => trace.filter(({ parentSpanId }) => parentSpanId === parent);
  const turns = children(root.spanId).filter(({ name }) => name === 'turn');
  t.equal(children(root.spanId).filter(({ name }) => name === 'set-up').length, 1);
  const answered = turns.find((turn) => turn.attributes['offhook.turn.cause'] === 'digit');
  const waits = children(answered?.spanId ?? 'none').sort((a, b) => a.startMs - b.startMs);
  t.equal(waits.at(-1)?.name, 'first packet');
  t.equal(waits[0]?.startMs, answered?.startMs, 'from the key press');
  for (const [index, wait] of waits.entries()) {
    t.ok(wait.endMs >= wait.startMs);
    t.equal(wait.endMs, waits[index + 1]?.startMs ?? answered?.endMs, `${wait.name}: one after the other, without a gap`);
  }
  t.ok(
    trace.every((span) => span.startMs >= root.startMs),
    'nothing is before the call',
  );

  const request = await eventually(
    () => collector.spans.find((span) => span.name === 'POST /api/v1/agents'),
    'the request that made the agent',
  );
  t.match(request.attributes, { 'http.route': '/api/v1/agents', 'http.response.status_code': 201 });
  for (const body of collector.bodies) {
    for (const secret of ['We are open', 'sip:', '127.0.0.1', agentId]) t.notOk(body.includes(secret), `no ${secret} in a trace`);
  }
});

void t.test('what is left is sent before the server ends, and a call that failed is an error', async (t) => {
  const collector = await startTraceCollector(t);
  const server = await OffhookProcess.start(t, {
    env: { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/v1/traces` },
    config: { drainMs: 0 },
  });
  await (await Phone.open(t, server.sipPort)).call('nobody');
  const phone = await (await Phone.open(t, server.sipPort)).answered('tone');
  server.kill('SIGTERM');
  await phone.hungUpOn();
  t.same(await server.ended(), { code: 0, signal: null });
  const calls = collector.spans.filter(({ name }) => name === 'inbound call');
  const ends = Object.fromEntries(calls.map((call) => [String(call.attributes['offhook.reason']), call]));
  t.match(ends, { agent_not_found: { service: 'offhook', statusCode: 0 }, draining: { service: 'offhook', statusCode: 2 } });
  t.not(calls[0]?.traceId, calls[1]?.traceId);
});

void t.test('a collector that takes nothing costs no call and does not keep the server from ending', async (t) => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  t.teardown(() => void silent.close());
  const { port } = silent.address() as { port: number };
  const server = await OffhookProcess.start(t, {
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_TIMEOUT: '1000',
      OTEL_BSP_SCHEDULE_DELAY: '50',
    },
  });
  const phone = await (await Phone.open(t, server.sipPort)).answered('tone');
  await phone.hangUp();
  server.kill('SIGTERM');
  t.same(await server.ended(30_000), { code: 0, signal: null });
});
