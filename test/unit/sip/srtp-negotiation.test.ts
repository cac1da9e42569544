import t from 'tap';
import type { AudioAgreement, SrtpPolicy } from '../../../src/domain/ports/media.js';
import { DEFAULT_AUDIO, type SdpPolicy } from '../../../src/sip/sdp/audio-format.js';
import { DialogKeys } from '../../../src/sip/sdp/crypto.js';
import { SessionDescriber } from '../../../src/sip/sdp/describe.js';
import { acceptAnswer, negotiate } from '../../../src/sip/sdp/negotiate.js';

const HEAD = ['v=0', 'o=alice 1 1 IN IP4 192.0.2.1', 's=-', 'c=IN IP4 192.0.2.1', 't=0 0'];
const sdp = (...lines: string[]): string => `${[...HEAD, ...lines].join('\r\n')}\r\n`;

const policy = (srtp: SrtpPolicy): SdpPolicy => ({ ...DEFAULT_AUDIO, family: 4, srtp, keys: new DialogKeys() });
const describer = (): SessionDescriber =>
  new SessionDescriber({ address: '198.51.100.7', family: 4, local: { rtpPort: 20_000, rtcpPort: 20_001 }, sessionId: 77 });

const KEY = Buffer.alloc(30, 7);
const INLINE = `inline:${KEY.toString('base64')}`;
const CM80 = `a=crypto:4 AES_CM_128_HMAC_SHA1_80 ${INLINE}`;
const SECURE = 'm=audio 4000 RTP/SAVP 0';
const PLAIN = 'm=audio 4000 RTP/AVP 0';

function answerTo(offer: string, srtp: SrtpPolicy): { agreement: AudioAgreement; answer: string } | undefined {
  const negotiation = negotiate(offer, policy(srtp));
  if (negotiation.outcome !== 'agreed') return undefined;
  return { agreement: negotiation.agreement, answer: describer().answer(negotiation.lines) };
}

void t.test('the first suite that we know is taken, under its tag, with a key of our own', async (t) => {
  const lines = [SECURE, `a=crypto:1 F8_128_HMAC_SHA1_80 ${INLINE}`, CM80, `a=crypto:5 AES_CM_128_HMAC_SHA1_32 ${INLINE}`];
  const { agreement, answer } = answerTo(sdp(...lines), 'accept') ?? {};
  t.equal(agreement?.srtp?.suite, 'AES_CM_128_HMAC_SHA1_80');
  t.same(agreement?.srtp?.receiveKey, KEY);
  t.match(answer, /m=audio 20000 RTP\/SAVP 0/);
  const ours = /a=crypto:4 AES_CM_128_HMAC_SHA1_80 inline:(\S{40})\r\n/.exec(answer ?? '')?.[1];
  t.equal(ours, agreement?.srtp?.sendKey.toString('base64'));
  t.notSame(agreement?.srtp?.sendKey, KEY);
});

void t.test('what each policy makes of each offer', async (t) => {
  const offers: Record<string, string> = {
    'RTP/SAVP with a key': sdp(SECURE, CM80),
    'RTP/AVP with a key': sdp(PLAIN, CM80),
    'RTP/AVP': sdp(PLAIN),
    'RTP/SAVP without a key': sdp(SECURE),
  };
  const expected: Record<SrtpPolicy, Record<string, 'secure' | 'plain' | undefined>> = {
    off: { 'RTP/AVP with a key': 'plain', 'RTP/AVP': 'plain' },
    accept: { 'RTP/SAVP with a key': 'secure', 'RTP/AVP with a key': 'secure', 'RTP/AVP': 'plain' },
    require: { 'RTP/SAVP with a key': 'secure', 'RTP/AVP with a key': 'secure' },
  };
  for (const srtp of ['off', 'accept', 'require'] as const) {
    for (const [name, offer] of Object.entries(offers)) {
      const answered = answerTo(offer, srtp);
      const got = answered && (answered.agreement.srtp ? 'secure' : 'plain');
      t.equal(got, expected[srtp][name], `${srtp}: ${name}`);
      t.equal(answered?.answer.includes('a=crypto') ?? false, got === 'secure');
    }
  }
});

void t.test('keys that we could not follow are as good as none', async (t) => {
  const lines = [
    `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${Buffer.alloc(29).toString('base64')}`,
    `a=crypto:1 AES_CM_128_HMAC_SHA1_80 ${INLINE}|2^20|1:4`,
    `a=crypto:1 AES_CM_128_HMAC_SHA1_80 ${INLINE} UNENCRYPTED_SRTP`,
    `a=crypto:1 AES_CM_128_HMAC_SHA1_80 ${INLINE};${INLINE}`,
    'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:?',
    'a=crypto:x',
  ];
  for (const line of lines) t.equal(answerTo(sdp(SECURE, line), 'accept'), undefined, line);
  t.ok(answerTo(sdp(SECURE, `a=crypto:1 AES_CM_128_HMAC_SHA1_80 ${INLINE}|2^48`), 'accept'), 'a lifetime is fine');
});

void t.test('an offer of ours that requires SRTP is answered, and its answer read', async (t) => {
  const ours = policy('require');
  const offer = describer().offer(ours);
  t.match(offer, /m=audio 20000 RTP\/SAVP 0 8/);
  t.equal(offer.match(/a=crypto:/g)?.length, 5);
  const theirs = answerTo(offer, 'accept');
  const { srtp } = acceptAnswer(theirs?.answer ?? '', offer, ours);
  t.equal(srtp?.suite, 'AEAD_AES_256_GCM');
  t.same(srtp?.sendKey, theirs?.agreement.srtp?.receiveKey);
  t.same(srtp?.receiveKey, theirs?.agreement.srtp?.sendKey);
  t.equal(describer().offer(ours), offer, 'a refresh offers the same keys');
});

void t.test('an answer that leaves out the encryption, or invents a tag, makes no call', async (t) => {
  const ours = policy('require');
  const offer = describer().offer(ours);
  for (const answer of [sdp(SECURE), sdp(PLAIN), sdp(SECURE, CM80.replace('crypto:4', 'crypto:9'))]) {
    t.throws(() => acceptAnswer(answer, offer, ours), { code: 'no_common_codec' });
  }
});
