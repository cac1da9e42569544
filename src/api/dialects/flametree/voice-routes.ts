import { once } from 'node:events';
import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import { AppError } from '../../../core/errors.js';
import type { AgentSettings } from '../../../domain/agent.js';
import type { VoiceFormat, VoiceMessageService } from '../../../voice-messages/voice-message-service.js';
import { parseInput } from '../../http/parse.js';
import type { AgentAccess } from './agent-access.js';
import { voiceOf } from './session-translation.js';
import { SynthesizeQuery } from './voice-schema.js';
import { whileOpen } from './while-open.js';

/** Five minutes of 16-bit stereo at 44.1 kHz would be 50 MB: whoever has that much sends it compressed. */
const MAX_AUDIO_BYTES = 25 * 1024 * 1024;
/** What a file is, it says itself; these are the names under which audio is sent. */
const AUDIO_TYPES = ['audio/*', 'video/mp4', 'video/webm', 'application/octet-stream'];
const CONTENT_TYPES: Readonly<Record<VoiceFormat, string>> = { wav: 'audio/wav', mp4: 'audio/mp4' };

/** Takes a file of audio as it is; to stand before the parser of JSON bodies, which knows no other. */
export const audioBody = (): RequestHandler => express.raw({ type: AUDIO_TYPES, limit: MAX_AUDIO_BYTES });

/** To be mounted at `/chatbot/:agentId`. */
export function voiceRouter({ access, voices }: { access: AgentAccess; voices: VoiceMessageService }): Router {
  const router = Router({ mergeParams: true });
  router.get('/capabilities', async (req, res) => {
    const { hears, speaks } = voices.abilities(await access.liveAgentOf(req, res));
    res.json({ has_stt: hears, has_tts: speaks });
  });
  router.post('/transcribe', async (req, res) => {
    const agent = await access.liveAgentOf(req, res);
    if (!Buffer.isBuffer(req.body) || req.body.length === 0) throw noAudio();
    const text = await voices.transcribe(agent, req.body, whileOpen(res));
    res.type('text/plain').send(text);
  });
  router.get('/synthesize', async (req, res) => {
    await synthesize(req, res, await access.liveAgentOf(req, res));
  });
  router.get('/session/:sessionId/synthesize', async (req, res) => {
    const agent = await access.liveAgentOf(req, res);
    const session = await access.sessionOf(req, res);
    await synthesize(req, res, { ...agent, language: session.language }, voiceOf(session));
  });
  return router;

  async function synthesize(req: Request, res: Response, agent: AgentSettings, own?: string): Promise<void> {
    const { text, format: asked, voice_name: voice = own } = parseInput(SynthesizeQuery, req.query);
    const format = asked ?? (req.accepts(['audio/wav', 'audio/mp4']) === 'audio/mp4' ? 'mp4' : 'wav');
    const audio = await voices.speak(agent, { text, format, voice }, whileOpen(res));
    res.setHeader('Content-Type', CONTENT_TYPES[format]);
    for await (const bytes of audio) if (!res.write(bytes)) await Promise.race([once(res, 'drain'), once(res, 'close')]);
    res.end();
  }
}

const noAudio = (): AppError =>
  new AppError('invalid_request', 'no audio', {
    faults: [{ field: 'body', message: 'must be audio, sent as Content-Type: audio/wav, audio/mp4 or audio/webm' }],
  });
