import * as fc from 'fast-check';
import t from 'tap';
import { AppError } from '../../../src/core/errors.js';
import type { AudioAgreement, MediaDirection } from '../../../src/domain/ports/media.js';
import { DEFAULT_AUDIO, type SdpPolicy } from '../../../src/sip/sdp/audio-format.js';
import { DialogKeys } from '../../../src/sip/sdp/crypto.js';
import { SessionDescriber } from '../../../src/sip/sdp/describe.js';
import { acceptAnswer, negotiate } from '../../../src/sip/sdp/negotiate.js';
import { parseSdp } from '../../../src/sip/sdp/parse-sdp.js';

const POLICY: SdpPolicy = { ...DEFAULT_AUDIO, family: 4, srtp: 'accept', keys: new DialogKeys() };
const HEAD = ['v=0', 'o=alice 1 1 IN IP4 192.0.2.1', 's=-', 'c=IN IP4 192.0.2.1', 't=0 0'];
const sdp = (...lines: string[]): string => `${[...HEAD, ...lines].join('\r\n')}\r\n`;

const describer = (): SessionDescriber =>
  new SessionDescriber({ address: '198.51.100.7', family: 4, local: { rtpPort: 20_000, rtcpPort: 20_001 }, sessionId: 77 });

function agreed(offer: string, policy = POLICY): { agreement: AudioAgreement; answer: string } {
  const negotiation = negotiate(offer, policy);
  if (negotiation.outcome !== 'agreed') throw new Error(`not agreed: ${negotiation.why.text}`);
  return { agreement: negotiation.agreement, answer: describer().answer(negotiation.lines) };
}

void t.test("the caller's order of preference decides the codec, by name and clock, not by number", async (t) => {
  const rows: { lines: string[]; codec: string; payloadType: number }[] = [
    { lines: ['m=audio 4000 RTP/AVP 0 8'], codec: 'PCMU', payloadType: 0 },
    { lines: ['m=audio 4000 RTP/AVP 8 0'], codec: 'PCMA', payloadType: 8 },
    { lines: ['m=audio 4000 RTP/AVP 18 4 8 0'], codec: 'PCMA', payloadType: 8 },
    { lines: ['m=audio 4000 RTP/AVP 111 0', 'a=rtpmap:111 OPUS/48000/2'], codec: 'opus', payloadType: 111 },
    { lines: ['m=audio 4000 RTP/AVP 111 0', 'a=rtpmap:111 opus/48000'], codec: 'PCMU', payloadType: 0 },
    { lines: ['m=audio 4000 RTP/AVP 97', 'a=rtpmap:97 pcma/8000/1'], codec: 'PCMA', payloadType: 97 },
    { lines: ['m=audio 4000 RTP/AVP 0 8', 'a=rtpmap:0 G729/8000'], codec: 'PCMA', payloadType: 8 },
    { lines: ['m=audio 4000/2 RTP/AVPF 8'], codec: 'PCMA', payloadType: 8 },
    { lines: ['m=audio 4000 RTP/AVP 200 128 96 x 8'], codec: 'PCMA', payloadType: 8 },
  ];
  for (const { lines, codec, payloadType } of rows) {
    const { agreement, answer } = agreed(sdp(...lines));
    t.match(agreement, { codec, payloadType }, lines.join(' | '));
    const [line] = parseSdp(answer);
    t.equal(line?.rtpFormats[0]?.encoding, codec, 'the answer names what was agreed');
    t.equal(line?.rtpFormats[0]?.payloadType, payloadType, 'with the offer s number');
  }
});

void t.test('extended reports are asked for in offers, and in answers to those who know them', async (t) => {
  const ours = 'a=rtcp-xr:rcvr-rtt=all voip-metrics\r\n';
  const wanted = (...lines: string[]) => agreed(sdp(...lines)).agreement.extendedReports;
  t.ok(describer().offer(POLICY).includes(ours));
  t.notOk(agreed(sdp('m=audio 4000 RTP/AVP 0')).answer.includes('rtcp-xr'));
  t.equal(wanted('m=audio 4000 RTP/AVP 0'), undefined);
  const { agreement, answer } = agreed(sdp('m=audio 4000 RTP/AVP 0', 'a=rtcp-xr:voip-metrics'));
  t.same(agreement.extendedReports, { voipMetrics: true, receiverTimes: false });
  t.ok(answer.includes(ours));
  const both = { voipMetrics: true, receiverTimes: true };
  t.same(wanted('a=rtcp-xr:stat-summary=loss,dup voip-metrics rcvr-rtt=sender', 'm=audio 4000 RTP/AVP 0'), both);
  t.same(wanted('m=audio 4000 RTP/AVP 0', 'a=rtcp-xr:'), { voipMetrics: false, receiverTimes: false });
});

void t.test("telephone-event is taken at the codec's clock rate, or else at the one offered", async (t) => {
  const both = ['a=rtpmap:111 opus/48000/2', 'a=rtpmap:101 telephone-event/8000', 'a=rtpmap:102 telephone-event/48000'];
  t.same(agreed(sdp('m=audio 4000 RTP/AVP 111 101 102', ...both)).agreement.telephoneEvent, {
    payloadType: 102,
    clockRateHz: 48_000,
  });
  t.same(agreed(sdp('m=audio 4000 RTP/AVP 0 102 101', ...both)).agreement.telephoneEvent, {
    payloadType: 101,
    clockRateHz: 8000,
  });
  t.same(agreed(sdp('m=audio 4000 RTP/AVP 111 101', ...both)).agreement.telephoneEvent, { payloadType: 101, clockRateHz: 8000 });
  t.equal(agreed(sdp('m=audio 4000 RTP/AVP 0')).agreement.telephoneEvent, undefined);
  const { answer } = agreed(sdp('m=audio 4000 RTP/AVP 0 101', ...both));
  t.match(answer, /m=audio 20000 RTP\/AVP 0 101\r\n/);
  t.match(answer, /a=fmtp:101 0-15\r\n/);
});

void t.test('direction is answered from our side, at session or media level, and 0.0.0.0 is a hold', async (t) => {
  const rows: [string[], MediaDirection][] = [
    [['m=audio 4000 RTP/AVP 0'], 'sendrecv'],
    [['m=audio 4000 RTP/AVP 0', 'a=sendonly'], 'recvonly'],
    [['m=audio 4000 RTP/AVP 0', 'a=recvonly'], 'sendonly'],
    [['m=audio 4000 RTP/AVP 0', 'a=inactive'], 'inactive'],
    [['a=sendonly', 'm=audio 4000 RTP/AVP 0'], 'recvonly'],
    [['a=sendonly', 'm=audio 4000 RTP/AVP 0', 'a=sendrecv'], 'sendrecv'],
    [['m=audio 4000 RTP/AVP 0', 'c=IN IP4 0.0.0.0'], 'recvonly'],
    [['m=audio 4000 RTP/AVP 0', 'c=IN IP4 0.0.0.0', 'a=recvonly'], 'inactive'],
  ];
  for (const [lines, direction] of rows) {
    const { agreement, answer } = agreed(sdp(...lines));
    t.equal(agreement.direction, direction, lines.join(' | '));
    t.match(answer, new RegExp(`a=${direction}\r\n`), 'and written in the answer');
  }
});

void t.test("the far end's address, RTP port and RTCP port are where it said", async (t) => {
  t.same(agreed(sdp('m=audio 4000 RTP/AVP 0')).agreement.remote, { address: '192.0.2.1', rtpPort: 4000, rtcpPort: 4001 });
  const own = sdp('m=audio 4000 RTP/AVP 0', 'c=IN IP4 192.0.2.9', 'a=rtcp:4900 IN IP4 203.0.113.5');
  t.same(agreed(own).agreement.remote, { address: '192.0.2.9', rtpPort: 4000, rtcpPort: 4900 });
  t.equal(agreed(sdp('m=audio 4000 RTP/AVP 0', 'a=rtcp:99999')).agreement.remote.rtcpPort, 4001, 'nonsense is as good as absent');
});

void t.test("ptime follows the caller's wish within what the codec and maxptime allow", async (t) => {
  const rows: [string[], number][] = [
    [[], 20],
    [['a=ptime:30'], 30],
    [['a=ptime:25'], 20],
    [['a=ptime:60', 'a=maxptime:40'], 20],
    [['a=maxptime:10'], 10],
    [['a=ptime:0'], 20],
  ];
  for (const [lines, ptimeMs] of rows)
    t.equal(agreed(sdp('m=audio 4000 RTP/AVP 0', ...lines)).agreement.ptimeMs, ptimeMs, lines.join());
  const opus = sdp('m=audio 4000 RTP/AVP 96', 'a=rtpmap:96 opus/48000/2', 'a=ptime:30');
  t.equal(agreed(opus).agreement.ptimeMs, 20, 'Opus has no 30 ms frame');
});

void t.test('further lines are refused in their places with port 0 (RFC 3264 section 6)', async (t) => {
  const { answer } = agreed(
    sdp(
      'm=video 5000 RTP/AVP 96',
      'a=rtpmap:96 H264/90000',
      'm=audio 0 RTP/AVP 0',
      'm=audio 4000 RTP/AVP 8',
      'm=application 9 DTLS/SCTP webrtc',
    ),
  );
  t.same(
    parseSdp(answer).map(({ kind, port, protocol, formats }) => [kind, port, protocol, formats.join(' ')]),
    [
      ['video', 0, 'RTP/AVP', '96'],
      ['audio', 0, 'RTP/AVP', '0'],
      ['audio', 20_000, 'RTP/AVP', '8'],
      ['application', 0, 'DTLS/SCTP', 'webrtc'],
    ],
  );
});

void t.test('an offer nobody can serve says why, with the codes of RFC 3261 section 20.43', async (t) => {
  const rows: [string, number][] = [
    [sdp('m=audio 4000 RTP/AVP 18 4'), 305],
    [sdp('m=audio 4000 RTP/SAVP 0'), 302],
    [sdp('m=video 4000 RTP/AVP 0'), 304],
    [sdp('m=audio 0 RTP/AVP 0'), 304],
    [sdp(), 304],
    [sdp('m=audio 4000 RTP/AVP 0', 'c=IN IP6 2001:db8::1'), 301],
    [sdp('m=audio 4000 RTP/AVP 0', 'c=IN IP4 phone.example.net'), 301],
    [sdp('m=audio 4000 RTP/AVP 0', 'c=IN IP4 224.2.1.1/127'), 301],
  ];
  for (const [offer, warnCode] of rows) {
    const negotiation = negotiate(offer, POLICY);
    t.match(negotiation, { outcome: 'no_common_codec', why: { warnCode } }, offer.split('\r\n').slice(5).join(' | '));
  }
});

void t.test('IPv6 is spoken where our media is IPv6', async (t) => {
  const offer = sdp('m=audio 4000 RTP/AVP 0', 'c=IN IP6 2001:db8::1');
  t.equal(agreed(offer, { ...POLICY, family: 6 }).agreement.remote.address, '2001:db8::1');
});

void t.test('a re-INVITE that switches the stream off is accepted, and holds', async (t) => {
  const off = negotiate(sdp('m=audio 0 RTP/AVP 0'), POLICY, 'accept');
  t.match(off, { outcome: 'agreed', agreement: { direction: 'inactive', remote: { rtpPort: 0 } } });
  if (off.outcome === 'agreed') t.match(describer().answer(off.lines), /m=audio 0 RTP\/AVP 0\r\n/);
});

void t.test('what is no session description is invalid_request', async (t) => {
  const rows = [
    '',
    'hello',
    'v=1\r\no=- 1 1 IN IP4 192.0.2.1\r\n',
    sdp('m=audio'),
    sdp('m=audio 99999 RTP/AVP 0'),
    sdp('m=audio -1 RTP/AVP 0'),
    sdp('m=audio 4000 RTP/AVP'),
    sdp('m=audio 4000 RTP/AVP 0', 'c=nonsense'),
    sdp('m=audio 4000 RTP/AVP 0', 'this is not a line'),
    sdp('m=audio 4000 RTP/AVP 0').slice(0, 18),
    sdp('m=audio 4000 RTP/AVP 0\0'),
    'v=0\r\nm=audio 4000 RTP/AVP 0\r\n',
    'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n',
    sdp(...Array.from({ length: 40 }, () => 'm=audio 4000 RTP/AVP 0')),
    sdp('m=audio 4000 RTP/AVP 0', `a=x:${'x'.repeat(200_000)}`),
  ];
  for (const [index, text] of rows.entries())
    t.throws(() => negotiate(text, POLICY), { code: 'invalid_request' }, `row ${index}`);
});

void t.test('a long but honest description is answered', async (t) => {
  const attributes = Array.from({ length: 3000 }, (_, index) => `a=x-padding-${index}:value`);
  const long = sdp('m=audio 4000 RTP/AVP 0', ...attributes);
  t.ok(long.length > 60_000);
  t.equal(agreed(long).agreement.codec, 'PCMU');
});

void t.test('bare line feeds and trailing blank lines are read as written by old phones', async (t) => {
  t.equal(agreed(`${sdp('m=audio 4000 RTP/AVP 8').replaceAll('\r\n', '\n')}\n\n`).agreement.codec, 'PCMA');
});

void t.test('the version in o= grows when the description changes, and only then', async (t) => {
  const ours = describer();
  const version = (text: string): string => /^o=- 77 (\d+) IN IP4 198\.51\.100\.7\r$/m.exec(text)?.[1] ?? 'none';
  const answer = (...lines: string[]): string => {
    const negotiation = negotiate(sdp(...lines), POLICY);
    return negotiation.outcome === 'agreed' ? ours.answer(negotiation.lines) : '';
  };
  t.equal(version(answer('m=audio 4000 RTP/AVP 0')), '1');
  t.equal(version(answer('m=audio 4000 RTP/AVP 0')), '1', 'a refresh');
  t.equal(version(answer('m=audio 4000 RTP/AVP 0', 'a=sendonly')), '2', 'a hold');
  t.equal(version(answer('m=audio 4000 RTP/AVP 0')), '3', 'taken back');
});

void t.test('our wishes for the packet time stand in our offer, and hold for who has none of their own', async (t) => {
  const policy: SdpPolicy = { ...POLICY, ptimeMs: 30, codecs: ['opus', 'PCMA'] };
  t.match(describer().offer(policy), /m=audio 20000 RTP\/AVP 96 8 102 101\r\n.*a=ptime:30\r\n/s);
  t.equal(agreed(sdp('m=audio 4000 RTP/AVP 8'), policy).agreement.ptimeMs, 30);
  t.equal(agreed(sdp('m=audio 4000 RTP/AVP 8', 'a=ptime:40'), policy).agreement.ptimeMs, 40);
  t.equal(agreed(sdp('m=audio 4000 RTP/AVP 96', 'a=rtpmap:96 opus/48000/2'), policy).agreement.ptimeMs, 20, 'none of Opus');
});

void t.test('what the far end asks of Opus is kept to, and what makes no sense is not', async (t) => {
  const asked = (parameters: string): AudioAgreement['opus'] =>
    agreed(sdp('m=audio 4000 RTP/AVP 96', 'a=rtpmap:96 opus/48000/2', `a=fmtp:96 ${parameters}`)).agreement.opus;
  const usual = {
    maxAverageBitrateBps: 510_000,
    maxPlaybackRateHz: 48_000,
    inBandFec: false,
    dtx: false,
    constantBitrate: false,
  };
  t.same(agreed(sdp('m=audio 4000 RTP/AVP 96', 'a=rtpmap:96 opus/48000/2')).agreement.opus, usual);
  t.same(asked('useinbandfec=1; usedtx=1;CBR=1;maxaveragebitrate=16000; maxplaybackrate=8000;stereo=1'), {
    maxAverageBitrateBps: 16_000,
    maxPlaybackRateHz: 8000,
    inBandFec: true,
    dtx: true,
    constantBitrate: true,
  });
  t.same(asked('useinbandfec=2;maxaveragebitrate=1;maxplaybackrate=999999;=;;usedtx=yes;maxaveragebitrate'), usual);
  t.equal(agreed(sdp('m=audio 4000 RTP/AVP 0')).agreement.opus, undefined);
  const [line] = parseSdp(agreed(sdp('m=audio 4000 RTP/AVP 111', 'a=rtpmap:111 opus/48000/2')).answer);
  t.match(line?.rtpFormats[0], { payloadType: 111, parameters: /useinbandfec=1.*maxplaybackrate=16000/ });
});

void t.test('comfort noise is asked for, and sent, only where we want it and the far end names it', async (t) => {
  const both = sdp('m=audio 4000 RTP/AVP 0 13 101', 'a=rtpmap:101 telephone-event/8000');
  const wanting: SdpPolicy = { ...POLICY, comfortNoise: true };
  t.same(agreed(both, wanting).agreement.comfortNoise, { payloadType: 13, sends: true });
  t.match(agreed(both, wanting).answer, /m=audio 20000 RTP\/AVP 0 13 101\r\n.*a=rtpmap:13 CN\/8000/s);
  t.same(agreed(both).agreement.comfortNoise, { payloadType: 13, sends: false }, 'taken all the same');
  t.match(agreed(both).answer, /m=audio 20000 RTP\/AVP 0 101\r\n/);
  t.equal(agreed(sdp('m=audio 4000 RTP/AVP 0'), wanting).agreement.comfortNoise, undefined);
  t.equal(agreed(sdp('m=audio 4000 RTP/AVP 9 13'), wanting).agreement.comfortNoise?.sends, false, 'G.722 goes on');
  t.match(describer().offer(wanting), /m=audio 20000 RTP\/AVP 0 8 9 96 13 101 102\r\n/);
  t.notMatch(describer().offer({ ...wanting, codecs: ['opus'] }), /CN/);
  t.notMatch(describer().offer(POLICY), /CN/);
});

void t.test('key presses are taken at any clock rate, that of the codec first', async (t) => {
  const events = (...rates: number[]): AudioAgreement['telephoneEvent'] =>
    agreed(
      sdp(
        `m=audio 4000 RTP/AVP 96 ${rates.map((_, i) => 100 + i).join(' ')}`,
        'a=rtpmap:96 opus/48000/2',
        ...rates.map((rate, i) => `a=rtpmap:${100 + i} telephone-event/${rate}`),
      ),
    ).agreement.telephoneEvent;
  t.same(events(8000, 16_000, 48_000), { payloadType: 102, clockRateHz: 48_000 });
  t.same(events(16_000), { payloadType: 100, clockRateHz: 16_000 });
  t.same(events(11_025, 32_000), { payloadType: 101, clockRateHz: 32_000 });
  t.same(events(11_025), undefined);
});

void t.test('our offer names every codec we have, and its answer decides', async (t) => {
  const offer = describer().offer(POLICY);
  t.match(offer, /a=ptime:20\r\na=maxptime:60\r\n/);
  const [line] = parseSdp(offer);
  t.same(
    line?.rtpFormats.map((format) => `${format.payloadType} ${format.encoding}/${format.clockRateHz}`),
    ['0 PCMU/8000', '8 PCMA/8000', '9 G722/8000', '96 opus/48000', '101 telephone-event/8000', '102 telephone-event/48000'],
  );
  const theirs = negotiate(offer, { ...POLICY, codecs: ['opus'] });
  if (theirs.outcome !== 'agreed') throw new Error('our own offer was refused');
  const agreement = acceptAnswer(describer().answer(theirs.lines), offer, POLICY);
  t.match(agreement, {
    codec: 'opus',
    payloadType: 96,
    telephoneEvent: { payloadType: 102, clockRateHz: 48_000 },
    direction: 'sendrecv',
  });
});

const OFFER = describer().offer(POLICY);

void t.test('an answer that takes nothing is no_common_codec, and one held is held', async (t) => {
  t.throws(() => acceptAnswer(sdp('m=audio 0 RTP/AVP 0'), OFFER, POLICY), { code: 'no_common_codec' });
  t.throws(() => acceptAnswer(sdp('m=audio 4000 RTP/AVP 18'), OFFER, POLICY), { code: 'no_common_codec' });
  t.throws(() => acceptAnswer('', OFFER, POLICY), { code: 'invalid_request' });
  t.equal(acceptAnswer(sdp('m=audio 4000 RTP/AVP 0', 'a=sendonly'), OFFER, POLICY).direction, 'recvonly');
});

void t.test('no text at all makes negotiation throw anything but invalid_request', async (t) => {
  const token = fc.constantFrom(
    '0',
    '8',
    '96',
    '65536',
    '-1',
    'RTP/AVP',
    'audio',
    'IN IP4 1.2.3.4',
    'IN IP6 ::1',
    'opus/48000/2',
    ':',
    '/',
    ' ',
    '',
  );
  const value = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.array(token, { maxLength: 6 }).map((parts) => parts.join(' ')),
  );
  const attribute = fc
    .tuple(fc.constantFrom('rtpmap:', 'fmtp:', 'ptime:', 'maxptime:', 'rtcp:', 'sendonly', 'candidate:', 'crypto:'), value)
    .map(([name, rest]) => `a=${name}${rest}`);
  const line = fc.oneof(
    attribute,
    fc.tuple(fc.constantFrom('m', 'c', 'o', 'b', 't', 'v'), value).map(([type, rest]) => `${type}=${rest}`),
  );
  const built = fc.array(line, { maxLength: 12 }).map((lines) => sdp('m=audio 4000 RTP/AVP 0 96', ...lines));
  const cut = fc.tuple(built, fc.nat(400)).map(([text, at]) => text.slice(0, at));
  fc.assert(
    fc.property(fc.oneof(fc.string(), built, cut), (text) => {
      try {
        const negotiation = negotiate(text, POLICY);
        return negotiation.outcome === 'no_common_codec' || parseSdp(describer().answer(negotiation.lines)).length > 0;
      } catch (error) {
        return error instanceof AppError && error.code === 'invalid_request';
      }
    }),
    { numRuns: 2000 },
  );
  t.pass('2000 random descriptions');
});
