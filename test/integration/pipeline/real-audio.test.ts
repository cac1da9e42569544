import t, { type Test } from 'tap';
import { systemClock } from '../../../src/core/clock.js';
import { silentLogger } from '../../../src/core/log.js';
import type { TranscriptEntry, Turn } from '../../../src/domain/call.js';
import type { SpeechChunk, SynthesisRequest, TextToSpeech } from '../../../src/domain/ports/speech.js';
import { Conversation } from '../../../src/pipeline/conversation.js';
import { startVoiceActivity } from '../../../src/vad/voice-activity.js';
import { testAgent } from '../../support/conversation-bench.js';
import { FakeLlm, FakeStt } from '../../support/fake-speech.js';
import { openTestEngine, until } from '../../support/media.js';
import { RtpPeer } from '../../support/rtp-peer.js';
import { rms, sine, toneShare } from '../../support/signal.js';
import { joined, silent, spoken } from '../../support/test-audio.js';

const MS_PER_CHAR = 45;
const STORY = 'Once upon a time there was a very small server that lived alone in a very large house and liked to talk all day';

/** Speaks a tone as long as the text: what can be measured can be heard. */
const toneTts: TextToSpeech = {
  name: 'tone',
  async *synthesize({ text }: SynthesisRequest): AsyncGenerator<SpeechChunk> {
    yield { pcm: sine(440, text.length * MS_PER_CHAR, 16_000), rateHz: 16_000 };
  },
};

/** 16 kHz to the line's 8 kHz. */
const narrow = (pcm: Int16Array): Int16Array =>
  new Int16Array(pcm.length >> 1).map((_, i) => ((pcm[2 * i] ?? 0) + (pcm[2 * i + 1] ?? 0)) / 2);

/** A conversation on the real engine and the real detector, with a far end that listens. */
async function open(t: Test) {
  const engine = openTestEngine(t);
  const voice = await startVoiceActivity({ audioMemory: engine.audioMemory, clock: systemClock, log: silentLogger });
  t.teardown(() => voice.close());
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const media = engine.open();
  media.configure(peer.agreement());
  const stt = new FakeStt(systemClock);
  const llm = new FakeLlm(systemClock);
  const entries: Omit<TranscriptEntry, 'callId' | 'sequence'>[] = [];
  const turns: Omit<Turn, 'id' | 'callId' | 'sequence'>[] = [];
  const conversation = new Conversation({
    clock: systemClock,
    log: silentLogger,
    media,
    voice,
    speech: { stt, llm, tts: toneTts },
    agent: { ...testAgent, startingMessage: STORY },
    band: 'narrow',
    record: { entry: (entry) => entries.push(entry), turn: (turn) => turns.push(turn), optOut: () => false },
    hangup: () => undefined,
  });
  t.teardown(() => conversation.end());
  return { peer, media, stt, llm, entries, turns, conversation };
}

/** Milliseconds of the agent's tone in what arrived, at any level. */
function toneMs(heard: Int16Array): number {
  let ms = 0;
  for (let at = 0; at + 80 <= heard.length; at += 80) {
    const frame = heard.subarray(at, at + 80);
    if (rms(frame) > 200 && toneShare(frame, 440, 8_000) > 0.5) ms += 10;
  }
  return ms;
}

void t.test('an interruption is heard as silence, and the transcript ends where the sound did', async (t) => {
  const { peer, media, stt, llm, entries, turns, conversation } = await open(t);
  stt.utterances.push({ text: 'excuse me', partials: [{ afterMs: 200, text: 'excuse me' }] });
  llm.replies.push([{ hang: true }]);
  const caller = narrow(joined(silent(1_500), await spoken('Excuse me, may I ask you something?'), silent(1_000)));
  conversation.start();
  await peer.play(caller, media.local.rtpPort);
  await until(() => llm.requests.length > 0, 'the interruption is taken up');
  const [said] = entries;
  t.ok(said?.interrupted);
  t.ok(rms(peer.heard().slice(-1_600)) < 20, 'silence since');
  const heardMs = toneMs(peer.heard());
  const heardChars = said?.heardText.length ?? 0;
  t.ok(heardMs > 1_500 && heardMs < 3_000, `the agent was heard for ${heardMs} ms`);
  t.ok(Math.abs(heardChars - heardMs / MS_PER_CHAR) < 7, `${heardChars} characters recorded, ${heardMs / MS_PER_CHAR} heard`);
  const bargeInMs = turns[0]?.bargeInMs ?? Number.NaN;
  t.ok(bargeInMs >= 0 && bargeInMs < 1_000, `full level for ${bargeInMs} ms of the interruption`);
});

void t.test('a listening noise interrupts nothing: every sample of the sentence is sent in the end', async (t) => {
  const { peer, media, stt, entries, turns, conversation } = await open(t);
  stt.utterances.push({ text: 'okay' });
  const caller = narrow(joined(silent(1_500), await spoken('Okay.'), silent(5_500)));
  conversation.start();
  const playing = peer.play(caller, media.local.rtpPort);
  await until(() => turns.length > 0, 'the sentence is finished');
  t.same(
    entries.map(({ speaker, heardText, interrupted }) => ({ speaker, heardText, interrupted })),
    [
      { speaker: 'caller', heardText: 'okay', interrupted: false },
      { speaker: 'agent', heardText: STORY, interrupted: false },
    ],
  );
  t.equal(media.playout.position(), STORY.length * MS_PER_CHAR * 16, 'to the sample');
  t.ok(Math.abs(toneMs(peer.heard()) - STORY.length * MS_PER_CHAR) < 200, 'and heard');
  await playing;
});

void t.test('a caller whose packets stop in mid-word is answered all the same', async (t) => {
  const { peer, media, stt, llm, conversation } = await open(t);
  stt.utterances.push({ text: 'i would like to book' });
  llm.replies.push([{ hang: true }]);
  const sentence = await spoken('I would like to book a table for two people, please.');
  conversation.start();
  await peer.play(narrow(joined(silent(300), sentence.subarray(0, 24_000))), media.local.rtpPort);
  await until(() => llm.requests.length > 0, 'the turn ends without packets');
  t.equal(llm.requests[0]?.messages.at(-1)?.content, 'i would like to book');
});
