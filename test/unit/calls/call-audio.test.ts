import t from 'tap';
import { CallAudio } from '../../../src/calls/call-audio.js';
import type { CallConversation } from '../../../src/calls/call-conversation.js';
import type { AudioAgreement, MediaSession, NoiseSuppression } from '../../../src/domain/ports/media.js';
import type { SpeechSuite } from '../../../src/domain/ports/speech.js';
import { sampleAgent } from '../../support/sample-records.js';
import { FakeSession } from './fake-session.js';

type Wish = NoiseSuppression | undefined;

/** Whether the caller is heard without noise by the time the conversation begins, as trunk and agent want it. */
function suppressed(trunk: Wish, agent: Wish): boolean | undefined {
  const session = new FakeSession([]);
  let atBegin: boolean | undefined;
  const audio = new CallAudio({
    session: session as unknown as MediaSession,
    voice: { watch: () => ({ close: () => undefined }), close: () => Promise.resolve() },
    vadOnBuiltIns: false,
    converse: () => {
      atBegin = session.suppressesNoise;
      return { start: () => undefined } as Partial<CallConversation> as CallConversation;
    },
  });
  audio.agree({ codec: 'PCMA', direction: 'sendrecv', remote: { rtpPort: 1 }, noiseSuppression: trunk } as AudioAgreement);
  const { id, version, tenantId, ...settings } = sampleAgent({ noiseSuppression: agent });
  audio.start({ kind: 'agent', tenantId, agentId: id, version, settings }, {} as SpeechSuite);
  return atBegin;
}

void t.test('noise is taken out where the agent wants it, else where the trunk does, else not', async (t) => {
  t.equal(suppressed(undefined, undefined), false);
  t.equal(suppressed('on', undefined), true);
  t.equal(suppressed('on', 'off'), false);
  t.equal(suppressed('off', 'on'), true);
});
