import t from 'tap';
import { ringback } from '../../../src/calls/ringback.js';
import type { TenantId } from '../../../src/core/ids.js';
import type { AnswerRules } from '../../../src/domain/call-setup.js';
import type { SpeechChunk, SynthesisRequest } from '../../../src/domain/ports/speech.js';
import { sampleTrunk } from '../../support/sample-trunk.js';
import { rest, startFixture } from './call-fixture.js';

const { id, name } = sampleTrunk();

/** Calls over a trunk that are answered by these rules. */
function startWith(answer: Partial<AnswerRules>) {
  const arrival = {
    tenantId: 'tenant-1' as TenantId,
    trunk: { id, name },
    wanted: ['demo'],
    callerNumber: undefined,
    maxConcurrentCalls: undefined,
    terms: {},
    answer: { mode: 'when_ready' as const, withinMs: undefined, announcement: undefined, ...answer },
  };
  const f = startFixture({ trunks: { arrivalOf: () => arrival } });
  t.teardown(f.remove);
  return f;
}

/** A synthesiser whose audio comes when `speak` is called. */
function slowVoice() {
  let speak = (): void => {};
  const spoken = new Promise<void>((resolve) => {
    speak = resolve;
  });
  const texts: string[] = [];
  async function* synthesize({ text }: SynthesisRequest): AsyncGenerator<SpeechChunk> {
    texts.push(text);
    await spoken;
    yield { pcm: new Int16Array(160), rateHz: 16_000 };
  }
  return { synthesize, speak, texts };
}

void t.test('it rings until the first words lie ready, and they are made while it rings', async (t) => {
  const f = startWith({});
  const voice = slowVoice();
  f.speech.synthesize = voice.synthesize;
  const invite = await f.call('demo');
  t.same(invite.sent, [180]);
  t.same(voice.texts, ['Hello.']);
  voice.speak();
  await rest();
  t.same(invite.sent, [180, 200]);
  t.match(f.row().setup, { invitedAtMs: f.row().startedAtMs, ringingAtMs: f.row().startedAtMs });
});

void t.test('words that take too long are not waited for: the limit of the trunk, or that of the server', async (t) => {
  for (const [withinMs, limitMs] of [
    [undefined, 4_000],
    [700, 700],
  ] as const) {
    const f = startWith({ withinMs });
    f.speech.synthesize = slowVoice().synthesize;
    const invite = await f.call('demo');
    f.clock.advance(limitMs - 1);
    await rest();
    t.same(invite.sent, [180]);
    f.clock.advance(1);
    await rest();
    t.same(invite.sent, [180, 200]);
  }
});

void t.test('the agent begins when the caller has acknowledged the answer', async (t) => {
  const f = startWith({});
  const invite = await f.call('demo', (coming) => {
    coming.dialog.acknowledges = false;
  });
  t.same(invite.sent, [180, 200]);
  t.same(f.conversations, []);
  invite.dialog.acknowledge();
  t.same(f.conversations[0]?.heard, ['start']);
});

void t.test('what is pressed between the answer and the ACK is not lost', async (t) => {
  const f = startWith({});
  const invite = await f.call('demo', (coming) => {
    coming.dialog.acknowledges = false;
  });
  f.sessions[0]?.emit({ type: 'digit', digit: '7', durationMs: 100, atMs: 0 });
  invite.dialog.pressed('8');
  invite.dialog.acknowledge();
  f.sessions[0]?.emit({ type: 'digit', digit: '9', durationMs: 100, atMs: 0 });
  t.same(f.conversations[0]?.heard, ['start', '7', '8'], 'the conversation hears of later ones itself');
});

void t.test('a call that ends before the ACK begins no conversation', async (t) => {
  const f = startWith({});
  const invite = await f.call('demo', (coming) => {
    coming.dialog.acknowledges = false;
  });
  invite.dialog.remoteEnd({ by: 'ack_timeout' });
  await rest();
  invite.dialog.acknowledge();
  t.same(f.conversations, []);
});

void t.test('immediate: answered without ringing, ready or not', async (t) => {
  const f = startWith({ mode: 'immediate' });
  f.speech.synthesize = slowVoice().synthesize;
  t.same((await f.call('demo')).sent, [200]);
});

void t.test('early media: a ring tone of ours until the answer, then the agent', async (t) => {
  const f = startWith({ mode: 'early_media' });
  const voice = slowVoice();
  f.speech.synthesize = voice.synthesize;
  const invite = await f.call('demo');
  t.same(invite.sent, [183]);
  const [session] = f.sessions;
  t.same(session?.configured.length, 1, 'audio can flow');
  t.same(session?.sources, [ringback(undefined)]);
  t.same(f.conversations, [], 'the agent is not heard');
  f.clock.advance(3_000);
  voice.speak();
  await rest();
  t.same(invite.sent, [183, 200]);
  t.same(session?.sources.slice(1), [{ type: 'queue' }]);
  t.same(f.conversations[0]?.heard, ['start']);
  t.equal(f.row().recordingStartedAtMs, f.row().startedAtMs, 'all of it is recorded');
});

void t.test('early media: an announcement is heard to its end before the answer', async (t) => {
  const f = startWith({ mode: 'early_media', announcement: 'This call is free.' });
  const texts: string[] = [];
  f.speech.synthesize = async function* ({ text }: SynthesisRequest) {
    texts.push(text);
    yield { pcm: new Int16Array(16_000), rateHz: 16_000 };
  };
  const invite = await f.call('demo');
  t.same(texts, ['Hello.', 'This call is free.']);
  t.same(invite.sent, [183]);
  const [session] = f.sessions;
  t.equal(session?.written, 16_000);
  if (session) session.queued = 0;
  f.clock.advance(20);
  await rest();
  t.same(invite.sent, [183, 200]);
});

void t.test('early media: a caller who gives up is not announced to any more; one without an offer hears it ring', async (t) => {
  const f = startWith({ mode: 'early_media' });
  f.speech.synthesize = slowVoice().synthesize;
  const invite = await f.call('demo');
  invite.cancel('caller');
  await rest();
  t.same(f.sessions[0]?.sources.slice(1), [{ type: 'queue' }]);
  t.match(f.row(), { status: 'failed', sipCode: 487, termination: { reason: 'cancelled' } });
  const other = startWith({ mode: 'early_media' });
  const late = await other.call('demo', (coming) => {
    coming.delayedOffer = true;
  });
  t.same(late.sent, [180, 200]);
});

void t.test('a caller that never acknowledges the ringing is on record as that', async (t) => {
  const f = startWith({});
  f.speech.synthesize = slowVoice().synthesize;
  const invite = await f.call('demo');
  invite.cancel('no_prack');
  await rest();
  t.match(f.row(), { sipCode: 504, endedBy: 'network', termination: { result: 'upstream_error', reason: 'prack_timeout' } });
});
