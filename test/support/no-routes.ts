import type { InboundRoutes } from '../../src/domain/ports/inbound-routes.js';
import type { PhoneNames } from '../../src/domain/ports/phone-directory.js';
import { mismatchOf } from '../../src/routes/route-match.js';

/** Where no tenant has routes: the trunks' own rules alone. */
export const noRoutes: InboundRoutes = {
  find: async (_tenant, call, others) => others.find(({ match }) => mismatchOf(match, call, 0) === undefined),
};

/** Where nobody has a phone. */
export const noPhones: PhoneNames = { userOf: () => undefined };
