import type { InboundRoutes } from '../../src/domain/ports/inbound-routes.js';
import { mismatchOf } from '../../src/routes/route-match.js';

/** Where no tenant has routes: the trunks' own rules alone. */
export const noRoutes: InboundRoutes = {
  find: async (_tenant, call, others) => others.find(({ match }) => mismatchOf(match, call, 0) === undefined),
};
