import { join } from 'node:path';
import t from 'tap';
import { wavOf } from '../../../src/speech/wav.js';
import { Phone } from '../../support/phone.js';
import { startTestServer } from '../../support/server.js';
import { clearShare, sine } from '../../support/signal.js';
import { until } from '../../support/until.js';
import { readStereoWav } from '../../support/wav.js';

type Entry = { role: string; message: string; full_message: string; interrupted: boolean };
type Detail = { id: string; status: string; ended_by: string | null; transcript: Entry[]; turns: { cause: string }[] };

/** How much of it is 440 Hz and nothing else. */
const toneMs = (samples: Int16Array, rateHz: number): number =>
  (clearShare(samples, 440, rateHz) * samples.length * 1000) / rateHz;

void t.test('what an operator says, plays and presses reaches the caller and the records', { timeout: 120_000 }, async (t) => {
  const server = await startTestServer({ speech: { embedded: { sttPool: 0 } } });
  t.teardown(() => server.close());
  const phone = await (await Phone.open(t, server.sipPort)).answered('demo');
  const { data: calls } = (await (await server.api('/api/v1/calls?status=in_progress')).json()) as { data: Detail[] };
  const id = calls[0]?.id ?? '';
  const command = async (path: string, body: object) => {
    const response = await server.api(`/api/v1/calls/${id}/${path}`, { method: 'POST', body: JSON.stringify(body) });
    const { data } = (await response.json()) as { data: { begins?: string } };
    return { status: response.status, begins: data.begins };
  };
  const detail = async (): Promise<Detail> => ((await (await server.api(`/api/v1/calls/${id}`)).json()) as { data: Detail }).data;

  const audio = Buffer.from(wavOf([sine(440, 1500, 24_000)], 24_000)).toString('base64');
  t.same(await command('inject', { audio, text: 'A tone.', interrupt: true }), { status: 202, begins: 'now' });
  await phone.rtp.until(() => toneMs(phone.rtp.heard(), 8000) > 1000, 'the tone is heard');
  t.same(await command('say', { text: 'Hello from the operator.' }), { status: 202, begins: 'waiting' });
  await until(async () => (await detail()).transcript.some(({ message }) => message === 'Hello from the operator.'));

  t.equal((await command('dtmf', { digits: '5#' })).status, 202);
  const ends = () =>
    new Set(
      phone.rtp.received.flatMap(({ payloadType, payload }) =>
        payloadType === 101 && ((payload[1] ?? 0) & 0x80) !== 0 ? [payload[0]] : [],
      ),
    );
  await phone.rtp.until(() => ends().size === 2, 'two keys are pressed');
  t.same(ends(), new Set([5, 11]), '5 and # (RFC 4733 section 3.2)');

  await phone.hangUp();
  await until(async () => (await detail()).status === 'completed');
  const record = await detail();
  t.equal(record.ended_by, 'caller');
  const said = record.transcript.map(({ role, full_message: text }) => `${role}: ${text}`);
  t.same(said.slice(-3), ['agent: A tone.', 'agent: Hello from the operator.', 'agent: [digits 5#]']);
  t.equal(record.turns.filter(({ cause }) => cause === 'operator').length, 2);
  const { right, sampleRateHz } = readStereoWav(join(server.dataDir, 'recordings', `${id}.wav`));
  t.ok(toneMs(right, sampleRateHz) > 1000, 'the tone is recorded on the side of the agent');
});

void t.test('nobody can be made to speak on a call without an agent', { timeout: 60_000 }, async (t) => {
  const server = await startTestServer({ speech: { embedded: { sttPool: 0 } } });
  t.teardown(() => server.close());
  const phone = await (await Phone.open(t, server.sipPort)).answered('echo');
  const { data } = (await (await server.api('/api/v1/calls')).json()) as { data: Detail[] };
  const path = `/api/v1/calls/${data[0]?.id}`;
  const refused = await server.api(`${path}/say`, { method: 'POST', body: '{"text": "Hello."}' });
  t.equal(refused.status, 409);
  t.match(await refused.json(), { error: 'No agent speaks on this call' });
  t.equal((await server.api(`${path}/dtmf`, { method: 'POST', body: '{"digits": "1"}' })).status, 202, 'keys can be pressed');
  await phone.hangUp();
});
