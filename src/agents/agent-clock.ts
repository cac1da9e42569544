import { IANAZone } from 'luxon';

/** From UTC-12:00 to UTC+14:00, as far as clocks on land go. */
const OFFSET = /^UTC(?:\+(?:0\d|1[0-4])|-(?:0\d|1[0-2])):[0-5]\d$/;

/** Luxon takes both forms, and odder ones that nobody means. */
export const isAgentTimezone = (name: string): boolean => OFFSET.test(name) || IANAZone.isValidZone(name);
