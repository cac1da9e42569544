import { setTimeout } from 'node:timers/promises';
import type { Response } from 'express';
import type { Call } from '../../../domain/call.js';
import type { CallRepository } from '../../../domain/ports/repositories.js';

/** Longer than somebody is let ring. */
const LIMIT_MS = 90_000;
const LOOK_MS = 200;

/** The call once it is settled what came of its transfer, or as it is when the client does not wait any longer. */
export async function routed(calls: Pick<CallRepository, 'find'>, call: Call, res: Response): Promise<Call> {
  const untilMs = performance.now() + LIMIT_MS;
  let present = call;
  while (isUnderWay(present) && !res.closed && performance.now() < untilMs) {
    await setTimeout(LOOK_MS);
    present = (await calls.find(call.tenantId, call.id)) ?? present;
  }
  return present;
}

const isUnderWay = ({ transfer }: Call): boolean => transfer?.status === 'pending' || transfer?.status === 'consulting';
