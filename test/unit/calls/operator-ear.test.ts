import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { OperatorEar } from '../../../src/calls/operator-ear.js';
import { FakeClock } from '../../../src/core/clock.js';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import { silentLogger } from '../../../src/core/log.js';
import type { RecognitionOptions, SpeechCatalog, SpeechToText } from '../../../src/domain/ports/speech.js';
import { sine } from '../../support/signal.js';
import { until } from '../../support/until.js';
import { startFixture } from './call-fixture.js';

const TALKING = { mode: 'operator', operator: 'Ann' } as const;

/** Understands each utterance as its number and its length in tenths of a second. */
class CountingRecognizer implements SpeechToText {
  readonly name = 'counting';
  understands = true;
  fault: Error | undefined;
  readonly opened: RecognitionOptions[] = [];
  open(options: RecognitionOptions) {
    this.opened.push(options);
    const number = this.opened.length;
    let samples = 0;
    return {
      write: (pcm: Int16Array): void => void (samples += pcm.length),
      finish: () => {
        if (this.fault) return Promise.reject(this.fault);
        return Promise.resolve({ text: `words ${number} of ${Math.round(samples / 1600)}`, confidence: undefined });
      },
    };
  }
}

function ear() {
  const clock = new FakeClock();
  const stt = new CountingRecognizer();
  const told: { text: string; startMs: number; endMs: number }[] = [];
  const listening = new OperatorEar({
    clock,
    log: () => silentLogger,
    hearing: () => ({ stt, language: 'en-US' }),
    said: (text, startMs, endMs) => told.push({ text, startMs: Math.round(startMs), endMs: Math.round(endMs) }),
  });
  /** As a microphone sends it, in packets of 20 ms. */
  const speak = (pcm: Int16Array, rateHz: number): void => {
    const packet = rateHz / 50;
    for (let at = 0; at < pcm.length; at += packet) {
      listening.hear(pcm.subarray(at, at + packet), rateHz);
      clock.advance(20);
    }
  };
  return { clock, stt, told, ear: listening, speak };
}

const voice = (ms: number, rateHz: number): Int16Array => sine(400, ms, rateHz).map((sample) => sample / 2);
const silence = (ms: number, rateHz: number): Int16Array => new Int16Array((ms * rateHz) / 1000);

for (const rateHz of [8_000, 16_000, 48_000]) {
  void t.test(`words at ${rateHz} Hz are told when they were said, one utterance after the other`, async (t) => {
    const { stt, told, speak } = ear();
    speak(silence(500, rateHz), rateHz);
    speak(voice(1_000, rateHz), rateHz);
    speak(silence(1_200, rateHz), rateHz);
    speak(voice(2_000, rateHz), rateHz);
    speak(silence(1_200, rateHz), rateHz);
    await until(() => told.length === 2);
    t.match(told[0]?.text, /^words 1 of/);
    t.match(told[1]?.text, /^words 2 of/);
    for (const [index, [startMs, endMs]] of [
      [500, 1_500],
      [2_700, 4_700],
    ].entries()) {
      const said = told[index];
      t.ok(said && startMs !== undefined && said.startMs <= startMs && said.startMs > startMs - 600, `from ${said?.startMs}`);
      t.ok(said && endMs !== undefined && Math.abs(said.endMs - endMs) <= 300, `to ${said?.endMs}`);
    }
    t.match(stt.opened, [{ language: 'en-US', band: 'wide' }, {}]);
  });
}

void t.test('who sends only while they speak is understood when they stop; silence, clicks and hum are nothing', async (t) => {
  const { stt, told, speak, clock } = ear();
  speak(voice(600, 16_000), 16_000);
  clock.advance(1_000);
  await until(() => told.length === 1);
  speak(silence(2_000, 16_000), 16_000);
  speak(voice(40, 16_000), 16_000);
  speak(silence(2_000, 16_000), 16_000);
  const hum = sine(100, 5_000, 16_000).map((sample) => sample / 200);
  speak(hum, 16_000);
  clock.advance(1_000);
  await setImmediate();
  t.equal(stt.opened.length, 1);
});

void t.test('what is said while nobody may keep it is not listened to, and nothing is after the call', async (t) => {
  const { stt, speak, ear: listening, clock } = ear();
  speak(voice(300, 16_000), 16_000);
  listening.hush(true);
  speak(voice(2_000, 16_000), 16_000);
  listening.hush(false);
  speak(silence(2_000, 16_000), 16_000);
  t.equal(stt.opened.length, 0);
  listening.hearFile(voice(2_000, 8_000), 8_000, 0);
  listening.close();
  clock.advance(10_000);
  await setImmediate();
  t.equal(stt.opened.length, 0);
  t.equal(clock.pendingTimers, 0);
});

void t.test('a recogniser that fails, or none that understands, costs the words and nothing else', async (t) => {
  const { stt, told, speak } = ear();
  stt.fault = new Error('down');
  speak(voice(1_000, 16_000), 16_000);
  speak(silence(1_000, 16_000), 16_000);
  await until(() => stt.opened.length === 1);
  stt.fault = undefined;
  speak(voice(1_000, 16_000), 16_000);
  speak(silence(1_000, 16_000), 16_000);
  await until(() => told.length === 1);
  t.match(told, [{ text: /^words 2/ }]);
});

void t.test(
  'on a call: the socket always, files while an operator has taken over, and only what the far end hears',
  async (t) => {
    const stt = new CountingRecognizer();
    const tts = { name: 'none', async *synthesize() {} };
    const speech = { warm: async () => {}, suiteFor: () => ({ stt, tts }) } as unknown as SpeechCatalog;
    const f = startFixture({ speech });
    t.teardown(f.remove);
    await f.call('demo');
    const { id } = f.row();
    const [conversation] = f.conversations;
    const heard = (): string[] => conversation?.heard.filter((what) => what.startsWith('operator words')) ?? [];
    const line = await f.service.overhear(DEFAULT_TENANT, id);
    const file = { pcm: voice(1_000, 8_000), rateHz: 8_000 };

    await f.service.playOver(DEFAULT_TENANT, id, file, 'far_end');
    f.clock.advance(5_000);
    t.equal(stt.opened.length, 0, 'a file that is played beside the agent');
    t.ok(line.speak(voice(1_000, 16_000), 16_000, 'far_end'));
    f.clock.advance(1_000);
    await until(() => heard().length === 1);
    t.notOk(line.speak(voice(1_000, 16_000), 16_000, 'target'), 'nobody is there');

    await f.service.guide(DEFAULT_TENANT, id, TALKING);
    await f.service.playOver(DEFAULT_TENANT, id, file, 'both');
    f.clock.advance(5_000);
    await until(() => heard().length === 2);
    t.equal(stt.opened.length, 2);
    await f.service.end(DEFAULT_TENANT, id);
  },
);
