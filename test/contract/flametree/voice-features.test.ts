import t from 'tap';
import { systemClock } from '../../../src/core/clock.js';
import { wavHeader } from '../../../src/core/wav-header.js';
import { aacInMp4, opusIn } from '../../support/audio-containers.js';
import { runExample } from '../../support/document-example.js';
import { FakeStt } from '../../support/fake-speech.js';
import { startHarness } from '../../support/http-harness.js';
import { wavSamples } from '../../support/multipart.js';
import { sine } from '../../support/signal.js';
import { agentWithToken } from './agent-with-token.js';

const TRANSCRIBE = `
const mimeType = getAudioMimeType();

const contentType =
mimeType === 'audio/webm' || mimeType === 'audio/mp4'
? 'audio/mp4'
: 'audio/wav';

const response = await fetch(\`\${agentRoute}/transcribe\`, {
method: 'POST',
headers: {
'Authorization': \`Bearer \${token}\`,
'Content-Type': contentType,
},
body: audioBytes
});

const transcribedText = await response.text();
`;

const SYNTHESIZE = `
const synthesizeTextToSpeech = async (
botRoute: string,
text: string,
format: 'mp4' | 'wav' = 'mp4',
): Promise<Blob> => {
const response = await fetch(\`\${botRoute}/synthesize?text=\${encodeURIComponent(text)}&format=\${format}\`, {
method: 'GET',
headers: {
'Authorization': \`Bearer \${token}\`,
'Accept': \`audio/\${format}\`,
},
});

return await response.blob();
};

// Usage example
const audioBlob = await synthesizeTextToSpeech(
botRoute,
'Hello, how can I help you today?',
'mp4',
);

// Create audio URL and play
const audioUrl = URL.createObjectURL(audioBlob);
const audio = new Audio(audioUrl);
await audio.play();
`;

void t.test('Agent Capabilities', async (t) => {
  const deaf = await startHarness(t);
  const agent = await agentWithToken(deaf);
  t.same(await (await agent.get('/capabilities')).json(), { has_stt: false, has_tts: true }, 'nobody understands here');
  const hearing = await startHarness(t, { suite: { stt: new FakeStt(systemClock) } });
  t.same(await (await (await agentWithToken(hearing)).get('/capabilities')).json(), { has_stt: true, has_tts: true });
  const refused = await agent.post('/transcribe', Buffer.from('x'), 'audio/wav');
  t.equal(refused.status, 422, 'what it cannot, it does not try');
});

void t.test('Speech-to-Text (STT)', async (t) => {
  const stt = new FakeStt(systemClock);
  const api = await startHarness(t, { suite: { stt } });
  const agent = await agentWithToken(api);
  const wide = sine(440, 500, 48_000);
  const wav = sine(440, 500, 8000);
  const sent = {
    'audio/wav': Buffer.concat([wavHeader(wav.byteLength, 8000, 1), Buffer.from(wav.buffer)]),
    'audio/webm': await opusIn('webm', wide),
    'audio/mp4': await aacInMp4(wide, 48_000),
  };
  for (const [mimeType, audioBytes] of Object.entries(sent)) {
    stt.utterances.push({ text: `Hello, I need help with my account (${mimeType})` });
    const names = { agentRoute: agent.route, token: agent.token, getAudioMimeType: () => mimeType, audioBytes };
    const text = await runExample(TRANSCRIBE, names, 'transcribedText');
    t.equal(text, `Hello, I need help with my account (${mimeType})`);
  }
  t.same(
    stt.streams.map(({ options, samples }) => [options.band, options.language, Math.round(samples / 1000)]),
    [
      ['narrow', 'en-GB', 8],
      ['wide', 'en-GB', 8],
      ['wide', 'en-GB', 9],
    ],
  );
  stt.utterances.push({ text: '' });
  const silent = await agent.post('/transcribe', sent['audio/webm'], 'audio/webm;codecs=opus');
  t.same([silent.status, silent.headers.get('content-type'), await silent.text()], [200, 'text/plain; charset=utf-8', '']);

  const bad: [string, Buffer, string, number][] = [
    ['media that is no media', Buffer.from('not audio '.repeat(50)), 'audio/wav', 422],
    ['an empty body', Buffer.alloc(0), 'audio/wav', 422],
    ['a type that is no audio', sent['audio/wav'], 'text/plain', 422],
    ['a file cut off in its head', sent['audio/mp4'].subarray(0, 200), 'audio/mp4', 422],
    ['more than may be sent', Buffer.alloc(25 * 1024 * 1024 + 1), 'audio/wav', 422],
  ];
  for (const [what, body, type, status] of bad) {
    const answer = await agent.post('/transcribe', body, type);
    t.equal(answer.status, status, what);
    t.type(((await answer.json()) as { detail: unknown }).detail, 'string', what);
  }
  stt.utterances.push({ text: 'x', error: new Error('recogniser gone') });
  t.equal((await agent.post('/transcribe', sent['audio/wav'], 'audio/wav')).status, 503);
});

void t.test('Text-to-Speech (TTS)', async (t) => {
  const api = await startHarness(t);
  const agent = await agentWithToken(api);
  const played: unknown[] = [];
  class Audio {
    readonly #url: string;
    constructor(url: string) {
      this.#url = url;
    }
    async play(): Promise<void> {
      played.push((await fetch(this.#url)).headers.get('content-type'));
    }
  }
  const names = { botRoute: agent.route, token: agent.token, Audio };
  const blob = (await runExample(SYNTHESIZE, names, 'audioBlob')) as Blob;
  t.equal(blob.type, 'audio/mp4');
  t.same(played, ['audio/mp4']);
  t.equal(Buffer.from(await blob.arrayBuffer()).toString('latin1', 4, 8), 'ftyp');

  const wav = await agent.get('/synthesize?text=Hello.');
  t.equal(wav.headers.get('content-type'), 'audio/wav', 'the default');
  t.equal(wavSamples(Buffer.from(await wav.arrayBuffer())).pcm.length, 'Hello.'.length * 800);
  const asked = await agent.get('/synthesize?text=Hello.&voice_name=slt', { accept: 'audio/mp4' });
  t.equal(asked.headers.get('content-type'), 'audio/mp4', 'by the Accept header');
  await asked.arrayBuffer();
  for (const query of ['', '?text=', '?text=...', '?text=Hi&format=mp3', `?text=${'a'.repeat(5001)}`, '?text=Hi&voice_name=']) {
    const refused = await agent.get(`/synthesize${query}`);
    t.equal(refused.status, 422, query.slice(0, 40));
    t.match(await refused.json(), { errors: [{ field: /text|format|voice_name/ }] });
  }
});

void t.test('Authentication and Getting Credentials', async (t) => {
  const api = await startHarness(t);
  const agent = await agentWithToken(api);
  const other = await agentWithToken(api);
  const status = async (path: string, token: string): Promise<number> =>
    (await api.raw(path, { headers: { authorization: `Bearer ${token}` } })).status;
  t.equal(await status(`/chatbot/${agent.id}/capabilities`, other.token), 401, 'a token opens its own agent alone');
  t.equal(await status(`/chatbot/${agent.id}/capabilities`, api.otherKey), 401, 'a key of another dialect is none');
  const wide = await api.newKey({ dialect: 'flametree' });
  t.equal(await status(`/chatbot/${agent.id}/capabilities`, wide), 200, 'a token of no agent opens all');
  t.equal(await status('/chatbot/01920000-0000-7000-8000-000000000000/capabilities', wide), 404);
  const scoped = await api.newKey({ dialect: 'flametree', scopes: ['sessions:read'] });
  t.equal(await status(`/chatbot/${agent.id}/capabilities`, scoped), 200);
  const post = { method: 'POST', headers: { authorization: `Bearer ${scoped}` } };
  t.equal((await api.raw(`/chatbot/${agent.id}/session`, post)).status, 403, 'a token that may only read');
  await api.call('PATCH', `/agents/${agent.id}`, { enabled: false });
  t.equal(await status(`/chatbot/${agent.id}/capabilities`, agent.token), 503, 'an agent that is switched off');
});
