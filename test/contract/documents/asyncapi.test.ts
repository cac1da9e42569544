import { Parser } from '@asyncapi/parser';
import t from 'tap';
import { UNGUIDED } from '../../../src/domain/agent-guidance.js';
import { startHarness } from '../../support/http-harness.js';
import { mustConnect } from '../../support/live-client.js';
import type { ServedDocument } from '../../support/openapi.js';
import { sampleCompletedCall, sampleEntry, sampleText, sampleToolRun, sampleTurn } from '../../support/sample-records.js';
import { schemaChecker } from '../../support/schema-checker.js';

void t.test('an independent parser finds no fault with the AsyncAPI document, examples included', async (t) => {
  const api = await startHarness(t);
  const { document, diagnostics } = await new Parser().parse(await (await api.raw('/asyncapi.json')).text());
  // 0 is an error, 1 a warning; what is left are hints, such as that nobody is named to write to.
  t.same(
    diagnostics.filter(({ severity }) => [0, 1].includes(severity)).map(({ path, message }) => `${path.join('.')}: ${message}`),
    [],
  );
  t.same(
    document
      ?.channels()
      .all()
      .map((channel) => channel.address()),
    ['/ws/calls/{callId}', '/api/v1/calls/{callId}/events'],
  );
});

void t.test('what a socket and an event stream really say is what the document says they say', async (t) => {
  const api = await startHarness(t);
  const document = (await (await api.raw('/asyncapi.json')).json()) as ServedDocument & {
    components: { messages: Record<string, { payload: Record<string, unknown> }> };
  };
  const check = schemaChecker(document);
  const call = sampleCompletedCall(undefined);
  await api.database.calls.insert(call);
  await api.database.calls.appendTranscript(sampleEntry(call.id, 1));
  const running = sampleCompletedCall(undefined, { status: 'in_progress', endedAtMs: undefined, termination: undefined });
  await api.database.calls.insert(running);

  const events = (await (await api.raw(`/api/v1/calls/${call.id}/events?api_key=${api.key}`)).text()).match(/(?<=^data: ).*/gm);
  const heard = (events ?? []).map((text) => JSON.parse(text) as { type: string });
  const client = await mustConnect(`${api.url.replace('http', 'ws')}/ws/calls/${running.id}?api_key=${api.key}`);
  heard.push(await client.next(), await client.next());
  api.feeds.onCallEvent({
    type: 'live',
    callId: running.id,
    event: { type: 'speech', speaker: 'agent', text: 'We are', final: false, interrupted: false, atMs: 1500 },
  });
  heard.push(await client.next());
  api.feeds.onText(sampleText({ callId: running.id }));
  heard.push(await client.next());
  api.feeds.onCallEvent({ type: 'tool', callId: running.id, run: sampleToolRun() });
  heard.push(await client.next());
  const { id: callId } = running;
  api.feeds.onCallEvent({ type: 'live', callId, event: { type: 'state', state: 'listening', atMs: 1 } });
  api.feeds.onCallEvent({ type: 'live', callId, event: { type: 'digit', digit: '5', atMs: 2 } });
  api.feeds.onCallEvent({ type: 'live', callId, event: { type: 'suggestion', text: 'Noon.', atMs: 3 } });
  api.feeds.onCallEvent({ type: 'turn', turn: sampleTurn(callId, 1) });
  api.feeds.onCallEvent({ type: 'tone', callId, tone: 'beep' });
  const answeredBy = { verdict: 'human', reason: 'short_greeting', afterMs: 1500 } as const;
  api.feeds.onCallEvent({ type: 'answerer', call: { ...running, answeredBy } });
  api.feeds.onCallEvent({ type: 'guidance', call: { ...running, guidance: { ...UNGUIDED, mode: 'operator' } } });
  api.feeds.onCallEvent({ type: 'participants', call: { ...running, participants: [] } });
  const led = { agentId: undefined, name: 'Desk', version: undefined };
  api.feeds.onCallEvent({ type: 'handoff', call: { ...running, handoffs: [{ by: 'agent', from: led, to: led, afterMs: 1 }] } });
  for (let count = 0; count < 9; count += 1) heard.push(await client.next());
  client.say({ type: 'ping' });
  heard.push(await client.next());
  client.say('nonsense');
  heard.push(await client.next());
  client.socket.close();

  for (const message of heard) {
    t.same(check(document.components.messages[message.type]?.payload ?? {}, message), [], message.type);
  }
  t.same(
    new Set(heard.map(({ type }) => type)),
    new Set(Object.keys(document.components.messages).filter((type) => type !== 'ping')),
  );
});
