import { join } from 'node:path';
import t from 'tap';
import { callWithBaresip } from '../support/baresip.js';
import { makeCertificate } from '../support/certificates.js';
import { startTestServer } from '../support/server.js';
import { clearShare } from '../support/signal.js';
import { until } from '../support/until.js';

const folder = t.testdir();
const ours = makeCertificate(folder, 'ours', ['IP:127.0.0.1']);
const server = await startTestServer({ sip: { port: 0, tlsPort: 0, tls: ours } });
t.teardown(() => server.close());

type CallRecord = { status: string; codec: string; legs: { srtp: string | null }[] };

const lastCall = async (): Promise<CallRecord | undefined> =>
  ((await (await server.api('/api/v1/calls?limit=1')).json()) as { data: CallRecord[] }).data[0];

for (const [transport, codec, security, srtp] of [
  ['udp', 'PCMU', undefined, null],
  ['tcp', 'PCMA', 'srtp', 'AES_CM_128_HMAC_SHA1_80'],
  ['udp', 'G722', undefined, null],
  ['tls', 'opus', 'srtp-mand', 'AES_CM_128_HMAC_SHA1_80'],
] as const) {
  void t.test(
    `baresip calls over ${transport} with ${codec} (${security ?? 'in the clear'}) and hears the tone`,
    { timeout: 60_000 },
    async (t) => {
      const port = transport === 'tls' ? server.sipTlsPort : server.sipPort;
      const audio = { PCMU: 'pcmu', PCMA: 'pcma', G722: 'g722/16000', opus: 'opus/48000/2' }[codec];
      const { output, heard, rateHz } = await callWithBaresip({
        folder: join(folder, `${transport}-${codec}`),
        account: `<sip:me@127.0.0.1:${port};transport=${transport}>;regint=0;audio_codecs=${audio}${security ? `;mediaenc=${security}` : ''}`,
        uri: `sip:tone@127.0.0.1:${port};transport=${transport}`,
        seconds: 4,
        caFile: ours.certificate,
      });
      t.match(output, /Call established/, 'the call stood');
      t.ok(
        clearShare(heard.subarray(rateHz), 440, rateHz) > 0.5,
        `${clearShare(heard.subarray(rateHz), 440, rateHz)} is the tone`,
      );
      await until(async () => (await lastCall())?.status === 'completed');
      t.match(await lastCall(), { codec, status: 'completed', legs: [{ srtp }] });
    },
  );
}
