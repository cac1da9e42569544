import { join } from 'node:path';
import t, { type Test } from 'tap';
import { systemClock } from '../../../src/core/clock.js';
import { silentLogger } from '../../../src/core/log.js';
import type { TranscriptEntry, Turn } from '../../../src/domain/call.js';
import { AUDIO_RATE_HZ } from '../../../src/domain/ports/media.js';
import type { SpeechChunk, SpeechToText, SynthesisRequest, TextToSpeech } from '../../../src/domain/ports/speech.js';
import { Conversation } from '../../../src/pipeline/conversation.js';
import { startVoiceActivity } from '../../../src/vad/voice-activity.js';
import { testAgent } from '../../support/conversation-bench.js';
import { FakeLlm, FakeStt } from '../../support/fake-speech.js';
import { openTestEngine, until } from '../../support/media.js';
import { temporaryDirectory } from '../../support/offhook-process.js';
import { RtpPeer } from '../../support/rtp-peer.js';
import { rms, sine, toneShare } from '../../support/signal.js';
import { joined, noise, silent, spoken } from '../../support/test-audio.js';
import { readStereoWav } from '../../support/wav.js';

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

/** Notes what the recogniser is given. */
const overheard = (stt: SpeechToText, into: Int16Array[]): SpeechToText => ({
  name: stt.name,
  understands: stt.understands,
  open: (options) => {
    const stream = stt.open(options);
    const write = (pcm: Int16Array): void => {
      into.push(pcm);
      stream.write(pcm);
    };
    return { ...stream, write };
  },
});

/** A conversation on the real engine and the real detector, with a far end that listens. */
async function open(t: Test, { suppressNoise = false, startingMessage = STORY } = {}) {
  const engine = openTestEngine(t);
  const voice = await startVoiceActivity({ audioMemory: engine.audioMemory, clock: systemClock, log: silentLogger });
  t.teardown(() => voice.close());
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const media = engine.open();
  media.configure(peer.agreement());
  if (suppressNoise) media.suppressNoise();
  const stt = new FakeStt(systemClock);
  const recognised: Int16Array[] = [];
  const llm = new FakeLlm(systemClock);
  const entries: Omit<TranscriptEntry, 'callId' | 'sequence'>[] = [];
  const turns: Omit<Turn, 'id' | 'callId' | 'sequence'>[] = [];
  const conversation = new Conversation({
    clock: systemClock,
    log: silentLogger,
    media,
    voice,
    speech: { stt: overheard(stt, recognised), llm, tts: toneTts },
    agent: { ...testAgent, startingMessage },
    band: 'narrow',
    record: { entry: (entry) => entries.push(entry), turn: (turn) => turns.push(turn), optOut: () => false },
    hangup: () => undefined,
  });
  t.teardown(() => conversation.end());
  return { peer, media, stt, recognised, llm, entries, turns, conversation };
}

/** The median of its 20 ms. */
function usualRms(pcm: Int16Array): number {
  const frames = Array.from({ length: Math.floor(pcm.length / 320) }, (_, i) => rms(pcm.subarray(i * 320, (i + 1) * 320)));
  return frames.toSorted((a, b) => a - b)[frames.length >> 1] ?? 0;
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

void t.test('a noisy caller is heard and recognised without the noise, and recorded with it', async (t) => {
  const { peer, media, stt, recognised, llm, conversation } = await open(t, { suppressNoise: true, startingMessage: '' });
  const path = join(temporaryDirectory(t), 'call.wav');
  media.startRecording(path);
  stt.utterances.push({ text: 'i would like to book' });
  llm.replies.push([{ hang: true }]);
  const sentence = await spoken('I would like to book a table for two people, please.');
  const clean = joined(silent(1_300), sentence, silent(1_000));
  const background = noise((clean.length * 1_000) / AUDIO_RATE_HZ, 1_200);
  conversation.start();
  await peer.play(narrow(clean.map((sample, i) => sample + (background[i] ?? 0))), media.local.rtpPort);
  await until(() => llm.requests.length > 0, 'the turn is taken up');
  await media.stopRecording();
  const { left } = readStereoWav(path);
  const begin = left.findIndex((sample) => Math.abs(sample) > 100);
  const noiseRms = usualRms(left.subarray(begin, begin + AUDIO_RATE_HZ));
  t.ok(noiseRms > 300, `recorded with the noise (${noiseRms.toFixed(0)})`);
  const given = joined(...recognised);
  t.ok(rms(given) > 500, 'the recogniser is given the words');
  const tail = usualRms(given.subarray(-4_800));
  t.ok(tail < noiseRms / 3, `and after them no noise (${tail.toFixed(0)})`);
});
