import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { wavOf } from '../../src/speech/wav.js';
import { makeCertificate } from '../support/certificates.js';
import { freePort } from '../support/free-port.js';
import { callWithLinphone, startLinphone } from '../support/linphone.js';
import { eventually } from '../support/offhook-process.js';
import { callsWhen, post } from '../support/rest.js';
import { startTestServer } from '../support/server.js';
import { clearShare, sine } from '../support/signal.js';
import { readStereoWav } from '../support/wav.js';

const LINPHONE_RATE_HZ = 48_000;
const folder = t.testdir();
const ours = makeCertificate(folder, 'ours', ['DNS:localhost']);
const server = await startTestServer({
  sip: { port: 0, tlsPort: 0, tls: ours },
  outbound: { allowedHosts: ['127.0.0.1'] },
});
t.teardown(() => server.close());
const says = join(folder, 'says.wav');
await writeFile(says, wavOf([sine(700, 60_000, 8_000)], 8_000));

for (const [name, transport, srtp] of [
  ['linphone calls over UDP with Opus, hears and is heard', 'udp', null],
  ['linphone calls over TLS with SRTP, hears and is heard', 'tls', 'AES_CM_128_HMAC_SHA1_80'],
] as const) {
  void t.test(name, async (t) => {
    const uri =
      transport === 'udp' ? `sip:tone@127.0.0.1:${server.sipPort}` : `sip:tone@localhost:${server.sipTlsPort};transport=tls`;
    const { heard, rateHz } = await callWithLinphone({
      folder: join(folder, transport),
      uri,
      says,
      hearsBytes: 2 * 2 * LINPHONE_RATE_HZ,
      ...(transport === 'tls' && { caFile: ours.certificate }),
    });
    t.ok(clearShare(heard.subarray(rateHz), 440, rateHz) > 0.5, 'it hears the tone');
    const [call] = await callsWhen(server, ([newest]) => newest?.status === 'completed');
    t.match(call, { codec: 'opus', ended_by: 'caller', legs: [{ srtp }] });
    const { left, sampleRateHz } = readStereoWav(join(server.dataDir, 'recordings', `${call?.id}.wav`));
    t.ok(clearShare(left.slice(-sampleRateHz), 700, sampleRateHz) > 0.5, 'it is heard');
  });
}

void t.test(
  'linphone takes our place with another linphone that was consulted (REFER, Replaces), and hears it without us',
  async (t) => {
    const tone = join(folder, 'target-says.wav');
    await writeFile(tone, wavOf([sine(900, 60_000, 8_000)], 8_000));
    const sipPort = await freePort();
    const target = await startLinphone({ folder: join(folder, 'target'), says: tone, sipPort });
    t.teardown(() => target.quit());
    const caller = await startLinphone({ folder: join(folder, 'caller'), says });
    t.teardown(() => caller.quit());
    target.type('autoanswer enable');
    caller.type(`call sip:demo@127.0.0.1:${server.sipPort}`);
    const [call] = await callsWhen(server, ([newest]) => newest?.status === 'in_progress');
    const request = { target: `sip:target@127.0.0.1:${sipPort}`, kind: 'attended', briefing: 'Hello.' };
    await post(server, `/calls/${call?.id}/transfer`, request);
    const [ended] = await callsWhen(server, ([newest]) => newest?.status === 'completed');
    t.match(ended, {
      id: call?.id,
      end_reason: 'transferred',
      transfer: { method: 'refer', status: 'completed', sip_code: 200 },
    });
    const before = await caller.heardBytes();
    await eventually(
      async () => (await caller.heardBytes()) >= before + 4 * LINPHONE_RATE_HZ || undefined,
      'the caller to hear more',
    );
    const { heard, rateHz } = await caller.heard();
    t.ok(clearShare(heard.subarray(-rateHz), 900, rateHz) > 0.5, 'the target');
  },
);
