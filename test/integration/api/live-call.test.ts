import t from 'tap';
import type { CallId } from '../../../src/core/ids.js';
import { silentLogger } from '../../../src/core/log.js';
import { startEndpoint } from '../../../src/endpoint.js';
import { mustConnect } from '../../support/live-client.js';
import { startTestServer, TEST_KEY } from '../../support/server.js';

void t.test('a real call can be followed by WebSocket from its beginning to its end', { timeout: 120_000 }, async (t) => {
  let begun: (id: CallId) => void = () => {};
  const started = new Promise<CallId>((resolve) => {
    begun = resolve;
  });
  const server = await startTestServer(
    { speech: { embedded: { sttPool: 0 } }, media: { rtpPorts: { min: 31_000, max: 31_099 }, capacity: 4 } },
    { onCallEvent: (event) => event.type === 'started' && begun(event.call.id) },
  );
  t.teardown(() => server.close());
  const caller = await startEndpoint({
    bind: '127.0.0.1',
    sipPort: 0,
    media: { rtpPorts: { min: 31_100, max: 31_199 }, capacity: 4 },
    log: silentLogger,
  });
  t.teardown(() => caller.close());
  const session = caller.media.open();
  t.teardown(() => session.close());
  const dialling = caller.telephony.dial({
    uri: `sip:demo@127.0.0.1:${server.sipPort}`,
    local: session.local,
    onAgreement: (agreement) => session.configure(agreement),
    signal: new AbortController().signal,
  });

  const id = await started;
  const client = await mustConnect(`ws://127.0.0.1:${server.httpPort}/ws/calls/${id}?api_key=${TEST_KEY}`);
  t.match(await client.next(), { type: 'connected', data: { call_id: id } });
  t.match(await client.next(), { type: 'call_status_update', data: { status: 'in_progress' } });
  const words = async () => {
    let message = await client.next();
    while (message.type !== 'transcript_update') message = await client.next();
    return message;
  };
  let update = await words();
  // Words that are being said come first, the whole utterance in the end.
  while (update.data.transcript.length === 0) {
    t.match(update, { type: 'transcript_update', data: { partial: { role: 'agent', message: String } } });
    update = await words();
  }
  t.match(update.data.transcript[0], { role: 'agent', sequence: 1, message: /\w/ });
  const dialled = await dialling;
  if (!dialled.answered) throw new Error('not answered');
  await dialled.dialog.hangup();
  let last = update;
  while (last.type !== 'call_status_update' || last.data.status === 'in_progress') last = await client.next();
  t.match(last.data, { call_id: id, status: 'completed', end_reason: 'caller_hangup' });
  t.match(await client.closed, { code: 1000 });
});
