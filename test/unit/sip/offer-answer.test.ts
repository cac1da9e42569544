import t from 'tap';
import type { AudioAgreement } from '../../../src/domain/ports/media.js';
import { OfferAnswer } from '../../../src/sip/offer-answer.js';
import { DEFAULT_AUDIO } from '../../../src/sip/sdp/audio-format.js';

const OFFER = 'v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n';

function agreedWith(filters: Pick<AudioAgreement, 'echoCancellation' | 'noiseSuppression'>): AudioAgreement | undefined {
  let agreed: AudioAgreement | undefined;
  const media = new OfferAnswer({
    address: '192.0.2.9',
    audio: DEFAULT_AUDIO,
    srtp: 'off',
    ...filters,
    local: { rtpPort: 20_000, rtcpPort: 20_001 },
    sessionId: 1,
    onAgreement: (agreement) => {
      agreed = agreement;
    },
  });
  media.answerTo(OFFER);
  return agreed;
}

void t.test('what a trunk says of echo and noise goes with what is agreed, for every description', async (t) => {
  const filters = { echoCancellation: 'off', noiseSuppression: 'on' } as const;
  t.match(agreedWith(filters), { codec: 'PCMA', ...filters });
  t.equal(agreedWith({})?.echoCancellation, undefined, 'as the engine was told');
});
