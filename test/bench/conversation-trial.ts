// One trial of `npm run bench -- conversation`: callers who interrupt the demo agent's long answer again and again.
import { silentLogger } from '../../src/core/log.js';
import type { TextToSpeech } from '../../src/domain/ports/speech.js';
import { startFliteSynthesizer } from '../../src/speech/embedded/flite-synthesizer.js';
import { demoAgent } from '../../src/speech/script/demo-agent.js';
import { startUserAgent } from '../../src/user-agent.js';
import { OpenAiServer } from '../support/openai-server.js';
import { speak } from './caller-speech.js';
import { firstAudibleAfter, yieldedAfter } from './line-analysis.js';
import { FRAME_SAMPLES } from './line-record.js';
import { type CallerParts, callAgent, type FinishedCall } from './rude-caller.js';
import { startServerProcess } from './server-process.js';
import { type Spread, spreadOf } from './statistics.js';

export type ConversationParameters = {
  /** `immediate`: an OpenAI-compatible server that has its answers ready. */
  providers: 'embedded' | 'immediate';
  interruptions: number;
  callsAtOnce: number;
};
export type ConversationResult = {
  providers: string;
  interruptions: number;
  /** Interruptions at which the agent did not fall silent, or was not giving its long answer. */
  notJudged: number;
  /** Caller's first speech packet (as sent) -> agent's last full-level packet (as received by the caller). */
  bargeInMs: Spread;
  /** … -> agent's last packet in which anything was heard. */
  silentMs: Spread;
  recordedBargeInMs: Spread;
  /** Caller's last speech packet (as sent) -> first packet of the agent's answer (as received). */
  responseMs: Spread;
  recordedResponseMs: Spread;
};

/** All of them get the long answer. */
const QUESTIONS = [
  'Tell me about off hook.',
  'How does this system work?',
  'Explain the technology behind this.',
  'Tell me more about this system.',
];
const VOICES = ['rms', 'awb', 'slt'];
const AGENT_VOICE = 'slt';
const LONG_ANSWER = demoAgent.script?.intents.find((intent) => intent.name === 'about-offhook')?.reply ?? '';
const LONG_ANSWER_LEAST_S = 10;

const parameters = JSON.parse(process.argv[2] ?? '{}') as ConversationParameters;
process.stdout.write(`${JSON.stringify(await measure(parameters))}\n`);

async function measure({ providers, interruptions, callsAtOnce }: ConversationParameters): Promise<ConversationResult> {
  const mouth = startFliteSynthesizer({ workers: 1, log: silentLogger });
  const questions = await allQuestions(mouth);
  const immediate = providers === 'immediate' ? await startImmediateProviders(mouth) : undefined;
  const server = await startServerProcess('', { env: immediate ? { OPENAI_BASE_URL: immediate.url } : {} });
  const parts = await startUserAgent({}, { bind: '127.0.0.1', voices: 1 });
  const uri = `sip:demo@127.0.0.1:${server.sipPort}`;
  try {
    const undisturbed = await undisturbedAnswer(parts, uri, questions[0] ?? []);
    const warmUp = new Set((await server.calls({ details: false })).map((call) => call.id));
    const each = Math.ceil(interruptions / callsAtOnce);
    const calls = await Promise.all(
      Array.from({ length: callsAtOnce }, (_, index) =>
        interruptOften(parts, uri, questions[index % questions.length] ?? [], each),
      ),
    );
    const records = (await server.calls({ details: true })).filter((call) => !warmUp.has(call.id));
    const turns = records.flatMap((call) => call.turns);
    return {
      providers,
      ...judge(calls, undisturbed),
      recordedBargeInMs: spreadOf(turns.flatMap((turn) => turn.barge_in_ms ?? [])),
      recordedResponseMs: spreadOf(
        turns.flatMap((turn) => (turn.cause === 'speech' ? (turn.latency_ms.first_packet ?? []) : [])),
      ),
    };
  } finally {
    await parts.close();
    await server.stop();
    await immediate?.close();
    await mouth.close();
  }
}

/** By voice. */
async function allQuestions(mouth: TextToSpeech): Promise<Int16Array[][]> {
  const voices: Int16Array[][] = [];
  for (const voice of VOICES) {
    const spoken: Int16Array[] = [];
    for (const question of QUESTIONS) spoken.push(await speak(mouth, question, voice));
    voices.push(spoken);
  }
  return voices;
}

/** What the long answer sounds like on this line when nobody interrupts; warms every cache on the way. */
async function undisturbedAnswer(parts: CallerParts, uri: string, questions: readonly Int16Array[]): Promise<Int16Array> {
  for (const question of questions) {
    const call = await callAgent(parts, uri, async (caller) => {
      await caller.listen();
      await caller.say(question);
      await caller.listen();
    });
    const start = firstAudibleAfter(call.utterances[0]?.lastMs ?? 0, call.line);
    const answer = call.line.samples.subarray((start?.frame ?? 0) * FRAME_SAMPLES);
    if (start && answer.length / 16_000 > LONG_ANSWER_LEAST_S) return answer;
  }
  throw new Error('the agent never gave its long answer');
}

function interruptOften(parts: CallerParts, uri: string, questions: readonly Int16Array[], times: number): Promise<FinishedCall> {
  return callAgent(parts, uri, async (caller) => {
    await caller.listen();
    for (let said = 0; caller.interruptions < times && said < times * 3; said++) {
      const question = questions[said % questions.length] ?? new Int16Array(0);
      await (said === 0 ? caller.say(question) : caller.interrupt(question));
    }
    await caller.hearAnswer();
  });
}

function judge(calls: readonly FinishedCall[], undisturbed: Int16Array) {
  const bargeIns: number[] = [];
  const silences: number[] = [];
  const responses: number[] = [];
  let interruptions = 0;
  for (const { line, utterances } of calls) {
    for (const { firstMs, lastMs, interrupts } of utterances) {
      const yielded = interrupts ? yieldedAfter(firstMs, line, undisturbed) : undefined;
      if (interrupts) interruptions += 1;
      if (yielded) {
        bargeIns.push(yielded.lastFullLevelMs - firstMs);
        silences.push(yielded.lastAudibleMs - firstMs);
      }
      const answer = firstAudibleAfter(lastMs, line);
      if (answer) responses.push(answer.atMs - lastMs);
    }
  }
  return {
    interruptions,
    notJudged: interruptions - bargeIns.length,
    bargeInMs: spreadOf(bargeIns),
    silentMs: spreadOf(silences),
    responseMs: spreadOf(responses),
  };
}

/** Everything it will be asked to say is synthesised once, at the first request; from then on it answers at once. */
async function startImmediateProviders(mouth: TextToSpeech): Promise<OpenAiServer> {
  const spoken = new Map<string, Promise<Int16Array>>();
  const pcmOf = (input: string): Promise<Int16Array> => {
    const known = spoken.get(input) ?? speak(mouth, input, AGENT_VOICE);
    spoken.set(input, known);
    return known;
  };
  return await OpenAiServer.start({
    transcription: () => Promise.resolve(QUESTIONS[0] ?? ''),
    chat: async function* () {
      yield { type: 'text', text: LONG_ANSWER };
    },
    speech: async function* ({ input }) {
      yield { pcm: await pcmOf(input), rateHz: 16_000 };
    },
  });
}
