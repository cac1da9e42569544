import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { GuidedResource, InstructionsBody, ModeBody } from './guidance-schema.js';
import { failures, Id, json, one } from './openapi-parts.js';

const guided = (description: string): RouteConfig['responses'] => ({
  200: { description, ...json(one(GuidedResource)) },
  ...failures(400, 401, 404, 409),
});

const NOT_THEN = '409 before the answer, when the call is about to end, and where no agent speaks.';

export const GUIDANCE_ROUTES: readonly RouteConfig[] = [
  {
    method: 'post',
    path: '/calls/{id}/mute',
    tags: ['Calls'],
    summary: 'Silence the agent: it hears, and says nothing',
    description:
      'It stops at once, and keeps the transcript. What it would say meanwhile is dropped, not said later; it calls no tools and does not end ' +
      `the call for silence. \`say\` and \`inject\` are heard all the same. ${NOT_THEN}`,
    request: { params: Id },
    responses: guided('It is silent'),
  },
  {
    method: 'post',
    path: '/calls/{id}/unmute',
    tags: ['Calls'],
    summary: 'Let the agent speak again',
    description: `It answers what is said from now on, and knows what was said meanwhile. ${NOT_THEN}`,
    request: { params: Id },
    responses: guided('It speaks, unless an operator has taken over'),
  },
  {
    method: 'put',
    path: '/calls/{id}/mode',
    tags: ['Calls'],
    summary: 'Take the conversation over, or give it back',
    description:
      '`operator`: the agent falls silent, and you talk to the caller: by `say`, by `audio`, or on the socket of `listen`. `copilot`: the agent ' +
      'is silent too, and tells what it would say as `suggestion` on the live feed; nothing of it is said until you `say` it. What you `say`, ' +
      "`inject` or speak stands in the transcript with the role `operator`, what is spoken as the agent's recogniser understands it. Back in `regular` the agent goes on with all that was said, and answers the caller's " +
      `last words if nobody has. ${NOT_THEN}`,
    request: { params: Id, body: json(ModeBody) },
    responses: guided('The mode holds'),
  },
  {
    method: 'put',
    path: '/calls/{id}/instructions',
    tags: ['Calls'],
    summary: 'Tell the agent what to do for the rest of the call',
    description:
      "They stand with the agent's own in its prompt from its next turn on, in place of those of an earlier request. 409 for an agent that answers " +
      `by a script, too. ${NOT_THEN}`,
    request: { params: Id, body: json(InstructionsBody) },
    responses: guided('They hold'),
  },
];
