import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { failures, Id, json, one } from './openapi-parts.js';
import { ReportResource, TranscribedResource, TranscriptQuery, TranscriptResource } from './report-schema.js';

export const REPORT_ROUTES: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/calls/{id}/transcript',
    tags: ['Calls'],
    summary: 'Get the transcript, of a running call as far as it has come',
    description:
      'That of the recording where one was made by POST, else the one written down while the call lasted; both are kept, and `source` chooses. ' +
      'Only the live one knows what the agent meant to say when it was interrupted.',
    request: { params: Id, query: TranscriptQuery },
    responses: { 200: { description: 'The transcript', ...json(one(TranscriptResource)) }, ...failures(400, 401, 404) },
  },
  {
    method: 'post',
    path: '/calls/{id}/transcript',
    tags: ['Calls'],
    summary: 'Transcribe the recording anew, and make the report from that',
    description:
      "Both channels are understood by the agent's recogniser, utterance by utterance; key presses are taken from the live transcript. " +
      'Answers when all is stored, which takes about an eighth of the length of what was said or longer. Whoever asks for the same call meanwhile gets the same answer. ' +
      '404 without a recording, 409 while the call goes on, 503 when no recogniser understands words, a provider fails, or too many wait; then nothing is changed.',
    request: { params: Id },
    responses: {
      200: { description: 'Transcript, extracted data and report', ...json(one(TranscribedResource)) },
      ...failures(400, 401, 404, 409, 413, 503),
    },
  },
  {
    method: 'get',
    path: '/calls/{id}/report',
    tags: ['Calls'],
    summary: 'Get the report, which is made now if there is none',
    description:
      "Written by the agent's language model, or by rules where it has none; `generated_by` tells. 409 while the call goes on, 503 when the model fails, and then nothing is stored.",
    request: { params: Id },
    responses: { 200: { description: 'The report', ...json(one(ReportResource)) }, ...failures(401, 404, 409, 503) },
  },
];
