import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { wavOf } from '../../src/speech/wav.js';
import { BaresipPhone } from '../support/baresip-phone.js';
import { makeCertificate } from '../support/certificates.js';
import { freePort } from '../support/free-port.js';
import { eventually } from '../support/offhook-process.js';
import { Phone } from '../support/phone.js';
import { callsWhen, placeCall, post } from '../support/rest.js';
import { startTestServer } from '../support/server.js';
import { clearShare, sine } from '../support/signal.js';
import { readStereoWav } from '../support/wav.js';

const NUMBER = '+49301234567';
const folder = t.testdir();
const server = await startTestServer({ media: { timeoutMs: 2_000 } });
t.teardown(() => server.close());
const here = (user: string): string => `sip:${user}@127.0.0.1:${server.sipPort}`;

void t.test('baresip holds for longer than silence may last, and is heard again after it', async (t) => {
  const says = join(folder, 'says.wav');
  await writeFile(says, wavOf([sine(700, 60_000, 8_000)], 8_000));
  const phone = await BaresipPhone.start(t, { folder: join(folder, 'hold'), account: `<${here('me')}>;regint=0`, says });
  phone.command('dial', here('tone'));
  await phone.happened('CALL_ESTABLISHED');
  phone.command('hold');
  // Silent for the limit, each of them.
  await (await (await Phone.open(t, server.sipPort)).answered('echo')).hungUpOn();
  const [, held] = await callsWhen(server, ([ended]) => ended?.end_reason === 'media_timeout');
  t.match(held, { status: 'in_progress' });
  phone.command('resume');
  await (await (await Phone.open(t, server.sipPort)).answered('echo')).hungUpOn();
  phone.command('hangup');
  const ended = await callsWhen(server, (all) => all.every(({ status }) => status !== 'in_progress'));
  t.match(ended[2], { id: held?.id, status: 'completed', ended_by: 'caller' });
  const { left, sampleRateHz } = readStereoWav(join(server.dataDir, 'recordings', `${held?.id}.wav`));
  t.ok(clearShare(left.slice(-sampleRateHz), 700, sampleRateHz) > 0.5, 'at the end it is heard');
});

void t.test('baresip is transferred by REFER to whom we name, and tells how it went', async (t) => {
  const phone = await BaresipPhone.start(t, { folder: join(folder, 'referred'), account: `<${here('me')}>;regint=0` });
  phone.command('dial', here('demo'));
  await phone.happened('CALL_ESTABLISHED');
  const [call] = await callsWhen(server, ([newest]) => newest?.status === 'in_progress');
  await post(server, `/calls/${call?.id}/transfer`, { target: here('tone') });
  const calls = await callsWhen(server, ([, first]) => first?.status === 'completed');
  t.match(calls, [
    { status: 'in_progress', direction: 'inbound' },
    { id: call?.id, end_reason: 'transferred', transfer: { status: 'completed' } },
  ]);
  phone.command('hangup');
  await callsWhen(server, ([newest]) => newest?.status === 'completed');
});

void t.test('baresip is called over TLS with SRTP and Opus, hung up on, and calls back over the trunk', async (t) => {
  const ours = makeCertificate(folder, 'ours', ['IP:127.0.0.1']);
  const theirs = makeCertificate(folder, 'baresip', ['IP:127.0.0.1']);
  const certificateFile = join(folder, 'both.pem');
  await writeFile(certificateFile, Buffer.concat([await readFile(theirs.certificate), await readFile(theirs.key)]));
  const sipPort = await freePort();
  const phone = await BaresipPhone.start(t, {
    folder: join(folder, 'secured'),
    account: `<sip:${NUMBER}@127.0.0.1;transport=tls>;regint=0;answermode=auto;audio_codecs=opus/48000/2;mediaenc=srtp-mand`,
    sipPort,
    caFile: ours.certificate,
    certificateFile,
  });
  const to = { host: '127.0.0.1', port: sipPort + 1, transport: 'tls', srtp: 'require', codecs: ['opus'] };
  const inbound = [{ called: '+49309', agent: 'tone' }];
  const server = await startTestServer({
    sip: { port: 0, tlsPort: 0, tls: { ...ours, ca: theirs.certificate } },
    trunks: [{ name: 'phone', kind: 'static', ...to, sources: ['127.0.0.1'], outbound: [{}], inbound }],
  });
  t.teardown(() => server.close());
  // Of what a caller offers its first is taken: that is ours, then that of baresip.
  const secured = (srtp: string): object => ({ codec: 'opus', legs: [{ srtp, trunk: { name: 'phone' } }] });

  const id = await placeCall(server, NUMBER);
  await phone.happened('CALL_ESTABLISHED');
  const [out] = await callsWhen(server, ([newest]) => newest?.status === 'in_progress');
  t.match(out, { id, direction: 'outbound', ...secured('AEAD_AES_256_GCM') });
  await post(server, `/calls/${id}/end`);
  await phone.happened('CALL_CLOSED');
  await callsWhen(server, ([newest]) => newest?.status === 'completed');

  phone.command('dial', `sip:+49309@127.0.0.1:${server.sipTlsPort};transport=tls`);
  await phone.happened('CALL_ESTABLISHED', 2);
  const [call] = await callsWhen(server, ([newest]) => newest?.status === 'in_progress');
  t.match(call, { direction: 'inbound', ...secured('AES_CM_128_HMAC_SHA1_80') });
  await eventually(async () => {
    const { heard, rateHz } = (await phone.heard()).at(-1) ?? { heard: new Int16Array(), rateHz: 1 };
    return heard.length > 3 * rateHz && clearShare(heard.subarray(-rateHz), 440, rateHz) > 0.5 ? true : undefined;
  }, 'baresip to hear the tone');
  phone.command('hangup');
  await callsWhen(server, ([newest]) => newest?.status === 'completed');
  const { left, sampleRateHz } = readStereoWav(join(server.dataDir, 'recordings', `${call?.id}.wav`));
  t.ok(clearShare(left.slice(-sampleRateHz), 440, sampleRateHz) > 0.5, 'and says it again');
});

void t.test('baresip transfers by REFER: the phone it names is called in its place', async (t) => {
  const password = 'correct-horse';
  const pbx = { name: 'pbx', kind: 'static', host: '127.0.0.1', accept_refer: true };
  const agent = await startTestServer({
    sip: { port: 0, registrar: { digest: ['MD5'] } },
    phones: [{ username: 'bob', password }],
    trunks: [{ ...pbx, inbound: [{ called: '*', agent: 'demo' }] }],
  });
  t.teardown(() => agent.close());
  const bob = await BaresipPhone.start(t, {
    folder: join(folder, 'bob'),
    account: `<sip:bob@127.0.0.1:${agent.sipPort}>;auth_pass=${password};regint=60;answermode=auto`,
  });
  await bob.happened('REGISTER_OK');
  const alice = await BaresipPhone.start(t, { folder: join(folder, 'alice'), account: '<sip:alice@127.0.0.1>;regint=0' });
  alice.command('dial', `sip:desk@127.0.0.1:${agent.sipPort}`);
  await alice.happened('CALL_ESTABLISHED');
  alice.command('transfer', `sip:bob@127.0.0.1:${agent.sipPort}`);
  await bob.happened('CALL_ESTABLISHED');
  await alice.happened('CALL_CLOSED');
  await callsWhen(agent, ([call]) => call?.transfer?.status === 'completed');
  bob.command('hangup');
  await callsWhen(agent, (calls) => calls.every(({ status }) => status === 'completed'));
});
