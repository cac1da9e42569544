export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** `HH:MM`; the end of a day is `24:00`. */
export const OPENING_TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
export const CLOSING_TIME = /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;

/** When people may be called, by the clock on their own wall. */
export type CallHours = {
  /** The days on which it opens: a window that crosses midnight belongs to the day it began on. */
  days: readonly Weekday[];
  from: string;
  /** Excluded. Not after `from`: on the next day. */
  to: string;
};

/** What a task says of its own. `from` and `to` come together; what is left out is the organisation's, or any time. */
export type CallWindow = {
  days?: readonly Weekday[] | undefined;
  from?: string | undefined;
  to?: string | undefined;
  /** IANA name, where it is known better than the number tells. */
  timezone?: string | undefined;
};

/** The hours that hold for a task; undefined when it may be called at any time. */
export function hoursOf(own: CallWindow | undefined, common: CallHours | undefined): CallHours | undefined {
  const { days, from, to } = own ?? {};
  if (!common && days === undefined && from === undefined) return undefined;
  const [opens, closes] = from !== undefined && to !== undefined ? [from, to] : [common?.from ?? '00:00', common?.to ?? '24:00'];
  return { days: days ?? common?.days ?? WEEKDAYS, from: opens, to: closes };
}
