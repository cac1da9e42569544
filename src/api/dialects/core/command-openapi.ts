import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { WAV_MAX_SECONDS, WAV_RATES_HZ } from '../../http/wav-audio.js';
import {
  DigitsBody,
  HandedOffResource,
  HandoffBody,
  InjectBody,
  InjectQuery,
  InterjectedResource,
  ListenQuery,
  ListenResource,
  PlayedOverResource,
  PlayOverBody,
  PlayOverQuery,
  PressedResource,
  RecordingPausesResource,
  SayBody,
  TransferBody,
  TransferredResource,
} from './command-schema.js';
import { failures, Id, json, one } from './openapi-parts.js';

const interjected = {
  202: { description: 'It will be heard', ...json(one(InterjectedResource)) },
  ...failures(400, 401, 404, 409),
};

export const COMMAND_ROUTES: readonly RouteConfig[] = [
  {
    method: 'post',
    path: '/calls/{id}/say',
    tags: ['Calls'],
    summary: 'Have the agent say something now, in its voice',
    description:
      "The words stand in the transcript as the agent's and can be interrupted like them. 409 before the answer, when the call is about to " +
      'end, on the built-in echo and tone, and when five texts or recordings wait already.',
    request: { params: Id, body: json(SayBody) },
    responses: interjected,
  },
  {
    method: 'post',
    path: '/calls/{id}/inject',
    tags: ['Calls'],
    summary: 'Play audio to the caller',
    description:
      `A WAV file of 16-bit PCM with one or two channels, ${WAV_RATES_HZ.join(', ')} samples a second and ${WAV_MAX_SECONDS} seconds at most: ` +
      'as the body (`audio/wav`, options in the query) or in base64. It is recorded and can be interrupted as if the agent spoke; 409 as for `say`.',
    request: {
      params: Id,
      query: InjectQuery,
      body: {
        content: { ...json(InjectBody).content, 'audio/wav': { schema: { type: 'string', format: 'binary' } } },
      },
    },
    responses: interjected,
  },
  {
    method: 'post',
    path: '/calls/{id}/audio',
    tags: ['Calls'],
    summary: 'Play audio over the call, whoever speaks',
    description:
      `A WAV file as for \`inject\`. It is mixed into what that side hears, on any answered call and while it is handed over too, interrupts nobody ` +
      'and cannot be interrupted. What the far end hears is recorded; while an operator has taken over, its words stand in the transcript as theirs, ' +
      'and otherwise in none. Files play one behind the other: 409 when five ' +
      'minutes wait already, before the answer, and for a target that is not there.',
    request: {
      params: Id,
      query: PlayOverQuery,
      body: {
        content: { ...json(PlayOverBody).content, 'audio/wav': { schema: { type: 'string', format: 'binary' } } },
      },
    },
    responses: { 202: { description: 'It will be heard', ...json(one(PlayedOverResource)) }, ...failures(400, 401, 404, 409) },
  },
  {
    method: 'get',
    path: '/calls/{id}/listen',
    tags: ['Calls'],
    summary: 'Listen to the call, and talk on it, over a WebSocket',
    description:
      'Asked without an upgrade, says where to connect: the same URL, with `?api_key=`, `?session_token=` (the `temp_token`) or an ' +
      '`Authorization: Bearer` header. The first message is JSON that says the format; then binary messages of PCM come: with `channels=2` (the ' +
      'default) pairs of what the far end says and what it hears, with `channels=1` both in one. With `talk=far_end`, `target` or `both`, and ' +
      '`calls:write`, binary messages of 16-bit mono at `rate` (16000 when left out) are said to that side and heard by nobody else (what you say to the far end is ' +
      'understood by the recogniser of the agent, and stands in the transcript with the role `operator`): send them ' +
      'as time passes; what is more than half a second ahead is left out. Eight may listen to a call. Refused at the hand-shake: 400 for a wrong parameter, ' +
      '401, 403, 404, 409 before the answer and after the end, 503 at the limit of connections. Closed with 1000 when the call ends and 1013 for whoever ' +
      'reads too slowly.',
    request: {
      params: Id,
      query: ListenQuery,
    },
    responses: { 200: { description: 'Where to connect', ...json(one(ListenResource)) }, ...failures(401, 404) },
  },
  {
    method: 'post',
    path: '/calls/{id}/dtmf',
    tags: ['Calls'],
    summary: 'Press keys: DTMF to the far end',
    description:
      'As RTP events (RFC 4733), as tones in the audio where the far end takes no events, or by SIP INFO where its trunk says so. 409 before ' +
      'the answer, and while the digits of an earlier request are being sent.',
    request: { params: Id, body: json(DigitsBody) },
    responses: {
      202: { description: 'They are being sent', ...json(one(PressedResource)) },
      ...failures(400, 401, 404, 409),
    },
  },
  {
    method: 'post',
    path: '/calls/{id}/transfer',
    tags: ['Calls'],
    summary: 'Hand the caller over to a number, a phone or a SIP URI',
    description:
      'Blind: the far end is asked to call the target itself (REFER); where it refuses, or the trunk says so, we call the target and join ' +
      'the two. Attended: we call the target, brief it, and join the two when it takes the call. A number goes the way that our own calls ' +
      "go. What comes of it stands in the call's `transfer`: while it fails nothing is lost, and the agent goes on with the caller. A call " +
      'that was joined lasts until one of the two hangs up and ends with `transferred` when it is the target. 409 before the answer and ' +
      'while the call is being transferred already.',
    request: { params: Id, body: json(TransferBody) },
    responses: {
      202: { description: 'The far end was asked, or the target is being called', ...json(one(TransferredResource)) },
      ...failures(400, 401, 403, 404, 409, 503),
    },
  },
  {
    method: 'post',
    path: '/calls/{id}/transfer/complete',
    tags: ['Calls'],
    summary: 'Join the caller with the target that is being consulted',
    description: '409 unless the `transfer` of the call is `consulting`.',
    request: { params: Id },
    responses: { 202: { description: 'They are being joined', ...json(one(TransferredResource)) }, ...failures(401, 404, 409) },
  },
  {
    method: 'post',
    path: '/calls/{id}/transfer/cancel',
    tags: ['Calls'],
    summary: 'Take a transfer back',
    description:
      'The target is hung up on and the agent has the caller again. 409 when no transfer is under way, when it is complete, and when the ' +
      'far end makes the call itself.',
    request: { params: Id },
    responses: { 202: { description: 'It is taken back', ...json(one(TransferredResource)) }, ...failures(401, 404, 409) },
  },
  {
    method: 'post',
    path: '/calls/{id}/handoff',
    tags: ['Calls'],
    summary: 'Have another agent go on with the call',
    description:
      'What the agent says is stopped in mid-sentence, and the other one goes on, as its calls are led now: it greets, knows what was said, and ' +
      'has its own voice, tools and rules. It stays one call with one record, transcript and recording, and the limits of cost and duration count all of it. ' +
      'The report, and what is done when the call has ended, are those of the agent that led it last. An operator who leads the call goes on ' +
      'leading it; instructions end with the agent they were for. 409 before the answer, while the call is being transferred, when it is about to ' +
      'end, and where no agent speaks.',
    request: { params: Id, body: json(HandoffBody) },
    responses: {
      200: { description: 'The other agent leads the call', ...json(one(HandedOffResource)) },
      ...failures(400, 401, 404, 409),
    },
  },
  {
    method: 'post',
    path: '/calls/{id}/recording/pause',
    tags: ['Calls'],
    summary: 'Stop recording for a while: what is said now, by either side, is not kept',
    description:
      'For card numbers and the like. The recording goes on in silence, so that what comes later stays in its place; the transcript goes on as ' +
      'it is, and who listens or was called in hears what is said. Pausing what is paused changes nothing. 409 before the answer, and when the call is not recorded.',
    request: { params: Id },
    responses: { 200: { description: 'It is paused', ...json(one(RecordingPausesResource)) }, ...failures(401, 404, 409) },
  },
  {
    method: 'post',
    path: '/calls/{id}/recording/resume',
    tags: ['Calls'],
    summary: 'Go on recording',
    description: '409 as for `pause`.',
    request: { params: Id },
    responses: { 200: { description: 'It is recorded', ...json(one(RecordingPausesResource)) }, ...failures(401, 404, 409) },
  },
];
