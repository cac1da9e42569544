import { systemClock } from '../../src/core/clock.js';
import { resample } from '../../src/core/resample.js';
import { opusIn } from '../support/audio-containers.js';
import { wavSamples } from '../support/multipart.js';
import { startTestServer, TEST_KEY } from '../support/server.js';
import { type Spread, spreadOf } from './statistics.js';

export type SpeechApiParameters = { requests: number };
export type SpeechApiResult = {
  /** From the request to the first byte of audio, and to the last. */
  synthesis: { format: string; firstByte: Spread; whole: Spread; audioMs: number }[];
  transcription: { format: string; whole: Spread; audioMs: number; understood: boolean }[];
};

/** What was said before is kept, so that no two are the same from their first words on. */
const textOf = (n: number): string =>
  `Hello caller ${n}, how can I help you today? We are open from nine to five, and on Saturdays until noon.`;

const { requests } = JSON.parse(process.argv[2] ?? '{}') as SpeechApiParameters;
const server = await startTestServer();
try {
  const created = await server.api('/api/v1/agents', {
    method: 'POST',
    body: JSON.stringify({ name: 'Speaker', system_prompt: 'x', starting_message: 'Hello.' }),
  });
  const { data } = (await created.json()) as { data: { id: string } };
  const route = `http://127.0.0.1:${server.httpPort}/chatbot/${data.id}`;
  const wav = Buffer.from(await (await synthesized(route, 'wav', 0)).arrayBuffer());
  const mp4 = Buffer.from(await (await synthesized(route, 'mp4', 0)).arrayBuffer());
  const { pcm, rateHz } = wavSamples(wav);
  const audioMs = (pcm.length * 1000) / rateHz;
  const webm = await opusIn('webm', resample(pcm, rateHz, 48_000));
  const result: SpeechApiResult = { synthesis: [], transcription: [] };
  let made = 0;
  for (const format of ['wav', 'mp4']) {
    const first: number[] = [];
    const whole: number[] = [];
    for (let i = 0; i < requests; i += 1) {
      const startedMs = systemClock.monotonicMs();
      const reader = (await synthesized(route, format, (made += 1))).body?.getReader();
      await reader?.read();
      first.push(systemClock.monotonicMs() - startedMs);
      while (!(await reader?.read())?.done);
      whole.push(systemClock.monotonicMs() - startedMs);
    }
    result.synthesis.push({ format, firstByte: spreadOf(first), whole: spreadOf(whole), audioMs });
  }
  for (const [format, body] of Object.entries({ wav, mp4, webm })) {
    const whole: number[] = [];
    let words = '';
    for (let i = 0; i < requests; i += 1) {
      const startedMs = systemClock.monotonicMs();
      const headers = { authorization: `Bearer ${TEST_KEY}`, 'content-type': `audio/${format}` };
      const answer = await fetch(`${route}/transcribe`, { method: 'POST', headers, body: new Uint8Array(body) });
      words = answer.ok ? await answer.text() : '';
      whole.push(systemClock.monotonicMs() - startedMs);
    }
    result.transcription.push({ format, whole: spreadOf(whole), audioMs, understood: words !== '' });
  }
  process.stdout.write(JSON.stringify(result));
} finally {
  await server.close();
}

function synthesized(route: string, format: string, n: number): Promise<Response> {
  const query = new URLSearchParams({ text: textOf(n), format }).toString();
  return fetch(`${route}/synthesize?${query}`, { headers: { authorization: `Bearer ${TEST_KEY}` } });
}
