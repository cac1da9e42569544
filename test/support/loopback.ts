import { systemClock } from '../../src/core/clock.js';
import { OwnAddresses } from '../../src/core/own-addresses.js';

/** Of a server that is bound to 127.0.0.1. */
export const loopbackAddresses = (): OwnAddresses => new OwnAddresses(systemClock, { bind: '127.0.0.1', externalIp: undefined });
