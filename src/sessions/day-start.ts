import { DateTime } from 'luxon';

/** When the day began in a time zone (IANA, or `UTC±hh:mm`), in epoch milliseconds; UTC without one. */
export const dayStartMs = (nowMs: number, timezone: string | undefined): number =>
  DateTime.fromMillis(nowMs, { zone: timezone ?? 'utc' })
    .startOf('day')
    .toMillis();
