import type { PhoneService } from './phones/phone-service.js';
import { Callers, type CallersDeps } from './registrar/callers.js';
import type { ActiveTrunks } from './trunks/active-trunks.js';

/** Those who are known by what they prove: phones, and trunks that register here. */
export const createCallers = (
  registrar: Pick<CallersDeps, 'accounts' | 'authenticator' | 'locations'>,
  phones: PhoneService,
  trunks: ActiveTrunks,
): Callers =>
  new Callers({
    ...registrar,
    phone: (id) => phones.enabled(id),
    overTrunk: (id, request) => trunks.arrivalFrom(id, request),
  });
