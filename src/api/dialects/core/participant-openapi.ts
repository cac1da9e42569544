import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { failures, Id, json, one } from './openapi-parts.js';
import { ParticipantBody, ParticipantChange, ParticipantOfCall, ParticipantsOfCall } from './participant-schema.js';

const Both = Id.extend({ participantId: z.uuid() });

export const PARTICIPANT_ROUTES: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/calls/{id}/participants',
    tags: ['Calls'],
    summary: 'List who was called into the call',
    description: 'In the order in which they were called, those who have left too; after the end of the call as well.',
    request: { params: Id },
    responses: { 200: { description: 'The participants', ...json(one(ParticipantsOfCall)) }, ...failures(401, 404) },
  },
  {
    method: 'post',
    path: '/calls/{id}/participants',
    tags: ['Calls'],
    summary: 'Call somebody into the call, to talk, to whisper or to listen',
    description:
      'A supervisor or a third party is called as the target of a transfer is, and is on the call from their answer on. They hear the caller, the ' +
      'agent or whom it handed over to, and participants that talk; who hears them says `mode`. What those who talk say stands in the transcript with the role `operator`. An agent hears the caller alone: silence it with ' +
      '`PUT …/mode`, or tell it what to do with `PUT …/instructions`. What the caller hears is recorded, on the right channel; a whisper is not. ' +
      'The call goes on when they leave, and they are hung up on when it ends. While the caller keys in what nobody is to hear, they hear nothing. ' +
      'What comes of it stands in `participants` of the call, on its live feed, and goes out as the webhook events `participant_joined`, ' +
      '`participant_left` and `participant_failed`. 403 for a number that may not be called or is on the do-not-call list. 409 before the answer, ' +
      'and while eight are on the call or being called into it.',
    request: { params: Id, body: json(ParticipantBody) },
    responses: {
      202: { description: 'They are being called', ...json(one(ParticipantOfCall)) },
      ...failures(400, 401, 403, 404, 409, 503),
    },
  },
  {
    method: 'patch',
    path: '/calls/{id}/participants/{participantId}',
    tags: ['Calls'],
    summary: 'Have a participant talk, whisper or listen',
    description: 'From now on, or from their answer on. 409 when they have left.',
    request: { params: Both, body: json(ParticipantChange) },
    responses: { 200: { description: 'The participant', ...json(one(ParticipantOfCall)) }, ...failures(400, 401, 404, 409) },
  },
  {
    method: 'delete',
    path: '/calls/{id}/participants/{participantId}',
    tags: ['Calls'],
    summary: 'Hang up on a participant, or stop calling them',
    description: 'The call goes on. 409 when they have left.',
    request: { params: Both },
    responses: { 200: { description: 'The participant', ...json(one(ParticipantOfCall)) }, ...failures(401, 404, 409) },
  },
];
