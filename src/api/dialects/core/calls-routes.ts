import { type Request, type Response, Router } from 'express';
import type { CallRemoval } from '../../../calls/call-removal.js';
import type { Recordings } from '../../../calls/recordings.js';
import { RECORDING_TYPES } from '../../../core/recording-file.js';
import type { Call } from '../../../domain/call.js';
import type { CallControl } from '../../../domain/ports/call-control.js';
import type { CallRepository } from '../../../domain/ports/repositories.js';
import type { ReportService } from '../../../reports/report-service.js';
import { StereoRecording } from '../../../reports/stereo-recording.js';
import { hostOf } from '../../http/origin.js';
import { parseInput } from '../../http/parse.js';
import { callIdOf } from '../../http/path-id.js';
import { sendRecording } from '../../http/recording-file.js';
import { principalOf } from '../../http/request-context.js';
import { presentCall, presentDetail } from './call-presentation.js';
import { CallsQuery } from './call-query-schema.js';
import { PeaksQuery } from './call-schema.js';
import { toCallFilter } from './call-translation.js';
import { success, successCursorPage } from './envelope.js';
import { findCall } from './find-call.js';
import { presentReport, presentTranscribed, presentTranscript } from './report-presentation.js';
import { EmptyBody, TranscriptQuery } from './report-schema.js';

export type CallsRouterOptions = {
  calls: CallRepository;
  callControl: CallControl;
  callRemoval: CallRemoval;
  reports: ReportService;
  recordings: Recordings;
};

export function callsRouter({ calls, callControl, callRemoval, reports, recordings }: CallsRouterOptions): Router {
  const router = Router();

  const find = (req: Request<{ id: string }>, res: Response): Promise<Call> => findCall(calls, req, res);

  router.get('/', async (req, res) => {
    const { limit, offset = 0, cursor, ...query } = parseInput(CallsQuery, req.query);
    const page = cursor ? { limit, after: cursor } : { limit, offset };
    const { items, total, next } = await calls.list(principalOf(res).tenantId, toCallFilter(query), page);
    res.json(successCursorPage(res, items.map(presentCall), { total, limit, offset: cursor ? undefined : offset, next }));
  });
  router.get('/:id', async (req, res) => {
    const call = await find(req, res);
    const [transcript, turns, report, toolRuns] = await Promise.all([
      reports.transcriptOf(call),
      calls.turns(call.id),
      reports.find(call),
      calls.toolRuns(call.id),
    ]);
    const { quality = callControl.quality(call.tenantId, call.id) } = call;
    res.json(success(res, presentDetail({ ...call, quality }, transcript, turns, report, toolRuns)));
  });
  router.delete('/:id', async (req, res) => {
    const id = callIdOf(req);
    await callRemoval.delete(principalOf(res).tenantId, id);
    res.json(success(res, { id, deleted: true }));
  });
  router.get('/:id/transcript', async (req, res) => {
    const { source } = parseInput(TranscriptQuery, req.query);
    const call = await find(req, res);
    res.json(success(res, presentTranscript(call, await reports.transcriptOf(call, source))));
  });
  router.post('/:id/transcript', async (req, res) => {
    parseInput(EmptyBody, req.body);
    const call = await find(req, res);
    const { transcript, report } = await reports.transcribe(call);
    const { entries } = transcript;
    res.json(success(res, presentTranscribed(call, { source: 'recording', entries }, report)));
  });
  router.get('/:id/report', async (req, res) => {
    res.json(success(res, presentReport(await reports.get(await find(req, res)))));
  });
  router.get('/:id/recording', async (req, res) => {
    const call = await find(req, res);
    const file = await recordings.open(call);
    await file.close();
    res.json(
      success(res, {
        call_id: call.id,
        recording_url: `${originOf(req)}${req.baseUrl}/${call.id}/recording/stream`,
        content_type: RECORDING_TYPES[file.format],
        size_bytes: file.sizeBytes,
      }),
    );
  });
  router.get('/:id/recording/peaks', async (req, res) => {
    const { buckets } = parseInput(PeaksQuery, req.query);
    const call = await find(req, res);
    const recording = await StereoRecording.open(await recordings.open(call));
    try {
      const [caller, agent] = await recording.peaks(buckets);
      res.json(success(res, { call_id: call.id, duration_ms: recording.durationMs, caller, agent }));
    } finally {
      await recording.close();
    }
  });
  router.get('/:id/recording/stream', async (req, res) => {
    await sendRecording(req, res, await find(req, res), recordings);
  });
  router.post('/:id/end', async (req, res) => {
    const call = await callControl.end(principalOf(res).tenantId, (await find(req, res)).id);
    res.json(success(res, { ...presentCall(call), call_id: call.id, message: 'Call ended' }));
  });
  router.post('/:id/cancel', async (req, res) => {
    const call = await callControl.cancel(principalOf(res).tenantId, (await find(req, res)).id);
    res.json(success(res, { ...presentCall(call), call_id: call.id, message: 'Call cancelled' }));
  });
  return router;
}

/** What cannot be a host is left out and the URL is relative. */
function originOf(req: Request<{ id: string }>): string {
  const host = hostOf(req);
  return host === undefined ? '' : `${req.protocol}://${host}`;
}
