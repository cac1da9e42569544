import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { systemClock } from '../../src/core/clock.js';
import type { ChatMessage, ReplyEvent } from '../../src/domain/ports/speech.js';
import { keyHz, pressed } from '../support/dtmf-tones.js';
import { startHttpEndpoint } from '../support/http-endpoint.js';
import { mustConnect } from '../support/live-client.js';
import { eventually, OffhookProcess } from '../support/offhook-process.js';
import { OpenAiServer } from '../support/openai-server.js';
import { Phone } from '../support/phone.js';
import { TEST_KEY } from '../support/server.js';
import { sine, toneShare } from '../support/signal.js';
import { until } from '../support/until.js';
import { readStereoWav } from '../support/wav.js';

const CARD = '5105105105105100';
/** What is pressed after all was pressed that was asked for: long enough to be no part of a time or an id by chance. */
const SURPLUS = '8648648';
const PRESS_MS = 150;
const BEFORE_MS = 400;
const BEHIND_MS = 1_500;
const SPOKEN = new Int16Array(4_800).fill(2_000);
const PROMPT = 'Please key in your card.';

type Detail = { id: string; status: string; transcript: { role: string; message: string }[]; tool_runs: { outcome: string }[] };

/** Plays it where it belongs in time: a telephone's clock runs on while it is silent, and the recording goes by it. */
async function play(phone: Phone, samples: Int16Array, sinceMs: number): Promise<void> {
  const nowTicks = 50_000 + Math.round((systemClock.monotonicMs() - sinceMs) * 8);
  phone.rtp.timestamp = Math.max(phone.rtp.timestamp, nowTicks);
  await phone.rtp.play(samples, phone.remoteRtpPort);
}

/** Every file under the directory. */
const filesIn = (directory: string): string[] =>
  readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });

void t.test('masked digits reach the action they are for, and nothing else', { timeout: 240_000 }, async (t) => {
  const asked: string[] = [];
  const model = await OpenAiServer.start({
    // biome-ignore lint/suspicious/useAwait: the interface is asynchronous
    async *speech() {
      yield { pcm: SPOKEN, rateHz: 24_000 };
    },
    // biome-ignore lint/suspicious/useAwait: the interface is asynchronous
    async *chat({ system, messages, tools }): AsyncGenerator<ReplyEvent> {
      asked.push(JSON.stringify([system, messages, tools]));
      const last: ChatMessage | undefined = messages.at(-1);
      if (last?.role === 'tool') yield { type: 'text', text: `It says ${last.content}.` };
      else yield { type: 'tool', call: { id: `call_${asked.length}`, name: 'take_the_card', arguments: {} } };
    },
  });
  t.teardown(() => model.close());
  // As careless as a payment service can be: it echoes what it was given.
  const payments = await startHttpEndpoint(t, ({ body }) => ({
    json: { reference: 'R-7', card: (JSON.parse(body) as { pan?: string }).pan?.replace(/(.{4})/g, '$1 ') },
  }));
  const hooks = await startHttpEndpoint(t, () => ({}));
  const server = await OffhookProcess.start(t, {
    env: { OFFHOOK_LOG_LEVEL: 'debug', OPENAI_API_KEY: 'sk-none', OPENAI_BASE_URL: model.url },
    config: {
      webhooks: { allowPrivate: true, subscriptions: [{ url: hooks.url, secret: 'a long random text for this' }] },
      speech: { defaults: { stt: 'none', llm: 'openai', tts: 'openai' } },
    },
  });
  const created = await server.post('/agents', { name: 'Till', sip_user: 'till', system_prompt: 'You take payments.' });
  const { data: agent } = (await created.json()) as { data: { id: string } };
  const action = async (body: object) => t.equal((await server.post(`/agents/${agent.id}/actions`, body)).status, 201);
  const charge = { method: 'POST', url: `${payments.url}/charge`, body: { pan: '{{card}}' } };
  await action({ type: 'http', name: 'Charge', instruction: 'Never by yourself.', config: charge });
  const digits = { field: 'card', prompt: PROMPT, masked: true, send_to: 'Charge', first_digit_timeout_ms: 30_000 };
  await action({
    type: 'collect_digits',
    name: 'Take the card',
    instruction: 'To pay.',
    config: { ...digits, max_length: 16, validate: 'luhn', inter_digit_timeout_ms: 30_000 },
  });

  const detail = async (id: string): Promise<Detail> => server.data<Detail>(`/calls/${id}`);
  const said = (id: string, words: string): Promise<true> =>
    eventually(async () => (await detail(id)).transcript.some(({ message }) => message.startsWith(words)) || undefined, words);
  /** Somebody on the line, with what is told of the call meanwhile. */
  const connect = async (formats?: readonly string[]) => {
    const before = new Set((await server.data<Detail[]>('/calls')).map(({ id }) => id));
    const phone = await (await Phone.open(t, server.sipPort, formats ? { formats } : {})).answered('till');
    const id = await eventually(
      async () => (await server.data<Detail[]>('/calls')).find((call) => !before.has(call.id))?.id,
      'the call on record',
    );
    const base = `127.0.0.1:${server.readyLine?.httpPort}`;
    const live = await mustConnect(`ws://${base}/ws/calls/${id}?api_key=${TEST_KEY}`);
    const events: string[] = [];
    live.socket.on('message', (data) => events.push(data.toString('utf8')));
    return { phone, id, events };
  };
  type Line = Awaited<ReturnType<typeof connect>>;
  /** The card is asked for, and keyed in by `key`. */
  const pay = async ({ phone, id, events }: Line, key: (phone: Phone, digit: string) => Promise<unknown>): Promise<void> => {
    await key(phone, '1');
    await key(phone, '#');
    await said(id, PROMPT.slice(0, 6));
    for (const digit of CARD) await key(phone, digit);
    // Somebody does not know when to stop.
    for (const digit of SURPLUS) await key(phone, digit);
    await said(id, 'It says');
    await until(() => events.some((event) => event.includes('It says')));
  };
  const over = async ({ phone, id }: Line): Promise<void> => {
    await phone.hangUp();
    await eventually(async () => (await detail(id)).status === 'completed' || undefined, 'the end of the call');
  };
  const byTones = async (line: Line): Promise<void> => {
    const { phone } = line;
    const beganMs = systemClock.monotonicMs();
    await play(phone, sine(600, BEFORE_MS, 8000), beganMs);
    await pay(line, (_, digit) => play(phone, pressed(digit, 8000, 90, PRESS_MS - 90), beganMs));
    // The recording goes on again.
    await play(phone, sine(600, BEHIND_MS, 8000), beganMs);
    await over(line);
  };
  const byInfo = async (line: Line): Promise<void> => {
    await pay(line, (phone, digit) => phone.info(digit));
    await over(line);
  };
  /** RFC 4733. */
  const byEvents = async (line: Line): Promise<void> => {
    await pay(line, async (phone, digit) => {
      phone.telephoneEvent(digit === '#' ? 11 : Number(digit));
      // No more packets than a telephone sends when it repeats each of them.
      await phone.rtp.paced(4, () => {});
    });
    await over(line);
  };
  const tones = await connect(['0', 'a=rtpmap:0 PCMU/8000']);
  const infos = await connect();
  const telephoneEvents = await connect();
  await Promise.all([byTones(tones), byInfo(infos), byEvents(telephoneEvents)]);
  t.same(
    payments.requests.map(({ body }) => JSON.parse(body) as object),
    [1, 2, 3].map(() => ({ pan: CARD })),
    'the action has all of them, whichever way they came',
  );

  await t.test('neither the recording, which keeps its length', async (t) => {
    const { left } = readStereoWav(join(server.dataDir, 'recordings', `${tones.id}.wav`));
    const isLoud = (sample: number): boolean => Math.abs(sample) > 1_000;
    const from = left.findIndex(isLoud);
    const to = left.findLastIndex(isLoud);
    for (const at of [from + 800, to - 4_000]) {
      t.ok(toneShare(left.slice(at, at + 3_200), 600, 16_000) > 0.9, 'what was said before and behind is there');
    }
    t.ok((to - from) / 16 > (CARD.length + SURPLUS.length) * PRESS_MS, 'nothing was cut out');
    const hushed = left.slice(from + 16 * BEFORE_MS + 16 * 2 * PRESS_MS + 1_600, to - 16 * BEHIND_MS);
    for (const digit of new Set(CARD + SURPLUS))
      for (const hz of keyHz(digit)) t.ok(toneShare(hushed, hz, 16_000) < 0.01, `${hz} Hz`);
    t.ok(hushed.filter((sample) => Math.abs(sample) > 200).length < hushed.length / 50, 'silence');
  });

  const secrets = [CARD, SURPLUS, CARD.replace(/(.{4})/g, '$1 ').trim()];
  const isIn = (text: string): string | undefined => secrets.find((secret) => text.includes(secret));
  /** Single keys that were written down as such. */
  const keyed = /\[digit [05468]\]|"digit":"[05468]"/;
  await t.test('nor the transcript, the API and the events', async (t) => {
    for (const { id, events } of [tones, infos, telephoneEvents]) {
      const call = await detail(id);
      t.equal(call.transcript.filter(({ message }) => message === '[digit •]').length, CARD.length + SURPLUS.length);
      t.same(
        call.tool_runs.map(({ outcome }) => outcome),
        ['succeeded'],
      );
      for (const text of [JSON.stringify(call), events.join('\n')]) {
        t.equal(isIn(text), undefined);
        t.notMatch(text, keyed);
      }
    }
  });
  await t.test('nor the model, which is told how many they were', async (t) => {
    const told = asked.join('\n');
    t.match(told, '16 digits');
    t.match(told, 'R-7', 'what came of it');
    t.equal(isIn(told), undefined, 'whatever the service echoes');
    t.notMatch(told, keyed);
  });
  await t.test('nor webhooks, the log and the database', async (t) => {
    await until(() => hooks.requests.filter(({ body }) => body.includes('completed')).length >= 3);
    server.kill('SIGTERM');
    await server.ended();
    const bodies = hooks.requests.map(({ body }) => body).join('\n');
    const output = server.stdout + server.stderr;
    for (const text of [bodies, output]) {
      t.equal(isIn(text), undefined);
      t.notMatch(text, keyed);
    }
    for (const path of filesIn(server.dataDir).filter((file) => !file.endsWith('.wav'))) {
      const bytes = readFileSync(path).toString('latin1');
      t.equal(isIn(bytes), undefined, path);
      t.notMatch(bytes, keyed, path);
    }
  });
});
