import { Router } from 'express';
import type { Recordings } from '../../calls/recordings.js';
import { renderCallPage } from '../../console/call-page.js';
import type { Waveform } from '../../console/waveform.js';
import { AppError } from '../../core/errors.js';
import type { Call } from '../../domain/call.js';
import type { CallRepository } from '../../domain/ports/repositories.js';
import type { KeyService } from '../../keys/key-service.js';
import { StereoRecording } from '../../reports/stereo-recording.js';
import { requirePermission } from './access/require-permission.js';
import type { SessionAccess } from './access/session-access.js';
import { authenticate } from './authenticate.js';
import { callIdOf } from './path-id.js';
import type { RequestLimit } from './rate-limit.js';
import { sendRecording } from './recording-file.js';
import { principalOf } from './request-context.js';

/** Pages for people. They carry no script, and are told not to run any. */
export function consoleRouter(options: {
  calls: CallRepository;
  keys: KeyService;
  people: SessionAccess;
  limit: RequestLimit;
  recordings: Recordings;
}): Router {
  const { calls, keys, people, limit, recordings } = options;
  const router = Router();
  router.use(authenticate(keys, 'core', limit, people), requirePermission('calls'));
  router.get('/calls/:id', async (req, res) => {
    const call = await calls.find(principalOf(res).tenantId, callIdOf(req));
    if (!call) throw new AppError('call_not_found', 'no such call');
    const [transcript, turns, waveform] = await Promise.all([
      calls.transcript(call.id),
      calls.turns(call.id),
      // A page without its recording is better than none.
      waveformOf(call, recordings).catch(() => undefined),
    ]);
    // A player sends no header: it is given the key the page was opened with.
    const { api_key: key } = req.query;
    const query = typeof key === 'string' ? `?api_key=${encodeURIComponent(key)}` : '';
    const recordingUrl = waveform ? `${call.id}/recording.wav${query}` : undefined;
    res.type('html').send(renderCallPage({ call, transcript, turns, recordingUrl, waveform }));
  });
  router.get('/calls/:id/recording.wav', async (req, res) => {
    const call = await calls.find(principalOf(res).tenantId, callIdOf(req));
    if (!call) throw new AppError('call_not_found', 'no such call');
    await sendRecording(req, res, call, recordings);
  });
  return router;
}

const WAVEFORM_PARTS = 800;

async function waveformOf(call: Call, recordings: Recordings): Promise<Waveform> {
  const recording = await StereoRecording.open(await recordings.open(call));
  try {
    const [caller, agent] = await recording.peaks(WAVEFORM_PARTS);
    return { caller, agent };
  } finally {
    await recording.close();
  }
}
